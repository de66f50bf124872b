"""Why: the findings below the stage, their remedies and what those come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from corner_lab.experiment import Experiment

OpenApp = Callable[..., Any]


@pytest.fixture(autouse=True)
def unexplained() -> None:
    """Here runs are explained, as everywhere but in the other tests of the app."""


def explained(lab: Any) -> Any:
    """Let the run end, the playhead rest, and wait until all remedies were tried."""
    lab.trained()
    lab.rest()
    lab.until(lambda: lab.session.why is not None and lab.session.why.over, "the run is explained")
    return lab.run()


def shown(lab: Any) -> str:
    """All text of the page."""
    return "\n".join(node.value for kind in ("markdown", "caption", "subheader") for node in lab.at.get(kind))


def test_does_the_run_as_asked_show_the_rank_mismatch_with_its_numbers(open_app: OpenApp) -> None:
    lab = open_app()
    lab.press("learn")
    explained(lab)
    text = shown(lab)
    assert "labels have shape (32,), the outputs (32, 1, 1, 1)" in text and "1,024 pairs a batch" in text
    assert "would cost 0.00378 here, one that rejects everything 0.00195" in text
    assert "This alone: still fails, 511 of 512 right after 100 epochs." in text
    assert "Being tried" not in text
