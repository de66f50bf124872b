"""Shapes for scenes as small masks: rectangles, straight or turned, disks and letters. Integers only, so that a shape
has the same pixels on every machine."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from corner_lab.pictures.corners import ORIENTATIONS, Corner
from corner_lab.pictures.patches import Picture


@dataclass(frozen=True, eq=False)
class Shape:
    """A mask (h, w) of 0 and 1, not to be changed, and the corners in it, counted from its first pixel."""

    mask: Picture
    corners: tuple[Corner, ...] = ()

    @property
    def height(self) -> int:
        return int(self.mask.shape[0])

    @property
    def width(self) -> int:
        return int(self.mask.shape[1])


def rectangle(height: int, width: int, outlined: bool = False) -> Shape:
    """A rectangle with sides of so many pixels, filled or only its outline of one pixel."""
    mask = np.ones((height, width), dtype=np.uint8)
    if outlined:
        mask[1:-1, 1:-1] = 0
    bottom, right = height - 1, width - 1
    places = (0, 0), (0, right), (bottom, right), (bottom, 0)
    return Shape(mask, tuple(Corner(*place, word) for place, word in zip(places, ORIENTATIONS, strict=True)))


#: A turned rectangle rises by a number of pixels for so many to the side.
RUN = 12


@lru_cache(maxsize=1100)  # all there are in scenes of 32 x 32
def turned_rectangle(height: int, width: int, rise: int) -> Shape:
    """A filled rectangle turned by the angle whose tangent is rise / RUN, clockwise: a pixel is set if its middle is
    inside. A corner's pixel is the one farthest out that way, and keeps the name that it had before turning."""
    along, down = _turned_offsets(2 * math.isqrt(height**2 + width**2) + 3, rise)
    inside = (along**2 < width**2 * (RUN**2 + rise**2)) & (down**2 < height**2 * (RUN**2 + rise**2))
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    mask, along, down = inside[box], along[box], down[box]
    corners = []
    for word, (y, x) in zip(ORIENTATIONS, ((-1, -1), (-1, 1), (1, 1), (1, -1)), strict=True):
        reach = np.where(mask, y * down + x * along, np.iinfo(np.int64).min)
        row, column = divmod(int(reach.argmax()), mask.shape[1])
        corners.append(Corner(row, column, word))
    return Shape(mask.astype(np.uint8), tuple(corners))


def _turned_offsets(side: int, rise: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How far each pixel of a square is from its middle along the turned axes, both (side, side), in units of half a
    pixel times the length of (RUN, rise)."""
    offset = 2 * np.arange(side, dtype=np.int64) - (side - 1)
    y, x = offset[:, None], offset[None, :]
    return RUN * x + rise * y, RUN * y - rise * x


def disk(radius: int) -> Shape:
    """A filled disk, 2 * radius + 1 pixels across. It has no corners."""
    offset = np.arange(-radius, radius + 1)
    return Shape((offset[:, None] ** 2 + offset**2 <= radius * (radius + 1)).astype(np.uint8))


LETTERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "A": ("010", "101", "111", "101", "101"),
        "E": ("111", "100", "110", "100", "111"),
        "F": ("111", "100", "110", "100", "100"),
        "H": ("101", "101", "111", "101", "101"),
        "L": ("100", "100", "100", "100", "111"),
        "T": ("111", "010", "010", "010", "010"),
        "U": ("101", "101", "101", "101", "111"),
        "X": ("101", "101", "010", "101", "101"),
    }
)


def letter(word: str, scale: int) -> Shape:
    """A letter of `LETTERS`, its strokes `scale` pixels thick. Its corners are not a rectangle's."""
    mask = np.array([[int(bit) for bit in row] for row in LETTERS[word]], dtype=np.uint8)
    return Shape(mask.repeat(scale, axis=0).repeat(scale, axis=1))
