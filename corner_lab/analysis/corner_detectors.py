"""Corners by look-up beside two well-known detectors: the four corners of rectangles in the same scenes, matched alike.

Ours is measured where it is shown. What the others come to is kept here as `make bench` measured it, with libraries
that nothing else needs; it measures them anew, and says where that is something else.
"""

import statistics
import time
from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.initializers import linear_weights
from corner_lab.language import Message, msg, tr
from corner_lab.network.numpy_model import pre_activations
from corner_lab.pictures.corners import CORNER_PATTERNS, Corner
from corner_lab.pictures.detection import Scores, detect, match
from corner_lab.pictures.patches import Picture
from corner_lab.pictures.scenes import scene

#: Of scenes, and what the table calls them.
KINDS: dict[str, Message] = {
    "filled": msg("filled"),
    "outlined": msg("outlined"),
    "overlapping": msg("overlapping"),
    "noisy": msg("noisy"),
    "turned": msg("turned"),
    "distractors": msg("distractors"),
}
SEEDS = range(100)
TOLERANCE = 1  # pixels: a peak of Harris's response is often beside the corner's own pixel
TARGET = tuple(CORNER_PATTERNS.values())

Finder = Callable[[Picture], Iterable[Corner]]
Figures = tuple[
    float | None, float | None, float | None
]  # precision, recall, F1; None where nothing was called a corner

#: With scikit-image 0.26.0 and SciPy 1.17.1: figures by kind, rounded to two digits.
HARRIS: dict[str, Figures] = {
    "filled": (1.0, 0.86, 0.93),
    "outlined": (0.87, 0.72, 0.79),
    "overlapping": (0.97, 0.71, 0.82),
    "noisy": (0.98, 0.85, 0.91),
    "turned": (1.0, 0.99, 0.99),
    "distractors": (0.41, 0.89, 0.56),
}
HIT_OR_MISS: dict[str, Figures] = {
    "filled": (1.0, 1.0, 1.0),
    "outlined": (None, 0.0, 0.0),
    "overlapping": (1.0, 0.74, 0.85),
    "noisy": (1.0, 0.83, 0.91),
    "turned": (1.0, 0.31, 0.47),
    "distractors": (0.62, 1.0, 0.77),
}
LIBRARIES = ("scikit-image 0.26.0", "SciPy 1.17.1")
HARRIS_TAKES, HIT_OR_MISS_TAKES = 18, 10  # times as long as the look-up, in one run on one machine


@lru_cache(maxsize=1)
def _z() -> NDArray[np.float64]:
    """z (512,) of four networks set by hand, one an orientation: of whichever is surest."""
    found: NDArray[np.float64] = np.max([pre_activations(linear_weights("by_hand", one)) for one in TARGET], axis=0)
    return found


def look_up(picture: Picture) -> Iterable[Corner]:
    """All four corners in a picture (h, w) of 0 and 1."""
    return detect(picture, _z(), 0.0, TARGET)


def figures(finder: Finder, kind: str) -> Figures:
    """Precision, recall and F1 over the scenes of a kind, rounded to two digits."""
    total = Scores()
    for seed in SEEDS:
        one = scene(kind, seed)
        total += match(finder(one.picture), one.corners, TOLERANCE).scores
    precision, recall, f1 = (None if f is None else round(f, 2) for f in (total.precision, total.recall, total.f1))
    return precision, recall, f1


@lru_cache(maxsize=1)
def measured_look_up() -> dict[str, Figures]:
    """Ours, by kind; measured once in a process."""
    return {kind: figures(look_up, kind) for kind in KINDS}


def look_up_seconds(pictures: int = 9) -> float:
    """The median time for a picture of 256 x 256."""
    times = []
    for seed in range(pictures):
        picture = scene("distractors", seed, 256, 256).picture
        start = time.perf_counter()
        look_up(picture)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


# ---------------------------------------------------------------- in words


def comparison() -> tuple[str, str]:
    """All of it as a table in Markdown, and how it was measured."""
    ours = measured_look_up()
    rows = [
        [tr("Scenes"), tr("Look-up"), tr("Harris corners"), tr("Hit-or-miss")],
        ["---"] * 4,
        *([str(name), *(_text(found[kind]) for found in (ours, HARRIS, HIT_OR_MISS))] for kind, name in KINDS.items()),
        [
            tr("time for 256 × 256"),
            f"{1000 * look_up_seconds():.1f} ms",
            tr("about {times} times ours", times=HARRIS_TAKES),
            tr("about {times} times ours", times=HIT_OR_MISS_TAKES),
        ],
    ]
    image, science = LIBRARIES
    note = tr(
        "Precision · recall · F1 for all four corners in {scenes} scenes of each kind, matched within {pixels} pixel. "
        "The look-up, with the weights set by hand for each corner, was measured by this server just now; "
        "`corner_harris` with `corner_peaks` and four times `binary_hit_or_miss` by `make bench`, with {image} and "
        "{science}. Hit-or-miss asks for the same 3×3 patterns as the weights set by hand. Harris names no "
        "orientation, so any may match.",
        scenes=len(SEEDS),
        pixels=TOLERANCE,
        image=image,
        science=science,
    )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows), note


def _text(found: Figures) -> str:
    return " · ".join("–" if f is None else f"{f:.2f}" for f in found)
