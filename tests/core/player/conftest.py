"""The runs of the story, trained once for all that is made of them here."""

from __future__ import annotations

import pytest

from corner_lab.story.trained_runs import EXPERIMENTS
from corner_lab.training.run import Run


@pytest.fixture(scope="package")
def story_runs() -> dict[str, Run]:
    return {name: Run(experiment).train() for name, experiment in EXPERIMENTS.items()}
