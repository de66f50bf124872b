"""What a visitor meets where a worker process ends under what it does, and where a step of it raises."""

from __future__ import annotations

import os
import signal
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from corner_lab import diagnostics
from corner_lab.diagnostics import explanation, findings
from corner_lab.experiment.experiment import Experiment
from corner_lab.network.keras_model import load_keras
from corner_lab.training.run import Run
from corner_lab.workers import Pool, WorkerEnded, elsewhere
from ui import theme
from ui.playground import diagnosis, stage_actions, stage_panel
from ui.state import train_actions

OpenApp = Callable[..., Any]
QUERY = "labels=aligned&head=sigmoid&loss=binary_crossentropy&epochs=400"


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """The page trains in a process, which has inherited another backend for Keras."""
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    found = Pool(workers=1, processes=True, prepare=load_keras)
    for module in (stage_actions, stage_panel, train_actions):
        monkeypatch.setattr(module, "pool", lambda: found)
    # Known already, as in a class: so another function is the first that a process is to call.
    Experiment(labels="aligned", head="sigmoid", loss="binary_crossentropy").initial_weights()
    elsewhere.use(found)
    yield found
    elsewhere.use(None)
    for worker in found.workers:
        worker.close()


@pytest.fixture(autouse=True)
def unexplained() -> None:
    """Here runs are explained."""


def kill(pool: Pool) -> None:
    process = pool.workers[0].process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)


def test_does_the_page_go_on_where_processes_are_killed_while_they_compile_and_explain(
    open_app: OpenApp, processes: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed() -> Pool:
        """The pool, whose process is gone when it is asked for an explanation."""
        monkeypatch.setattr(diagnosis, "pool", lambda: processes)
        kill(processes)
        return processes

    monkeypatch.setattr(diagnosis, "pool", killed)
    monkeypatch.setattr(diagnostics, "_known", OrderedDict())  # another test may have had the same run explained
    said, show = list[str](), theme.show_notes
    monkeypatch.setattr(theme, "show_notes", lambda notes: (said.extend(notes), show(notes)))
    lab, worker = open_app(QUERY), processes.workers[0]
    lab.train()
    run = lab.session.run
    lab.until(lambda: worker.work is run and worker.process is not None, "it is being compiled")
    kill(processes)
    assert lab.trained() is run
    lab.rest()
    lab.until(lambda: lab.session.why is not None and lab.session.why.findings is not None, "it is explained")
    lab.run()
    # Of the second one nothing is lost that could be told of where it is found dead before it was asked.
    explained = ["The process that explained this run ended; another one goes on."]
    assert said[:1] == ["The process that trained this run ended; another one begins anew."]
    assert said[1:] in ([], explained)
    alone = Run(run.experiment).train()
    np.testing.assert_array_equal(run.history.rows, alone.history.rows)  # type: ignore[union-attr]
    assert (run.status, lab.session.why.problem) == ("finished", "") and processes.restarts >= 1
    assert [str(finding) for finding in lab.session.why.findings] == [str(finding) for finding in findings(alone)]


def test_is_an_explanation_that_failed_offered_again(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def ends(run: Run) -> None:
        raise WorkerEnded("the worker process 5 ended: SIGKILL")

    lab = open_app(QUERY.replace("400", "0"))
    with monkeypatch.context() as patch:
        patch.setattr(explanation, "findings", ends)
        lab.train()
        lab.trained()
        lab.until(lambda: lab.session.why is not None and bool(lab.session.why.problem), "explaining failed")
        lab.run()
    assert "The worker process 5 ended: SIGKILL" in lab.captions
    lab.click("Try again")
    lab.until(lambda: lab.session.why.findings is not None, "it is explained")
    assert "Try again" not in [button.label for button in lab.at.button]
