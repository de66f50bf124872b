"""Is the landscape the loss that a run minimises, is flat what cannot learn, and does it tell the story it should?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from corner_lab.analysis import landscape_text as words
from corner_lab.analysis.descent_path import downhill
from corner_lab.analysis.landscape_plane import MATCHED, PERFECT, REJECTING, Path, Plane, direction, path, plane_for
from corner_lab.analysis.landscape_plane import numbers_at as plane_numbers
from corner_lab.analysis.loss_landscape import Heights, heights, landscape, shaping
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import initial_weights
from corner_lab.network.metrics import right
from corner_lab.network.numpy_model import pre_activations
from corner_lab.network.parameters import ParameterLayout
from corner_lab.plots.landscape import CHOICES, Way, contour, hatching, surface
from corner_lab.plots.theme import LIGHT
from corner_lab.training.engine_state import RefusedByKeras
from corner_lab.training.epoch_metrics import OF_GRADIENTS, OF_OUTPUTS, gradient_metrics, output_metrics
from corner_lab.training.evaluate import epoch_loss
from corner_lab.training.history import History, row_of
from tests import oracle

ASKED = Experiment()
ALIGNED = replace(ASKED, labels="aligned")
LOGISTIC = replace(ALIGNED, head="sigmoid", loss="binary_crossentropy")
SOFTMAX = replace(ASKED, head="softmax", loss="categorical_crossentropy")
# On the slopes, at the matched filter, at perfect, deep in either saturation, and where scores are far apart.
POINTS = np.array([[0.3, -1.2], [1, -3.5], [6, -21], [0.1, -5], [0.2, 9], [-2, 3], [40, -140]])


def numbers_at(scale: float, bias: float, target: int = 432) -> np.ndarray:
    return np.array([*(scale * direction(target)), bias, 1, 0], dtype=np.float32)


def at_points(e: Experiment, points: np.ndarray = POINTS) -> Heights:
    return heights(e, points[:, 0], points[:, 1])


def rows_at_the_points(e: Experiment) -> list[dict[str, float]]:
    """What is told of a run's row at the points: real network, real gradient by all weights."""
    weights = np.array([e.layout.from_linear(numbers_at(scale, bias)) for scale, bias in POINTS])
    columns = (*OF_OUTPUTS, *OF_GRADIENTS)
    measured = np.hstack([output_metrics(e, weights), gradient_metrics(e, weights)])
    return [
        {"loss": epoch_loss(e, w), **dict(zip(columns, map(float, row), strict=True))}
        for w, row in zip(weights, measured, strict=True)
    ]


def all_right(e: Experiment, points: np.ndarray) -> np.ndarray:
    """Whether all 512 patterns are right at points (n, 2), from the weights that the bench would have."""
    numbers = np.array([numbers_at(scale, bias, e.target[0]) for scale, bias in points])
    return right(pre_activations(numbers), e.target, e.threshold).all(axis=1)


def inside(polygon: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Whether points (n, 2) lie in a polygon (m, 2): how often a ray to the right crosses its edges."""
    crossings = np.zeros(len(points), dtype=int)
    for (x1, y1), (x2, y2) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if y1 != y2:
            x = x1 + (points[:, 1] - y1) * (x2 - x1) / (y2 - y1)
            crossings += ((y1 > points[:, 1]) != (y2 > points[:, 1])) & (points[:, 0] < x)
    return crossings % 2 == 1


# ---------------------------------------------------------------- where all are right


@pytest.mark.parametrize(
    "e",
    [
        ASKED,
        replace(ASKED, target=(186,)),
        replace(ASKED, target=(0,), head="sigmoid", labels="aligned", loss="binary_crossentropy"),
        replace(ASKED, target=(511,), head="linear"),  # whose threshold is 0.5
        replace(ASKED, target=(27,), head="linear", labels="aligned", loss="hinge"),
        replace(SOFTMAX, target=(27,)),
    ],
    ids=repr,
)
def test_are_all_512_right_inside_the_outline_and_nowhere_else(e: Experiment) -> None:
    plane = plane_for(e)
    land = landscape(e, plane)
    outline = land.outline[:2].T
    rng = np.random.default_rng(3)
    points = rng.uniform((plane.low_scale, plane.low_bias), (plane.high_scale, plane.high_bias), (3000, 2))
    near = outline[rng.integers(len(outline), size=400)] + rng.normal(0, 0.02, (400, 2))
    low, high = np.array([[plane.low_scale, plane.low_bias], [plane.high_scale, plane.high_bias]])
    near = near[
        ((near > low + 1e-3) & (near < high - 1e-3)).all(axis=1)
    ]  # what lies on the plane's own edge is neither
    points = np.vstack([points, near]).astype(np.float32).astype(np.float64)
    within, correct = inside(outline, points), all_right(e, points)
    assert np.array_equal(within, correct) and 100 < correct.sum() < 3000
    np.testing.assert_array_equal(outline[0], outline[-1])  # closed
    np.testing.assert_allclose(heights(e, land.outline[0], land.outline[1]).loss, land.outline[2])
    grid = np.array([[scale, bias] for bias in land.biases for scale in land.scales])
    assert np.array_equal(all_right(e, grid), land.right.ravel() == 512)
    assert "All 512 patterns are right inside the outline" in words.on_solved(land)


def test_is_a_plane_without_a_solution_said_to_have_none() -> None:
    land = landscape(ASKED, Plane(-2.0, -0.5, -3.0, 3.0))
    assert land.outline.shape == (3, 0) and not (land.right == 512).any()
    assert words.on_solved(land) == "Nowhere in this part of the plane are all 512 patterns right."
    assert "all 512 right" not in {trace.name for trace in contour(land, [], LIGHT).data}


def test_are_the_weights_of_a_point_what_has_its_z() -> None:
    for target in (432, 0, 511):
        z = pre_activations(plane_numbers(target, 1.3, -2.7))
        np.testing.assert_allclose(z, oracle.X.reshape(512, 9) @ (1.3 * direction(target)) - 2.7, atol=1e-5)
    for scale, bias in ((np.nan, 0.0), (1.0, np.inf), (1e39, 0.0)):
        with pytest.raises(ValueError, match="float32 can hold"):
            plane_numbers(432, scale, bias)


# ---------------------------------------------------------------- heights


@pytest.mark.parametrize(
    "e",
    [
        LOGISTIC,
        SOFTMAX,
        replace(SOFTMAX, labels="aligned"),
        replace(ALIGNED, balance="class_weight", batch_size=128),
        replace(ALIGNED, head="linear", loss="hinge", balance="half_batch"),
        replace(ALIGNED, balance="hard_negatives", batch_size=512),
    ],
    ids=lambda e: e.query,
)
def test_are_heights_and_flatness_those_of_a_runs_rows(e: Experiment) -> None:
    here = at_points(e)
    for i, row in enumerate(rows_at_the_points(e)):
        assert here.loss[i] == pytest.approx(row["loss"], rel=2e-5, abs=1e-7)
        assert here.target_output[i] == pytest.approx(row["corner_output"], abs=1e-5)
        assert here.right[i] == row["tp"] + 511 - row["fp"]
        assert here.flat[i] == (row["gradient_targets"] == row["gradient_others"] == 0)


def test_is_a_height_what_plain_keras_evaluates() -> None:
    scale, bias = POINTS[0]
    numbers = numbers_at(scale, bias)
    for e in (ALIGNED, LOGISTIC, replace(ALIGNED, balance="class_weight")):
        expected = oracle.evaluate(e, ParameterLayout.of(False, True).to_keras(numbers))
        assert at_points(e).loss[0] == pytest.approx(expected, rel=1e-5)


def epoch_losses(e: Experiment, output: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """The broadcast loss of epochs in these orders (k, samples), batches of one size, by averaging all pairs: (k,)."""
    batches = orders.reshape(len(orders), -1, e.batch_size)
    o, y = output[batches], (batches == e.target[0]).astype(float)
    pairs = (y[..., None, :] - o[..., :, None]) ** 2
    if e.loss == "hinge":
        pairs = np.maximum(0, 1 - (2 * y[..., None, :] - 1) * o[..., :, None])
    weights = e.plan.sample_weights().astype(float)[batches].mean(axis=-1)
    return np.asarray((pairs.mean(axis=(-1, -2)) * weights).mean(axis=-1))


@pytest.mark.parametrize(
    "e",
    [ASKED, replace(ASKED, balance="class_weight"), replace(ASKED, head="linear", loss="hinge", batch_size=16)],
    ids=lambda e: e.query or "as asked",
)
def test_is_a_broadcast_height_the_average_over_all_orders(e: Experiment) -> None:
    # With one target only its company counts. Turning the others round gives each the same share in it: an exact mean.
    others = np.delete(np.arange(512), 432)
    orders = np.array([np.insert(np.roll(others, k), 100, 432) for k in range(511)])
    here = at_points(e, POINTS[:5])
    for i, (scale, bias) in enumerate(POINTS[:5]):
        z = oracle.PATTERNS.astype(float) @ (scale * direction(432)) + bias
        output = z if e.head == "linear" else np.clip(z / 6 + 0.5, 0, 1)
        assert here.loss[i] == pytest.approx(epoch_losses(e, output, orders).mean(), rel=1e-5)
    # And what is averaged is what Keras makes of one such order.
    loss = epoch_loss(e, e.layout.from_linear(numbers_at(*POINTS[0])), orders[7].astype(np.int32))
    z = oracle.PATTERNS.astype(float) @ (POINTS[0][0] * direction(432)) + POINTS[0][1]
    output = z if e.head == "linear" else np.clip(z / 6 + 0.5, 0, 1)
    assert loss == pytest.approx(epoch_losses(e, output, orders[7:8])[0], rel=1e-5)


@pytest.mark.parametrize("balance", ["oversample", "half_batch"])
def test_is_it_also_where_targets_are_repeated(balance: str) -> None:
    e = replace(ASKED, balance=balance, batch_size=2)  # 1,022 samples: batches of one size
    output = np.clip((oracle.PATTERNS.astype(float) @ direction(432) - 3.5) / 6 + 0.5, 0, 1)
    losses = epoch_losses(e, output, e.plan.shuffled(np.random.default_rng(0), 1000))
    error = losses.std() / np.sqrt(len(losses))
    assert abs(at_points(e).loss[1] - losses.mean()) < 4 * error + 1e-6


@pytest.mark.parametrize("balance", ["none", "class_weight"])
def test_is_the_landscape_of_a_run_on_scenes_that_of_their_patches(balance: str) -> None:
    e = replace(LOGISTIC, data="scenes:overlapping", scene_count=10, scene_seed=2, balance=balance, batch_size=512)
    patterns, positive = oracle.samples(e)
    weights = oracle.sample_weights(e)
    weights = np.ones(len(patterns)) if weights is None else weights.ravel()
    for (scale, bias), loss in zip(POINTS[:3], at_points(e).loss, strict=False):
        z = (oracle.PATTERNS.astype(float) @ (scale * direction(432)) + bias)[patterns]
        assert loss == pytest.approx((weights * np.logaddexp(0, np.where(positive, -z, z))).mean(), rel=1e-5)
        assert epoch_loss(e, e.layout.from_linear(numbers_at(scale, bias))) == pytest.approx(loss, rel=1e-5)
    kept = shaping(replace(e, learning_rate=0.5, seed=3))
    assert kept.scenes == e.scenes and kept.learning_rate == ASKED.learning_rate
    assert shaping(replace(ASKED, scene_count=50)) == ASKED, "which has no say where there are no scenes"


@pytest.mark.parametrize("balance", ["none", "class_weight", "oversample", "half_batch"])
def test_is_a_height_with_shuffled_labels_the_average_over_their_orders(balance: str) -> None:
    e = replace(ALIGNED, balance=balance, batch_size=2, labels_shuffled=True)
    output = np.clip((oracle.PATTERNS.astype(float) @ direction(432) - 3.5) / 6 + 0.5, 0, 1)
    rng, weights = np.random.default_rng(0), oracle.sample_weights(e)
    weights = np.ones(512) if weights is None else weights.ravel()  # they stay where they are
    batches = e.plan.shuffled(rng, 1500).reshape(1500, -1, 2)
    of = rng.permuted(batches, axis=2)
    losses = (weights[batches] * (output[batches] - (of == 432)) ** 2).mean(axis=(1, 2))
    error = losses.std() / np.sqrt(len(losses))
    assert abs(at_points(e).loss[1] - losses.mean()) < 4 * error + 1e-6
    plain = at_points(replace(e, labels_shuffled=False)).loss[1]
    assert abs(plain - losses.mean()) > 20 * error, "which is another height"
    assert at_points(replace(ASKED, labels_shuffled=True)).loss[1] == at_points(ASKED).loss[1]


def test_are_slopes_those_of_finite_differences() -> None:
    step = 0.01
    for e in (ASKED, LOGISTIC, replace(ASKED, balance="oversample"), replace(SOFTMAX, loss="mse")):
        at = np.array([[0.97, -3.3]])
        here = at_points(e, at)
        for axis, slope in enumerate((here.slope_scale, here.slope_bias)):
            move = np.eye(2)[axis] * step
            rise = (at_points(e, at + move).loss - at_points(e, at - move).loss) / (2 * step)
            assert slope[0] == pytest.approx(rise[0], rel=2e-3, abs=1e-5), (e, axis)


# ---------------------------------------------------------------- what the picture is for


def drawn(e: Experiment) -> Any:
    return landscape(e, plane_for(e))


def walked(e: Experiment) -> Any:
    return downhill(e, *drawn(e).marks[MATCHED])


def test_does_the_broadcast_loss_lead_from_perfect_weights_to_one_over_the_batch_size() -> None:
    asked, aligned = drawn(ASKED), drawn(ALIGNED)
    assert asked.at[PERFECT].loss[0] == pytest.approx(31 / 8192, rel=1e-6)
    assert asked.at[REJECTING].loss[0] == pytest.approx(1 / 512, rel=1e-6)
    assert aligned.at[PERFECT].loss[0] == 0 < aligned.at[REJECTING].loss[0]
    assert asked.at[MATCHED].right[0] == aligned.at[MATCHED].right[0] == 512
    lost, kept = walked(ASKED), walked(ALIGNED)
    assert lost.end.target_output[0] == pytest.approx(1 / 32, abs=1e-3) and lost.end.right[0] == 511
    assert kept.end.target_output[0] > 0.999 and kept.end.right[0] == 512
    lowest = np.unravel_index(asked.loss.argmin(), asked.loss.shape)
    assert asked.right[lowest] == 511, "the floor of the whole plane rejects the target"


def test_has_hard_sigmoid_a_plateau_and_is_giving_up_on_it() -> None:
    land = drawn(ALIGNED)
    assert land.flat.mean() > 0.3 and land.at[REJECTING].flat[0]
    assert (land.flat & (land.right == 511)).sum() > 10 * (land.flat & (land.right == 512)).sum() > 0
    assert at_points(ALIGNED, np.array([[60.0, -235.0]])).flat[0], "and so do weights as large as the hand-set ones"
    assert not drawn(replace(ALIGNED, head="sigmoid")).flat.any()


def test_does_cross_entropy_on_a_sigmoid_slope_wherever_a_pattern_is_wrong() -> None:
    land = landscape(LOGISTIC, Plane(-400, 400, -2000, 2000))
    assert not (land.flat & (land.right < 512)).any()
    assert not drawn(LOGISTIC).flat.any()
    # The question's fix hides the logits behind its Reshape, and Keras's clip at 1e-7 makes plateaus again.
    clipped = landscape(SOFTMAX, Plane(-40, 40, -200, 200))
    assert (clipped.flat & (clipped.right < 512)).any()


def test_does_the_way_downhill_only_go_down() -> None:
    for e in (ASKED, ALIGNED, LOGISTIC, replace(ASKED, head="linear", loss="hinge")):
        walk = walked(e)
        assert (np.diff(walk.loss) < 0).all() and len(walk.loss) >= 2
        assert walk.end.loss[0] == walk.loss[-1]
        np.testing.assert_allclose(heights(e, walk.scale, walk.bias).loss, walk.loss, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize(("e", "slopes"), [(ASKED, False), (ALIGNED, False), (LOGISTIC, True)])
def test_does_a_walk_that_is_given_up_on_a_slope_say_so(e: Experiment, slopes: bool) -> None:
    walk, told = walked(e), words.on_downhill(drawn(e), walked(e))
    assert (" It still slopes there, by " in told) is slopes
    if slopes:
        scale, bias, step = walk.scale[-1], walk.bias[-1], 0.5  # the loss is 3e-5 here: float32 wants a long step
        ends = heights(e, np.array([scale, scale]), np.array([bias - step, bias + step])).loss
        assert walk.slope >= 0.5 * abs(ends[1] - ends[0]) / (2 * step) > 0


# ---------------------------------------------------------------- paths


@pytest.mark.parametrize("e", [ALIGNED, replace(SOFTMAX, labels="aligned"), replace(LOGISTIC, second_conv=False)])
def test_is_the_path_a_runs_shadow_on_the_plane(e: Experiment) -> None:
    start = initial_weights("matched", seed=0, head=e.head, second_conv=e.second_conv, target=e.target)
    rng = np.random.default_rng(0)
    later = start + rng.normal(0, 1, (3, len(start)))
    rows = np.array([row_of(e, w.astype(np.float32), 0.0) for w in (start, *later)])
    history = History(e, rows[0])
    history.append(rows[1:])
    way = path(history)
    assert (way.scale[0], way.bias[0], way.off[0]) == (1, -3.5, 0)
    assert way.epochs.tolist() == [0, 1, 2, 3]
    for row in range(4):
        arrays = e.layout.to_keras(history.weights_at(row))
        z = oracle.pre_activations(arrays)
        kernel = np.array([z[1 << j] - z[0] for j in range(9)])  # what each pixel alone adds
        assert way.bias[row] == pytest.approx(z[0], abs=1e-5)
        least = np.linalg.lstsq(direction(432)[:, None], kernel, rcond=None)[0][0]
        assert way.scale[row] == pytest.approx(least, abs=1e-5)
        rest = np.linalg.norm(kernel - least * direction(432)) / np.linalg.norm(kernel)
        assert way.off[row] == pytest.approx(rest, abs=1e-5)
    plane = plane_for(e, replace(way, scale=way.scale * 50, bias=way.bias * 50))
    assert plane.high_scale > way.scale.max() * 50 and plane.low_bias < way.bias.min() * 50


# ---------------------------------------------------------------- refusals, words, pictures


def test_is_what_has_no_landscape_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match="there are 2 targets"):
        landscape(replace(ASKED, target=(27, 432)), Plane(-1, 7, -24, 1))
    with pytest.raises(RefusedByKeras, match="must have the same rank"):
        drawn(replace(ASKED, loss="binary_crossentropy"))
    assert drawn(replace(ASKED, loss="binary_crossentropy", labels="aligned")).loss.shape == (61, 61)


def test_is_a_landscape_made_once_for_all_that_share_it() -> None:
    other = replace(ASKED, learning_rate=0.5, optimizer="sgd", seed=9, epochs=3)
    assert drawn(other).loss is drawn(ASKED).loss and drawn(other).experiment == other
    hard = replace(ASKED, balance="hard_negatives")
    assert drawn(replace(hard, seed=1)).loss is drawn(hard).loss is not drawn(ASKED).loss


def test_do_the_sentences_quote_the_landscape() -> None:
    asked, aligned = drawn(ASKED), drawn(ALIGNED)
    assert words.on_marks(asked) == (
        "The point “perfect” costs 0.0038, “rejects everything” 0.0020: this loss prefers giving up."
    )
    assert words.on_marks(aligned).endswith("this loss prefers perfect.")
    assert "511 of 512 are right, the corner's output goes from 0.583 to 0.031" in words.on_downhill(
        asked, walked(ASKED)
    )
    assert "all 512 are right, the corner's output goes from 0.583 to 1.000" in words.on_downhill(
        aligned, walked(ALIGNED)
    )
    flat, solved = asked.flat.mean(), (asked.flat & (asked.right == 512)).mean()
    assert words.on_flat(asked) == (
        f"{100 * flat:.0f}% of what is drawn is flat, its gradient exactly 0: {100 * solved:.1f}% with all 512 right, "
        f"{100 * (flat - solved):.0f}% not."
    )
    assert words.on_flat(drawn(LOGISTIC)) == "Nothing drawn here is flat: the gradient is nowhere exactly 0."
    nowhere = replace(aligned, right=np.zeros_like(aligned.right))
    assert words.on_flat(nowhere).endswith("nowhere there are all 512 right.")
    assert words.on_flat(replace(aligned, right=np.full_like(aligned.right, 512))).endswith("all 512 are right.")
    still = replace(walked(ASKED), steps=0)
    assert words.on_downhill(asked, still) == "At the matched filter there is no way down: its loss is 0.0110."
    assert "all orders" in words.on_heights(ASKED) and "no difference" in words.on_heights(ALIGNED)
    assert "all orders" in words.on_heights(replace(ALIGNED, balance="hard_negatives"))
    way = Path(np.array([0, 40]), *(np.array(pair) for pair in ([0.0, 1], [0, -3.5], [1, 0.5], [0.2, 0.0038])))
    assert words.on_path(way) == (
        "The run goes from scale 0.00, bias 0.00 to scale 1.00, bias −3.50 in 40 epochs. This is its shadow: all of "
        "the kernel's length lies off the plane at the start, 50% at the end, so its own loss, 0.0038 at the end, is "
        "not the height under it."
    )
    shares = {0.0: "none", 1.0: "all", 0.0004: "less than 0.1%", 0.018: "1.8%", 0.44: "44%", 0.9997: "more than 99.9%"}
    assert {part: words.share(part) for part in shares} == shares


def test_do_both_pictures_show_marks_flats_and_ways() -> None:
    land, walk = drawn(ASKED), walked(ASKED)
    ways = [Way("downhill", walk.scale, walk.bias, walk.loss, of_run=False)]
    flat = contour(land, ways, LIGHT)
    np.testing.assert_allclose(10.0 ** flat.data[0].z, land.loss, rtol=1e-9)
    names = {trace.name for trace in flat.data[1:]}
    assert names == {"flat: gradient exactly 0", "all 512 right", "downhill", CHOICES, MATCHED, PERFECT, REJECTING}
    assert {note.text for note in flat.layout.annotations} == {MATCHED, PERFECT, REJECTING}
    solid = surface(land, ways, LIGHT)
    assert {trace.name for trace in solid.data[1:]} == names - {CHOICES}
    assert {note.text for note in solid.layout.scene.annotations} == {MATCHED, PERFECT, REJECTING}
    coincident = drawn(replace(ALIGNED, head="linear"))
    assert {note.text for note in contour(coincident, [], LIGHT).layout.annotations} == {PERFECT, REJECTING}


def test_is_hatched_what_is_flat_and_nothing_else() -> None:
    land = drawn(ALIGNED)
    x, y, _ = hatching(land)
    points = {(a, b) for a, b in zip(x, y, strict=True) if a is not None and b is not None}
    column = {scale: i for i, scale in enumerate(land.scales)}
    row = {bias: i for i, bias in enumerate(land.biases)}
    assert all(land.flat[row[b], column[a]] for a, b in points)
    assert len(points) == sum(land.flat[i, j] for i in range(61) for j in range(61) if (i - j) % 3 == 0)
    assert hatching(drawn(LOGISTIC)) == ([], [], [])
