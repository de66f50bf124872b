"""Metrics: what rows of weights do, computed after training, for many rows at once and only where somebody looks."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.data.label_shapes import loss_per_label
from corner_lab.experiment.data.loss_shares import class_shares
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.losses import LOSSES
from corner_lab.network.heads import HEADS
from corner_lab.network.hidden import HIDDEN
from corner_lab.network.keras_model import compiled, head_output, load_keras
from corner_lab.network.metrics import right
from corner_lab.network.numpy_model import kernel_sums, parted, pre_activations
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import COUNT, all_patterns, is_target
from corner_lab.workers.elsewhere import in_worker

Floats = NDArray[np.float64]

OF_OUTPUTS = (
    "corner_output",  # lowest output over the targets
    "worst_other_output",  # highest output over the rest
    "target_z",  # lowest z over the targets
    "other_z",  # highest z over the rest
    "lowest_z",
    "highest_z",
    "tp",
    "fp",
    "live_fraction",  # share of patterns where the head's float32 derivative is not 0
)
OF_GRADIENTS = (
    "gradient_targets",  # norm of the gradient that the targets contribute to the epoch's loss
    "gradient_others",
)

BLOCK = 256  # rows at a time: 512 patterns each, in memory that processors keep at hand
MANY = 8192  # rows from which on compiling a gradient pays


def output_metrics(e: Experiment, weights: Vector) -> NDArray[np.float32]:
    """OF_OUTPUTS for flat weights (rows, size): (rows, 9). Needs no Keras."""
    return _in_blocks(lambda block: _output_metrics(e, block), weights, len(OF_OUTPUTS))


@in_worker
def gradient_metrics(e: Experiment, weights: Vector) -> NDArray[np.float32]:
    """OF_GRADIENTS for flat weights (rows, size): (rows, 2). NaN where Keras refuses the shapes."""
    fast = len(weights) >= MANY

    def norms(block: Vector) -> Floats:
        return np.stack([np.linalg.norm(g, axis=1) for g in class_gradients(e, block, fast)], axis=1)

    return _in_blocks(norms, weights, len(OF_GRADIENTS))


def _in_blocks(measure: Callable[[Vector], Floats], weights: Vector, columns: int) -> NDArray[np.float32]:
    found = np.empty((len(weights), columns), dtype=np.float32)
    with np.errstate(over="ignore"):  # weights that run away: their z is infinite in float32
        for start in range(0, len(weights), BLOCK):
            found[start : start + BLOCK] = measure(weights[start : start + BLOCK])
    return found


def _output_metrics(e: Experiment, weights: Vector) -> Floats:
    z = pre_activations(e.layout.linear(weights), e.hidden)  # (rows, 512)
    positive, head = is_target(e.target), HEADS[e.head]
    target_z, other_z = z[:, positive].min(axis=1), z[:, ~positive].max(axis=1)
    correct = right(z, e.target, e.threshold)
    columns = [
        head.output(target_z),  # heads rise with z
        head.output(other_z),
        target_z,
        other_z,
        z.min(axis=1),
        z.max(axis=1),
        correct[:, positive].sum(axis=1),
        (~correct[:, ~positive]).sum(axis=1),
        np.count_nonzero(head.slope(z), axis=1) / COUNT,
    ]
    return np.stack(columns, axis=1)


def class_gradients(e: Experiment, weights: Vector, fast: bool = False) -> tuple[Floats, Floats]:
    """The gradient of the epoch's loss by flat weights (rows, size) in two parts, from samples that are targets and
    from the others.

    Both (rows, size), in expectation over the orders of samples and labels (see `loss_shares`). How the loss moves with
    z is Keras's own gradient; from z to the weights it is the chain rule. `fast` compiles that gradient, for many rows.
    Where the loss is infinite in float32, as of weights near its end, a gradient may be so too, or no number.
    """
    numbers = e.layout.linear(weights)
    z = pre_activations(numbers, e.hidden)  # (rows, 512)
    per_label = loss_and_slope(e.head, e.labels, e.loss, fast)
    loss_0, loss_1, slope_0, slope_1 = (part.reshape(z.shape) for part in per_label(z.ravel()))
    with np.errstate(over="ignore", invalid="ignore"):
        others, targets = class_shares(e.plan, e.broadcasts, loss_0, loss_1, e.mislabels)
        parts = (share_0 * slope_0 + share_1 * slope_1 for share_0, share_1 in (targets, others))
        return tuple(_by_weights(e, part, numbers) for part in parts)  # type: ignore[return-value]


def _by_weights(e: Experiment, by_z: Floats, numbers: Vector) -> Floats:
    """From derivatives by z (rows, 512) to derivatives by the flat weights (rows, size), at the numbers that give z."""
    kernels, biases, w2, _ = parted(numbers)
    by_sums = by_z[:, None]  # (rows, K or 1, 512): by each kernel's sums, but for w2
    if e.hidden != "none":
        by_sums = by_sums * HIDDEN[e.hidden].slope(kernel_sums(numbers))
    nine = by_sums.reshape(-1, COUNT) @ all_patterns().reshape(COUNT, 9)
    nine = nine.reshape(*by_sums.shape[:2], 9)  # (rows, K or 1, 9)
    total = by_sums.sum(axis=-1)  # (rows, K or 1)
    by_w2 = (nine * kernels).sum(axis=-1) + total * biases  # what comes after relu is the sum where its slope is not 0
    by_kernels = (nine * w2[..., None]).reshape(len(by_z), -1)
    return e.layout.linear_gradient(
        np.concatenate([by_kernels, total * w2, by_w2, by_z.sum(axis=1, keepdims=True)], axis=1)
    )


@lru_cache(maxsize=64)
def loss_and_slope(
    head: str, labels: str, loss: str, fast: bool = False
) -> Callable[[NDArray[np.floating]], tuple[Floats, ...]]:
    """A function of z (n,): what Keras's loss is against label 0 and label 1, and the derivatives of both by z.

    In float32, the precision of training, with real Keras head and loss. `fast`: compiled, for one length of z.
    """
    load_keras()
    import tensorflow as tf

    keras_loss, two_outputs = LOSSES[loss].keras_loss(head), HEADS[head].two_outputs

    def at(z: Any) -> Any:
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(z)
            loss_0, loss_1 = loss_per_label(keras_loss, head_output(z, head, labels), two_outputs)
        return loss_0, loss_1, tape.gradient(loss_0, z), tape.gradient(loss_1, z)

    how = compiled(at) if fast else at

    def per_label(z: NDArray[np.floating]) -> tuple[Floats, ...]:
        padded = np.zeros(BLOCK * COUNT if fast else len(z), dtype=np.float32)
        padded[: len(z)] = z
        return tuple(part.numpy()[: len(z)].astype(np.float64) for part in how(tf.constant(padded)))

    return per_label
