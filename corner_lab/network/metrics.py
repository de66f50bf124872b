"""Metrics: confusion counts and what follows from them, the separation gap and the margin."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.experiment import Experiment
from corner_lab.network.numpy_model import outputs, pre_activations, slopes
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import COUNT, is_target


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


def counts_from(tp: float, fp: float, targets: int) -> Counts:
    """All four counts from two of them."""
    return Counts(int(tp), int(fp), targets - int(tp), COUNT - targets - int(fp))


def confusion_counts(output: NDArray[np.floating], target: tuple[int, ...], threshold: float) -> Counts:
    """Counts for the outputs of all patterns, shape (512,)."""
    positive = is_target(target)
    tp = int(np.count_nonzero(positive & (output > threshold)))
    fp = int(np.count_nonzero(~positive & ~(output < threshold)))
    return counts_from(tp, fp, len(target))


def separation_gap(z: NDArray[np.floating], target: tuple[int, ...]) -> float:
    """Lowest target z minus highest other z, from z of all patterns (512,): positive means a threshold could
    separate."""
    positive = is_target(target)
    return float(z[positive].min() - z[~positive].max())


def margin(numbers: Vector, target: tuple[int, ...]) -> float:
    """The gap over twice the norm of the effective kernel (kernel times w2): how far the boundary is from both classes.

    In pixel units; 1/6 for a matched filter. 0 for a kernel of zeros. See e.g. Hastie et al., Elements of Statistical
    Learning, section 4.5.
    """
    norm = float(np.linalg.norm(numbers[:9].astype(np.float64) * float(numbers[10])))
    return separation_gap(pre_activations(numbers), target) / (2 * norm) if norm else 0.0


def unmeasured_row(numbers: Vector, weights: Vector, e: Experiment) -> NDArray[np.float32]:
    """A history row by NumPy alone, for weights that Keras gave no loss for: loss and gradient norms are NaN."""
    z, output = pre_activations(numbers), outputs(numbers, e.head)
    positive = is_target(e.target)
    counts = confusion_counts(output, e.target, e.threshold)
    nothing = float("nan")
    row = [
        nothing,
        output[positive].min(),
        output[~positive].max(),
        z[positive].min(),
        z[~positive].max(),
        z.min(),
        z.max(),
        counts.tp,
        counts.fp,
        np.count_nonzero(slopes(numbers, e.head)) / COUNT,
        nothing,
        nothing,
    ]
    return np.concatenate([np.array(row, dtype=np.float32), weights])
