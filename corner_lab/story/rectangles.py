"""The story's way back to the question: what the trained network finds in pictures of rectangles, counted."""

from collections.abc import Mapping
from functools import cache

import numpy as np

from corner_lab.language import tr, trn
from corner_lab.network.patterns import CORNER, COUNT
from corner_lab.pictures.corners import Corner
from corner_lab.pictures.detection import detect
from corner_lab.pictures.frequencies import Frequencies, frequencies
from corner_lab.pictures.patches import pattern_indices
from corner_lab.pictures.scenes import Scene, scene
from corner_lab.training.run import Run

NETWORK = "the asker's fix"
KINDS = ("filled", "outlined")  # the scenes that are shown beside each other, and counted in


@cache
def shown(kind: str) -> Scene:
    return scene(kind, seed=0)


def found(runs: Mapping[str, Run], kind: str) -> tuple[Corner, ...]:
    """What the network calls a corner in the scene of that kind that is shown."""
    run = runs[NETWORK]
    assert run.history is not None
    return detect(shown(kind).picture, run.history.z(), run.experiment.threshold, run.experiment.target)


def every_patch() -> str:
    patches = pattern_indices(shown("filled").picture)
    return tr(
        "Every 3×3 patch of a picture is one of the {all} patterns: the {patches} of the left one are {different} of "
        "them, looked up in {all} outputs.",
        all=COUNT,
        patches=patches.size,
        different=len(np.unique(patches)),
    )


def counted(runs: Mapping[str, Run]) -> str:
    """How many corners the trained network finds in the scenes of both kinds."""
    run = runs[NETWORK]
    assert run.history is not None
    called = run.history.z() > run.experiment.threshold
    filled, outlined = (_frequencies(kind).scores(called) for kind in KINDS)
    there = [scores.tp + scores.fn for scores in (filled, outlined)]
    return trn(
        "In {scenes} such pictures the asker's fix finds {found} of {there} top-left corners, with {count} false one; "
        "of outlined rectangles {outlined} of {outlined_there}: theirs are other patterns, which it was taught to "
        "reject.",
        "In {scenes} such pictures the asker's fix finds {found} of {there} top-left corners, with {count} false ones; "
        "of outlined rectangles {outlined} of {outlined_there}: theirs are other patterns, which it was taught to "
        "reject.",
        filled.fp,
        scenes=_frequencies("filled").scenes,
        found=f"{filled.tp:,}",
        there=f"{there[0]:,}",
        outlined=f"{outlined.tp:,}",
        outlined_there=f"{there[1]:,}",
    )


@cache
def _frequencies(kind: str) -> Frequencies:
    return frequencies(kind, target=(CORNER,))
