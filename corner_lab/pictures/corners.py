"""A corner of a rectangle in a picture, its four orientations, and the pattern that each of them is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from corner_lab.network.patterns import COUNT, NAMED

#: The corners of a rectangle, clockwise.
ORIENTATIONS = ("top_left", "top_right", "bottom_right", "bottom_left")

#: What a 3x3 patch around the corner pixel of a large filled rectangle looks like: 432, 216, 27, 54.
CORNER_PATTERNS: Mapping[str, int] = MappingProxyType(
    {word: NAMED[word.replace("_", "-") + " corner"] for word in ORIENTATIONS}
)


@dataclass(frozen=True, order=True)
class Corner:
    """A corner: the rectangle's own pixel in it, counted from 0, and its orientation, of `ORIENTATIONS` or ""."""

    row: int
    column: int
    orientation: str


def wanted_orientations(target: Iterable[int]) -> tuple[str, ...]:
    """Which corners these target patterns are, in the order of `ORIENTATIONS`; none for an X or a line."""
    asked = set(target)
    return tuple(word for word, pattern in CORNER_PATTERNS.items() if pattern in asked)


def wanted(corners: Iterable[Corner], target: Iterable[int]) -> tuple[Corner, ...]:
    """Those of the corners that a network for these target patterns is to find, in their order."""
    orientations = wanted_orientations(target)
    return tuple(corner for corner in corners if corner.orientation in orientations)


def orientation_names(target: Iterable[int]) -> tuple[str, ...]:
    """What a patch of each of the 512 patterns is named if it is called a corner.

    It is the orientation of the target pattern that differs from the patch in the fewest pixels, the first in the
    order of `ORIENTATIONS` where two are as near; "" where that pattern is no corner.
    """
    words = {pattern: word for word, pattern in CORNER_PATTERNS.items()}
    asked = set(target)
    ordered = [*(pattern for pattern in words if pattern in asked), *sorted(asked - set(words))]
    nearest = (min(ordered, key=lambda pattern: (pattern ^ patch).bit_count()) for patch in range(COUNT))
    return tuple(words.get(pattern, "") for pattern in nearest)
