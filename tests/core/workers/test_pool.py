"""What workers outlive: whatever fails is logged, and the next work is done."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from corner_lab.experiment.experiment import Experiment
from corner_lab.training import engine
from corner_lab.training.engine import Warming
from corner_lab.workers import Pool, Watched
from corner_lab.workers.work import BACKGROUND, FIRST, GROWING

SECONDS = 30.0


class Steps:
    """Work that raises in its first step, or is done after three."""

    def __init__(self, fails: bool = False) -> None:
        self.left, self.fails, self.done = 3, fails, threading.Event()

    def step(self) -> bool:
        self.left -= 1
        if self.fails:
            self.done.set()
            raise RuntimeError("no step")
        if not self.left:
            self.done.set()
        return self.left > 0


def test_does_a_worker_that_compiles_ahead_outlive_whatever_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    compiled: list[int] = []
    both = threading.Event()

    def warm(experiment: Experiment) -> None:
        if experiment.seed == 1:
            raise MemoryError("none left")
        compiled.append(experiment.seed)
        both.set()

    monkeypatch.setattr(engine, "warm", warm)
    with caplog.at_level(logging.ERROR, "corner_lab.workers"):
        Pool().ahead(Warming(Experiment(seed=1)), Warming(Experiment(seed=2)))
        assert both.wait(SECONDS), "the worker is gone"
    assert compiled == [2]
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("corner_lab.workers", "ERROR")
    assert "seed=1" in record.getMessage() and record.exc_info is not None and record.exc_info[0] is MemoryError


class Noted:
    """Work of one step that notes when it is done; `held` first waits to be released."""

    def __init__(self, done: list[str], name: str, urgency: int = GROWING, held: threading.Event | None = None) -> None:
        self.name, self.urgency, self._done, self._held = name, urgency, done, held
        self.begun = threading.Event()

    def step(self) -> bool:
        self.begun.set()
        if self._held is not None:
            assert self._held.wait(SECONDS)
        self._done.append(self.name)
        return False


def test_does_what_people_wait_for_come_first_and_only_the_newest_wish_count() -> None:
    pool, done, release = Pool(workers=1), list[str](), threading.Event()
    first = pool.submit(Noted(done, "before", held=release))
    assert first.begun.wait(SECONDS)
    pool.ahead(Noted(done, "old wish"))
    pool.ahead(Noted(done, "wish"), Noted(done, "second wish"))
    pool.submit(Noted(done, "remedy", BACKGROUND))
    pool.submit(Noted(done, "growing"))
    too = pool.submit(Noted(done, "growing too"))
    pool.submit(Noted(done, "first row", FIRST))
    assert pool.waiting == 5, "nobody waits for what is compiled ahead"
    assert (pool.before(too), pool.before(first)) == (3, 0), "what is being done, the first row, the other one"
    release.set()
    assert pool.everywhere(lambda: "last")[0].result(SECONDS) == "last"
    while "second wish" not in done:  # nothing says that all is done
        time.sleep(0.01)
    assert done == ["before", "first row", "growing", "growing too", "remedy", "wish", "second wish"]


def test_does_a_worker_outlive_a_step_that_raises(caplog: pytest.LogCaptureFixture) -> None:
    pool = Pool(workers=1)
    with caplog.at_level(logging.ERROR, "corner_lab.workers"):
        wrong = pool.submit(Steps(fails=True))
        right = pool.submit(Steps())
        assert wrong.done.wait(SECONDS) and right.done.wait(SECONDS), "the only worker is gone"
    assert (wrong.left, right.left) == (2, 0), "what raised is not tried again by itself"
    (record,) = caplog.records
    assert record.exc_info is not None and str(record.exc_info[1]) == "no step"


def test_is_work_that_raised_tried_again_once_somebody_asks() -> None:
    class Failing(Watched):
        current = "all of it"

        def advance(self, current: object) -> None:
            raise RuntimeError("no chunk")

    work = Failing()
    assert work.watch() and not work.watch(), "one worker does it"
    with pytest.raises(RuntimeError, match="no chunk"):
        work.step()
    assert not work.watch() and work.problem == "RuntimeError: no chunk"
    work.again()
    assert work.watch() and not work.problem


ENDS = """
import os, threading, time
from corner_lab.workers import Pool

begun = threading.Barrier(3)

class Chunk:
    def step(self):
        begun.wait()
        time.sleep(1)
        os.write(1, b"whole\\n")
        return True  # there would be more to do

pool = Pool(workers=2)
for _ in range(4):
    pool.submit(Chunk())
begun.wait()
"""


def test_does_the_interpreter_wait_at_its_end_for_what_the_threads_are_in_and_for_no_more() -> None:
    assert ended(ENDS).splitlines() == ["whole", "whole"]


PROCESSES_END = """
import os, time
from corner_lab.workers import Pool

pool = Pool(workers=2, processes=True)
pids = [there.result() for there in pool.everywhere(os.getpid)]
assert len({os.getpid(), *pids}) == 3
busy = pool.everywhere(ask_for_a_minute)
print(*pids, flush=True)
"""


def test_do_worker_processes_end_with_their_server_however_busy_they_are() -> None:
    asleep = PROCESSES_END.replace("ask_for_a_minute", "partial(time.sleep, 60)")
    pids = ended(f"from functools import partial\n{asleep}").split()
    assert len(pids) == 2 and not any(Path(f"/proc/{pid}").exists() for pid in pids)


def ended(code: str) -> str:
    """What a program prints that ends as it should."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout
