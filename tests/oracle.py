"""What the core is tested against: the contract in plain Keras, with nothing of corner_lab in it but its scenes.

Own network, own labels, own balancing, own order, and Keras's own `fit`. An experiment is read by its field names only.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from corner_lab.pictures.scenes import scene

PATTERNS = np.array([[index >> pixel & 1 for pixel in range(9)] for index in range(512)], np.float32)  # (512, 9)
X = PATTERNS.reshape(512, 3, 3, 1)
HEADS = ("hard_sigmoid", "sigmoid", "linear", "softmax")
LABELS = ("as_asked", "aligned")
LOSSES = {
    "mse": keras.losses.MeanSquaredError,
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    "binary_focal_crossentropy": keras.losses.BinaryFocalCrossentropy,
    "hinge": keras.losses.Hinge,
    "squared_hinge": keras.losses.SquaredHinge,
    "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
}
TAKES_LOGITS = ("binary_crossentropy", "binary_focal_crossentropy")
BALANCES = ("none", "class_weight", "oversample", "half_batch", "hard_negatives")
OPTIMIZERS = {
    "adam": keras.optimizers.Adam,
    "sgd": keras.optimizers.SGD,
    "momentum": lambda learning_rate: keras.optimizers.SGD(learning_rate, momentum=0.9),
    "rmsprop": keras.optimizers.RMSprop,
    "adamw": keras.optimizers.AdamW,
    "nadam": keras.optimizers.Nadam,
    "adagrad": keras.optimizers.Adagrad,
    "lion": keras.optimizers.Lion,
}


def losses_for(head: str) -> tuple[str, ...]:
    """The losses that the contract allows for a head."""
    return ("categorical_crossentropy", "mse") if head == "softmax" else tuple(LOSSES)[:5]


def refused_by_keras(head: str, labels: str, loss: str) -> bool:
    return labels == "as_asked" and head != "softmax" and loss in TAKES_LOGITS


def loss_object(e: Any, reduction: str | None = "sum_over_batch_size") -> keras.losses.Loss:
    settings = {"from_logits": True} if e.head == "linear" and e.loss in TAKES_LOGITS else {}
    return LOSSES[e.loss](reduction=reduction, **settings)


def network(e: Any, initializer: str = "glorot_uniform") -> keras.Sequential:
    """The question's network, or the question's fix (softmax as asked), or the fix with the softmax last (aligned); the
    first convolution with several kernels, and relu after it, where the experiment says so."""
    kernels, hidden = getattr(e, "kernels", 1), getattr(e, "hidden", "none")
    outputs = 2 if e.head == "softmax" else 1
    activation = None if (e.head, e.labels) == ("softmax", "aligned") else e.head
    kind = HardestOnly if getattr(e, "balance", "none") == "hard_negatives" else keras.Sequential
    model = kind()
    model.add(keras.Input((3, 3, 1)))
    if e.second_conv:
        model.add(keras.layers.Conv2D(kernels, 3, kernel_initializer=initializer))
        if hidden != "none":
            model.add(keras.layers.Activation(hidden))
        model.add(keras.layers.Conv2D(outputs, 1, activation=activation, kernel_initializer=initializer))
    else:
        model.add(keras.layers.Conv2D(outputs, 3, activation=activation, kernel_initializer=initializer))
    if e.head == "softmax":
        model.add(keras.layers.Reshape((2,)))
        if e.labels == "aligned":
            model.add(keras.layers.Activation("softmax"))
    return model


class HardestOnly(keras.Sequential):
    """Learns from a batch's positives and its max(4, positives) negatives of highest loss.

    Its sample weights carry pattern indices, which break ties. The epoch's loss is the mean weighted by batch size.
    """

    e: Any

    def train_step(self, data: Any) -> dict[str, Any]:
        x, y, index = data
        positive = (y[:, 1] if self.e.head == "softmax" else tf.reshape(y, (-1,))) > 0.5
        with tf.GradientTape() as tape:
            losses = tf.reshape(loss_object(self.e, None)(y, self(x, training=True)), (tf.shape(x)[0], -1))
            loss = tf.reduce_mean(hardest(tf.reduce_mean(losses, axis=1), positive, index))
        variables = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        self._loss_tracker.update_state(loss, sample_weight=tf.shape(x)[0])
        return {"loss": self._loss_tracker.result()}


def hardest(losses: Any, positive: Any, index: Any) -> Any:
    """The losses (kept,) of the positives and of the max(4, positives) hardest negatives; ties: lower index."""
    by_index = tf.argsort(index)
    losses, positive = tf.gather(losses, by_index), tf.gather(positive, by_index)
    negatives = tf.boolean_mask(losses, ~positive)
    most = tf.maximum(4, tf.reduce_sum(tf.cast(positive, tf.int32)))
    chosen = tf.argsort(negatives, direction="DESCENDING", stable=True)[:most]
    return tf.concat([tf.boolean_mask(losses, positive), tf.gather(negatives, chosen)], axis=0)


def is_positive(e: Any) -> np.ndarray:
    return np.isin(np.arange(512), e.target)


CORNERS = {"top_left": 432, "top_right": 216, "bottom_right": 27, "bottom_left": 54}


def samples(e: Any) -> tuple[np.ndarray, np.ndarray]:
    """The pattern indices (n,) of what is learned from, and which of it is positive (n,): the 512 patterns, or the
    patches of scenes."""
    kind = getattr(e, "data", "patterns").removeprefix("scenes:")
    if kind == "patterns":
        return np.arange(512), is_positive(e)
    return patches(kind, range(e.scene_seed, e.scene_seed + e.scene_count), e.target)


@functools.cache
def patches(kind: str, seeds: range, target: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    patterns, positive = [], []
    for seed in seeds:
        one = scene(kind, seed)
        places = {(c.row, c.column) for c in one.corners if CORNERS[c.orientation] in target}
        for row in range(1, one.picture.shape[0] - 1):
            for column in range(1, one.picture.shape[1] - 1):
                patch = one.picture[row - 1 : row + 2, column - 1 : column + 2]
                patterns.append(int("".join(map(str, patch.ravel()[::-1])), 2))
                positive.append((row, column) in places)
    return np.array(patterns), np.array(positive)


def inputs(e: Any) -> np.ndarray:
    """(n, 3, 3, 1)"""
    return X[samples(e)[0]]


def labels(e: Any) -> np.ndarray:
    """(n,) as asked, (n, 1, 1, 1) aligned, one-hot (n, 2) for softmax."""
    y = samples(e)[1].astype(np.float32)
    if e.head == "softmax":
        return np.array([[1 - v, v] for v in y], np.float32)
    return y if e.labels == "as_asked" else y[:, None, None, None]


def sample_weights(e: Any) -> np.ndarray | None:
    """n / (2 n_class) per sample for class_weight: (n,) as asked and for softmax, else (n, 1, 1)."""
    patterns, positive = samples(e)
    if e.balance == "hard_negatives":
        return patterns
    if e.balance != "class_weight":
        return None
    n, positives = len(positive), positive.sum()
    weights = np.where(positive, n / (2 * positives), n / (2 * (n - positives))).astype(np.float32)
    return weights if e.labels == "as_asked" or e.head == "softmax" else weights[:, None, None]


def orders(e: Any, epochs: int) -> list[np.ndarray]:
    """The numbers of each epoch's samples, one batch after the other; of the 512 patterns these are their indices."""
    rng, positive = np.random.default_rng(e.seed), samples(e)[1]
    return [one_order(e, rng.permutation, positive) for _ in range(epochs)]


def shuffled_batches(e: Any, all_orders: Iterable[np.ndarray]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Of batch after batch the samples, and those whose labels they get: their own, or mixed within the batch."""
    rng = np.random.default_rng(e.seed + 1)
    for order in all_orders:
        for start in range(0, len(order), e.batch_size):
            batch = order[start : start + e.batch_size]
            yield batch, rng.permutation(batch) if e.labels_shuffled else batch


def in_order(e: Any) -> np.ndarray:
    """The samples of an epoch that is not shuffled."""
    return one_order(e, np.arange, samples(e)[1])


def one_order(e: Any, permutation: Any, positive: np.ndarray) -> np.ndarray:
    negatives, positives = ([i for i in range(len(positive)) if positive[i] == kind] for kind in (False, True))
    in_turn = [positives[i % len(positives)] for i in range(len(negatives))]
    if e.balance == "oversample":
        data = np.array([*range(len(positive)), *in_turn[: max(0, len(negatives) - len(positives))]])
        return data[permutation(len(data))]
    if e.balance == "half_batch":
        shuffled = np.array(negatives)[permutation(len(negatives))].tolist()
        order: list[int] = []
        while shuffled:
            half = len(shuffled[: e.batch_size // 2])
            order += shuffled[:half] + in_turn[:half]
            shuffled, in_turn = shuffled[half:], in_turn[half:]
        return np.array(order)
    return np.asarray(permutation(len(positive)))


def batches(e: Any, all_orders: Iterable[np.ndarray]) -> tf.data.Dataset:
    """The batches of one epoch after the other, for a single `fit`."""
    x, y, weights = inputs(e), labels(e), sample_weights(e)
    arrays = [array for array in (x, y, weights) if array is not None]

    def one_by_one() -> Iterator[tuple[np.ndarray, ...]]:
        for batch, of in shuffled_batches(e, all_orders):
            yield (x[batch], y[of]) if weights is None else (x[batch], y[of], weights[batch])

    kinds = tuple(tf.TensorSpec((None, *array.shape[1:]), array.dtype) for array in arrays)
    return tf.data.Dataset.from_generator(one_by_one, output_signature=kinds)


def fit(
    e: Any, arrays: list[np.ndarray], epochs: int, xla: bool = False, eagerly: bool = False
) -> tuple[list[np.ndarray], list[float]]:
    """Keras's weights and its history of losses after `fit` from these weights, in the order of the contract."""
    if epochs == 1:  # as anybody would write it
        model = compiled(e, arrays, jit_compile=xla, run_eagerly=eagerly)
        (order,) = orders(e, 1)
        of = np.concatenate([of for _, of in shuffled_batches(e, [order])])
        weights = sample_weights(e)
        history = model.fit(
            inputs(e)[order],
            labels(e)[of],
            sample_weight=None if weights is None else weights[order],
            batch_size=e.batch_size,
            shuffle=False,
            verbose=0,
        )
    else:
        updates = -(-len(in_order(e)) // e.batch_size)
        model = compiled(
            e, arrays, jit_compile=xla, steps_per_execution=updates
        )  # the same steps, with less of Python between them
        data = batches(e, orders(e, epochs))
        history = model.fit(data, epochs=epochs, steps_per_epoch=updates, shuffle=False, verbose=0)
    return model.get_weights(), history.history["loss"]


def compiled(e: Any, arrays: list[np.ndarray], **settings: Any) -> keras.Sequential:
    model = network(e)
    model.e = e
    model.set_weights(arrays)
    model.compile(OPTIMIZERS[e.optimizer](learning_rate=e.learning_rate), loss_object(e), **settings)
    return model


def evaluate(e: Any, arrays: list[np.ndarray]) -> float:
    """What `model.evaluate` gives over an epoch's samples, unshuffled."""
    order, weights = in_order(e), sample_weights(e)
    weights = None if weights is None else weights[order]
    model = compiled(e, arrays, run_eagerly=True)  # a few batches: tracing costs more
    return float(model.evaluate(inputs(e)[order], labels(e)[order], e.batch_size, verbose=0, sample_weight=weights))


def predict(e: Any, arrays: list[np.ndarray]) -> np.ndarray:
    """The network's output for all patterns: (512,), for softmax the probability of "corner"."""
    model = network(e)
    model.set_weights(arrays)
    output = model.predict_on_batch(X)
    return output[:, 1] if e.head == "softmax" else output.reshape(512)


def pre_activations(arrays: list[np.ndarray], hidden: str = "none") -> np.ndarray:
    """z for all patterns in float64, (512,); of two scores the corner's minus the other's. `hidden`: "relu" cuts off
    what the first convolution gives below 0."""
    arrays = [a.astype(np.float64) for a in arrays]
    z = PATTERNS.astype(np.float64) @ arrays[0].reshape(9, -1) + arrays[1]
    if hidden == "relu":
        z[z < 0] = 0
    if len(arrays) == 4:
        z = z @ arrays[2][0, 0] + arrays[3]
    return z[:, 1] - z[:, 0] if z.shape[1] == 2 else z[:, 0]
