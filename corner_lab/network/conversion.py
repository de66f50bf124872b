"""Conversion: the weights of one network as those of another with the same z, and the locks that go with them."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from corner_lab.network.parameters import ParameterLayout, Vector


def converted(shape: ParameterLayout, vector: Vector, to: ParameterLayout) -> Vector:
    """The weights (shape.size,) of one network as those of another: a new vector (to.size,) with the same z.

    z is the same for all 512 patterns up to rounding each number once to float32. Where both networks have a 1x1
    convolution, kernel and bias stay as they are; where only the first has, it is multiplied into kernel and bias;
    where only the other has, it gets weight 1 and bias 0. Of two outputs one is made by their difference, of one two in
    which the other class scores 0. Two outputs stay two with both scores kept, except where two kernels become one with
    a 1x1: one kernel can give two scores only if they are multiples of each other, so it gets the difference, and the
    other class scores 0.

    Raises ValueError as `ParameterLayout.checked` does, of this vector or of what would become of it.
    """
    shape.checked(vector)
    if shape == to:
        return vector.copy()
    if to.seconds:
        return to.from_linear(shape.linear(vector))
    scores = _scores(shape, vector)  # (1 or 2, 10)
    if to.kernels == 1:
        scores = scores[-1:] - (scores[:1] if len(scores) == 2 else 0)
    elif len(scores) == 1:
        scores = np.concatenate([np.zeros_like(scores), scores])
    return to.checked(np.concatenate([scores[:, :9].T.ravel(), scores[:, 9]]))


def converted_locks(shape: ParameterLayout, locks: Iterable[int], to: ParameterLayout) -> frozenset[int]:
    """Which of these numbers (of the twelve) stay locked in another network: those that both networks have.

    Kernel and bias stay locked at what they become; w2 and b2 (10, 11) only where both have a 1x1 convolution.
    """
    both = 12 if shape.seconds and to.seconds else 10
    return frozenset(i for i in locks if 0 <= i < both)


def _scores(shape: ParameterLayout, vector: Vector) -> NDArray[np.float64]:
    """Each output's kernel (9) and bias with the 1x1 multiplied in, other class first: (1 or 2, 10) in float64."""
    exact = vector.astype(np.float64)
    kernel = exact[: 9 * shape.kernels].reshape(9, shape.kernels)
    rows = np.concatenate([kernel, exact[None, 9 * shape.kernels : 10 * shape.kernels]]).T  # (kernels, 10)
    if shape.seconds:
        weights, biases = np.split(exact[10:], 2)
        rows = weights[:, None] * rows  # (seconds, 10)
        rows[:, 9] += biases
    return rows
