"""Do the figures that the project promises hold? The question's own number, and who learns the corner."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import initial_weights
from corner_lab.training.evaluate import evaluate
from corner_lab.training.run import Run
from tests import oracle

AS_ASKED = Experiment()


def test_hand_set_weights_are_right_and_yet_cost_31_in_8192() -> None:
    weights = initial_weights("by_hand", seed=0, head="hard_sigmoid", second_conv=True, target=(432,))
    found = evaluate(AS_ASKED, weights)
    assert found == {
        "keras_loss": 0.0037841796875,
        "true_loss": 0.0,
        "correct": 512,
        "all_zeros_loss": 0.001953125,
        "corner_output": 1.0,
        "worst_other_output": 0.0,
    }
    assert found["keras_loss"] == 31 / 8192 and found["all_zeros_loss"] == 1 / 512


@pytest.mark.parametrize("batch_size", [1, 32, 512])
def test_what_hand_set_weights_cost_is_what_keras_says(batch_size: int) -> None:
    e = Experiment(batch_size=batch_size, init="by_hand")
    weights = initial_weights("by_hand", seed=0, head=e.head, second_conv=True, target=e.target)
    arrays = [weights[:9].reshape(3, 3, 1, 1), weights[9:10], weights[10:11].reshape(1, 1, 1, 1), weights[11:]]
    assert evaluate(e, weights)["keras_loss"] == pytest.approx(oracle.evaluate(e, arrays), abs=1e-9)


def test_where_keras_refuses_the_shapes_there_is_no_loss() -> None:
    e = Experiment(loss="binary_crossentropy", head="sigmoid")
    weights = initial_weights("matched", seed=0, head=e.head, second_conv=True, target=e.target)
    found = evaluate(e, weights)
    assert found["keras_loss"] is None and found["all_zeros_loss"] is None
    z = oracle.PATTERNS.astype(float) @ weights[:9] + weights[9]
    true_loss = np.logaddexp(0, np.where(oracle.is_positive(e), -z, z)).mean()
    assert found["true_loss"] == pytest.approx(true_loss, rel=1e-5) and found["correct"] == 512


@pytest.mark.parametrize("seed", range(10))
def test_as_asked_the_corner_is_never_learned(seed: int) -> None:
    history = Run(replace(AS_ASKED, seed=seed)).train().history
    assert history is not None and history.last == 100
    assert not history.solved() and history.column("corner_output")[-1] == 0


def test_a_perfect_start_is_unlearned_as_asked_and_kept_when_aligned() -> None:
    asked = Run(replace(AS_ASKED, init="matched")).train().history
    aligned = Run(replace(AS_ASKED, init="matched", labels="aligned")).train().history
    assert asked is not None and aligned is not None
    assert asked.solved(0) and aligned.solved(0)
    assert asked.column("corner_output")[-1] == pytest.approx(1 / 32, abs=0.002) and not asked.solved()
    assert aligned.solved() and aligned.counts().right == 512
    assert aligned.column("corner_output").min() < 0.4 < 0.75 < aligned.column("corner_output")[-1]  # dips, climbs back


@pytest.mark.parametrize("seed", range(10))
def test_aligned_labels_sigmoid_and_cross_entropy_always_learn_it(seed: int) -> None:
    e = Experiment(labels="aligned", head="sigmoid", loss="binary_crossentropy", epochs=1000, stop="solved", seed=seed)
    run = Run(e).train()
    assert run.status == "stopped" and run.history is not None and run.history.solved()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_aligned_labels_alone_do_not_learn_it(seed: int) -> None:
    history = Run(replace(AS_ASKED, labels="aligned", epochs=1000, seed=seed)).train().history
    assert history is not None and not history.solved()
    assert history.column("gradient_targets")[-1] == 0  # dead: nothing can pull the corner back
