"""Weights of the network as plain numbers: one flat float32 vector, and its reading as the numbers that give z.

Two counts are to be kept apart. The `filters` of the first convolution are Keras's; the `kernels` are those that add up
to one z. With a 1x1 convolution after them they are the same; without, there is a filter for each output, and z comes
from one kernel, of two outputs their difference.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corner_lab.language import tr

Vector = NDArray[np.float32]
Places = NDArray[np.intp]

#: How far z may reach: a little inside float32, whose last number is 3.4028e38, so that no sum on the way overflows.
LARGEST_Z = 3.4e38
MOST_KERNELS = 8


def linear_names(kernels: int) -> tuple[str, ...]:
    """The names of the 11 K + 1 numbers that give z, see `ParameterLayout.linear`: k0 to k8, bias, w2, b2; of several
    kernels k0.0 to k0.8, k1.0, ..., bias.0, ..., w2.0, ..., b2: the kernel before the cell."""
    cells = [f"k{cell}" if kernels == 1 else f"k{k}.{cell}" for k in range(kernels) for cell in range(9)]
    return (*cells, *_of_each("bias", kernels), *_of_each("w2", kernels), "b2")


def _of_each(name: str, kernels: int) -> tuple[str, ...]:
    return (name,) if kernels == 1 else tuple(f"{name}.{k}" for k in range(kernels))


@dataclass(frozen=True)
class ParameterLayout:
    """How many numbers a network has: `filters` 3x3 kernels with a bias each, then for each of the `seconds` outputs of
    the 1x1 convolution (0 without one) a weight for every filter, and a bias."""

    filters: int
    seconds: int

    @classmethod
    def of(cls, two_outputs: bool, second_conv: bool, kernels: int = 1) -> "ParameterLayout":
        outputs = 2 if two_outputs else 1
        return cls(kernels, outputs) if second_conv else cls(outputs, 0)

    @classmethod
    def of_bench(cls, count: int) -> "ParameterLayout":
        """The layout whose bench has so many numbers. Of 11 K + 1 it is the one with one output and a 1x1 convolution:
        the bench of a network without shows its kernel and bias, w2 = 1 and b2 = 0, which give the same z. Raises
        ValueError.
        """
        if count not in BENCHES:
            raise ValueError(
                tr("a bench has 12, 14 or 22 numbers, of K kernels 11 K + 1 or 12 K + 2, not {count}", count=count)
            )
        return BENCHES[count]

    @property
    def kernels(self) -> int:
        """K, the kernels that add up to z."""
        return self.filters if self.seconds else 1

    @property
    def size(self) -> int:
        return 10 * self.filters + self.seconds * (self.filters + 1)

    def keras_shapes(self) -> list[tuple[int, ...]]:
        """The shapes of Keras's arrays, in the order of `model.get_weights()`."""
        first: list[tuple[int, ...]] = [(3, 3, 1, self.filters), (self.filters,)]
        return first + ([(1, 1, self.filters, self.seconds), (self.seconds,)] if self.seconds else [])

    def to_keras(self, vector: Vector) -> list[Vector]:
        """A flat vector (size,) as the list that `model.set_weights` takes."""
        if vector.shape != (self.size,):
            raise ValueError(tr("this network has {size} weights, not {shape}", size=self.size, shape=vector.shape))
        cuts = np.cumsum([math.prod(shape) for shape in self.keras_shapes()])[:-1]
        return [part.reshape(shape) for part, shape in zip(np.split(vector, cuts), self.keras_shapes(), strict=True)]

    # -------------------------------------------------------- the numbers that give z

    @property
    def linear_names(self) -> tuple[str, ...]:
        """The names of the numbers of `linear`."""
        return linear_names(self.kernels)

    def linear(self, vectors: Vector) -> NDArray[np.float32]:
        """The numbers that give z, from vectors (..., size) to (..., 11 K + 1): kernel after kernel row by row, their K
        biases, their K weights w2, and b2; twelve for one kernel.

        z = sum over k of h(sum(pixel * kernel_k) + bias_k) * w2_k, + b2, with h what stands between the convolutions.
        With two outputs z is the difference of their scores, so w2 and b2 are (or, without a second convolution, kernel
        and bias are) the corner's numbers minus the other's.
        """
        places, others = _places(self)
        numbers = vectors[..., places]
        if self.seconds == 2:
            numbers[..., -len(others) :] -= vectors[..., others]
        elif not self.seconds:
            numbers -= vectors[..., others] if self.filters == 2 else 0
            ends = np.broadcast_to(np.array([1, 0], dtype=numbers.dtype), (*numbers.shape[:-1], 2))
            numbers = np.concatenate([numbers, ends], axis=-1)
        return numbers.astype(np.float32, copy=False)

    def from_linear(self, numbers: Vector, base: Vector | None = None) -> Vector:
        """The inverse of `linear`: a vector (size,) whose z is that of the numbers.

        With two outputs the other class keeps its numbers of `base` (zeros if None). Without a second convolution w2
        and b2 are multiplied into kernel and bias. Raises ValueError as `checked` does.
        """
        vector = np.zeros(self.size) if base is None else np.array(base, dtype=np.float64)  # nothing overflows here
        exact = np.array(numbers, dtype=np.float64)
        places, others = _places(self)
        if not self.seconds:
            w2, b2 = exact[10:]
            exact = exact[:10] * w2
            exact[9] += b2
        if len(others):
            exact[-len(others) :] += vector[others]
        vector[places] = exact
        return self.checked(vector)

    def linear_gradient(self, by_numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        """The chain rule backwards through `linear`: from derivatives by its numbers (..., 11 K + 1) to derivatives by
        the flat weights (..., size). A number that is a difference passes its derivative on to both, once negated."""
        found = np.zeros((*by_numbers.shape[:-1], self.size))
        places, others = _places(self)
        found[..., places] = by_numbers[..., : len(places)]
        if len(others):
            found[..., others] = -by_numbers[..., len(places) - len(others) : len(places)]
        return found

    def behind(self, i: int) -> tuple[int, ...]:
        """The flat indices that hold the `i`-th of the numbers of `linear`: one, or a pair where it is a difference.

        Raises ValueError for w2 and b2 (10, 11) of a network without a second convolution, and beyond the last.
        """
        places, others = _places(self)
        if not 0 <= i < len(places):
            k = self.kernels
            spans = {"kernel": (0, 9 * k), "bias": (9 * k, 10 * k), "w2": (10 * k, 11 * k), "b2": (11 * k, 11 * k + 1)}
            told = [f"{name} {_span(*span)}" for name, span in spans.items() if span[1] <= len(places)]
            raise ValueError(tr("this network has no number {i}, only {numbers}", i=i, numbers=", ".join(told)))
        paired = i - (len(places) - len(others))
        return (int(others[paired]), int(places[i])) if paired >= 0 else (int(places[i]),)

    # -------------------------------------------------------- the bench

    @property
    def bench_names(self) -> tuple[str, ...]:
        """The names of the numbers of `bench`."""
        if self.seconds == 2:
            return (*self.linear_names, *_of_each("w0", self.kernels), "b0")
        others = (*(f"o{i}" for i in range(9)), "bias0")
        return (*self.linear_names, *others) if not self.seconds and self.filters == 2 else self.linear_names

    def bench(self, vectors: Vector) -> NDArray[np.float32]:
        """All that a bench shows, from vectors (..., size) to (..., n): `linear`, then the other class's numbers.

        n is 11 K + 1 with one output, 12 K + 2 with two (w0 of each kernel, b0), 22 with two and no second convolution
        (the other class's kernel and bias).
        """
        return np.concatenate([self.linear(vectors), vectors[..., _places(self)[1]]], axis=-1)

    def from_bench(self, numbers: Vector) -> Vector:
        """The inverse of `bench`; of those of `linear` alone the other class's are zero. Returns a vector (size,).

        Raises ValueError for any other count than theirs and that of `bench_names` (they are of another network), and
        as `checked` does.
        """
        own = len(self.linear_names)
        if len(numbers) not in (own, len(self.bench_names)):
            wanted, found = len(self.bench_names), len(numbers)
            raise ValueError(
                tr("the bench of this network has {wanted} numbers, not {found}", wanted=wanted, found=found)
            )
        base = np.zeros(self.size, dtype=np.float32)
        if len(numbers) > own:
            base[_places(self)[1]] = numbers[own:]
        return self.from_linear(numbers[:own], base)

    @property
    def flat_names(self) -> tuple[str, ...]:
        """The names that the bench has for the numbers of the flat vector, in its order."""
        places, others = _places(self)
        bench, own = self.bench_names, len(self.linear_names)
        names = {**dict(zip(places, bench, strict=False)), **dict(zip(others, bench[own:], strict=True))}
        return tuple(names[i] for i in range(self.size))

    # -------------------------------------------------------- what float32 can hold

    def largest_z(self, vector: NDArray[np.floating]) -> float:
        """What |z|, and whatever is added up on the way to it, stays below for every pattern; in float64."""
        size = np.abs(vector.astype(np.float64))
        inner = size[: 10 * self.filters].reshape(10, self.filters).sum(axis=0)  # (filters,): kernel and bias
        if not self.seconds:
            return float(inner.sum())
        weights, biases = np.split(size[10 * self.filters :], [self.filters * self.seconds])
        outer = np.maximum(inner, 1.0) @ weights.reshape(self.filters, self.seconds)  # (seconds,)
        return float(max(inner.sum(), outer.sum() + biases.sum()))

    def checked(self, vector: NDArray[np.floating]) -> Vector:
        """The vector in float32, if it is one of this network: (size,), finite, and z can hold what comes of it.

        Raises ValueError with a sentence that says what is wrong.
        """
        if vector.shape != (self.size,):
            raise ValueError(tr("this network has {size} weights, not {shape}", size=self.size, shape=vector.shape))
        if not np.isfinite(vector).all():
            raise ValueError(tr("weights are finite numbers"))
        reach = self.largest_z(vector)
        if reach > LARGEST_Z:
            sizes = {"reach": f"{reach:.1e}", "end": f"{LARGEST_Z:.1e}"}
            raise ValueError(tr("with these weights z reaches {reach}, and float32 ends at {end}", **sizes))
        return vector.astype(np.float32, copy=False)


def _span(start: int, end: int) -> str:
    return f"{start}..{end - 1}" if end - start > 1 else f"{start}"


@lru_cache(maxsize=64)
def _places(shape: ParameterLayout) -> tuple[Places, Places]:
    """Where the flat vector has the numbers of `linear`, and where the other class's that the last of them are
    differences to: w2 and b2 with two outputs of a 1x1 convolution, kernel and bias with two outputs and none."""
    filters, seconds = shape.filters, shape.seconds
    first = np.arange(10 * filters).reshape(10, filters).T  # (filters, 10): of each its nine cells and its bias
    if not seconds:
        return first[-1], first[0] if filters == 2 else first[0, :0]
    second = 10 * filters + np.arange((filters + 1) * seconds).reshape(filters + 1, seconds)  # weights, and the bias
    places = np.concatenate([first[:, :9].ravel(), first[:, 9], second[:, -1]])
    return places, second[:, 0] if seconds == 2 else second[:0, 0]


def _benches() -> dict[int, ParameterLayout]:
    one = [ParameterLayout(kernels, 1) for kernels in range(1, MOST_KERNELS + 1)]
    two = [ParameterLayout(kernels, 2) for kernels in range(1, MOST_KERNELS + 1)]
    return {len(shape.bench_names): shape for shape in (*one, *two, ParameterLayout(2, 0))}


#: The layout of a bench by how many numbers it has: 12, 23, ..., 89, then 14, 26, ..., 98, and 22.
BENCHES = _benches()
