"""What pictures teach: the figures that are told, and a bound that nothing passes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from corner_lab.experiment.initializers import linear_weights
from corner_lab.network.numpy_model import pre_activations
from corner_lab.network.patterns import CORNER, is_target
from corner_lab.pictures import KINDS, detect, frequencies, match, pattern_indices, scene, wanted
from corner_lab.pictures.detection import Scores
from corner_lab.pictures.frequencies import Frequencies


@pytest.mark.parametrize(
    ("kind", "occurring", "blank", "precision", "recall"),
    [
        ("filled", 73, 0.67, 1, 1),
        ("outlined", 92, 0.71, None, 0),
        ("overlapping", 139, 0.70, 1, 0.754),
    ],
)
def test_what_do_300_scenes_teach(
    kind: str, occurring: int, blank: float, precision: float | None, recall: float
) -> None:
    found = frequencies(kind)
    assert (found.scenes, found.patches, found.occurring) == (300, 300 * 900, occurring)
    assert found.blank_share == pytest.approx(blank, abs=0.005)
    assert found.patches_per_corner == pytest.approx(225, abs=0.5)
    template = found.scores(is_target((CORNER,)))
    assert template.precision == precision and template.recall == pytest.approx(recall, abs=0.001)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("padded", [False, True])
def test_is_the_look_up_of_counts_what_detection_finds(kind: str, padded: bool) -> None:
    numbers = linear_weights("matched", CORNER)
    numbers[9] += 1  # calls more than the template
    z, total = pre_activations(numbers), Scores()
    for seed in range(10):
        one = scene(kind, seed)
        total += match(detect(one.picture, z, 0, (CORNER,), padded), wanted(one.corners, (CORNER,))).scores
    found = frequencies(kind, range(10), padded=padded)
    assert found.scores(z > 0) == total
    assert (found.best_f1 or 0) >= (total.f1 or 0)


def test_does_a_pattern_with_both_labels_bound_what_can_be_right() -> None:
    found = frequencies("overlapping", range(60))
    wrong = 0
    for pattern in np.flatnonzero(found.counts):
        corner, patches = 0, 0
        for seed in range(60):
            one = scene("overlapping", seed)
            true = {(c.row, c.column) for c in wanted(one.corners, (CORNER,))}
            here = np.argwhere(pattern_indices(one.picture) == pattern) + 1
            corner, patches = corner + sum(tuple(place) in true for place in here.tolist()), patches + len(here)
        assert (corner, patches) == (found.positives[pattern], found.counts[pattern])
        wrong += min(corner, patches - corner)
    assert wrong > 0 and found.best_accuracy == pytest.approx(1 - wrong / found.patches)
    assert found.ambiguous >= 4


def test_is_the_best_f1_the_best_of_all_choices() -> None:
    draw = np.random.default_rng(1)
    for _ in range(20):
        counts, positives = np.zeros((2, 512), dtype=np.int64)
        counts[:8] = draw.integers(0, 12, 8)
        positives[:8] = draw.integers(0, counts[:8] + 1)
        found = Frequencies(1, counts, positives, int(positives.sum()) + 2)
        choices = itertools.product((False, True), repeat=8)
        best = max(found.scores(np.array([*choice, *[False] * 504])).f1 or 0 for choice in choices)
        assert found.best_f1 == pytest.approx(best)


def test_what_if_there_is_nothing_to_find() -> None:
    found = frequencies("filled", range(3), target=(341,))
    assert (found.patches_per_corner, found.best_f1, found.best_accuracy) == (None, None, 1)
    with pytest.raises(ValueError, match="one scene or more"):
        frequencies("filled", [])
