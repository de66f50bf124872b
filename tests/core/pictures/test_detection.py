"""Detection: is the look-up what Keras computes, are corners named and matched as an exhaustive search has it?"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from corner_lab.experiment.initializers import linear_weights
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.network.numpy_model import pre_activations
from corner_lab.network.patterns import CORNER, NAMED, index_of
from corner_lab.pictures import KINDS, ORIENTATIONS, Corner, detect, match, pattern_indices, scene, wanted
from corner_lab.pictures.detection import Scores, detect_turned, quarter_turned, responses
from corner_lab.training.run import Run

TURNED = {"top_left": 432, "top_right": 216, "bottom_right": 27, "bottom_left": 54}

pictures = hnp.arrays(
    np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, min_side=3, max_side=9), elements=st.integers(0, 1)
)


@given(pictures, st.booleans())
def test_is_each_patch_the_pattern_of_its_nine_pixels(picture: NDArray[np.uint8], padded: bool) -> None:
    around = np.pad(picture, 1) if padded else picture
    height, width = around.shape
    expected = [[index_of(around[r : r + 3, c : c + 3].ravel()) for c in range(width - 2)] for r in range(height - 2)]
    assert pattern_indices(picture, padded).tolist() == expected


@pytest.mark.parametrize("picture", [np.zeros((2, 5)), np.zeros(9), np.full((3, 3), 2), np.full((3, 3), np.nan)])
def test_is_what_has_no_patches_refused(picture: NDArray[np.float64]) -> None:
    with pytest.raises(ValueError, match="a picture has"):
        pattern_indices(picture)


@pytest.mark.parametrize(("kernels", "hidden"), [(1, "none"), (4, "none"), (4, "relu"), (8, "relu")])
def test_is_the_look_up_what_keras_computes_over_whole_pictures(kernels: int, hidden: str) -> None:
    """100 scenes of all kinds, random weights, for one kernel those set by hand too, both paddings."""
    drawn = [scene(list(KINDS)[seed % len(KINDS)], seed, 24, 40) for seed in range(100)]
    x = np.stack([one.picture for one in drawn]).astype(np.float32)[..., None]  # (100, 24, 40, 1)
    choices = [np.random.default_rng(0).normal(size=11 * kernels + 1).astype(np.float32)]
    choices += [linear_weights("matched", CORNER)] if kernels == 1 else []
    for numbers, padding in itertools.product(choices, ("valid", "same")):
        of_keras = over_pictures(numbers, kernels, hidden, padding, x)
        assert np.abs(of_keras).min() > 1e-4, "no z is at the threshold"
        z, margin = pre_activations(numbers, hidden), 0 if padding == "same" else 1
        for one, theirs in zip(drawn, of_keras, strict=True):
            ours = responses(one.picture, z, padded=padding == "same")
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=2e-5 * kernels)
            np.testing.assert_allclose(1 / (1 + np.exp(-ours)), 1 / (1 + np.exp(-theirs)), rtol=0, atol=1e-5)
            called = {(r + margin, c + margin) for r, c in np.argwhere(theirs > 0).tolist()}
            found = detect(one.picture, z, 0, (CORNER,), padded=padding == "same")
            assert {(corner.row, corner.column) for corner in found} == called


def over_pictures(
    numbers: NDArray[np.float32], kernels: int, hidden: str, padding: str, x: NDArray[np.float32]
) -> NDArray[np.float64]:
    """z of Keras's own two convolutions, slid over whole pictures (n, h, w, 1)."""
    import keras

    first = keras.layers.Conv2D(kernels, 3, padding=padding, activation=None if hidden == "none" else hidden)
    second = keras.layers.Conv2D(1, 1)
    model = keras.Sequential([keras.Input(x.shape[1:]), first, second])
    nine, biases, w2, b2 = np.split(numbers, [9 * kernels, 10 * kernels, 11 * kernels])
    first.set_weights([nine.reshape(kernels, 3, 3, 1).transpose(1, 2, 3, 0), biases])
    second.set_weights([w2.reshape(1, 1, kernels, 1), b2])
    return np.asarray(model(x), dtype=np.float64)[..., 0]


@pytest.fixture(scope="module")
def trained() -> Run:
    return Run(SCENARIOS["sigmoid and cross-entropy"].experiment).train()


@pytest.mark.parametrize("which", ["by_hand", "trained"])
def test_are_all_corners_of_filled_rectangles_apart_found_and_nothing_else(which: str, trained: Run) -> None:
    assert trained.history is not None
    numbers, threshold = linear_weights("by_hand", CORNER), 0.0
    if which == "trained":
        numbers, threshold = trained.history.shape.linear(trained.history.weights_at(-1)), trained.experiment.threshold
    z, total = pre_activations(numbers), Scores()
    for seed in range(300):
        one = scene("filled", seed)
        total += match(detect(one.picture, z, threshold, (CORNER,)), wanted(one.corners, (CORNER,))).scores
    assert (total.precision, total.recall, total.f1, total.tp) == (1.0, 1.0, 1.0, 1200)


@pytest.mark.parametrize("word", ORIENTATIONS)
def test_is_each_orientation_found_at_the_rectangles_own_pixel(word: str) -> None:
    target = (TURNED[word],)
    z = pre_activations(linear_weights("matched", *target))
    for seed in range(20):
        one = scene("filled", seed)
        assert detect(one.picture, z, 0, target) == tuple(c for c in one.corners if c.orientation == word)


@pytest.mark.parametrize("word", ORIENTATIONS)
def test_does_a_network_for_one_corner_turned_find_all_four(word: str) -> None:
    z = pre_activations(linear_weights("by_hand", TURNED[word]))
    for seed in range(20):
        one = scene("filled", seed)
        assert set(detect_turned(one.picture, z, 0, (TURNED[word],))) == set(one.corners)


def test_is_a_turned_network_the_one_with_a_turned_kernel_and_a_picture_turned_back() -> None:
    numbers = np.random.default_rng(0).integers(-9, 10, 12).astype(np.float32)  # every sum is exact
    turned = numbers.copy()
    turned[:9] = np.rot90(numbers[:9].reshape(3, 3), -1).ravel()
    z = pre_activations(numbers)
    np.testing.assert_array_equal(quarter_turned(z), pre_activations(turned))
    picture = np.random.default_rng(1).integers(0, 2, (12, 17))
    found = detect_turned(picture, z, 0, (CORNER,))
    of_turned = detect(np.rot90(picture), z, 0, (CORNER,))  # counter-clockwise, so it sees top right as top left
    assert {(c.row, c.column) for c in found if c.orientation == "top_right"} == {
        (c.column, 16 - c.row) for c in of_turned
    }
    for target in ((432, 216), (NAMED["X"],)):
        with pytest.raises(ValueError, match="one of the four corners"):
            detect_turned(picture, z, 0, target)


def test_are_corners_at_the_border_found_only_with_padding() -> None:
    z = pre_activations(linear_weights("by_hand", CORNER))
    for seed in range(20):
        one = scene("border", seed)
        true = wanted(one.corners, (CORNER,))
        assert detect(one.picture, z, 0, (CORNER,), padded=True) == true
        assert detect(one.picture, z, 0, (CORNER,)) == tuple(
            c for c in true if c.row and c.column and c.row < 31 and c.column < 31
        )


def called(*patterns: int) -> NDArray[np.float64]:
    z = np.full(512, -1.0)
    z[list(patterns)] = 1
    return z


def one_patch(pattern: int) -> NDArray[np.int64]:
    return (pattern >> np.arange(9) & 1).reshape(3, 3)


def test_is_a_hit_named_after_the_nearest_of_the_targets() -> None:
    four = tuple(TURNED.values())
    for pattern in range(512):
        (found,) = detect(one_patch(pattern), called(pattern), 0, four)
        distances = [bin(pattern ^ TURNED[word]).count("1") for word in ORIENTATIONS]
        assert (found.row, found.column) == (1, 1)
        assert found.orientation == ORIENTATIONS[distances.index(min(distances))]
        (alone,) = detect(one_patch(pattern), called(pattern), 0, (54,))
        assert alone.orientation == "bottom_left", "the only corner that it is for"
        assert detect(one_patch(pattern), called(pattern), 0, (NAMED["X"],))[0].orientation == ""


def test_is_a_tie_no_hit() -> None:
    assert detect(one_patch(CORNER), called(CORNER), 1.0, (CORNER,)) == ()
    assert len(detect(one_patch(CORNER), called(CORNER), 0.999, (CORNER,))) == 1
    assert detect(one_patch(CORNER), np.full(512, np.nan), 0, (CORNER,)) == ()
    with pytest.raises(ValueError, match="all 512 patterns"):
        detect(one_patch(CORNER), np.zeros(9), 0, (CORNER,))


corners = st.builds(Corner, st.integers(0, 4), st.integers(0, 4), st.sampled_from(["top_left", "top_right"]))


@given(st.lists(corners, max_size=5, unique=True), st.lists(corners, max_size=5, unique=True), st.integers(0, 2))
def test_are_as_many_corners_matched_as_can_be(found: list[Corner], true: list[Corner], tolerance: int) -> None:
    def near(a: Corner, b: Corner) -> bool:
        return a.orientation == b.orientation and max(abs(a.row - b.row), abs(a.column - b.column)) <= tolerance

    shorter, longer = sorted((found, true), key=len)
    most = max(
        sum(near(a, b) for a, b in zip(shorter, chosen, strict=True))
        for chosen in itertools.permutations(longer, len(shorter))
    )
    matched = match(found, true, tolerance)
    assert len(matched.true_positives) == most
    errors = [Corner(e.row, e.column, e.orientation) for e in matched.false]
    assert sorted([*matched.true_positives, *errors]) == sorted(found)
    assert {Corner(e.row, e.column, e.orientation) for e in matched.missed} <= set(true)
    assert matched.scores == Scores(most, len(found) - most, len(true) - most)


def test_does_a_crowd_leave_no_corner_without_the_one_only_it_can_have() -> None:
    """Corners in a row with finds one pixel on: a chain in which each must move for the last."""
    true = [Corner(5, column, "top_left") for column in range(200)]
    found = [Corner(5, column + 1, "top_left") for column in range(199)] + [Corner(5, 0, "top_left")]
    assert len(match(found, true[::-1], 1).true_positives) == 200


def test_has_each_error_its_place_and_its_pattern() -> None:
    picture = np.zeros((8, 8), dtype=np.uint8)
    picture[2:6, 2:6] = 1
    picture[0, 7] = 1
    true = [Corner(2, 2, "top_left"), Corner(0, 7, "top_left")]
    matched = match([Corner(2, 2, "top_left"), Corner(3, 3, "top_left")], true, picture=picture)
    assert [(e.row, e.column, e.pattern) for e in matched.false] == [(3, 3, 511)]
    assert [(e.row, e.column, e.pattern) for e in matched.missed] == [(0, 7, 16)]  # alone, zeros outside
    assert [e.pattern for e in match([], true).missed] == [None, None]


def test_are_figures_none_where_they_mean_nothing() -> None:
    corner = Corner(1, 1, "top_left")
    nothing, missed, false = match([], []), match([], [corner]), match([corner], [])
    assert (nothing.precision, nothing.recall, nothing.f1) == (None, None, None)
    assert (missed.precision, missed.recall, missed.f1) == (None, 0, 0)
    assert (false.precision, false.recall, false.f1) == (0, None, 0)
    some = Scores(3, 1, 2)
    assert (some.precision, some.recall) == (3 / 4, 3 / 5) and some.f1 == pytest.approx(2 / (4 / 3 + 5 / 3))
    for tolerance in (-1, 17, 0.5):
        with pytest.raises(ValueError, match="whole numbers from 0 to 16"):
            match([], [], tolerance)  # type: ignore[arg-type]
