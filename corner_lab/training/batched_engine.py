"""The compiled loop for many models at once: the same experiment from many seeds, each exactly as if alone.

`Engine` trains one model in calls that cost more than their arithmetic. Here the weights of all models are the rows of
one variable, every model has its own batch, and the loss is summed over the models: no gradient crosses from one to
another, and an optimizer that works number by number moves each as it would alone. The loss and the optimizer are the
same Keras objects.
"""

import threading
from collections.abc import Callable
from functools import cached_property
from typing import Any, cast

import numpy as np

from corner_lab.experiment.data.label_shapes import side_by_side
from corner_lab.experiment.data.packing import unpacked_tensors
from corner_lab.experiment.early_stopping import solved_bar
from corner_lab.experiment.experiment import Experiment, ExperimentError
from corner_lab.language import tr
from corner_lab.network.keras_model import compiled
from corner_lab.network.numpy_model import pre_activations
from corner_lab.network.patterns import COUNT, all_patterns, is_target
from corner_lab.training.engine import TABLE, Engine
from corner_lab.training.engine_state import State, Structure, Task, compiled_hidden, compiled_parts, compiled_room

CHUNK = 64  # most epochs in one call: the length of the order table
IN_DOUBT = 2


class ManyEngine(Engine):
    """The loop for `models` models of one structure, with one output. Threads may share it: calls take turns."""

    def __init__(self, structure: Structure, models: int) -> None:
        self.models = models
        super().__init__(structure)
        self.loss.reduction = None  # what is left to average is done model by model

    def _chunk(self) -> int:
        return max(1, min(CHUNK, 4 * TABLE // (self.structure.samples * self.models)))

    def _variables(self) -> list[Any]:
        import keras

        return [keras.Variable(np.zeros((self.models, self.shape.size), dtype=np.float32))]

    def advance(self, state: State, task: Task, order: np.ndarray) -> tuple[State, np.ndarray]:
        """Train one epoch per row of `order` (epochs, models, samples), at most `chunk`. The state's weights are
        (models, size).

        Ends early where every model is solved, or no longer finite, or where one is so near to solved that only the
        exact z of these weights can tell. Returns the new state and, as int8 (epochs trained + 1, models), where each
        model stood before the first epoch and after every one: 1 solved, 0 not, −1 no longer finite.
        """
        epochs = len(order)
        if epochs > self.chunk:
            raise ValueError(f"{epochs} epochs in one call: at most {self.chunk}")
        if not state.optimizer:
            state = self.start(state.weights, task.experiment.learning_rate)
        table = np.zeros((self.chunk, self.models, self.structure.samples), dtype=np.int32)
        table[:epochs] = order
        weights, optimizer, trained, before, after = self._call(self._train, state, task, table, np.int32(epochs))
        standing = np.concatenate([before[None], after[: int(trained)]])
        for row, which in ((0, state.weights), (-1, weights)):  # elsewhere nothing is in doubt: the loop ends there
            for model in np.flatnonzero(standing[row] == IN_DOUBT):
                numbers, positive = self.shape.linear(which[model]), is_target(task.experiment.target)
                z = pre_activations(numbers, self.structure.hidden)
                bar = solved_bar(self.structure.head, self.structure.loss)
                standing[row, model] = bar.beyond(z[positive].min(), z[~positive].max())
        return State(weights, optimizer), standing

    @cached_property
    def _train(self) -> Callable[..., Any]:
        import tensorflow as tf

        @compiled
        def train(weights: Any, optimizer: Any, task: Any, table: Any, epochs: Any) -> Any:
            self._restore(weights, optimizer)
            before = self._standing(task)
            after = tf.TensorArray(tf.int8, size=self.chunk, element_shape=(self.models,))

            def epoch(done: Any, standing: Any, after: Any) -> Any:
                self._epoch(table[done], task)
                standing = self._standing(task)
                return done + 1, standing, after.write(done, standing)

            done, _, after = tf.while_loop(
                lambda done, standing, after: (
                    (done < epochs) & tf.reduce_any(standing == 0) & ((done == 0) | tf.reduce_all(standing != IN_DOUBT))
                ),
                epoch,
                (tf.constant(0), before, after),
            )
            optimizer = [tf.convert_to_tensor(v) for v in self.optimizer.variables]
            return self._flat(), optimizer, done, before, after.stack()

        return cast(Callable[..., Any], train)

    # -------------------------------------------------------- inside the compiled function

    def _parts(self, flat: Any) -> list[Any]:
        return [flat]

    def _flat(self) -> Any:
        import tensorflow as tf

        return tf.convert_to_tensor(self.variables[0])

    def _samples(self, order: Any, start: Any, size: int) -> Any:
        import tensorflow as tf

        return tf.slice(order, [0, start], [self.models, size])

    def _update(self, samples: Any, task: Any) -> Any:
        """One update of every model with its own batch, `samples` (models, b). Returns the sum of their losses."""
        import tensorflow as tf

        picked, own, labelled_as = unpacked_tensors(samples)
        with tf.GradientTape() as tape:
            z = self._z(tf.gather(tf.constant(all_patterns().reshape(COUNT, 9)), picked))
            y = tf.gather(tf.reshape(task["y"], (-1,)), labelled_as)
            weights = tf.gather(tf.reshape(task["sample_weight"], (-1,)), own)
            # The head comes last, or Keras would not find z behind a sigmoid.
            y, z, weights = side_by_side(y, z, weights, self.structure.labels)
            losses = self.loss(y, self._head(z), weights if self.structure.balance == "class_weight" else None)
            loss = tf.reduce_sum(losses) / float(losses.shape.num_elements() // self.models)
        self.optimizer.apply(tape.gradient(loss, self.variables), self.variables)
        return loss

    def _head(self, z: Any) -> Any:
        import keras

        return keras.activations.get(self.structure.head)(z)

    def _z(self, x: Any) -> Any:
        """Pre-activations (models, b) of patterns (models, b, 9), or (1, b, 9) for all models the same."""
        import tensorflow as tf

        w = self._flat()[:, None]  # (models, 1, size)
        if self.shape.filters == 1 and self.structure.hidden == "none":
            z = tf.reduce_sum(x * w[..., :9], axis=-1) + w[..., 9]
            return z * w[..., 10] + w[..., 11] if self.structure.second_conv else z
        kernels, biases, w2, b2 = compiled_parts(self._linear(self._flat()))
        sums = compiled_hidden(tf.matmul(x, kernels, transpose_b=True) + biases[:, None], self.structure.hidden)
        return tf.linalg.matvec(sums, w2) + b2[:, None]

    def _standing(self, task: Any) -> Any:
        """Whether each model has all 512 patterns right: int8 (models,) of 1, 0, −1 for one that has diverged, and
        IN_DOUBT where float32 cannot tell."""
        import tensorflow as tf

        z = self._z(tf.constant(all_patterns().reshape(1, COUNT, 9)))  # (models, 512)
        room = compiled_room(self._linear(self._flat()))
        target_z = tf.reduce_min(tf.where(task["positive"], z, np.inf), axis=1)
        other_z = tf.reduce_max(tf.where(task["positive"], -np.inf, z), axis=1)
        least = tf.minimum(target_z - task["stop_high"], task["stop_low"] - other_z)
        finite = tf.reduce_all(tf.math.is_finite(z), axis=1) & tf.reduce_all(tf.math.is_finite(self._flat()), axis=1)
        solved = tf.where(tf.abs(least) < room, tf.constant(IN_DOUBT, tf.int8), tf.cast(least > 0, tf.int8))
        return tf.where(finite, solved, tf.constant(-1, tf.int8))


_engines: dict[tuple[Structure, int], ManyEngine] = {}
_engines_lock = threading.Lock()


def many_engine_for(experiment: Experiment, models: int) -> ManyEngine:
    """The engine of an experiment for this many models, shared. Raises ExperimentError for what it cannot train."""
    if experiment.two_outputs:
        raise ExperimentError("head", experiment.head, tr("many seeds at once need a head with one output"))
    if experiment.balance == "hard_negatives":
        refusal = tr("is chosen model by model; train its seeds one by one")
        raise ExperimentError("balance", experiment.balance, refusal)
    key = Structure.of(experiment), models
    with _engines_lock:
        if key not in _engines:
            _engines[key] = ManyEngine(*key)
        return _engines[key]
