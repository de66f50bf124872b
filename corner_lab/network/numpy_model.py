"""The network in NumPy: every step from pixels to output, for one pattern or all 512. No Keras needed.

`numbers` are the twelve of `ParameterLayout.linear`: kernel row by row, bias, w2, b2. Keras cross-correlates, so the
kernel is laid on the pixels as it stands, without a flip.
"""

import numpy as np
from numpy.typing import NDArray

from corner_lab.network.heads import HEADS
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import pixels

Floats = NDArray[np.float64]


def products(index: int, numbers: Vector) -> Floats:
    """Pixel times kernel, cell by cell, for one pattern: shape (9,)."""
    kernel: Floats = numbers[:9].astype(np.float64)
    return kernel * pixels(index)


def pre_activations(numbers: NDArray[np.floating]) -> Floats:
    """z of all patterns in float64, (..., 12) to (..., 512): (sum of products + bias) * w2 + b2.

    The products are summed in the order of the pixels, starting with pixel 0, as JavaScript's page and exported scripts
    do it, so z is the same to the last bit wherever it is computed, and so is every verdict. Patterns that differ only
    in later pixels share a sum: pixel by pixel the sums so far are taken without it and with it.
    """
    n: Floats = np.asarray(numbers, dtype=np.float64)
    sums = np.zeros((*n.shape[:-1], 1))
    for pixel in range(9):
        sums = np.concatenate([sums, sums + n[..., pixel, None]], axis=-1)  # (..., 2 ** (pixel + 1))
    sums += n[..., 9, None]
    sums *= n[..., 10, None]
    sums += n[..., 11, None]
    return sums


def outputs(numbers: Vector, head: str) -> Floats:
    """What the head gives for all patterns, (..., 12) to (..., 512)."""
    return HEADS[head].output(pre_activations(numbers)).astype(np.float64)


def slopes(numbers: Vector, head: str) -> NDArray[np.float32]:
    """The derivative of the head at all patterns, (..., 12) to (..., 512), float32: 0 where the gradient is dead."""
    return HEADS[head].slope(pre_activations(numbers)).astype(np.float32)
