"""Labels: the shape in which the truth meets the output. The question's bug is `as_asked`, and it lives here alone."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corner_lab.language import msg
from corner_lab.registry import Choice, registry

if TYPE_CHECKING:
    import keras

LABELS = registry(
    Choice(
        "as_asked",
        msg("As asked"),
        msg("y of shape (n,) meets an output of shape (n,1,1,1): every output is compared with every label."),
        msg("the question's own code; NumPy's broadcasting rules"),
    ),
    Choice(
        "aligned",
        msg("Aligned"),
        msg("y and output have the same shape, so each output meets its own label."),
        msg("keras.losses.Loss: y_true and y_pred of the same shape"),
    ),
)


def label_array(positive: NDArray[np.bool_], labels: str, two_outputs: bool) -> NDArray[np.float32]:
    """The labels for Keras: float32 of 0 and 1.

    Shape (n, 2), one-hot with "other" first, for a head with two outputs; otherwise (n,) as asked, (n, 1, 1, 1)
    aligned.
    """
    y = positive.astype(np.float32)
    if two_outputs:
        return np.stack([1 - y, y], axis=1)  # (n, 2)
    return y if labels == "as_asked" else y.reshape(-1, 1, 1, 1)


def sample_weight_array(weights: NDArray[np.float32], labels: str, two_outputs: bool) -> NDArray[np.float32]:
    """Weights per sample (n,) in the shape to give Keras: (n, 1, 1) where labels are aligned, so that they really
    weigh.

    As asked it is (n,), what `fit(x, y, sample_weight=...)` takes; against broadcast losses that only scales each
    batch.
    """
    return weights if two_outputs or labels == "as_asked" else weights.reshape(-1, 1, 1)


def broadcasts(labels: str, two_outputs: bool) -> bool:
    """Whether label and output shapes differ, so that every output is compared with every label of its batch."""
    return labels == "as_asked" and not two_outputs


def side_by_side(
    y: "keras.KerasTensor", output: "keras.KerasTensor", weights: "keras.KerasTensor", labels: str
) -> "tuple[keras.KerasTensor, keras.KerasTensor, keras.KerasTensor]":
    """Labels, outputs and sample weights of many models with one output, all (models, batch), as their loss meets them.

    Each model keeps to itself. Within it, as asked every output (models, batch, 1, 1) meets every label (models, 1, 1,
    batch), as it does where Keras broadcasts (n,) against (n,1,1,1); aligned, its own. Sample weights (models, 1,
    batch) or (models, batch, 1) multiply what the loss leaves, (models, batch, 1), as those of one model do.
    """
    from keras import ops

    output = ops.reshape(output, (*output.shape, 1, 1))
    if labels == "as_asked":
        return y[:, None, None, :], output, weights[:, None, :]
    return y[:, :, None, None], output, weights[:, :, None]


def loss_per_label(
    loss: "keras.losses.Loss", output: "keras.KerasTensor", two_outputs: bool
) -> "tuple[keras.KerasTensor, keras.KerasTensor]":
    """What each output would cost if its label were 0, and if it were 1: two tensors of shape (n,)."""
    from keras import ops

    one, zero = ops.ones_like(output), ops.zeros_like(output)
    if two_outputs:
        zero, one = (
            ops.concatenate([one[:, :1], zero[:, :1]], axis=1),
            ops.concatenate([zero[:, :1], one[:, :1]], axis=1),
        )
    return ops.reshape(loss.call(zero, output), (-1,)), ops.reshape(loss.call(one, output), (-1,))
