"""The sentences about a run that are no finding's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from corner_lab.experiment.experiment import Experiment
from corner_lab.training.outcome import outcome
from corner_lab.training.run import Run

ALIGNED = Experiment(labels="aligned", head="sigmoid", loss="binary_crossentropy", epochs=3)


def test_is_it_said_that_nothing_moved() -> None:
    locked = Run(ALIGNED, held={i: float(i) for i in range(12)}).train()
    sentence, reason = outcome(locked)
    assert sentence.startswith("Nothing moved in 3 epochs: ") and reason.endswith("All of them are locked.")
    tiny = Run(replace(ALIGNED, optimizer="sgd", learning_rate=1e-12), np.ones(12, np.float32)).train()
    assert outcome(tiny)[1].startswith("The weights still are what they were at the start, with ")


def test_does_a_run_that_moves_say_nothing_of_the_kind() -> None:
    for held in ({}, {i: 0.0 for i in range(11)}):
        assert "Nothing moved" not in outcome(Run(ALIGNED, held=held).train())[0]
