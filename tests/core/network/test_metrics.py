"""Are the scores what their names say? Every definition once more by hand, over all 512 patterns."""

from __future__ import annotations

import numpy as np
import pytest

from corner_lab.network.metrics import Counts, confusion_counts, margin, right, separation_gap
from corner_lab.network.numpy_model import outputs, pre_activations
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
    numbers = shape.linear(np.zeros(shape.size, np.float32))
    assert (outputs(numbers, head) == 0.5).all()
    counts = confusion_counts(pre_activations(numbers), (432,), 0.0)
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


def test_a_tie_is_wrong_for_either_label_and_the_next_number_is_not() -> None:
    # Without biases the empty pattern's z is exactly 0, whatever the kernel: a softmax would round it to .5 or beside.
    numbers = np.random.default_rng(5).normal(size=12).astype(np.float32)
    numbers[[9, 11]] = 0
    z = pre_activations(numbers)
    assert z[0] == 0 and not right(z, (0,), 0.0)[0] and not right(z, (1,), 0.0)[0]
    for label, bias in ((True, 1e-45), (False, -1e-45)):
        numbers[11] = bias  # the smallest float32 there is
        z = pre_activations(numbers)
        assert z[0] == np.float32(bias) and right(z, (0,) if label else (1,), 0.0)[0]


def test_z_is_summed_pixel_by_pixel_to_the_last_bit() -> None:
    rng = np.random.default_rng(6)
    for scale in (1e-3, 1.0, 1e6):
        numbers = (rng.normal(size=(4, 12)) * scale ** rng.uniform(-1, 1, (4, 12))).astype(np.float32)
        found = pre_activations(numbers)
        for row, z in zip(numbers.astype(float), found, strict=True):
            for pattern in range(512):
                total = 0.0
                for pixel in range(9):
                    total += (pattern >> pixel & 1) * row[pixel]
                assert z[pattern] == (total + row[9]) * row[10] + row[11]
