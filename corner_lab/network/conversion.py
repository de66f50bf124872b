"""Conversion: the weights of one network as those of another with the same z, and the locks that go with them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corner_lab.network.parameters import ParameterLayout, Vector

Floats = NDArray[np.float64]


def converted(shape: ParameterLayout, vector: Vector, to: ParameterLayout, hidden: str = "none") -> Vector:
    """The weights (shape.size,) of one network as those of another: a new vector (to.size,) with the same z.

    z is the same for all 512 patterns up to rounding each number once to float32. Where both networks have a 1x1
    convolution, kernels and biases stay as they are; where only the first has, it is multiplied into kernel and bias;
    where only the other has, it gets weight 1 and bias 0. Of two outputs one is made by their difference, of one two in
    which the other class scores 0. Two outputs stay two with both scores kept, except where kernels are added up: one
    kernel can give two scores only if they are multiples of each other, so it gets the difference, and of it the other
    class scores 0.

    Of fewer kernels the last is all that are left, added up (w2 times the kernel); of more, the new ones have w2 = 0.
    `hidden`, a word of `HIDDEN`: with relu between, kernels cannot be added up, so the surplus is left out, and z is
    another one; so it is where the 1x1 convolution goes, and relu with it.

    Raises ValueError as `ParameterLayout.checked` does, of this vector or of what would become of it.
    """
    shape.checked(vector)
    if shape == to:
        return vector.copy()
    outputs = to.seconds or to.filters
    parts = _with_outputs(_parts(shape, vector), outputs)
    if not to.seconds:
        parts = _scores(parts)
        return to.checked(np.concatenate([parts.kernel.T.ravel(), parts.bias]))
    if not shape.seconds and len(parts.kernel) == 2:
        parts = _added_up(parts, 1)
    parts = _with_kernels(parts, to.kernels, hidden)
    return to.checked(np.concatenate([parts.kernel.T.ravel(), parts.bias, parts.weights.ravel(), parts.ends]))


def converted_locks(shape: ParameterLayout, locks: Iterable[int], to: ParameterLayout) -> frozenset[int]:
    """Which numbers of `ParameterLayout.linear` stay locked in another network: those that both networks have.

    Kernels and biases stay locked at what they become; w2 and b2 only where both have a 1x1 convolution.
    """
    both = to.linear_names if shape.seconds and to.seconds else to.linear_names[: 10 * to.kernels]
    there = {_kind(name): i for i, name in enumerate(both)}
    here = [_kind(name) for name in shape.linear_names]
    return frozenset(there[here[i]] for i in locks if 0 <= i < len(here) and here[i] in there)


def further_kernels(count: int, seed: int = 0) -> Vector:
    """Kernels (count, 9) for those that nothing is said of: random numbers, up to 1/3 in size, from NumPy's generator.

    A kernel of zeros with w2 = 0 never learns: the gradient of either is a multiple of the other.
    """
    return np.random.default_rng(seed).uniform(-1 / 3, 1 / 3, (count, 9)).astype(np.float32)


def _kind(name: str) -> str:
    """A number's name as it is among several kernels: "k4" is the first one's, "k0.4"."""
    if "." in name or name == "b2":
        return name
    return f"k0.{name[1:]}" if name[0] == "k" else f"{name}.0"


@dataclass(frozen=True, eq=False)
class _Parts:
    """Any of the networks as kernels (K, 9), their biases (K,), weights (K, outputs) and `ends` (outputs,)."""

    kernel: Floats
    bias: Floats
    weights: Floats
    ends: Floats


def _parts(shape: ParameterLayout, vector: Vector) -> _Parts:
    exact, n = vector.astype(np.float64), shape.filters
    kernel, bias, rest = exact[: 9 * n].reshape(9, n).T, exact[9 * n : 10 * n], exact[10 * n :]
    if not shape.seconds:  # a filter is an output
        return _Parts(kernel, bias, np.eye(n), np.zeros(n))
    weights, ends = np.split(rest, [n * shape.seconds])
    return _Parts(kernel, bias, weights.reshape(n, shape.seconds), ends)


def _with_outputs(parts: _Parts, outputs: int) -> _Parts:
    both = np.vstack([parts.weights, parts.ends])
    if both.shape[1] == outputs:
        return parts
    both = both[:, 1:] - both[:, :1] if outputs == 1 else np.hstack([np.zeros_like(both), both])
    return replace(parts, weights=both[:-1], ends=both[-1])


def _scores(parts: _Parts) -> _Parts:
    """A kernel for each output, which needs no weights."""
    kernel, bias = parts.weights.T @ parts.kernel, parts.weights.T @ parts.bias + parts.ends
    return _Parts(kernel, bias, np.eye(len(bias)), np.zeros(len(bias)))


def _with_kernels(parts: _Parts, kernels: int, hidden: str) -> _Parts:
    missing = kernels - len(parts.kernel)
    if missing < 0 and hidden == "none":
        return _added_up(parts, kernels)
    if missing <= 0:
        return _Parts(parts.kernel[:kernels], parts.bias[:kernels], parts.weights[:kernels], parts.ends)
    return _Parts(
        np.vstack([parts.kernel, further_kernels(missing)]),
        np.pad(parts.bias, (0, missing)),
        np.pad(parts.weights, ((0, missing), (0, 0))),
        parts.ends,
    )


def _added_up(parts: _Parts, kernels: int) -> _Parts:
    """The last of so many kernels is the sum of all that are left, each times its w2."""
    kept, weights = kernels - 1, parts.weights
    w2 = weights[kept:, -1] - (weights[kept:, 0] if weights.shape[1] == 2 else 0)
    last = np.array([[0.0, 1.0][-weights.shape[1] :]])  # of the other class nothing
    return _Parts(
        np.vstack([parts.kernel[:kept], w2 @ parts.kernel[kept:]]),
        np.append(parts.bias[:kept], w2 @ parts.bias[kept:]),
        np.vstack([weights[:kept], last]),
        parts.ends,
    )
