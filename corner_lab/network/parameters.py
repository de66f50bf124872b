"""Weights of the network as plain numbers: one flat float32 vector, and its reading as kernel and biases."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]

#: How far z may reach: a little inside float32, whose last number is 3.4028e38, so that no sum on the way overflows.
LARGEST_Z = 3.4e38

#: The twelve numbers that give z, see `ParameterLayout.linear`.
LINEAR = (*(f"k{i}" for i in range(9)), "bias", "w2", "b2")


@dataclass(frozen=True)
class ParameterLayout:
    """How many numbers a network has: `kernels` 3x3 kernels with a bias each, then `seconds` 1x1 weights and biases."""

    kernels: int
    seconds: int

    @classmethod
    def of(cls, two_outputs: bool, second_conv: bool) -> "ParameterLayout":
        outputs = 2 if two_outputs else 1
        return cls(1, outputs) if second_conv else cls(outputs, 0)

    @classmethod
    def of_bench(cls, count: int) -> "ParameterLayout":
        """The layout whose bench has so many numbers. Of twelve it is the one with a 1x1 convolution: the bench of a
        network without shows its kernel and bias, w2 = 1 and b2 = 0, which give the same z. Raises ValueError.
        """
        layouts = {12: cls(1, 1), 14: cls(1, 2), 22: cls(2, 0)}
        if count not in layouts:
            raise ValueError(f"a bench has 12, 14 or 22 numbers, not {count}")
        return layouts[count]

    @property
    def size(self) -> int:
        return 10 * self.kernels + 2 * self.seconds

    def keras_shapes(self) -> list[tuple[int, ...]]:
        """The shapes of Keras's arrays, in the order of `model.get_weights()`."""
        first: list[tuple[int, ...]] = [(3, 3, 1, self.kernels), (self.kernels,)]
        return first + ([(1, 1, 1, self.seconds), (self.seconds,)] if self.seconds else [])

    def to_keras(self, vector: Vector) -> list[Vector]:
        """A flat vector (size,) as the list that `model.set_weights` takes."""
        if vector.shape != (self.size,):
            raise ValueError(f"this network has {self.size} weights, not {vector.shape}")
        cuts = np.cumsum([math.prod(shape) for shape in self.keras_shapes()])[:-1]
        return [part.reshape(shape) for part, shape in zip(np.split(vector, cuts), self.keras_shapes(), strict=True)]

    def linear(self, vectors: Vector) -> NDArray[np.float32]:
        """The twelve numbers that give z, from vectors (..., size) to (..., 12): kernel row by row, bias, w2, b2.

        z = (sum(pixel * kernel) + bias) * w2 + b2. With two outputs z is the difference of their scores, so w2 and b2
        are (or, without a second convolution, kernel and bias are) the corner's numbers minus the other's.
        """
        kernel = vectors[..., : 9 * self.kernels].reshape(*vectors.shape[:-1], 9, self.kernels)
        rest = vectors[..., 9 * self.kernels :]
        bias = rest[..., : self.kernels]
        seconds = rest[..., self.kernels :].reshape(*vectors.shape[:-1], 2, self.seconds)
        if not self.seconds:
            ones = np.ones_like(bias[..., :1])
            seconds = np.stack([ones, np.zeros_like(ones)], axis=-2)
        return np.concatenate(
            [_corner_minus_other(kernel), _corner_minus_other(bias[..., None, :]), _corner_minus_other(seconds)],
            axis=-1,
        ).astype(np.float32)

    def from_linear(self, numbers: Vector, base: Vector | None = None) -> Vector:
        """The inverse of `linear`: a vector (size,) whose z is that of the twelve numbers.

        With two outputs the other class keeps its numbers of `base` (zeros if None). Without a second convolution w2
        and b2 are multiplied into kernel and bias. Raises ValueError as `checked` does.
        """
        vector = np.zeros(self.size) if base is None else np.array(base, dtype=np.float64)  # nothing overflows here
        exact = np.asarray(numbers, dtype=np.float64)
        kernel, bias, (w2, b2) = exact[:9], exact[9], exact[10:12]
        if not self.seconds:
            kernel, bias = kernel * w2, bias * w2 + b2
            if self.kernels == 1:
                vector[:9], vector[9] = kernel, bias
            else:
                vector[1:18:2], vector[19] = vector[0:18:2] + kernel, vector[18] + bias
            return self.checked(vector)
        vector[:9], vector[9] = kernel, bias
        if self.seconds == 1:
            vector[10:12] = w2, b2
        else:
            vector[11], vector[13] = vector[10] + w2, vector[12] + b2
        return self.checked(vector)

    def linear_gradient(self, by_twelve: NDArray[np.float64]) -> NDArray[np.float64]:
        """The chain rule backwards through `linear`: from derivatives by the twelve numbers (..., 12) to derivatives by
        the flat weights (..., size). A number that is a difference passes its derivative on to both, once negated."""
        found = np.zeros((*by_twelve.shape[:-1], self.size))
        for i in range(12 if self.seconds else 10):
            *other, corner = self.behind(i)
            found[..., corner] = by_twelve[..., i]
            found[..., other] = -by_twelve[..., i, None]
        return found

    def behind(self, i: int) -> tuple[int, ...]:
        """The flat indices that hold the `i`-th of the twelve numbers: one, or a pair where it is a difference.

        Raises ValueError for w2 and b2 (10, 11) of a network without a second convolution, and beyond 0..11.
        """
        if not 0 <= i < (12 if self.seconds else 10):
            names = "kernel 0..8, bias 9, w2 10, b2 11" if self.seconds else "kernel 0..8, bias 9"
            raise ValueError(f"this network has no number {i}, only {names}")
        if i < 10:
            return tuple(self.kernels * i + j for j in range(self.kernels))
        return tuple(10 * self.kernels + self.seconds * (i - 10) + j for j in range(self.seconds))

    @property
    def bench_names(self) -> tuple[str, ...]:
        """The names of the numbers of `bench`."""
        others = ("w0", "b0") if self.seconds == 2 else (*(f"o{i}" for i in range(9)), "bias0")
        return LINEAR if self.size <= 12 else (*LINEAR, *others)

    def bench(self, vectors: Vector) -> NDArray[np.float32]:
        """All that a bench shows, from vectors (..., size) to (..., n): the twelve, then the other class's numbers.

        n is 12 with one output, 14 with two (w0, b0), 22 with two and no second convolution (its kernel and bias).
        """
        twelve = self.linear(vectors)
        if self.seconds == 2:
            return np.concatenate([twelve, vectors[..., [10, 12]]], axis=-1)
        if self.kernels == 2:
            return np.concatenate([twelve, vectors[..., [*range(0, 18, 2), 18]]], axis=-1)
        return twelve

    def from_bench(self, numbers: Vector) -> Vector:
        """The inverse of `bench`; of twelve numbers alone the other class's are zero. Returns a vector (size,).

        Raises ValueError for any other count than 12 and that of `bench_names` (they are of another network), and as
        `checked` does.
        """
        if len(numbers) not in (12, len(self.bench_names)):
            raise ValueError(f"the bench of this network has {len(self.bench_names)} numbers, not {len(numbers)}")
        base = np.zeros(self.size, dtype=np.float32)
        if len(numbers) > 12 and self.seconds == 2:
            base[[10, 12]] = numbers[12:14]
        elif len(numbers) > 12 and self.kernels == 2:
            base[[*range(0, 18, 2), 18]] = numbers[12:22]
        return self.from_linear(numbers[:12], base)

    def largest_z(self, vector: NDArray[np.floating]) -> float:
        """What |z|, and whatever is added up on the way to it, stays below for every pattern; in float64."""
        kernel_and_bias, seconds = np.split(np.abs(vector.astype(np.float64)), [10 * self.kernels])
        inner = float(kernel_and_bias.sum())
        if not self.seconds:
            return inner
        weights, biases = np.split(seconds, 2)
        return max(inner, max(inner, 1.0) * float(weights.sum()) + float(biases.sum()))

    def checked(self, vector: NDArray[np.floating]) -> Vector:
        """The vector in float32, if it is one of this network: (size,), finite, and z can hold what comes of it.

        Raises ValueError with a sentence that says what is wrong.
        """
        if vector.shape != (self.size,):
            raise ValueError(f"this network has {self.size} weights, not {vector.shape}")
        if not np.isfinite(vector).all():
            raise ValueError("weights are finite numbers")
        reach = self.largest_z(vector)
        if reach > LARGEST_Z:
            raise ValueError(f"with these weights z reaches {reach:.1e}, and float32 ends at {LARGEST_Z:.1e}")
        return vector.astype(np.float32, copy=False)


def _corner_minus_other(pairs: NDArray[np.float32]) -> NDArray[np.float32]:
    """(..., 1) or (..., 2) to (...,): the number itself, or the corner's minus the other's."""
    return pairs[..., 0] if pairs.shape[-1] == 1 else pairs[..., 1] - pairs[..., 0]
