"""Processes that end under what they do, or cannot begin: work goes on, or ends with a sentence."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from corner_lab.experiment.experiment import Experiment
from corner_lab.export.stage_record import run_record
from corner_lab.training import history as history_module
from corner_lab.training import run as run_module
from corner_lab.training.run import Run
from corner_lab.workers import Pool, WorkerEnded, WorkerProcess

SECONDS = 30.0
E = Experiment(labels="aligned", head="sigmoid", loss="binary_crossentropy", epochs=400)


def end_unless(done: Path, code: int = 7) -> int:
    """End this process, unless another one has before."""
    if done.exists():
        return os.getpid()
    done.touch()
    os._exit(code)


@pytest.fixture
def pool() -> Iterator[Pool]:
    found = Pool(workers=1, processes=True)
    yield found
    for worker in found.workers:
        worker.close()


class Calling:
    """Work that calls one function after the other in its worker's process."""

    def __init__(self, pool: Pool, *calls: tuple[object, ...]) -> None:
        self.pool, self.calls, self.got = pool, list(calls), list[object]()
        self.told, self.over = 0, threading.Event()

    def taken_over(self) -> None:
        self.told += 1

    def step(self) -> bool:
        function, *args = self.calls.pop(0)
        try:
            self.got.append(self.pool.call(function, *args))  # type: ignore[arg-type]
        except WorkerEnded as ended:
            self.got.append(str(ended))
        if not self.calls:
            self.over.set()
        return bool(self.calls)


def test_is_what_a_process_ended_under_done_again_and_what_ends_two_given_up_in_a_sentence(
    pool: Pool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "corner_lab.workers"):
        work = pool.submit(
            Calling(pool, (os.getpid,), (end_unless, tmp_path / "once"), (os._exit, 9), (os.getpid,), (os.getpid,))
        )
        assert work.over.wait(SECONDS)
    first, second, given_up, third, still = work.got
    assert len({first, second, third, os.getpid()}) == 4 and third == still
    assert "ended: code 9, and so did the one before. The machine may be out of memory." in str(given_up)
    assert (work.told, pool.restarts) == (2, 3), "it is told where it is done again"
    assert len(caplog.records) == 3 and pool.problem == ""


def test_is_a_process_found_wherever_the_program_was_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    process = WorkerProcess()
    assert process.call(os.getpid) == process.pid
    process.kill()


def test_is_it_said_that_no_process_can_be_started_until_one_can(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as gone:
        gone.setattr(sys, "executable", "/nowhere/python")
        with pytest.raises(WorkerEnded, match=r"no worker process could be started: .*No such file.*/nowhere/python"):
            pool.call(os.getpid)
        assert "/nowhere/python" in pool.problem
        gone.setattr(sys, "executable", "/bin/false")  # one that starts, and ends at once
        with pytest.raises(WorkerEnded, match=r"could be started: the worker process \d+ ended: code 1\."):
            pool.call(os.getpid)
    assert pool.problem and pool.call(os.getpid) != os.getpid() and pool.problem == ""


def test_does_a_run_whose_processes_end_again_and_again_end_with_a_sentence_and_keep_its_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run_module, "pace", lambda epochs, seconds: 10)
    alone, run, train = Run(E).train(), Run(E), run_module.train

    def under_which_one_process_ends(*args: object) -> object:
        run.taken_over()  # as its worker does, which then has it done by another one
        return train(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(run_module, "train", under_which_one_process_ends)
    while run.history is None or run._takeovers < 6:
        assert run.step()
    rows, last = run.history.rows.copy(), run.history.last
    assert not run.step() and (run.status, run.reason) == ("failed", "failed")
    assert run.message.startswith(f"6 processes ended while they trained it, the last one after epoch {last:,}.")
    assert alone.history is not None and 0 < last < 400
    np.testing.assert_array_equal(rows, alone.history.rows[: last + 1])


def test_does_a_run_that_ends_two_processes_at_once_fail_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def ends(*args: object) -> None:
        raise WorkerEnded("the worker process 5 ended: SIGKILL")

    monkeypatch.setattr(run_module, "train", ends)
    run = Run(E).train()
    assert (run.status, run.message) == ("failed", "The worker process 5 ended: SIGKILL")
    # The stage shows what there is of it, without what needs a process.
    monkeypatch.setattr(history_module, "gradient_metrics", ends)
    monkeypatch.setattr("corner_lab.export.stage_record.reference_costs", ends)
    record = run_record(run, "a title")
    assert record.header.say["end"] == ("The run failed", run.message) and record.header.references == []
    assert np.isnan(record.columns["gradient_targets"]).all() and np.isfinite(record.columns["loss"]).all()
