"""The question's network in Keras: a 3x3 convolution, a 1x1 convolution, a head; or with several kernels."""

import gc
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from corner_lab.language import tr
from corner_lab.network.heads import HEADS
from corner_lab.network.hidden import HIDDEN

if TYPE_CHECKING:
    import keras


def load_keras() -> None:
    """Import Keras and TensorFlow (seconds, once). Raises RuntimeError if Keras was told to use another backend."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["KERAS_BACKEND"] = "tensorflow"  # wins over a keras.json; the engine compiles TensorFlow functions
    if "keras" not in sys.modules:
        _import_keras()
    import keras

    if keras.backend.backend() != "tensorflow":
        raise RuntimeError(
            tr(
                "Keras was imported with the {backend} backend before corner_lab; set KERAS_BACKEND=tensorflow, or "
                "import corner_lab first",
                backend=repr(keras.backend.backend()),
            )
        )
    # Nor does a keras.json decide these.
    keras.config.set_floatx("float32")
    keras.config.set_epsilon(1e-7)
    keras.config.set_image_data_format("channels_last")


def _import_keras() -> None:
    """The import without the garbage collector, which would walk through all of it again and again: a ninth of its
    time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        import keras  # noqa: F401
    finally:
        if collects:
            gc.enable()


def keras_model(
    head: str,
    labels: str,
    second_conv: bool = True,
    initializer: str = "glorot_uniform",
    kernels: int = 1,
    hidden: str = "none",
) -> "keras.Model":
    """The network as a Keras model, (n, 3, 3, 1) to (n, 1, 1, 1), or to (n, 2) for softmax.

    With a 1x1 convolution the first one has as many filters as `kernels`, and after them what `hidden` says.

    With softmax `as_asked` the activation sits inside the convolution and Reshape((2,)) comes after it, as the
    question's own fix has it; `aligned` reshapes first, so that Keras finds the exact logits.
    """
    load_keras()
    import keras

    outputs = 2 if HEADS[head].two_outputs else 1
    reshape_first = head == "softmax" and labels == "aligned"
    activation = None if reshape_first else head
    layers: list[keras.layers.Layer] = [keras.Input((3, 3, 1))]
    if second_conv:
        between = HIDDEN[hidden].keras_activation
        layers.append(
            keras.layers.Conv2D(kernels, 3, activation=between, kernel_initializer=initializer, name="kernel")
        )
        layers.append(
            keras.layers.Conv2D(outputs, 1, activation=activation, kernel_initializer=initializer, name="second")
        )
    else:
        layers.append(
            keras.layers.Conv2D(outputs, 3, activation=activation, kernel_initializer=initializer, name="kernel")
        )
    if head == "softmax":
        layers.append(keras.layers.Reshape((2,)))
    if reshape_first:
        layers.append(keras.layers.Activation("softmax"))
    return keras.Sequential(layers)


def head_output(z: "keras.KerasTensor", head: str, labels: str) -> "keras.KerasTensor":
    """What the end of `keras_model` makes of z (n,): (n, 1, 1, 1), or (n, 2) for softmax, the other class's score 0.

    A loss finds behind it what it finds behind the model: z itself, unless softmax `as_asked` hides it.
    """
    import keras
    from keras import ops

    activation = keras.activations.get(head)
    if not HEADS[head].two_outputs:
        return activation(ops.reshape(z, (-1, 1, 1, 1)))
    scores = ops.stack([ops.zeros_like(z), z], axis=-1)  # (n, 2)
    if labels == "aligned":
        return activation(scores)
    return ops.reshape(activation(scores[:, None, None, :]), (-1, 2))


def compiled(function: Callable[..., Any]) -> Any:
    """A function as a `tf.function` that XLA compiles.

    TensorFlow counts traces by the function's code, so those of all engines as one function's, which it would warn of.
    A `partial` has no code, and is counted by itself.
    """
    import tensorflow as tf

    return tf.function(partial(function), jit_compile=True, autograph=False)
