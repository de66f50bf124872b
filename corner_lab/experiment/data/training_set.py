"""The samples that a run learns from: the 512 patterns, or the 3x3 patches of seeded scenes with their true labels.

Every patch is one of the 512 patterns, so a sample is a pattern and a label. A patch whose middle is a corner of the
target's orientations is positive, whatever its pattern; the same pattern may be positive here and negative there.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.data.packing import packed, unpacked
from corner_lab.formatting import sentences
from corner_lab.language import msg
from corner_lab.network.patterns import COUNT, is_target
from corner_lab.pictures.frequencies import Frequencies, labelled_patches
from corner_lab.pictures.scenes import KINDS, scene
from corner_lab.registry import Choice, registry

SIDE = 32  # pixels of a scene, each way
PATCHES = (SIDE - 2) ** 2  # in a scene, those that lie in it whole
LEAST_SCENES, MOST_SCENES = 10, 100
PREFIX = "scenes:"

DATA = registry(
    Choice(
        "patterns", msg("the 512 patterns"), msg("Every pattern once, and its label says whether it is a target."), ""
    ),
    *(
        Choice(
            f"{PREFIX}{word}",
            msg("scenes, {kind}", kind=kind.label_message),
            sentences(msg("All 3x3 patches of seeded scenes."), kind.explanation_message),
            "",
        )
        for word, kind in KINDS.items()
    ),
)


@dataclass(frozen=True)
class Scenes:
    """Scenes of a kind, 32 x 32 pixels: `count` of them, with seeds one after the other from `seed` on."""

    kind: str
    count: int
    seed: int

    @property
    def fresh(self) -> "Scenes":
        """As many as the most there can be, and none of these."""
        return Scenes(self.kind, MOST_SCENES, self.seed + self.count)


def scenes_of(data: str, count: int, seed: int) -> Scenes | None:
    """The scenes that a word of DATA stands for; None for `patterns`."""
    return Scenes(data.removeprefix(PREFIX), count, seed) if data.startswith(PREFIX) else None


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """The samples in order (n,), packed (see `packing`): patterns by index, or patches scene by scene, row by row; and
    whose label is 1 (n,)."""

    samples: NDArray[np.int32]
    positive: NDArray[np.bool_]

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How many samples of each pattern have label 0 and label 1, (2, 512)."""
        return class_counts(self.samples, self.positive)


def class_counts(samples: NDArray[np.int32], positive: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many of these samples (n,) of each pattern are negative and positive, (2, 512)."""
    pattern = unpacked(samples)[0]
    return np.stack([np.bincount(pattern[positive == kind], minlength=COUNT) for kind in (False, True)])


@lru_cache(maxsize=32)
def training_set(target: tuple[int, ...], scenes: Scenes | None = None) -> TrainingSet:
    """The training set for these target patterns: all 512 patterns, or the patches of scenes."""
    mask = is_target(target)
    if scenes is None:
        return TrainingSet(np.arange(COUNT, dtype=np.int32), mask)
    drawn = (scene(scenes.kind, scenes.seed + i, SIDE, SIDE) for i in range(scenes.count))
    found = [labelled_patches(one, target) for one in drawn]
    pattern, positive = (np.concatenate([part.ravel() for part in parts]) for parts in zip(*found, strict=True))
    other = np.argmin(mask)  # a pattern that is no target
    own = np.where(mask[pattern] == positive, pattern, np.where(positive, target[0], other))
    return TrainingSet(packed(pattern, own.astype(np.int32)), positive)


@lru_cache(maxsize=32)
def scene_frequencies(target: tuple[int, ...], scenes: Scenes) -> Frequencies:
    """How often each pattern is a patch of these scenes, and how often as a corner; those that no patch has in its
    middle do not count."""
    negatives, positives = training_set(target, scenes).counts
    return Frequencies(scenes.count, negatives + positives, positives, int(positives.sum()))
