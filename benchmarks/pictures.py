"""Corners in pictures: a look-up in the 512 patterns, beside scikit-image's Harris corners and SciPy's hit-or-miss.

All three look for the four corners of rectangles in the same scenes, and are matched with the truth in the same way.
Harris names no orientation, so it may pair with any. scikit-image and SciPy are in requirements-bench.txt: nothing else
needs them. The page shows what is measured here; where that has changed, it is to be changed there.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable, Sequence

import numpy as np

from benchmarks.report import Line, faster
from corner_lab.analysis.corner_detectors import (
    HARRIS,
    HIT_OR_MISS,
    KINDS,
    SEEDS,
    Figures,
    Finder,
    figures,
    look_up,
)
from corner_lab.network.patterns import pixels
from corner_lab.pictures import Corner, Scene, scene
from corner_lab.pictures.corners import CORNER_PATTERNS
from corner_lab.pictures.patches import Picture


def harris(picture: Picture) -> Iterable[Corner]:
    from skimage.feature import corner_harris, corner_peaks

    # Of min_distance 1 to 3 and threshold_rel .02 to .2 this finds most in these scenes.
    peaks = corner_peaks(corner_harris(picture), min_distance=1, threshold_rel=0.2)
    return [Corner(row, column, "") for row, column in peaks.tolist()]


def hit_or_miss(picture: Picture) -> Iterable[Corner]:
    from scipy.ndimage import binary_hit_or_miss

    found = []
    for word, pattern in CORNER_PATTERNS.items():
        shape = pixels(pattern).reshape(3, 3)
        hits = np.argwhere(binary_hit_or_miss(picture, shape, 1 - shape))
        found += [Corner(row, column, word) for row, column in hits.tolist()]
    return found


def speed() -> list[Line]:
    large = [scene("distractors", seed, 256, 256) for seed in SEEDS]
    ours, peaks, hits = _medians((look_up, harris, hit_or_miss), large)
    what = "corners of a 256 x 256 picture, look-up"
    return [
        faster(what, ours, peaks, "corner_harris + corner_peaks", 1),
        faster(what, ours, hits, "binary_hit_or_miss, four times"),
    ]


def _medians(finders: Sequence[Finder], scenes: Sequence[Scene]) -> list[float]:
    """Seconds a picture of each, in turn, so that a busy machine is as busy for all of them."""
    times: list[list[float]] = [[] for _ in finders]
    for finder in finders:
        finder(scenes[0].picture)  # imports
    for one in scenes:
        for finder, took in zip(finders, times, strict=True):
            start = time.perf_counter()
            finder(one.picture)
            took.append(time.perf_counter() - start)
    return [statistics.median(took) for took in times]


def quality() -> list[Line]:
    lines = []
    for kind in KINDS:
        ours, peaks, hits = (figures(finder, kind) for finder in (look_up, harris, hit_or_miss))
        what = f"corners of {len(SEEDS)} scenes, {kind}: precision, recall, F1"
        as_shown = float((peaks, hits) == (HARRIS[kind], HIT_OR_MISS[kind]))
        beside = f"Harris {_text(peaks)}; hit-or-miss {_text(hits)}"
        lines.append(Line(what, _text(ours), beside, "", as_shown, (">=", 1, "as on the page")))
    return lines


def _text(found: Figures) -> str:
    return " ".join("none" if f is None else f"{f:.2f}" for f in found)
