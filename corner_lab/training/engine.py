"""The training loop: real Keras loss and optimizer objects, many epochs per call in one compiled function.

`keras.Model.fit` spends milliseconds of Python on every update. Here one call of an XLA-compiled `tf.function` trains
up to `CHUNK` epochs, each update being what `keras.Model.train_step` does (forward pass, the loss object, the
optimizer's `apply`), and writes one row per epoch. It keeps what training leaves, the loss and the weights, and what
the stop rule needs; all else that is told of an epoch is computed from its weights afterwards (`epoch_metrics`), as it
would double the time to compile. Compiling takes a second, so engines are cached by what shapes the code (`Structure`);
weights, learning rate, seeds, targets and order are values.
"""

import contextlib
import itertools
import logging
import threading
from collections.abc import Callable
from functools import cached_property
from typing import Any, cast

import numpy as np

from corner_lab.experiment.data.packing import unpacked_tensors
from corner_lab.experiment.data.sampling import hardest
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.losses import LOSSES
from corner_lab.experiment.optimizers import OPTIMIZERS
from corner_lab.network.keras_model import compiled, keras_model, load_keras
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import COUNT, all_patterns
from corner_lab.training.engine_state import (
    RefusedByKeras,
    State,
    Structure,
    Task,
    compiled_hidden,
    compiled_parts,
    compiled_room,
)
from corner_lab.workers.elsewhere import in_worker

log = logging.getLogger(__package__)

CHUNK = 1024  # most epochs in one call: the length of the order table and of the rows that come back
TABLE = 2**20  # most samples in that table


TELL_EVERY = 50  # engines: each keeps about 12 MB of compiled code, which TensorFlow frees only with the process
_made = itertools.count(1)


class Engine:
    """The compiled loop for one `Structure`. Threads may share it: calls take turns.

    Engines are kept for good, as dropping one would free nothing (measured); the log is told of every fiftieth.
    """

    def __init__(self, structure: Structure) -> None:
        if (made := next(_made)) % TELL_EVERY == 0:
            log.warning("%d training loops are compiled; a restart frees about %d MB", made, 12 * made)
        load_keras()
        import tensorflow as tf

        self.structure = structure
        self.shape = structure.layout
        self.chunk = self._chunk()
        self.loss = LOSSES[structure.loss].keras_loss(structure.head)
        self.model = keras_model(
            structure.head,
            structure.labels,
            structure.second_conv,
            kernels=structure.kernels,
            hidden=structure.hidden,
        )
        self.variables = self._variables()
        self.optimizer = OPTIMIZERS[structure.optimizer].keras_optimizer(0.01)
        self.optimizer.build(self.variables)
        self.warmed = False
        self._turn = threading.Lock()
        self._patterns = tf.constant(all_patterns())
        self._fresh = tuple(v.numpy() for v in self.optimizer.variables)
        self._rate = [v is self.optimizer._learning_rate for v in self.optimizer.variables].index(True)

    def _chunk(self) -> int:
        """Most epochs in one call."""
        return max(1, min(CHUNK, TABLE // self.structure.samples))

    def _variables(self) -> list[Any]:
        """What the optimizer moves: the flat weights in one variable, as every operation is traced and compiled once
        for each. Optimizers work number by number, so it moves them as it would Keras's own variables."""
        import keras

        return [keras.Variable(np.zeros(self.shape.size, dtype=np.float32))]

    def start(self, weights: Vector, learning_rate: float) -> State:
        """A state with these weights and a fresh optimizer."""
        fresh = list(self._fresh)
        fresh[self._rate] = np.array(learning_rate, dtype=np.float32)
        return State(np.asarray(weights, dtype=np.float32), tuple(fresh))

    def advance(self, state: State, task: Task, order: np.ndarray) -> tuple[State, np.ndarray]:
        """Train one epoch per row of `order` (at most `chunk`), ending early at the task's stop bar.

        Near the bar it ends too: z here is float32, and the exact z decides (see `History`). Returns the new state and
        the rows, float32 of shape (epochs trained, 3 + weights), see `history.row_of`. No epochs: compiles and trains
        nothing. Raises RefusedByKeras.
        """
        epochs = len(order)
        if epochs > self.chunk:
            raise ValueError(f"{epochs} epochs in one call: at most {self.chunk}")
        if not state.optimizer:
            state = self.start(state.weights, task.experiment.learning_rate)
        table = np.zeros((self.chunk, self.structure.samples), dtype=np.int32)
        table[:epochs] = order
        weights, optimizer, rows, trained = self._call(self._train, state, task, table, np.int32(epochs))
        return State(weights, optimizer), rows[: int(trained)]

    def _call(self, function: Callable[..., Any], state: State, task: Task, *args: Any) -> tuple[Any, ...]:
        with self._turn:
            results = function(state.weights, state.optimizer, task.values, *args)
            return tuple(tuple(v.numpy() for v in r) if isinstance(r, tuple | list) else r.numpy() for r in results)

    @cached_property
    def _train(self) -> Callable[..., Any]:
        import tensorflow as tf

        @compiled
        def train(weights: Any, optimizer: Any, task: Any, table: Any, epochs: Any) -> Any:
            self._restore(weights, optimizer)
            rows = tf.TensorArray(tf.float32, size=self.chunk, element_shape=(3 + self.shape.size,))

            def epoch(done: Any, stop: Any, rows: Any) -> Any:
                loss = self._epoch(table[done], task)
                row = self._row(loss, task)
                return done + 1, self._beyond(row, task), rows.write(done, row)

            done, _, rows = tf.while_loop(
                lambda done, stop, rows: tf.logical_and(done < epochs, tf.logical_not(stop)),
                epoch,
                (tf.constant(0), tf.constant(False), rows),
            )
            return self._flat(), [tf.convert_to_tensor(v) for v in self.optimizer.variables], rows.stack(), done

        return cast(Callable[..., Any], train)

    # -------------------------------------------------------- inside the compiled function

    def _restore(self, weights: Any, optimizer: Any) -> None:
        self.variables[0].assign(weights)
        for variable, value in zip(self.optimizer.variables, optimizer, strict=True):
            variable.assign(value)

    def _flat(self) -> Any:
        import tensorflow as tf

        return tf.convert_to_tensor(self.variables[0])

    def _epoch(self, order: Any, task: Any) -> Any:
        """One pass over the batches of `order` (samples,). Returns the epoch's loss, the mean weighted by size."""
        import tensorflow as tf

        size = self.structure.batch_size
        full, last = divmod(self.structure.samples, size)

        def batch(i: Any, total: Any) -> Any:
            samples = self._samples(order, i * size, size)
            return i + 1, total + size * self._update(samples, task)

        total = tf.constant(0.0)
        if full == 1:
            _, total = batch(0, total)
        elif full:
            _, total = tf.while_loop(lambda i, _: i < full, batch, (tf.constant(0), total))
        if last:
            total = total + last * self._update(self._samples(order, full * size, last), task)
        return total / self.structure.samples

    def _samples(self, order: Any, start: Any, size: int) -> Any:
        """`size` of the epoch's samples, from `start` on."""
        import tensorflow as tf

        return tf.slice(order, [start], [size])

    def _update(self, samples: Any, task: Any) -> Any:
        """What `keras.Model.train_step` does with the batch of these samples (b,) of an order. Returns the batch's
        loss."""
        import tensorflow as tf

        weights = self._flat()
        picked, own, labelled_as = unpacked_tensors(samples)
        with tf.GradientTape() as tape:
            tape.watch(weights)
            x = tf.gather(self._patterns, picked)
            output, _ = self.model.stateless_call(self._parts(weights), [], x, training=True)
            y = tf.gather(task["y"], labelled_as)
            try:
                loss = self._batch_loss(y, output, picked, own, task)
            except (ValueError, TypeError) as error:  # raised while tracing, by Keras's checks of the shapes
                raise RefusedByKeras(str(error)) from error
        self._step(tape.gradient(loss, weights), weights, task["free"])
        return loss

    def _step(self, gradient: Any, before: Any, free: Any) -> None:
        """One optimizer step from the flat weights `before`, in which only those move that are `free` (bool, (size,)).

        The others get no gradient, and what optimizers do without one (AdamW's weight decay) is taken back.
        """
        import tensorflow as tf

        self.optimizer.apply([tf.where(free, gradient, 0.0)], self.variables)
        self.variables[0].assign(tf.where(free, self._flat(), before))

    def _parts(self, flat: Any) -> list[Any]:
        """A flat tensor (size,) in the shapes of Keras's variables."""
        import tensorflow as tf

        shapes = self.shape.keras_shapes()
        parts = tf.split(flat, [int(np.prod(shape)) for shape in shapes])
        return [tf.reshape(part, shape) for part, shape in zip(parts, shapes, strict=True)]

    def _batch_loss(self, y: Any, output: Any, picked: Any, own: Any, task: Any) -> Any:
        import tensorflow as tf

        if self.structure.balance == "class_weight":
            return self.loss(y, output, sample_weight=tf.gather(task["sample_weight"], own))
        if self.structure.balance == "hard_negatives":
            return self._loss_of_hardest(y, output, picked, tf.gather(task["positive"], own))
        return self.loss(y, output)

    def _loss_of_hardest(self, y: Any, output: Any, picked: Any, positive: Any) -> Any:
        """The mean loss of the batch's positives and its max(4, positives) negatives of highest loss."""
        import tensorflow as tf

        losses = self.loss.call(y, output)  # (b, ...): one or, where labels are broadcast, b per sample
        losses = tf.reduce_mean(tf.reshape(losses, (picked.shape[0], -1)), axis=1)  # (b,)
        keep = hardest(losses, picked, positive)
        return tf.reduce_sum(losses * keep) / tf.reduce_sum(keep)

    def _row(self, loss: Any, task: Any) -> Any:
        """The history row of the current weights, see `history.row_of`."""
        import tensorflow as tf

        weights = self._flat()
        kernels, biases, w2, b2 = compiled_parts(self._linear(weights))
        patterns = tf.reshape(self._patterns, (COUNT, 9))
        if self.shape.kernels == 1:
            sums = tf.linalg.matvec(patterns, kernels[0]) + biases[0]  # (512,)
            z = compiled_hidden(sums, self.structure.hidden) * w2[0] + b2
        else:  # no product of matrices: threads would have to wait for one another
            sums = tf.reduce_sum(patterns[:, None] * kernels, axis=-1) + biases  # (512, K)
            z = tf.reduce_sum(compiled_hidden(sums, self.structure.hidden) * w2, axis=-1) + b2
        target_z = tf.reduce_min(tf.where(task["positive"], z, np.inf))
        other_z = tf.reduce_max(tf.where(task["positive"], -np.inf, z))
        return tf.concat([tf.stack([loss, target_z, other_z]), weights], axis=0)

    def _beyond(self, row: Any, task: Any) -> Any:
        """Whether the row is beyond the stop bar, or so near that only the exact z can tell."""
        room = compiled_room(self._linear(row[3:]))
        return (row[1] + room > task["stop_high"]) & (row[2] - room < task["stop_low"])

    def _linear(self, weights: Any) -> Any:
        """The numbers that give z, (11 K + 1,), as `ParameterLayout.linear` has them."""
        import tensorflow as tf

        matrix = self.shape.linear(
            np.eye(self.shape.size, dtype=np.float32)
        )  # (size, 11 K + 1): they are sums of weights
        fixed = self.shape.linear(np.zeros(self.shape.size, dtype=np.float32))  # w2 = 1 where there is none
        return tf.linalg.matvec(tf.constant(matrix - fixed), weights, transpose_a=True) + fixed


_engines: dict[Structure, Engine] = {}
_engines_lock = threading.Lock()


def engine_for(experiment: Experiment) -> Engine:
    """The engine of an experiment, shared by everything that needs the same compiled code."""
    structure = Structure.of(experiment)
    with _engines_lock:
        if structure not in _engines:
            _engines[structure] = Engine(structure)
        return _engines[structure]


class Warming:
    """Work that compiles what an experiment needs, so that its first epochs come at once; refusals are left to the
    run."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.structure = Structure.of(experiment)

    def __repr__(self) -> str:
        return f"compiling ?{self.experiment.query}"

    def step(self) -> bool:
        warm(self.experiment)
        return False


@in_worker
def warm(experiment: Experiment) -> None:
    """Compile what this experiment needs, if Keras does not refuse it."""
    engine = engine_for(experiment)
    if engine.warmed:
        return
    state = engine.start(np.zeros(engine.shape.size, dtype=np.float32), experiment.learning_rate)
    task = Task(experiment)
    with contextlib.suppress(RefusedByKeras):
        engine.advance(state, task, np.empty((0, engine.structure.samples), dtype=np.int32))
    engine.warmed = True
