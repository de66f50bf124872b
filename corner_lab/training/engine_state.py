"""What the engine trains: what decides its compiled code, where training stands, and the values of one experiment."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from corner_lab.experiment.early_stopping import stop_bar
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.label_shapes import broadcasts, label_array, sample_weight_array
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import is_target


@dataclass(frozen=True)
class Structure:
    """What decides the compiled code."""

    head: str
    labels: str
    second_conv: bool
    loss: str
    balance: str
    optimizer: str
    batch_size: int
    samples: int

    @classmethod
    def of(cls, e: Experiment) -> "Structure":
        return cls(e.head, e.labels, e.second_conv, e.loss, e.balance, e.optimizer, e.batch_size, e.plan.samples)


@dataclass(frozen=True)
class State:
    """Where training stands between two calls: the flat weights and the optimizer's variables."""

    weights: Vector
    optimizer: tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Task:
    """What an experiment asks of its engine, as values: labels, weights, shares, threshold, stop bar.

    `held`: the flat indices of weights that are not to move.
    """

    experiment: Experiment
    held: frozenset[int] = frozenset()

    @cached_property
    def values(self) -> dict[str, Any]:
        import tensorflow as tf

        e, plan = self.experiment, self.experiment.plan
        positive = is_target(e.target)
        share_0, share_1 = plan.label_shares(broadcasts(e.labels, e.two_outputs))
        bar = stop_bar(e.stop, e.head, e.loss)
        values = {
            "y": label_array(positive, e.labels, e.two_outputs),
            "sample_weight": sample_weight_array(plan.sample_weights(), e.labels, e.two_outputs),
            "positive": positive,
            "free": ~np.isin(np.arange(e.layout.size), list(self.held)),
            "share_0": share_0,
            "share_1": share_1,
            "threshold": np.float32(e.threshold),
            "stop_high": np.float32(bar.high),
            "stop_low": np.float32(bar.low),
        }
        return {name: tf.constant(value) for name, value in values.items()}
