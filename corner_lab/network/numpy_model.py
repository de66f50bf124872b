"""The network in NumPy: every step from pixels to output, for one pattern or all 512. No Keras needed.

`numbers` are the twelve of `ParameterLayout.linear`: kernel row by row, bias, w2, b2. Keras cross-correlates, so the
kernel is laid on the pixels as it stands, without a flip.
"""

import numpy as np
from numpy.typing import NDArray

from corner_lab.network.heads import HEADS
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import COUNT, all_patterns, pixels

Floats = NDArray[np.float64]


def products(index: int, numbers: Vector) -> Floats:
    """Pixel times kernel, cell by cell, for one pattern: shape (9,)."""
    kernel: Floats = numbers[:9].astype(np.float64)
    return kernel * pixels(index)


def pre_activations(numbers: Vector) -> Floats:
    """z of all patterns, shape (512,): (sum of products + bias) * w2 + b2."""
    n: Floats = numbers.astype(np.float64)
    sums: Floats = all_patterns().reshape(COUNT, 9) @ n[:9] + n[9]  # (512,)
    return np.asarray(sums * n[10] + n[11])


def outputs(numbers: Vector, head: str) -> Floats:
    """What the head gives for all patterns, shape (512,)."""
    return HEADS[head].output(pre_activations(numbers)).astype(np.float64)


def slopes(numbers: Vector, head: str) -> NDArray[np.float32]:
    """The derivative of the head at all patterns, shape (512,), in float32: where it is 0 the gradient is dead."""
    return HEADS[head].slope(pre_activations(numbers)).astype(np.float32)
