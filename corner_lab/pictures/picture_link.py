"""A picture in a link: a scene by kind, seed and side, or a drawing as the lengths of its runs.

    scene=filled:7:32      a square scene, see `scenes`
    drawing=32x32:BpI…     height, width, and the lengths of the runs of 0 and of 1 in turn, the first of 0, row by row;
                           in base 64 (`DIGITS`), five bits a digit, the lowest first, 32 added where more follow
    network=run            which network looks at it
    tolerance=2            pixels between a corner that is found and the true one, see `match`
    map=z                  what the response map shows

The browser writes and reads drawings in the same way (ui/components/stage/pictures/run_lengths.js).
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from corner_lab.language import tr
from corner_lab.pictures.detection import MAX_TOLERANCE
from corner_lab.pictures.patches import Picture, binary
from corner_lab.pictures.scenes import KINDS, LARGEST, MAX_SEED, SMALLEST

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SIDES = (3, 256)  # of a drawing
WORDS = ("scene", "drawing", "network", "tolerance", "map")
NETWORKS = ("bench", "run", "by_hand", "matched")
MAPS = ("none", "z", "output")


@dataclass(frozen=True)
class SceneWord:
    """A square scene of a kind of `KINDS`, with side 8 to 256."""

    kind: str = "filled"
    seed: int = 0
    side: int = 32

    def __str__(self) -> str:
        return f"{self.kind}:{self.seed}:{self.side}"


def _refused(name: str, text: str, why: str) -> ValueError:
    """As `ExperimentError` says it of the other words of a link."""
    return ValueError(f"{name} {text[:60]!r}: {why}")


def read_scene(text: str) -> SceneWord:
    """What `scene=` says. Raises ValueError with what is allowed."""
    found = re.fullmatch(r"(\w+):(\d{1,10}):(\d{1,3})", text.strip(), re.ASCII)
    if not found or found[1] not in KINDS:
        told = tr("kind, seed and side as in 'filled:0:32'; kinds are {kinds}", kinds=", ".join(KINDS))
        raise _refused("scene", text, told)
    seed, side = int(found[2]), int(found[3])
    if seed > MAX_SEED:
        raise _refused("scene", text, tr("a seed is a whole number from 0 to {most}", most=f"{MAX_SEED:,}"))
    if not SMALLEST <= side <= LARGEST:
        told = tr("a side is a whole number from {smallest} to {largest}", smallest=SMALLEST, largest=LARGEST)
        raise _refused("scene", text, told)
    return SceneWord(found[1], seed, side)


def drawing_text(picture: ArrayLike) -> str:
    """A picture (h, w) of 0 and 1 as `drawing=` says it."""
    pixels = binary(picture)
    row = pixels.ravel()
    changes = np.flatnonzero(np.diff(row)) + 1
    ends = [*([0] if row[0] else []), *changes.tolist(), row.size]  # a run of no zeros where it begins with a one
    lengths = np.diff([0, *ends])
    return f"{pixels.shape[0]}x{pixels.shape[1]}:" + "".join(_digits(int(length)) for length in lengths)


def _digits(length: int) -> str:
    text = ""
    while length >= 32:
        text, length = text + DIGITS[32 + (length & 31)], length >> 5
    return text + DIGITS[length]


def read_drawing(text: str) -> Picture:
    """The picture that `drawing=` says, (h, w) uint8 of 0 and 1. Raises ValueError with what is allowed."""
    low, high = SIDES
    found = re.fullmatch(r"(\d{1,3})x(\d{1,3}):([A-Za-z0-9_-]*)", text.strip(), re.ASCII)
    height, width = (int(found[1]), int(found[2])) if found else (0, 0)
    if not found or not all(low <= side <= high for side in (height, width)):
        told = tr("sides of {low} to {high} and runs, as the page writes them", low=low, high=high)
        raise _refused("drawing", text, told)
    lengths, length, shift = list[int](), 0, 0
    for digit in found[3]:
        value = DIGITS.index(digit)
        length |= (value & 31) << shift
        shift += 5
        if shift > 20:
            break
        if value < 32:
            lengths.append(length)
            length = shift = 0
    if shift or sum(lengths) != height * width:
        told = tr("the runs do not fill {height} by {width} cells", height=height, width=width)
        raise _refused("drawing", text, told)
    kinds = np.arange(len(lengths), dtype=np.uint8) % 2
    return np.repeat(kinds, lengths).reshape(height, width)


def read_network(text: str) -> str:
    """What `network=` says. Raises ValueError with what is allowed."""
    if text not in NETWORKS:
        raise _refused("network", text, tr("allowed are {words}", words=", ".join(NETWORKS)))
    return text


def read_map(text: str) -> str:
    """What `map=` says. Raises ValueError with what is allowed."""
    if text not in MAPS:
        raise _refused("map", text, tr("allowed are {words}", words=", ".join(MAPS)))
    return text


def read_tolerance(text: str) -> int:
    """What `tolerance=` says, in pixels. Raises ValueError with what is allowed."""
    if not re.fullmatch(r"\d{1,2}", text, re.ASCII) or int(text) > MAX_TOLERANCE:
        raise _refused("tolerance", text, tr("a whole number from 0 to {most}", most=MAX_TOLERANCE))
    return int(text)
