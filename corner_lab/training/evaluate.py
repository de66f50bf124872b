"""Evaluation: what given weights cost and how many patterns they get right, by Keras's own `evaluate`."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.data.label_shapes import label_array, side_by_side
from corner_lab.experiment.data.packing import unpacked
from corner_lab.experiment.data.sampling import hardest
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.losses import LOSSES
from corner_lab.language import msg
from corner_lab.network.heads import HEADS
from corner_lab.network.keras_model import head_output, keras_model
from corner_lab.network.metrics import confusion_counts
from corner_lab.network.numpy_model import pre_activations
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import COUNT, all_patterns, is_target
from corner_lab.training.engine_state import RefusedByKeras, check_shapes
from corner_lab.workers.elsewhere import in_worker

PERFECT, REJECTING = "perfect weights", "reject everything"
REFERENCES = {PERFECT: msg("perfect weights"), REJECTING: msg("reject everything")}


def evaluate(e: Experiment, weights: Vector) -> dict[str, Any]:
    """What `python -m corner_lab evaluate` prints for flat weights: losses are None where Keras refuses the shapes."""
    z = pre_activations(e.layout.linear(weights), e.hidden)
    output, positive = HEADS[e.head].output(z), is_target(e.target)
    return {
        "keras_loss": _keras_loss(e, weights),
        "true_loss": _keras_loss(replace(e, labels="aligned"), weights),
        "all_zeros_loss": all_zeros_loss(e),
        "correct": confusion_counts(z, e.target, e.threshold).right,
        "corner_output": float(output[positive].min()),
        "worst_other_output": float(output[~positive].max()),
    }


def _keras_loss(e: Experiment, weights: Vector) -> float | None:
    """What `model.evaluate(x, y)` returns for these weights, patterns in index order."""
    model = keras_model(e.head, e.labels, e.second_conv, kernels=e.kernels, hidden=e.hidden)
    model.set_weights(e.layout.to_keras(weights))
    model.compile(loss=LOSSES[e.loss].keras_loss(e.head))
    y = label_array(is_target(e.target), e.labels, e.two_outputs)
    try:
        return _finite(model.evaluate(all_patterns(), y, batch_size=e.batch_size, verbose=0))
    except (ValueError, TypeError):
        return None


@in_worker
def epoch_loss(e: Experiment, weights: Vector, order: NDArray[np.int32] | None = None) -> float:
    """What an epoch's batches cost flat weights, without training: what `evaluate` gives for them, by the real Keras
    loss, all batches of a size at once. `order`: samples (samples,), unshuffled if None. Raises RefusedByKeras.
    """
    check_shapes(e)
    with np.errstate(over="ignore"):  # weights that run away: their z is infinite in float32
        z = pre_activations(e.layout.linear(weights), e.hidden).astype(np.float32)
    order, size = e.plan.in_order() if order is None else order, e.batch_size
    full = e.plan.full * size
    parts = [part for part in (order[:full].reshape(-1, size), order[full:][None]) if part.size]
    return float(sum(part.size * _batches_loss(e, z, part) for part in parts) / e.plan.samples)


def _batches_loss(e: Experiment, z: NDArray[np.float32], batches: NDArray[np.int32]) -> float:
    """The mean loss of batches of one size, samples (batches, b), each against its own label."""
    import keras
    import tensorflow as tf

    batches, own, _ = unpacked(batches)
    loss, positive = LOSSES[e.loss].keras_loss(e.head), is_target(e.target)
    loss.reduction = None
    weights = e.plan.sample_weights()
    if e.two_outputs:
        y = label_array(positive, e.labels, True)[own.ravel()]
        losses = loss(y, head_output(tf.constant(z[batches.ravel()]), e.head, e.labels))
        losses = tf.reshape(losses, batches.shape) * weights[own]
    else:
        found = positive[own], z[batches], weights[own]
        y, picked, scale = (tf.constant(values, tf.float32) for values in found)
        y, output, scale = side_by_side(y, picked, scale, e.labels)
        # The head comes last, or Keras would not find z behind a sigmoid.
        losses = loss(y, keras.activations.get(e.head)(output), scale if e.balance == "class_weight" else None)
        losses = tf.reduce_mean(tf.reshape(losses, (*batches.shape, -1)), axis=-1)
    if e.balance == "hard_negatives":
        keep = hardest(losses, batches, positive[own])
        losses = tf.reduce_sum(losses * keep, axis=-1) / tf.reduce_sum(keep, axis=-1)
    return float(tf.reduce_mean(losses))


def all_zeros_loss(e: Experiment) -> float | None:
    """What rejecting every pattern with certainty would cost under the same labels; None where Keras refuses the
    shapes.

    Certainty is output 0 (softmax: probability 0 for "corner"); on a linear head z = -1 for hinges, and with
    from_logits the z of the smallest probability that Keras's own clip (1e-7) leaves.
    """
    import keras

    loss = LOSSES[e.loss].keras_loss(e.head)
    value = 0.0
    if e.head == "linear" and LOSSES[e.loss].signed:
        value = -1.0
    elif LOSSES[e.loss].from_logits(e.head):
        value = float(-np.log(1 / keras.config.epsilon() - 1))
    y = label_array(is_target(e.target), e.labels, e.two_outputs)
    rejecting = np.array([1, 0], np.float32) if e.two_outputs else np.full((1, 1, 1), value, np.float32)
    costs = []
    for start in range(0, COUNT, e.batch_size):
        batch = y[start : start + e.batch_size]
        try:
            costs.append(float(loss(batch, np.broadcast_to(rejecting, (len(batch), *rejecting.shape)))))
        except (ValueError, TypeError):
            return None
    return _finite(float(np.mean(costs)))


def named_losses(costs: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """What `reference_costs` gives by how the stage calls them, in the language of whoever reads."""
    return tuple((str(REFERENCES[word]), cost) for word, cost in costs.items())


def reference_costs(e: Experiment) -> dict[str, float]:
    """What perfect weights (the question's, set by hand) and rejecting everything cost under an experiment's own loss.

    Drawn beside the loss curve where batches are not reweighted and no output meets another sample's label, so that all
    three are the same quantity; of the 512 patterns alone. By PERFECT and REJECTING.
    """
    same = Experiment.seed if e.kernels == 1 else e.seed  # further kernels are drawn, even where they have no say
    return dict(_reference_costs(replace(e, seed=same, epochs=Experiment.epochs)))


@lru_cache(maxsize=256)
@in_worker
def _reference_costs(e: Experiment) -> tuple[tuple[str, float], ...]:
    if e.balance != "none" or e.mislabels or e.scenes:
        return ()
    found = []
    if len(e.target) == 1 and e.head != "linear":  # there nothing caps what the hand-set weights' z of -535 costs
        perfect = e.initial_weights("by_hand")
        try:
            found.append((PERFECT, epoch_loss(e, perfect)))
        except RefusedByKeras:
            return ()
    rejecting = all_zeros_loss(e)
    if rejecting is not None:
        found.append((REJECTING, rejecting))
    return tuple(found)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
