"""What the engine trains: what decides its compiled code, where training stands, and the values of one experiment; and
what its compiled functions make of the numbers that give z."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from corner_lab.experiment.data.label_shapes import label_array, sample_weight_array
from corner_lab.experiment.early_stopping import stop_bar
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.losses import LOSSES
from corner_lab.network.heads import HEADS
from corner_lab.network.hidden import HIDDEN
from corner_lab.network.keras_model import load_keras
from corner_lab.network.parameters import ParameterLayout, Vector
from corner_lab.network.patterns import is_target
from corner_lab.training.history import rounding


class RefusedByKeras(Exception):
    """Keras itself raised on this combination of loss and shapes; the message is Keras's own."""


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


@dataclass(frozen=True)
class Structure:
    """What decides the compiled code."""

    head: str
    labels: str
    second_conv: bool
    kernels: int
    hidden: str
    loss: str
    balance: str
    optimizer: str
    batch_size: int
    samples: int

    @classmethod
    def of(cls, e: Experiment) -> "Structure":
        return cls(
            e.head,
            e.labels,
            e.second_conv,
            e.kernels,
            e.hidden,
            e.loss,
            e.balance,
            e.optimizer,
            e.batch_size,
            e.plan.samples,
        )

    @property
    def layout(self) -> ParameterLayout:
        return ParameterLayout.of(HEADS[self.head].two_outputs, self.second_conv, self.kernels)


@dataclass(frozen=True)
class State:
    """Where training stands between two calls: the flat weights and the optimizer's variables, none of them for a
    fresh one."""

    weights: Vector
    optimizer: tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Task:
    """What an experiment asks of its engine, as values: labels, sample weights, which weights are free, stop bar.

    `held`: the flat indices of weights that are not to move. `stop`: the stop rule, where it is not the experiment's.
    """

    experiment: Experiment
    held: frozenset[int] = frozenset()
    stop: str = ""

    @cached_property
    def values(self) -> dict[str, Any]:
        import tensorflow as tf

        e, plan = self.experiment, self.experiment.plan
        positive = is_target(e.target)
        bar = stop_bar(self.stop or e.stop, e.head, e.loss)
        values = {
            "y": label_array(positive, e.labels, e.two_outputs),
            "sample_weight": sample_weight_array(plan.sample_weights(), e.labels, e.two_outputs),
            "positive": positive,
            "free": ~np.isin(np.arange(e.layout.size), list(self.held)),
            "stop_high": np.float32(bar.high),
            "stop_low": np.float32(bar.low),
        }
        return {name: tf.constant(value) for name, value in values.items()}


# ---------------------------------------------------------------- the network inside compiled functions


def compiled_parts(numbers: Any) -> tuple[Any, Any, Any, Any]:
    """`numpy_model.parted` inside a compiled function: kernels (..., K, 9), biases and w2 (..., K), b2 (...)."""
    import tensorflow as tf

    count = numbers.shape[-1] // 11
    cells, biases, w2, b2 = tf.split(numbers, [9 * count, count, count, 1], axis=-1)
    return tf.reshape(cells, (*numbers.shape[:-1], count, 9)), biases, w2, b2[..., 0]


def compiled_hidden(sums: Any, hidden: str) -> Any:
    """What stands between the convolutions, inside a compiled function; same shape."""
    import keras

    activation = HIDDEN[hidden].keras_activation
    return keras.activations.get(activation)(sums) if activation else sums


def compiled_room(numbers: Any) -> Any:
    """`history.rounding_room` of numbers (..., 11 K + 1), inside a compiled function."""
    import tensorflow as tf

    kernels, biases, w2, b2 = compiled_parts(tf.abs(numbers))
    parts = (tf.reduce_sum(kernels, axis=-1) + biases) * w2
    return rounding(parts.shape[-1]) * (tf.reduce_sum(parts, axis=-1) + b2)
