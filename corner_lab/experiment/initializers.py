"""Initial weights: where training starts."""

import random
import threading
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from corner_lab.network.heads import HEADS
from corner_lab.network.parameters import ParameterLayout, Vector
from corner_lab.network.patterns import pixels
from corner_lab.registry import Choice, registry

_seeding = threading.Lock()  # Keras draws its seeds from Python's one global generator


@dataclass(frozen=True)
class Init(Choice):
    """Where training starts. `keras_initializer`: a Keras word, drawn with the seed; otherwise a closed form."""

    keras_initializer: str = ""
    one_target: bool = False


INITS = registry(
    Init(
        "glorot_uniform",
        "random (Glorot uniform)",
        "Keras's default: small random weights, zero biases.",
        "keras.initializers.GlorotUniform; Glorot and Bengio 2010",
        keras_initializer="glorot_uniform",
    ),
    Init(
        "he_normal",
        "random (He normal)",
        "Random weights, a little larger, zero biases.",
        "keras.initializers.HeNormal; He et al. 2015, arXiv:1502.01852",
        keras_initializer="he_normal",
    ),
    Init("zeros", "zeros", "Everything 0: every pattern gets the same output.", "keras.initializers.Zeros"),
    Init(
        "by_hand",
        "set by hand",
        "The question's own weights: +10 on the target's pixels, -100 elsewhere, and a bias to match.",
        "the question",
        one_target=True,
    ),
    Init(
        "matched",
        "matched filter",
        "Kernel 2T-1 with bias -(sum(T) - 1/2): the template itself, which separates the target by a margin of 1/6.",
        "matched filter: the template as its own detector",
        one_target=True,
    ),
    Init("given", "given weights", "Weights from the bench, from an earlier run or from a file.", "your own"),
)


def initial_weights(init: str, *, seed: int, head: str, second_conv: bool, target: tuple[int, ...]) -> Vector:
    """The flat weights (see `ParameterLayout`) that a word of `INITS` stands for. `given` has none: ValueError."""
    shape = ParameterLayout.of(HEADS[head].two_outputs, second_conv)
    chosen = INITS[init]
    if chosen.keras_initializer:
        return _drawn_by_keras(chosen.keras_initializer, seed, head, second_conv).copy()
    if init == "given":
        raise ValueError("init 'given' means that the weights come with the experiment")
    vector = np.zeros(shape.size, dtype=np.float32)
    if init == "zeros":
        return vector
    return _detector(shape, *_template(init, target[0]))


def linear_weights(init: str, target: int) -> Vector:
    """The twelve numbers (see `ParameterLayout.linear`) of `by_hand` or `matched` for one target pattern."""
    kernel, bias = _template(init, target)
    return np.array([*kernel, bias, 1, 0], dtype=np.float32)


def _template(init: str, target: int) -> tuple[Vector, float]:
    on = pixels(target).astype(np.float32)  # (9,)
    ones = float(on.sum())
    if init == "by_hand":
        return np.where(on == 1, 10, -100).astype(np.float32), -(10 * ones - 5)
    return 2 * on - 1, -(ones - 0.5)


def _detector(shape: ParameterLayout, kernel: Vector, bias: float) -> Vector:
    """A network whose z is sum(pixel * kernel) + bias; with two outputs the other class scores 0."""
    vector = np.zeros(shape.size, dtype=np.float32)
    if shape.kernels == 2:
        vector[1:18:2], vector[19] = kernel, bias
        return vector
    vector[:9], vector[9] = kernel, bias
    if shape.seconds:
        vector[9 + shape.seconds] = 1  # the (last) 1x1 weight
    return vector


@lru_cache(maxsize=4096)
def _drawn_by_keras(initializer: str, seed: int, head: str, second_conv: bool) -> Vector:
    """What plain Keras gives after keras.utils.set_random_seed(seed), leaving the global generators as they were.

    Drawn by the initializers that its layers would make, in their order: to make the layers as well takes four times as
    long, and is felt where many seeds begin.
    """
    from corner_lab.network.keras_model import load_keras

    load_keras()
    import keras

    kernels = ParameterLayout.of(HEADS[head].two_outputs, second_conv).keras_shapes()[::2]
    with _seeding:
        python_state, numpy_state = random.getstate(), np.random.get_state()
        try:
            keras.utils.set_random_seed(seed)
            drawn = [np.asarray(keras.initializers.get(initializer)(shape)) for shape in kernels]
        finally:
            random.setstate(python_state)
            np.random.set_state(numpy_state)
    arrays = [part for kernel in drawn for part in (kernel.ravel(), np.zeros(kernel.shape[-1]))]  # and its biases
    return np.concatenate(arrays).astype(np.float32)
