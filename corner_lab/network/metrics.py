"""Metrics: confusion counts and what follows from them, the separation gap and the margin."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corner_lab.network.numpy_model import one_kernel, pre_activations
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import COUNT, is_target

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Counts:
    """Confusion counts over all 512 patterns. Right is strictly on the label's side of the threshold."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def right(self) -> int:
        return self.tp + self.tn

    @property
    def solved(self) -> bool:
        return self.fp == 0 and self.fn == 0

    @property
    def recall(self) -> float:
        """tp / (tp + fn)."""
        return self.tp / (self.tp + self.fn)

    @property
    def specificity(self) -> float:
        """tn / (tn + fp)."""
        return self.tn / (self.tn + self.fp)

    @property
    def precision(self) -> float | None:
        """tp / (tp + fp); None if nothing was called a corner."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else None

    @property
    def balanced_accuracy(self) -> float:
        """The mean of recall and specificity."""
        return (self.recall + self.specificity) / 2


def right(z: Floats, target: tuple[int, ...], threshold: float) -> NDArray[np.bool_]:
    """The verdict: which patterns lie on their label's side of the threshold, from z of all, (..., 512) to (..., 512).

    Strictly: where z is exactly the threshold there is a tie, which is wrong for either label. Everything that counts
    or says what is right comes from here, or from the same comparison in JavaScript and in exported scripts.
    """
    return np.where(is_target(target), z > threshold, z < threshold)


def confusion_counts(z: Floats, target: tuple[int, ...], threshold: float) -> Counts:
    """Counts for z of all patterns, shape (512,)."""
    correct, positive = right(z, target, threshold), is_target(target)
    tp, fp = int(np.count_nonzero(correct & positive)), int(np.count_nonzero(~correct & ~positive))
    return Counts(tp, fp, len(target) - tp, COUNT - len(target) - fp)


def separation_gap(z: NDArray[np.floating], target: tuple[int, ...]) -> float:
    """Lowest target z minus highest other z, from z of all patterns (512,): positive means a threshold could
    separate."""
    positive = is_target(target)
    return float(z[positive].min() - z[~positive].max())


def margin(numbers: Vector, target: tuple[int, ...]) -> float:
    """The gap over twice the norm of the effective kernel (kernel times w2): how far the boundary is from both classes.

    Of a network that is one kernel, as it is with nothing between its convolutions: with relu there the boundary is no
    plane. In pixel units; 1/6 for a matched filter. 0 for a kernel of zeros. See e.g. Hastie et al., Elements of
    Statistical Learning, section 4.5.
    """
    norm = float(np.linalg.norm(one_kernel(numbers)[0]))
    return separation_gap(pre_activations(numbers), target) / (2 * norm) if norm else 0.0
