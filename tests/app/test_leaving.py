"""What goes on for a visitor rests while they are away, and goes on when they are back."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from corner_lab.diagnostics.explanation import Explanation
from corner_lab.experiment.experiment import Experiment
from corner_lab.training.run import Run
from ui.server.keras_loading import Loading
from ui.state import train_actions
from ui.state.session import Session


def test_does_a_run_go_on_that_stopped_while_its_visitor_was_away(
    open_app: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = open_app("epochs=100000")
    lab.press("train")
    run = lab.session.run
    lab.until(lambda: run.history is not None and run.history.last > 0, "it is being trained")
    monkeypatch.setattr("corner_lab.training.run.ABANDONED_SECONDS", 0.0)
    train_actions._left(train_actions.Viewer(lab.session))
    while not run.over:
        time.sleep(0.01)
    assert (run.status, run.reason) == ("stopped", "abandoned") and run.history.last < 100_000
    stopped = run.history.last
    lab.run()  # the page is drawn again
    assert lab.toasts == ["Training had stopped while nobody was looking: it goes on."]
    lab.until(lambda: run.history.last > stopped, "it goes on")
    run.stop()
    lab.trained()
    assert run.reason == "by_hand" or run.history.last == 100_000


def test_does_what_explains_a_run_rest_while_its_visitor_is_away(open_app: Callable[..., Any]) -> None:
    lab = open_app("epochs=0")
    s = lab.session
    s.run = Run(Experiment(epochs=0)).train()
    s.why = Explanation(s.run)
    train_actions._left(train_actions.Viewer(s))
    assert not s.why.step() and not s.why.over
    why = s.why
    lab.until(lambda: why.over, "it goes on once the page is drawn again")


def test_is_nothing_kept_for_ever_of_a_visitor_who_comes_while_keras_is_loaded() -> None:
    """What a session has is in circles: kept from Python's collector it would never be freed."""
    comes: list[weakref.ref[object]] = []

    class Meanwhile:
        def result(self) -> None:
            visitor = Session()
            visitor.itself = visitor  # type: ignore[attr-defined]
            comes.append(weakref.ref(visitor))

    Loading(SimpleNamespace(processes=True, problem="", everywhere=lambda _: [Meanwhile()]))._load()  # type: ignore[arg-type]
    gc.collect()
    assert comes[0]() is None
