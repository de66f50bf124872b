"""What workers outlive: whatever fails is logged, and the next work is done."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from corner_lab.experiment.experiment import Experiment
from corner_lab.training import engine
from corner_lab.training.worker_pool import Pool, Watched

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
    with caplog.at_level(logging.ERROR, "corner_lab.training"):
        Pool().warm(Experiment(seed=1), Experiment(seed=2))
        assert both.wait(SECONDS), "the worker is gone"
    assert compiled == [2]
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("corner_lab.training", "ERROR")
    assert "seed=1" in record.getMessage() and record.exc_info is not None and record.exc_info[0] is MemoryError


def test_does_a_worker_outlive_a_step_that_raises(caplog: pytest.LogCaptureFixture) -> None:
    pool = Pool(workers=1)
    with caplog.at_level(logging.ERROR, "corner_lab.training"):
        wrong = pool.submit(Steps(fails=True))
        right = pool.submit(Steps())
        assert wrong.done.wait(SECONDS) and right.done.wait(SECONDS), "the only worker is gone"
    assert (wrong.left, right.left) == (2, 0), "what raised is not tried again by itself"
    (record,) = caplog.records
    assert record.exc_info is not None and str(record.exc_info[1]) == "no step"


def test_is_work_that_raised_given_to_a_worker_again_by_who_still_looks() -> None:
    class Failing(Watched):
        current = "all of it"

        def advance(self, current: object) -> None:
            raise RuntimeError("no chunk")

    work = Failing()
    assert work.watch() and not work.watch(), "one worker does it"
    with pytest.raises(RuntimeError, match="no chunk"):
        work.step()
    assert work.watch()


ENDS = """
import os, threading, time
from corner_lab.experiment.experiment import Experiment
from corner_lab.training import engine
from corner_lab.training.worker_pool import Pool

begun = threading.Barrier(3)

def in_tensorflow(word):
    begun.wait()
    time.sleep(1)
    os.write(1, f"{word} whole\\n".encode())

class Chunk:
    def step(self):
        in_tensorflow("chunk")
        return True  # there would be more to do

engine.warm = lambda experiment: in_tensorflow("compiled")
pool = Pool(workers=1)
pool.submit(Chunk())
pool.submit(Chunk())
pool.warm(Experiment(seed=1), Experiment(seed=2))
begun.wait()
"""


def test_does_the_interpreter_wait_at_its_end_for_what_the_threads_are_in_and_for_no_more() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDS], cwd=Path(__file__).parents[3], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(done.stdout.splitlines()) == ["chunk whole", "compiled whole"]
