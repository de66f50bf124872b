"""Initial weights: where training starts."""

import random
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from corner_lab.language import msg, tr
from corner_lab.network.conversion import further_kernels
from corner_lab.network.heads import HEADS
from corner_lab.network.parameters import ParameterLayout, Vector
from corner_lab.network.patterns import pixels
from corner_lab.registry import Choice, registry
from corner_lab.workers.elsewhere import in_worker


@dataclass(frozen=True)
class Init(Choice):
    """Where training starts. `keras_initializer`: a Keras word, drawn with the seed; otherwise a closed form."""

    keras_initializer: str = ""
    one_target: bool = False


INITS = registry(
    Init(
        "glorot_uniform",
        msg("random (Glorot uniform)"),
        msg("Keras's default: small random weights, zero biases."),
        "keras.initializers.GlorotUniform; Glorot and Bengio 2010",
        keras_initializer="glorot_uniform",
    ),
    Init(
        "he_normal",
        msg("random (He normal)"),
        msg("Random weights, a little larger, zero biases."),
        "keras.initializers.HeNormal; He et al. 2015, arXiv:1502.01852",
        keras_initializer="he_normal",
    ),
    Init("zeros", msg("zeros"), msg("Everything 0: every pattern gets the same output."), "keras.initializers.Zeros"),
    Init(
        "by_hand",
        msg("set by hand"),
        msg("The question's own weights: +10 on the target's pixels, -100 elsewhere, and a bias to match."),
        msg("the question"),
        one_target=True,
    ),
    Init(
        "matched",
        msg("matched filter"),
        msg(
            "Kernel 2T-1 with bias -(sum(T) - 1/2): the template itself, which separates the target by a margin of 1/6."
        ),
        msg("matched filter: the template as its own detector"),
        one_target=True,
    ),
    Init(
        "given",
        msg("given weights"),
        msg("Weights from the bench, from an earlier run or from a file."),
        msg("your own"),
    ),
)


def initial_weights(
    init: str,
    *,
    seed: int,
    head: str,
    second_conv: bool,
    target: tuple[int, ...],
    kernels: int = 1,
    hidden: str = "none",
) -> Vector:
    """The flat weights (see `ParameterLayout`) that a word of `INITS` stands for. `given` has none: ValueError.

    Of several kernels the first is the closed form, and the others have w2 = 0, so that they have no say at first. To
    be able to learn they do not start at 0 themselves: see `further_kernels`, drawn by the seed. relu cuts off all that
    is below 0, every z but the target's; so with it w2 is 2 and b2 minus the target's z, which stays as it is, and all
    others have minus that.
    """
    shape = ParameterLayout.of(HEADS[head].two_outputs, second_conv, kernels)
    chosen = INITS[init]
    if chosen.keras_initializer:
        return _drawn_by_keras(chosen.keras_initializer, seed, head, second_conv, kernels).copy()
    if init == "given":
        raise ValueError(tr("init 'given' means that the weights come with the experiment"))
    if init == "zeros":
        return np.zeros(shape.size, dtype=np.float32)
    return shape.from_linear(linear_weights(init, target[0], kernels, hidden, seed))


def linear_weights(init: str, target: int, kernels: int = 1, hidden: str = "none", seed: int = 0) -> Vector:
    """The numbers (see `ParameterLayout.linear`) of `by_hand` or `matched` for one target pattern; of several kernels
    and of relu as `initial_weights` has them."""
    kernel, bias = _template(init, target)
    w2, b2 = closing(init, hidden)
    others, none = further_kernels(kernels - 1, seed), [0.0] * (kernels - 1)
    return np.array([*kernel, *others.ravel(), bias, *none, w2, *none, b2], dtype=np.float32)


def _template(init: str, target: int) -> tuple[Vector, float]:
    on = pixels(target).astype(np.float32)  # (9,)
    ones = float(on.sum())
    if init == "by_hand":
        return np.where(on == 1, 10, -100).astype(np.float32), -(10 * ones - 5)
    return 2 * on - 1, -(ones - 0.5)


def closing(init: str, hidden: str) -> tuple[float, float]:
    """w2 of the closed form's kernel, and b2: after relu twice its sum, minus z of the target."""
    if hidden == "none":
        return 1.0, 0.0
    return (2.0, -5.0) if init == "by_hand" else (2.0, -0.5)


@lru_cache(maxsize=512)  # as many as all sweeps together need: 0.9 kB each
@in_worker
def _drawn_by_keras(initializer: str, seed: int, head: str, second_conv: bool, kernels: int) -> Vector:
    """What plain Keras gives after keras.utils.set_random_seed(seed).

    Its initializers then take their own seeds from Python's one global generator, in the order of the layers, and draw
    by these alone (`keras.src.random.seed_generator.make_default_seed`). Here a generator of our own gives the same
    seeds: from the global one, any other thread may draw meanwhile.
    """
    from corner_lab.network.keras_model import load_keras

    load_keras()
    import keras

    shapes = ParameterLayout.of(HEADS[head].two_outputs, second_conv, kernels).keras_shapes()[::2]
    seeds, drawn = random.Random(seed), []
    for shape in shapes:
        config = {"class_name": initializer, "config": {"seed": seeds.randint(1, int(1e9))}}
        drawn.append(np.asarray(keras.initializers.get(config)(shape)))
    arrays = [part for kernel in drawn for part in (kernel.ravel(), np.zeros(kernel.shape[-1]))]  # and its biases
    return np.concatenate(arrays).astype(np.float32)
