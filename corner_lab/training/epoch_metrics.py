"""What each epoch's row says of the current weights: TensorFlow code that runs inside the engine's compiled loop."""

from typing import Any

import numpy as np

from corner_lab.experiment.label_shapes import loss_per_label
from corner_lab.experiment.sampling import KEPT_NEGATIVES
from corner_lab.network.heads import HEADS
from corner_lab.network.parameters import ParameterLayout
from corner_lab.network.patterns import COUNT, all_patterns


def metrics_row(head: str, balance: str, model: Any, loss: Any, weights: Any, task: Any) -> list[Any]:
    """All of `history.METRICS` but the loss, as scalar tensors, for a model with these flat weights.

    `loss` is the Keras loss object, `task` the values of `engine.Task`.
    """
    import tensorflow as tf

    positive, two_outputs = task["positive"], HEADS[head].two_outputs
    variables = model.trainable_variables
    with tf.GradientTape(persistent=True) as tape:
        output = model(tf.constant(all_patterns()), training=False)
        losses = parts_of_the_loss(loss, output, balance, two_outputs, task)  # (512,)
        of_targets = tf.reduce_sum(tf.where(positive, losses, 0.0))
        of_others = tf.reduce_sum(tf.where(positive, 0.0, losses))
    answer = output[:, 1] if two_outputs else tf.reshape(output, (-1,))  # (512,)
    z = pre_activation(weights, model, two_outputs)
    infinite = tf.constant(np.inf, tf.float32)
    above, below = answer > task["threshold"], answer < task["threshold"]

    def lowest_target(values: Any) -> Any:
        return tf.reduce_min(tf.where(positive, values, infinite))

    def highest_other(values: Any) -> Any:
        return tf.reduce_max(tf.where(positive, -infinite, values))

    def count(mask: Any) -> Any:
        return tf.reduce_sum(tf.cast(mask, tf.float32))

    return [
        lowest_target(answer),
        highest_other(answer),
        lowest_target(z),
        highest_other(z),
        tf.reduce_min(z),
        tf.reduce_max(z),
        count(positive & above),
        count(~positive & ~below),
        count(is_live(head, z)) / COUNT,
        tf.linalg.global_norm(tape.gradient(of_targets, variables)),
        tf.linalg.global_norm(tape.gradient(of_others, variables)),
    ]


def parts_of_the_loss(loss: Any, output: Any, balance: str, two_outputs: bool, task: Any) -> Any:
    """Each pattern's part of the epoch's loss, shape (512,)."""
    import tensorflow as tf

    loss_0, loss_1 = loss_per_label(loss, output, two_outputs)
    losses = task["share_0"] * loss_0 + task["share_1"] * loss_1
    if balance != "hard_negatives":
        return losses
    keep = kept(losses, tf.range(COUNT), task["positive"])
    return losses * keep * COUNT / tf.reduce_sum(keep)


def pre_activation(weights: Any, model: Any, two_outputs: bool) -> Any:
    """z of all patterns (512,) from the flat weights; for two outputs the difference of their scores."""
    import tensorflow as tf

    shape = ParameterLayout.of(two_outputs, second_conv=len(model.trainable_variables) == 4)
    kernels, seconds = shape.kernels, shape.seconds
    parts = tf.split(weights, [9 * kernels, kernels] + ([seconds, seconds] if seconds else []))
    flat = tf.constant(all_patterns().reshape(COUNT, 9))
    scores = tf.matmul(flat, tf.reshape(parts[0], (9, kernels))) + parts[1]  # (512, kernels)
    if seconds:
        scores = scores * parts[2] + parts[3]  # (512, seconds)
    return scores[:, 1] - scores[:, 0] if scores.shape[1] == 2 else scores[:, 0]


def is_live(head: str, z: Any) -> Any:
    """Which patterns have a head whose float32 derivative is not 0, as `Head.slope` has it."""
    import tensorflow as tf

    if head == "linear":
        return tf.ones_like(z, dtype=tf.bool)
    if head == "hard_sigmoid":
        return (z + 3 > 0) & (z + 3 < 6)  # as relu6 sees it, rounded to float32
    return tf.exp(-tf.abs(z)) > 0


def kept(losses: Any, index: Any, positive: Any) -> Any:
    """1.0 for the positives and the max(4, positives) negatives of highest loss (ties: lower index), else 0.0; (b,)."""
    import tensorflow as tf

    harder = (losses[None, :] > losses[:, None]) | (
        (losses[None, :] == losses[:, None]) & (index[None, :] < index[:, None])
    )
    rank = tf.reduce_sum(tf.cast(harder & ~positive[None, :], tf.int32), axis=1)  # harder negatives than this one
    allowed = tf.maximum(KEPT_NEGATIVES, tf.reduce_sum(tf.cast(positive, tf.int32)))
    return tf.cast(positive | (rank < allowed), tf.float32)
