"""Pulls: the gradient that the targets and the rest contribute to the loss, weight by weight, by Keras."""

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.losses import LOSSES
from corner_lab.network.keras_model import keras_model
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import all_patterns
from corner_lab.training.engine_state import Task
from corner_lab.training.epoch_metrics import parts_of_the_loss

Floats = NDArray[np.float64]


def pulls(e: Experiment, weights: Vector) -> tuple[Floats, Floats]:
    """Minus the gradient of the epoch's loss at flat weights (size,), in two parts: the targets', the others'.

    Shapes (size,). Their norms are the columns `gradient_targets` and `gradient_others` of a history.
    """
    import tensorflow as tf

    model = keras_model(e.head, e.labels, e.second_conv)
    model.set_weights(e.layout.to_keras(weights))
    loss, task = LOSSES[e.loss].keras_loss(e.head), Task(e).values
    variables = model.trainable_variables

    with tf.GradientTape(persistent=True) as tape:
        output = model(tf.constant(all_patterns()), training=False)
        losses = parts_of_the_loss(loss, output, e.balance, e.two_outputs, task)  # (512,)
        parts = [tf.reduce_sum(tf.where(mask, losses, 0.0)) for mask in (task["positive"], ~task["positive"])]
    targets, others = ([g.numpy().ravel() for g in tape.gradient(part, variables)] for part in parts)
    return -np.concatenate(targets).astype(np.float64), -np.concatenate(others).astype(np.float64)
