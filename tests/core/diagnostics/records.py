"""Runs to be explained: random walks of weights, and what plain Keras and NumPy say of their last rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from corner_lab.diagnostics import Finding, findings, of_code
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import initial_weights
from corner_lab.training.evaluate import epoch_loss
from corner_lab.training.history import History, row_of
from corner_lab.training.run import Run
from tests import oracle

ASKED = Experiment()
ALIGNED = replace(ASKED, labels="aligned")
LOGISTIC = replace(ALIGNED, head="sigmoid", loss="binary_crossentropy")
STRUCTURES = {
    "as asked": ASKED,
    "aligned": ALIGNED,
    "sigmoid": replace(ALIGNED, head="sigmoid"),
    "logistic": LOGISTIC,
    "logarithm of a hard sigmoid": replace(ALIGNED, loss="binary_crossentropy"),
    "hinge on a share": replace(ALIGNED, loss="hinge"),
    "hinge": replace(ALIGNED, head="linear", loss="hinge"),
    "softmax as asked": replace(ASKED, head="softmax", loss="categorical_crossentropy"),
    "class weights as asked": replace(ASKED, balance="class_weight"),
    "class weights": replace(ALIGNED, balance="class_weight"),
    "oversampled, one convolution": replace(ALIGNED, balance="oversample", second_conv=False),
}
TARGETS = ((432,), (27,), (432, 433), (27, 54, 216, 432))
QUICK = Experiment(labels="aligned", head="sigmoid", loss="binary_crossentropy", learning_rate=0.1, epochs=14)
RANDOM = 5  # records for each structure


def recorded(e: Experiment, weights: list[np.ndarray], status: str = "finished") -> Run:
    """A run whose rows are those of these flat weights, one after the other, with the losses that Keras gives them."""
    rows = [row_of(e, w, epoch_loss(e, w)) for w in weights]
    run = Run(replace(e, init="given", epochs=len(rows) - 1), weights[0])
    run.history = History(run.experiment, rows[0])
    run.history.append(np.array(rows[1:]).reshape(-1, len(rows[0])))
    run.status = status  # type: ignore[assignment]
    return run


def random_records() -> Iterator[tuple[str, Run]]:
    """Random walks of weights, some around a solution, small and far beyond the heads' flat parts."""
    rng = np.random.default_rng(7)
    for name, structure in STRUCTURES.items():
        for number in range(RANDOM):
            target = TARGETS[number % len(TARGETS)]
            e = replace(structure, target=target, seed=number)
            size = e.layout.size
            start = rng.normal(0, rng.choice([0.3, 2.0]), size)
            if len(target) == 1 and number % 3:
                solution = initial_weights("matched", seed=0, head=e.head, second_conv=e.second_conv, target=target)
                start = solution * rng.choice([1.0, 8.0]) + rng.normal(0, 0.02, size)
            steps = rng.normal(0, rng.choice([0.0, 0.3, 1.0]), (4, size)).cumsum(axis=0)
            yield name, recorded(e, [(start + step).astype(np.float32) for step in [0 * start, *steps]])


@dataclass
class Record:
    """A random run, what is found about it, and what plain Keras and NumPy say of its last row."""

    name: str
    run: Run
    found: list[Finding]
    z: np.ndarray
    outputs: np.ndarray
    wrong: np.ndarray

    def __getitem__(self, code: str) -> Finding:
        return of_code(self.found, code)

    @property
    def e(self) -> Experiment:
        return self.run.experiment


def all_records() -> list[Record]:
    networks = {name: oracle.network(e) for name, e in STRUCTURES.items()}
    made = []
    for name, run in random_records():
        networks[name].set_weights(arrays(run))
        outputs = np.asarray(networks[name](oracle.X)).reshape(512, -1)[:, -1]  # the last of two is "corner"
        z, wrong = oracle.pre_activations(arrays(run)), is_wrong(run.experiment, outputs)
        made.append(Record(name, run, findings(run), z, outputs, wrong))
    return made


def arrays(run: Run, row: int = -1) -> list[np.ndarray]:
    history = run.history
    assert history is not None
    return history.shape.to_keras(history.weights_at(row))


def gradients_of_z(e: Any, z: np.ndarray) -> np.ndarray:
    """d loss_i / d z_i of every pattern with its own label, (512,), by Keras's head and loss on this z."""
    y = oracle.is_positive(e).astype(np.float32)
    score = tf.constant(z.astype(np.float32))
    loss = oracle.loss_object(e, None)
    with tf.GradientTape() as tape:
        tape.watch(score)
        if e.head == "softmax":
            two = tf.stack([tf.zeros_like(score), score], axis=1)[:, None, None, :]
            output = tf.reshape(keras.activations.softmax(two), (-1, 2))  # softmax, then reshape: as asked
            losses = loss(np.stack([1 - y, y], axis=1), output)
        else:
            losses = loss(y[:, None], keras.activations.get(e.head)(score[:, None]))
        total = tf.reduce_sum(losses)
    return tape.gradient(total, score).numpy()


def is_wrong(e: Any, outputs: np.ndarray) -> np.ndarray:
    threshold = 0.0 if "hinge" in e.loss and e.head == "linear" else 0.5
    return np.where(oracle.is_positive(e), ~(outputs > threshold), ~(outputs < threshold))
