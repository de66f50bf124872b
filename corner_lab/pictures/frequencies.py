"""What pictures teach: how often each pattern occurs in scenes of a kind, how often as a corner, and the best that
anything that sees 3x3 pixels can make of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corner_lab.language import tr
from corner_lab.network.patterns import CORNER, COUNT
from corner_lab.pictures.corners import wanted
from corner_lab.pictures.detection import Scores
from corner_lab.pictures.patches import MIDDLE, pattern_indices
from corner_lab.pictures.scenes import Scene, scene


@dataclass(frozen=True, eq=False)
class Frequencies:
    """Of all patches of some scenes: how many are each pattern, and how many of these have a corner in the middle.

    `counts`, `positives`: (512,). `corners`: the corners in the scenes, those at the border that no patch has in its
    middle included. A pattern that is a corner here and none there carries both labels: whatever sees no more than 3x3
    pixels is wrong about one of them.
    """

    scenes: int
    counts: NDArray[np.int64]
    positives: NDArray[np.int64]
    corners: int

    @property
    def patches(self) -> int:
        return int(self.counts.sum())

    @property
    def occurring(self) -> int:
        """How many of the 512 patterns occur at all."""
        return int(np.count_nonzero(self.counts))

    @property
    def ambiguous(self) -> int:
        """How many patterns carry both labels."""
        return int(np.count_nonzero((self.positives > 0) & (self.positives < self.counts)))

    @property
    def blank_share(self) -> float:
        """The share of patches without a pixel, 0 to 1."""
        return float(self.counts[0] / self.patches)

    @property
    def patches_per_corner(self) -> float | None:
        """One patch in so many has a corner in its middle; None if none has."""
        seen = int(self.positives.sum())
        return self.patches / seen if seen else None

    @property
    def best_accuracy(self) -> float:
        """The share of patches that the best 3x3 classifier gets right: the majority's label for each pattern."""
        return float(np.maximum(self.positives, self.counts - self.positives).sum() / self.patches)

    def accuracy(self, called: ArrayLike) -> float:
        """The share of patches that a classifier gets right which calls these patterns (512,) a corner."""
        mask = np.asarray(called, dtype=np.bool_)
        return float(np.where(mask, self.positives, self.counts - self.positives).sum() / self.patches)

    @property
    def best_f1(self) -> float | None:
        """The highest F1 that a 3x3 classifier reaches on these scenes; None if there is no corner."""
        return self.scores(self.best_called).f1 if self.corners else None

    @property
    def best_called(self) -> NDArray[np.bool_]:
        """The patterns that the classifier with the highest F1 calls a corner, (512,).

        Those that are corners most often come first, and it stops where F1 is highest: see Lipton, Elkan and
        Naryanaswamy, Optimal Thresholding of Classifiers to Maximize F1 Measure, 2014.
        """
        called = np.zeros(COUNT, dtype=np.bool_)
        seen = np.flatnonzero(self.positives)
        if len(seen):
            order = seen[np.argsort(-(self.positives[seen] / self.counts[seen]), kind="stable")]
            right, all_called = self.positives[order].cumsum(), self.counts[order].cumsum()
            best = int(np.argmax(2 * right / (all_called + self.corners)))
            called[order[: best + 1]] = True
        return called

    def scores(self, called: ArrayLike) -> Scores:
        """How a classifier that calls these patterns (512,) a corner does on these scenes, matched exactly."""
        mask = np.asarray(called, dtype=np.bool_)
        right = int(self.positives[mask].sum())
        return Scores(right, int(self.counts[mask].sum()) - right, self.corners - right)


def frequencies(
    kind: str,
    seeds: Iterable[int] = range(300),
    target: Sequence[int] = (CORNER,),
    height: int = 32,
    width: int = 32,
    padded: bool = False,
) -> Frequencies:
    """The frequencies in the scenes of a kind that these seeds give; corners are those that the target patterns are.

    Raises ValueError as `scene` does.
    """
    return frequencies_of((scene(kind, seed, height, width) for seed in seeds), target, padded)


def frequencies_of(scenes: Iterable[Scene], target: Sequence[int] = (CORNER,), padded: bool = False) -> Frequencies:
    """As `frequencies`, of these scenes."""
    counts, positives = np.zeros(COUNT, dtype=np.int64), np.zeros(COUNT, dtype=np.int64)
    number = corners = 0
    for one in scenes:
        pattern, positive = labelled_patches(one, target, padded)
        counts += np.bincount(pattern.ravel(), minlength=COUNT)
        positives += np.bincount(pattern[positive], minlength=COUNT)
        number, corners = number + 1, corners + len({(c.row, c.column) for c in wanted(one.corners, target)})
    if not number:
        raise ValueError(tr("frequencies are those of one scene or more"))
    return Frequencies(number, counts, positives, corners)


def labelled_patches(
    one: Scene, target: Sequence[int], padded: bool = False
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """The patches of a scene: their pattern indices as `pattern_indices` gives them, and in the same shape which of
    them have a corner in their middle that the target patterns are. A pixel may be two corners of a thin rectangle."""
    pattern, first = pattern_indices(one.picture, padded), 0 if padded else MIDDLE
    positive = np.zeros(pattern.shape, dtype=np.bool_)
    height, width = pattern.shape
    for corner in wanted(one.corners, target):
        row, column = corner.row - first, corner.column - first
        if 0 <= row < height and 0 <= column < width:
            positive[row, column] = True
    return pattern, positive
