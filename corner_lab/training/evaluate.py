"""Evaluation: what given weights cost and how many patterns they get right, by Keras's own `evaluate`."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import initial_weights
from corner_lab.experiment.label_shapes import label_array
from corner_lab.experiment.losses import LOSSES
from corner_lab.experiment.sampling import BatchPlan
from corner_lab.network.keras_model import keras_model
from corner_lab.network.metrics import confusion_counts
from corner_lab.network.numpy_model import outputs
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import COUNT, all_patterns, is_target
from corner_lab.training.engine import RefusedByKeras, engine_for
from corner_lab.training.engine_state import Task


def evaluate(e: Experiment, weights: Vector) -> dict[str, Any]:
    """What `python -m corner_lab evaluate` prints for flat weights: losses are None where Keras refuses the shapes."""
    shape = e.layout
    output = outputs(shape.linear(weights), e.head)
    positive = is_target(e.target)
    return {
        "keras_loss": _keras_loss(e, weights),
        "true_loss": _keras_loss(replace(e, labels="aligned"), weights),
        "all_zeros_loss": all_zeros_loss(e),
        "correct": confusion_counts(output, e.target, e.threshold).right,
        "corner_output": float(output[positive].min()),
        "worst_other_output": float(output[~positive].max()),
    }


def _keras_loss(e: Experiment, weights: Vector) -> float | None:
    """What `model.evaluate(x, y)` returns for these weights, patterns in index order."""
    model = keras_model(e.head, e.labels, e.second_conv)
    model.set_weights(e.layout.to_keras(weights))
    model.compile(loss=LOSSES[e.loss].keras_loss(e.head))
    y = label_array(is_target(e.target), e.labels, e.two_outputs)
    try:
        return _finite(model.evaluate(all_patterns(), y, batch_size=e.batch_size, verbose=0))
    except (ValueError, TypeError):
        return None


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


@lru_cache(maxsize=256)
def reference_losses(e: Experiment) -> tuple[tuple[str, float], ...]:
    """What perfect weights (the question's, set by hand) and rejecting everything cost under an experiment's own loss.

    Drawn beside the loss curve where batches are not reweighted, so that all three are the same quantity.
    """
    if e.balance != "none":
        return ()
    found = []
    if len(e.target) == 1 and e.head != "linear":  # there nothing caps what the hand-set weights' z of -535 costs
        engine = engine_for(e)
        perfect = initial_weights("by_hand", seed=0, head=e.head, second_conv=e.second_conv, target=e.target)
        plan: BatchPlan = e.plan
        try:
            row = engine.row(engine.start(perfect, e.learning_rate), Task(e), plan.in_order())
            found.append(("perfect weights", float(row[0])))
        except RefusedByKeras:
            return ()
    rejecting = all_zeros_loss(e)
    if rejecting is not None:
        found.append(("reject everything", rejecting))
    return tuple(found)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
