"""Are the scores what their names say? Every definition once more by hand, over all 512 patterns."""

from __future__ import annotations

import numpy as np
import pytest

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import initial_weights
from corner_lab.network.metrics import Counts, confusion_counts, margin, separation_gap, unmeasured_row
from corner_lab.network.numpy_model import outputs
from corner_lab.network.parameters import ParameterLayout
from tests import oracle


@pytest.mark.parametrize("target", [(432,), (0, 27, 511), tuple(range(0, 512, 2))])
@pytest.mark.parametrize("threshold", [0.0, 0.5])
def test_scores_are_their_definitions(target: tuple[int, ...], threshold: float) -> None:
    rng = np.random.default_rng(len(target))
    output = rng.choice([-1.0, 0.0, 0.25, 0.5, 0.75], 512)  # many sit exactly on the threshold
    truth = [i in target for i in range(512)]
    right = [value > threshold if wanted else value < threshold for value, wanted in zip(output, truth, strict=True)]
    tp = sum(r for r, wanted in zip(right, truth, strict=True) if wanted)
    tn = sum(r for r, wanted in zip(right, truth, strict=True) if not wanted)
    fn, fp = len(target) - tp, 512 - len(target) - tn
    counts = confusion_counts(output, target, threshold)
    assert (counts.tp, counts.fp, counts.fn, counts.tn) == (tp, fp, fn, tn)
    assert counts.right == sum(right)
    assert counts.recall == pytest.approx(tp / len(target))
    assert counts.specificity == pytest.approx(tn / (512 - len(target)))
    assert counts.balanced_accuracy == pytest.approx((tp / len(target) + tn / (512 - len(target))) / 2)
    assert counts.precision == (pytest.approx(tp / (tp + fp)) if tp + fp else None)
    assert counts.solved == (fp == fn == 0)


def test_precision_is_nothing_when_nothing_was_called_a_corner() -> None:
    counts = Counts(0, 0, 1, 511)
    assert counts.precision is None
    assert (counts.right, counts.recall, counts.balanced_accuracy, counts.solved) == (511, 0, 0.5, False)


def test_all_right_is_solved() -> None:
    assert Counts(1, 0, 0, 511).solved and not Counts(1, 1, 0, 510).solved


@pytest.mark.parametrize("head", ["hard_sigmoid", "sigmoid", "softmax"])
def test_zeros_get_nothing_right(head: str) -> None:
    shape = ParameterLayout.of(head == "softmax", True)
    output = outputs(shape.linear(np.zeros(shape.size, np.float32)), head)
    assert (output == 0.5).all()
    counts = confusion_counts(output, (432,), 0.5)
    assert (counts.right, counts.tp, counts.tn) == (0, 0, 0)


def test_the_gap_and_the_margin_are_distances() -> None:
    rng = np.random.default_rng(3)
    numbers = rng.normal(size=12).astype(np.float32)
    target = (3, 400)
    z = (oracle.PATTERNS.astype(float) @ numbers[:9] + numbers[9]) * numbers[10] + numbers[11]
    gap = min(z[3], z[400]) - max(z[i] for i in range(512) if i not in target)
    assert separation_gap(z, target) == pytest.approx(gap)
    assert margin(numbers, target) == pytest.approx(gap / (2 * np.linalg.norm(numbers[:9] * numbers[10])), rel=1e-5)
    # Half of the gap in pixel space does not depend on the scale of the weights.
    louder = numbers.copy()
    louder[:10] *= 7
    assert margin(louder, target) == pytest.approx(margin(numbers, target), rel=1e-5)
    assert margin(np.zeros(12, np.float32), target) == 0


def test_a_row_without_keras_has_everything_but_loss_and_gradients() -> None:
    e = Experiment(loss="binary_crossentropy")
    weights = initial_weights("matched", seed=0, head=e.head, second_conv=True, target=e.target)
    row = unmeasured_row(weights, weights, e)
    assert np.isnan(row[[0, 10, 11]]).all() and np.isfinite(np.delete(row, [0, 10, 11])).all()
    np.testing.assert_array_equal(row[12:], weights)
    assert row[1] == pytest.approx(0.5 / 6 + 0.5) and row[2] == pytest.approx(-0.5 / 6 + 0.5)
    assert row[[7, 8]].tolist() == [1, 0]
    z = oracle.PATTERNS @ weights[:9] + weights[9]
    assert row[9] == pytest.approx((np.abs(z) < 3).mean())
