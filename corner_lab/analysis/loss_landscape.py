"""The landscape: the loss that a run minimises, over the plane of scale along the matched filter and bias.

Heights come from the real Keras head and loss, slopes from their gradient in float32, the precision of training.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corner_lab.analysis.landscape_plane import Plane, levels, marks, solved_region
from corner_lab.experiment.data.loss_shares import loss_shares
from corner_lab.experiment.experiment import Experiment
from corner_lab.language import tr
from corner_lab.network.heads import HEADS
from corner_lab.training.engine_state import check_shapes
from corner_lab.training.epoch_metrics import loss_and_slope
from corner_lab.workers.elsewhere import in_worker

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SIDE = 61  # points along each side of the grid
POINTS_OF_EDGE = 24  # of the outline, as its height changes along an edge


@dataclass(frozen=True, eq=False)
class Heights:
    """What holds at points of the plane, all (n,).

    `flat`: no pattern's loss moves with z, so the gradient is exactly 0. `slope_scale`, `slope_bias`: the derivatives
    of the loss. `right`: patterns on their side of the threshold. `target_output`: what the head gives for the target.
    """

    loss: Floats
    flat: Bools
    slope_scale: Floats
    slope_bias: Floats
    right: NDArray[np.int64]
    target_output: Floats


@dataclass(frozen=True, eq=False)
class Landscape:
    """A grid of heights, each (biases, scales), and those of the marks by name.

    `outline`: scale, bias and loss (3, n) along the edge of the region in which all 512 patterns are right, closed;
    (3, 0) if the plane has none.
    """

    experiment: Experiment
    scales: Floats
    biases: Floats
    loss: Floats
    flat: Bools
    right: NDArray[np.int64]
    target_output: Floats
    marks: dict[str, tuple[float, float]]
    at: dict[str, Heights]
    outline: Floats


def landscape(e: Experiment, plane: Plane) -> Landscape:
    """The landscape of an experiment with one target. Kept for the last few.

    Raises ValueError for several targets, RefusedByKeras where Keras raises on the shapes.
    """
    if len(e.target) != 1:
        raise ValueError(
            tr(
                "the plane is spanned by one target's matched filter, and there are {count} targets",
                count=len(e.target),
            )
        )
    return replace(_landscape(shaping(e), plane), experiment=e)


def shaping(e: Experiment) -> Experiment:
    """The experiment with everything left at its default that has no say in its landscape."""
    kept = ["target", "head", "labels", "loss", "balance", "batch_size"]
    kept += ["data", "scene_count", "scene_seed"] if e.scenes else []
    return Experiment(**{name: getattr(e, name) for name in kept}, labels_shuffled=e.mislabels)


@lru_cache(maxsize=32)
@in_worker
def _landscape(e: Experiment, plane: Plane) -> Landscape:
    scales = np.linspace(plane.low_scale, plane.high_scale, SIDE)
    biases = np.linspace(plane.low_bias, plane.high_bias, SIDE)
    grid_scale, grid_bias = np.meshgrid(scales, biases)
    grid = heights(e, grid_scale.ravel(), grid_bias.ravel())
    at = {name: heights(e, np.array([s]), np.array([b])) for name, (s, b) in marks(e).items()}
    shape = (SIDE, SIDE)
    return Landscape(
        e,
        scales,
        biases,
        grid.loss.reshape(shape),
        grid.flat.reshape(shape),
        grid.right.reshape(shape),
        grid.target_output.reshape(shape),
        marks(e),
        at,
        _outline(e, plane),
    )


def _outline(e: Experiment, plane: Plane) -> Floats:
    corners = solved_region(e, plane)
    if not len(corners):
        return np.empty((3, 0))
    along = np.linspace(0, 1, POINTS_OF_EDGE, endpoint=False)[:, None]
    edges = [here + (there - here) * along for here, there in zip(corners, np.roll(corners, -1, axis=0), strict=True)]
    points = np.vstack([*edges, corners[:1]])
    return np.vstack([points.T, heights(e, points[:, 0], points[:, 1]).loss])


@in_worker
def heights(e: Experiment, scale: Floats, bias: Floats) -> Heights:
    """What holds at points (n,) of the plane: the epoch's loss, in expectation over the orders of its samples.

    Raises RefusedByKeras.
    """
    check_shapes(e)
    values, which = levels(e.target[0])
    z = (scale[:, None] * values + bias[:, None]).astype(np.float32)  # (n, 10)
    loss_0, loss_1, slope_0, slope_1 = (
        part.reshape(z.shape) for part in loss_and_slope(e.head, e.labels, e.loss)(z.ravel())
    )
    shares = loss_shares(e.plan, e.broadcasts, loss_0[:, which], loss_1[:, which], e.mislabels)
    share_0, share_1 = (_by_level(share, which) for share in shares)  # (n, 10) or (1, 10)
    loss = (loss_0 * share_0 + loss_1 * share_1).sum(axis=1)
    pull = slope_0 * share_0 + slope_1 * share_1  # (n, 10)
    flat = ~np.any((slope_0 != 0) & (share_0 > 0) | (slope_1 != 0) & (share_1 > 0), axis=1)
    mine = which[e.target[0]]
    sizes = np.bincount(which)
    sizes[mine] -= 1
    # As the bench decides it: weights in float32, z in float64. A sum of nine such weights of one size is exact there.
    exact = scale.astype(np.float32).astype(np.float64)[:, None] * values + bias.astype(np.float32)[:, None]
    correct = (exact < e.threshold) @ sizes + (exact[:, mine] > e.threshold)
    output = HEADS[e.head].output(z[:, mine])
    return Heights(loss, flat, pull @ values, pull.sum(axis=1), correct, output.astype(np.float64))


def _by_level(share: Floats, which: NDArray[np.int64]) -> Floats:
    """Shares of patterns (..., 512) added up to those of the ten levels, (rows, 10)."""
    member = which[:, None] == np.arange(which.max() + 1)  # (512, 10)
    return np.atleast_2d(share @ member)
