"""`python -m tests.fuzz`: the whole budget in two processes; exits with 1 where anything was not as it has to be."""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

BUDGET = {"links": 500_000, "words": 50_000, "files": 500_000, "reports": 100_000}  # links and files: a million
BESIDE = (("links", "words"), ("files", "reports"))  # what each process does
DRAWN = 1000  # reports from one drawing of the pages to the next
MOST = 5  # failures told of one kind of input
BARE = "streamlit.runtime.scriptrunner_utils.script_run_context"  # says that there is no browser, as there is none


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--share", type=float, default=1.0, help="of the budget")
    parser.add_argument("--only", choices=BUDGET, nargs="+", help="these kinds of input, in this process")
    parser.add_argument(
        "--start", type=int, default=0, help="the first input; of reports a hundred, where a visitor comes"
    )
    asked = parser.parse_args(arguments)
    if asked.only:
        counts = {name: range(asked.start, asked.start + round(BUDGET[name] * asked.share)) for name in asked.only}
        return int(any([run(asked.seed, name, numbers) for name, numbers in counts.items()]))
    beside = [subprocess.Popen([sys.executable, "-m", "tests.fuzz", *arguments, "--only", *names]) for names in BESIDE]
    return int(any([process.wait() for process in beside]))


def run(seed: int, name: str, numbers: range) -> int:
    """Try so many inputs of one kind; tell of what failed, and returns how many did. What warns has failed, too."""
    begun, failed = time.process_time(), 0
    with quiet() as said, checking(seed, name) as check:
        for number in numbers:
            try:
                check(number)
                assert not said, said
            except Exception:
                failed += 1
                if failed <= MOST:
                    print(
                        f"seed {seed}, {name} {number}:\n{traceback.format_exc(limit=-4)}", file=sys.stderr, flush=True
                    )
                said.clear()
    seconds = time.process_time() - begun
    print(f"{name}: {len(numbers):,} tried, {failed:,} failed, {seconds:.0f} s of processor time", flush=True)
    return failed


@contextmanager
def checking(seed: int, name: str) -> Iterator[Callable[[int], None]]:
    """What tries the input of a number."""

    def rng(number: int) -> Random:
        return Random(f"{seed} {name} {number}")

    if name == "reports":
        from tests.fuzz import reports

        visitors = reports.Visitors(rng(-1))

        def report(number: int) -> None:
            visitors.report(rng(number), number)
            if number % DRAWN == DRAWN - 1:
                reports.draw(visitors)

        with reports.without_training():
            yield report
        visitors.close()
    else:
        from tests.fuzz import reading

        of_kind = {"links": reading.check_link, "words": reading.check_picture_word}
        check = of_kind[name] if name in of_kind else reading.Files(rng(-1)).check
        yield lambda number: check(rng(number))


@contextmanager
def quiet() -> Iterator[list[str]]:
    """What is written to the log meanwhile; a warning of Python's or NumPy's is an error."""
    said: list[str] = []
    make = logging.getLogRecordFactory()

    def noted(*args: object, **options: object) -> logging.LogRecord:
        record = make(*args, **options)
        if record.levelno >= logging.WARNING and record.name != BARE:
            said.append(f"{record.name}: {record.getMessage()}")
        return record

    bare = logging.getLogger(BARE)
    bare.addFilter(_none)
    logging.setLogRecordFactory(noted)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            yield said
    finally:
        logging.setLogRecordFactory(make)
        bare.removeFilter(_none)


def _none(_: logging.LogRecord) -> bool:
    return False


if __name__ == "__main__":
    os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
    sys.exit(main(sys.argv[1:]))
