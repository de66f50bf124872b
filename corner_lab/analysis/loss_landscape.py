"""The landscape: the loss that a run minimises, over the plane of scale along the matched filter and bias.

Heights come from the real Keras head and loss, slopes from their gradient in float32, the precision of training.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from corner_lab.analysis.landscape_plane import Plane, levels, marks
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.label_shapes import label_array, loss_per_label
from corner_lab.experiment.loss_shares import expected_shares
from corner_lab.experiment.losses import LOSSES
from corner_lab.experiment.sampling import KEPT_NEGATIVES
from corner_lab.network.heads import HEADS
from corner_lab.network.keras_model import keras_model, load_keras
from corner_lab.network.parameters import ParameterLayout
from corner_lab.network.patterns import is_target
from corner_lab.training.engine import RefusedByKeras

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SIDE = 61  # points along each side of the grid


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
    """A grid of heights, each (biases, scales), and those of the marks by name."""

    experiment: Experiment
    scales: Floats
    biases: Floats
    loss: Floats
    flat: Bools
    right: NDArray[np.int64]
    target_output: Floats
    marks: dict[str, tuple[float, float]]
    at: dict[str, Heights]


def landscape(e: Experiment, plane: Plane) -> Landscape:
    """The landscape of an experiment with one target. Kept for the last few.

    Raises ValueError for several targets, RefusedByKeras where Keras raises on the shapes.
    """
    if len(e.target) != 1:
        raise ValueError(f"the plane is spanned by one target's matched filter, and there are {len(e.target)} targets")
    return replace(_landscape(shaping(e), plane), experiment=e)


def shaping(e: Experiment) -> Experiment:
    """The experiment with everything left at its default that has no say in its landscape."""
    seed = e.seed if e.balance == "hard_negatives" else 0
    return Experiment(e.target, e.head, e.labels, True, e.loss, e.balance, batch_size=e.batch_size, seed=seed)


@lru_cache(maxsize=32)
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
    )


def heights(e: Experiment, scale: Floats, bias: Floats) -> Heights:
    """What holds at points (n,) of the plane: the epoch's loss, in expectation over the orders of its samples.

    With hard_negatives it is that of the first epoch that the seed draws. Raises RefusedByKeras.
    """
    check_shapes(e)
    values, which = levels(e.target[0])
    z = (scale[:, None] * values + bias[:, None]).astype(np.float32)  # (n, 10)
    loss_0, loss_1, slope_0, slope_1 = (
        part.reshape(z.shape) for part in _per_label(e.head, e.labels, e.loss)(z.ravel())
    )
    if e.balance == "hard_negatives":
        loss, pull, flat = _of_hardest(e, which, loss_0, loss_1, slope_0, slope_1)
    else:
        share_0, share_1 = (_by_level(share, which) for share in expected_shares(e.plan, e.broadcasts))
        loss = loss_0 @ share_0 + loss_1 @ share_1
        pull = slope_0 * share_0 + slope_1 * share_1  # (n, 10)
        flat = ~np.any((slope_0 != 0) & (share_0 > 0) | (slope_1 != 0) & (share_1 > 0), axis=1)
    output = HEADS[e.head].output(z).astype(np.float64)
    mine = which[e.target[0]]
    sizes = np.bincount(which)
    sizes[mine] -= 1
    right = (output < e.threshold) @ sizes + (output[:, mine] > e.threshold)
    return Heights(loss, flat, pull @ values, pull.sum(axis=1), right, output[:, mine])


def check_shapes(e: Experiment) -> None:
    """Let Keras's loss look at a batch of this experiment's labels and outputs. Raises RefusedByKeras."""
    if not e.broadcasts:
        return
    load_keras()
    y = label_array(is_target(e.target)[: e.batch_size], e.labels, e.two_outputs)
    try:
        LOSSES[e.loss].keras_loss(e.head)(y, np.zeros((len(y), 1, 1, 1), dtype=np.float32))
    except (ValueError, TypeError) as error:
        raise RefusedByKeras(str(error)) from error


def _by_level(share: Floats, which: NDArray[np.int64]) -> Floats:
    return np.asarray(np.bincount(which, weights=share))


def _of_hardest(
    e: Experiment, which: NDArray[np.int64], loss_0: Floats, loss_1: Floats, slope_0: Floats, slope_1: Floats
) -> tuple[Floats, Floats, Bools]:
    """Loss (n,), slopes by level (n, 10) and flatness (n,) where each batch keeps its targets and hardest negatives."""
    order = np.sort(e.plan.shuffled(np.random.default_rng(e.seed), 1)[0].reshape(-1, e.batch_size), axis=1)
    positive = is_target(e.target)
    total, pull = np.zeros(len(loss_0)), np.zeros_like(loss_0)
    flat = np.ones(len(loss_0), dtype=np.bool_)
    points = np.arange(len(loss_0))[:, None]
    for batch in order:  # by rising index, which breaks ties
        y = positive[batch].astype(np.float64)
        label = np.full_like(y, y.mean()) if e.broadcasts else y
        at = which[batch]
        losses = (1 - label) * loss_0[:, at] + label * loss_1[:, at]  # (n, b)
        slopes = (1 - label) * slope_0[:, at] + label * slope_1[:, at]
        negatives = np.flatnonzero(y == 0)
        most = max(KEPT_NEGATIVES, int(y.sum()))
        hardest = negatives[np.argsort(-losses[:, negatives], axis=1, kind="stable")[:, :most]]
        kept = np.concatenate([hardest, np.broadcast_to(np.flatnonzero(y), (len(losses), int(y.sum())))], axis=1)
        part = kept.shape[1] * len(order)
        total += losses[points, kept].sum(axis=1) / part
        np.add.at(pull, (np.broadcast_to(points, kept.shape), at[kept]), slopes[points, kept] / part)
        flat &= ~np.any(slopes[points, kept] != 0, axis=1)
    return total, pull, flat


@lru_cache(maxsize=32)
def _per_label(head: str, labels: str, loss: str) -> Callable[[NDArray[np.float32]], tuple[Floats, ...]]:
    """A function of z (n,): what Keras's loss is against label 0 and label 1, and the derivatives of both by z."""
    load_keras()
    import tensorflow as tf

    # The network itself, its weights such that z is a picture's first pixel.
    model = keras_model(head, labels, initializer="zeros")
    shape = ParameterLayout.of(HEADS[head].two_outputs, second_conv=True)
    model.set_weights(shape.to_keras(shape.from_linear(np.array([1] + [0] * 9 + [1, 0], dtype=np.float32))))
    keras_loss = LOSSES[loss].keras_loss(head)

    @tf.function(autograph=False, input_signature=[tf.TensorSpec((None,), tf.float32)])
    def compiled(z: Any) -> Any:
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(z)
            pictures = tf.reshape(tf.pad(z[:, None], [[0, 0], [0, 8]]), (-1, 3, 3, 1))
            output = model(pictures, training=False)
            loss_0, loss_1 = loss_per_label(keras_loss, output, HEADS[head].two_outputs)
        return loss_0, loss_1, tape.gradient(loss_0, z), tape.gradient(loss_1, z)

    def per_label(z: NDArray[np.float32]) -> tuple[Floats, ...]:
        return tuple(part.numpy().astype(np.float64) for part in cast(Any, compiled)(tf.constant(z)))

    return per_label
