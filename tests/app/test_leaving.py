"""What goes on for a visitor rests while they are away, and goes on when they are back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from corner_lab.diagnostics.explanation import Explanation
from corner_lab.experiment.experiment import Experiment
from corner_lab.training.run import Run
from ui.state import train_actions


def test_does_what_explains_a_run_rest_while_its_visitor_is_away(open_app: Callable[..., Any]) -> None:
    lab = open_app("epochs=0")
    s = lab.session
    s.run = Run(Experiment(epochs=0)).train()
    s.why = Explanation(s.run)
    train_actions._left(train_actions.Viewer(s))
    assert not s.why.step() and not s.why.over
    why = s.why
    lab.until(lambda: why.over, "it goes on once the page is drawn again")
