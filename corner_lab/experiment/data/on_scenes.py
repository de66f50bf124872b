"""On scenes: how a network does on the patches of scenes, beside the best that whatever sees 3x3 pixels can do there.

A pattern that is a corner here and none there has one answer for both, so the counts of each pattern with either label
give the bound (Bayes): the majority's label for the accuracy, the best choice of patterns to call a corner for F1.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.data.training_set import Scenes, scene_frequencies
from corner_lab.pictures.detection import Scores
from corner_lab.pictures.frequencies import Frequencies

NEAR = 0.01  # of the best F1: as good as it can be


@dataclass(frozen=True, eq=False)
class OnScenes:
    """What becomes of the patches of scenes. `scores`: their corners found, missed, and others taken for one."""

    of: Frequencies
    scores: Scores
    accuracy: float

    @property
    def f1(self) -> float:
        """0 where nothing is found; 1 where there is nothing to find and nothing is found."""
        found = self.scores.f1
        return 1.0 if found is None else found

    @property
    def best_f1(self) -> float:
        best = self.of.best_f1
        return 1.0 if best is None else best

    @property
    def perfect(self) -> bool:
        """Whether every patch is right."""
        return not self.scores.fp and not self.scores.fn

    @property
    def at_best(self) -> bool:
        """Whether F1 is within NEAR of the best there is."""
        return self.f1 >= self.best_f1 - NEAR

    def to_json(self) -> dict[str, Any]:
        return {
            "scenes": self.of.scenes,
            "patches": self.of.patches,
            "corners": self.of.corners,
            "occurring_patterns": self.of.occurring,
            "ambiguous_patterns": self.of.ambiguous,
            "tp": self.scores.tp,
            "fp": self.scores.fp,
            "fn": self.scores.fn,
            "precision": self.scores.precision,
            "recall": self.scores.recall,
            "f1": self.f1,
            "best_f1": self.best_f1,
            "accuracy": self.accuracy,
            "best_accuracy": self.of.best_accuracy,
        }


def on_scenes(z: NDArray[np.float64], target: tuple[int, ...], threshold: float, scenes: Scenes) -> OnScenes:
    """How z of the 512 patterns (512,) does on scenes, for a network with these targets and this threshold."""
    frequencies, called = scene_frequencies(target, scenes), z > threshold
    return OnScenes(frequencies, frequencies.scores(called), frequencies.accuracy(called))


def own_and_fresh(
    z: NDArray[np.float64], target: tuple[int, ...], threshold: float, scenes: Scenes
) -> tuple[OnScenes, OnScenes]:
    """As `on_scenes`, on these scenes and on ones that a run on these has not seen."""
    return on_scenes(z, target, threshold, scenes), on_scenes(z, target, threshold, scenes.fresh)
