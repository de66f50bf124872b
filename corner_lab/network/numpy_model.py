"""The network in NumPy: every step from pixels to output, for one pattern or all 512. No Keras needed.

`numbers` are those of `ParameterLayout.linear`: twelve for one kernel, row by row, bias, w2, b2; 11 K + 1 for K. A
bench's are taken too, its other class's passed over. `hidden`, a word of `HIDDEN`, is what stands between the two
convolutions. Keras cross-correlates, so a kernel is laid on the pixels as it stands, without a flip.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corner_lab.network.heads import HEADS
from corner_lab.network.hidden import HIDDEN
from corner_lab.network.parameters import ParameterLayout, Vector
from corner_lab.network.patterns import COUNT, all_patterns, pixels

Floats = NDArray[np.float64]


class Numbers(NamedTuple):
    """The numbers of K kernels by what they are, in float64."""

    kernels: Floats  # (..., K, 9)
    biases: Floats  # (..., K)
    w2: Floats  # (..., K)
    b2: Floats  # (...)


def parted(numbers: NDArray[np.floating]) -> Numbers:
    """Numbers (..., 11 K + 1), or a bench's, by what they are. Raises ValueError for a count that no bench has."""
    n: Floats = np.asarray(numbers, dtype=np.float64)
    count = ParameterLayout.of_bench(n.shape[-1]).kernels
    cells, biases, w2 = n[..., : 9 * count], n[..., 9 * count : 10 * count], n[..., 10 * count : 11 * count]
    return Numbers(cells.reshape(*n.shape[:-1], count, 9), biases, w2, n[..., 11 * count])


def products(index: int, numbers: Vector, kernel: int = 0) -> Floats:
    """Pixel times a kernel, cell by cell, for one pattern: shape (9,)."""
    return np.asarray(parted(numbers).kernels[kernel] * pixels(index))


def pre_activations(numbers: NDArray[np.floating], hidden: str = "none") -> Floats:
    """z of all patterns in float64, (..., n) to (..., 512): the sum over all kernels of h(sum of products + bias) * w2,
    + b2.

    The products are summed in the order of the pixels, starting with pixel 0, and the kernels' parts in their order,
    starting with the first, as JavaScript's page and exported scripts do it, so z is the same to the last bit wherever
    it is computed, and so is every verdict. Patterns that differ only in later pixels share a sum: pixel by pixel the
    sums so far are taken without it and with it.
    """
    kernels, biases, w2, b2 = parted(numbers)
    h, z = HIDDEN[hidden].output, None
    for k in range(biases.shape[-1]):
        sums = np.zeros((*biases.shape[:-1], 1))
        for pixel in range(9):
            sums = np.concatenate([sums, sums + kernels[..., k, pixel, None]], axis=-1)  # (..., 2 ** (pixel + 1))
        sums += biases[..., k, None]
        sums = h(sums)
        sums *= w2[..., k, None]
        z = sums if z is None else z + sums
    assert z is not None
    z += b2[..., None]
    return z


def kernel_sums(numbers: NDArray[np.floating]) -> Floats:
    """What each kernel gives each pattern before anything is cut off, (..., n) to (..., K, 512) in float64: the sum of
    products + bias. In the order of a matrix product, so not the bits of `pre_activations`."""
    kernels, biases, _, _ = parted(numbers)
    return _laid_on_all(kernels, biases)


def _laid_on_all(kernels: Floats, biases: Floats) -> Floats:
    """Kernels (..., 9) and their biases (...) on every pattern, (..., 512)."""
    sums = kernels.reshape(-1, 9) @ all_patterns().reshape(COUNT, 9).T.astype(np.float64)
    return np.asarray(sums.reshape(*biases.shape, COUNT) + biases[..., None])


def about(numbers: NDArray[np.floating], hidden: str = "none") -> Floats:
    """z but for its last bits, (..., n) to (..., 512): in the order of matrix products, which is faster."""
    if hidden == "none":
        return _laid_on_all(*one_kernel(numbers))
    _, _, w2, b2 = parted(numbers)
    return np.asarray((w2[..., None, :] @ HIDDEN[hidden].output(kernel_sums(numbers)))[..., 0, :] + b2[..., None])


def one_kernel(numbers: NDArray[np.floating]) -> tuple[Floats, Floats]:
    """The effective kernel and bias, (..., n) to (..., 9) and (...): of a network with nothing between its
    convolutions, which are one: z is sum(pixel * kernel) + bias. Every kernel times its w2, added up, then b2."""
    kernels, biases, w2, b2 = parted(numbers)
    return (kernels * w2[..., None]).sum(axis=-2), (biases * w2).sum(axis=-1) + b2


def outputs(numbers: Vector, head: str, hidden: str = "none") -> Floats:
    """What the head gives for all patterns, (..., n) to (..., 512)."""
    return HEADS[head].output(pre_activations(numbers, hidden)).astype(np.float64)


def slopes(numbers: Vector, head: str, hidden: str = "none") -> NDArray[np.float32]:
    """The derivative of the head at all patterns, (..., n) to (..., 512), float32: 0 where the gradient is dead."""
    return HEADS[head].slope(pre_activations(numbers, hidden)).astype(np.float32)
