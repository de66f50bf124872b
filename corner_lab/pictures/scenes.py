"""Scenes: seeded pictures of rectangles, and where their corners are by construction.

A scene of a kind, a seed and a size is the same on every machine. Kinds that differ in one respect (`filled`,
`outlined`, `noisy`) have the same rectangles for the same seed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from corner_lab.language import msg, tr
from corner_lab.pictures.corners import ORIENTATIONS, Corner
from corner_lab.pictures.patches import Picture
from corner_lab.pictures.shapes import LETTERS, RUN, Shape, disk, letter, rectangle, turned_rectangle
from corner_lab.registry import Choice, registry

__all__ = ["KINDS", "ORIENTATIONS", "Corner", "Kind", "Scene", "scene"]

SMALLEST, LARGEST = 8, 256  # pixels a side
MAX_SEED = 2**31 - 1  # as of an Experiment
RECTANGLES = 4  # in a scene, as far as there is room for them
SHORTEST = 3  # side of a rectangle in pixels, unless it is thin
FLIPPED = 0.02  # probability of each pixel of a noisy scene
TRIES = 200  # to find room for a shape


@dataclass(frozen=True, eq=False)
class Scene:
    """A picture (h, w) of 0 and 1, read-only, and the true corners of its rectangles, by row and column.

    Every rectangle's four corners are there, also those that another rectangle hides; two rectangles whose corners of
    one orientation fall on one pixel share it.
    """

    picture: Picture
    corners: tuple[Corner, ...]


class _Canvas:
    """A scene that is being drawn."""

    def __init__(self, seed: int, height: int, width: int) -> None:
        self.random = np.random.Generator(np.random.PCG64(seed))
        self.picture: Picture = np.zeros((height, width), dtype=np.uint8)
        self.corners: set[Corner] = set()
        self.longest = max(SHORTEST, 11 * min(height, width) // 32)  # side of a rectangle in pixels

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return int(self.random.integers(low, high, endpoint=True))

    def sides(self, shortest: int = SHORTEST) -> tuple[int, int]:
        return self.between(shortest, self.longest), self.between(shortest, self.longest)

    def somewhere(self, shape: Shape, margin: int = 1) -> tuple[int, int] | None:
        """A place for a shape with so many empty pixels between it and the border; None if it is too large."""
        last_row = self.picture.shape[0] - shape.height - margin
        last_column = self.picture.shape[1] - shape.width - margin
        if min(last_row, last_column) < margin:
            return None
        return self.between(margin, last_row), self.between(margin, last_column)

    def empty(self, row: int, column: int, shape: Shape, around: int) -> bool:
        """Whether nothing is drawn where a shape would be, nor so many pixels around it."""
        rows = slice(max(row - around, 0), row + shape.height + around)
        return not self.picture[rows, max(column - around, 0) : column + shape.width + around].any()

    def put(self, row: int, column: int, shape: Shape) -> None:
        self.picture[row : row + shape.height, column : column + shape.width] |= shape.mask
        self.corners |= {Corner(row + c.row, column + c.column, c.orientation) for c in shape.corners}

    def put_apart(self, drawn: Callable[[], Shape], place: Callable[[Shape], tuple[int, int] | None]) -> None:
        """Draw shapes until one finds a place with an empty pixel all around, or leave it out."""
        for _ in range(TRIES):
            shape = drawn()
            where = place(shape)
            if where and self.empty(*where, shape, around=1):
                self.put(*where, shape)
                return


def _apart(canvas: _Canvas, drawn: Callable[[], Shape], count: int = RECTANGLES) -> None:
    for _ in range(count):
        canvas.put_apart(drawn, canvas.somewhere)


def _filled(canvas: _Canvas) -> None:
    _apart(canvas, lambda: rectangle(*canvas.sides()))


def _outlined(canvas: _Canvas) -> None:
    _apart(canvas, lambda: rectangle(*canvas.sides(), outlined=True))


def _overlapping(canvas: _Canvas) -> None:
    for _ in range(RECTANGLES):
        shape = rectangle(*canvas.sides())
        where = canvas.somewhere(shape)
        assert where, "the longest side leaves a margin"
        canvas.put(*where, shape)


def _touching(canvas: _Canvas) -> None:
    """One rectangle, then each of the others at a side of one that is there, with at least a pixel in common."""
    there: list[tuple[int, int, Shape]] = []

    def beside(shape: Shape) -> tuple[int, int] | None:
        if not there:
            return canvas.somewhere(shape)
        row, column, host = there[canvas.between(0, len(there) - 1)]
        side = canvas.between(0, 3)
        if side % 2:  # to the right or to the left
            row += canvas.between(1 - shape.height, host.height - 1)
            column += host.width if side == 1 else -shape.width
        else:  # above or below
            column += canvas.between(1 - shape.width, host.width - 1)
            row += -shape.height if side == 0 else host.height
        height, width = canvas.picture.shape
        inside = row >= 1 and column >= 1 and row + shape.height < height and column + shape.width < width
        return (row, column) if inside else None

    for _ in range(RECTANGLES):
        for _ in range(TRIES):
            shape = rectangle(*canvas.sides())
            where = beside(shape)
            if where and canvas.empty(*where, shape, around=0):
                canvas.put(*where, shape)
                there.append((*where, shape))
                break


def _border(canvas: _Canvas) -> None:
    height, width = canvas.picture.shape

    def at_border(shape: Shape) -> tuple[int, int] | None:
        where = canvas.somewhere(shape, margin=0)
        if where is None:
            return None
        row, column = where
        edges = (0, column), (row, width - shape.width), (height - shape.height, column), (row, 0)
        return edges[canvas.between(0, 3)]

    for _ in range(RECTANGLES):
        canvas.put_apart(lambda: rectangle(*canvas.sides()), at_border)


def _thin(canvas: _Canvas) -> None:
    def drawn() -> Shape:
        sides = canvas.between(1, 2), canvas.between(SHORTEST, canvas.longest)
        return rectangle(*(sides if canvas.between(0, 1) else sides[::-1]))

    _apart(canvas, drawn)


def _noisy(canvas: _Canvas) -> None:
    _filled(canvas)
    canvas.picture ^= (canvas.random.random(canvas.picture.shape) < FLIPPED).astype(np.uint8)


def _turned(canvas: _Canvas) -> None:
    def drawn() -> Shape:
        rise = canvas.between(2, RUN) * (1 if canvas.between(0, 1) else -1)
        return turned_rectangle(*canvas.sides(min(5, canvas.longest)), rise)

    _apart(canvas, drawn)


def _distractors(canvas: _Canvas) -> None:
    def some_disk() -> Shape:
        return disk(canvas.between(2, max(2, canvas.longest // 2)))

    def some_letter() -> Shape:
        return letter(list(LETTERS)[canvas.between(0, len(LETTERS) - 1)], canvas.between(1, 2))

    for _ in range(RECTANGLES // 2):
        _apart(canvas, lambda: rectangle(*canvas.sides()), 1)
        _apart(canvas, some_disk, 1)
        _apart(canvas, some_letter, 1)


@dataclass(frozen=True)
class Kind(Choice):
    """A kind of scene, and what draws it."""

    draw: Callable[[_Canvas], None]


KINDS: Mapping[str, Kind] = registry(
    Kind(
        "filled",
        msg("filled"),
        msg("Four filled rectangles with at least one empty pixel between them."),
        "",
        _filled,
    ),
    Kind("outlined", msg("outlined"), msg("The same rectangles, only their outline of one pixel."), "", _outlined),
    Kind(
        "overlapping",
        msg("overlapping"),
        msg("Filled rectangles anywhere, so that one may hide corners of another; hidden ones count as corners."),
        "",
        _overlapping,
    ),
    Kind(
        "touching",
        msg("touching"),
        msg("Filled rectangles side by side, each along a side of another."),
        "",
        _touching,
    ),
    Kind(
        "border",
        msg("at the border"),
        msg("Filled rectangles that lie at the picture's border, where a patch is whole only with padding."),
        "",
        _border,
    ),
    Kind("thin", msg("thin"), msg("Rectangles of one or two pixels in height or width."), "", _thin),
    Kind(
        "noisy", msg("noisy"), msg("Filled rectangles, then each pixel flipped with a probability of 2%."), "", _noisy
    ),
    Kind(
        "turned",
        msg("turned"),
        msg("Filled rectangles turned by 9 to 45 degrees either way; a corner is the pixel farthest out."),
        "",
        _turned,
    ),
    Kind(
        "distractors",
        msg("disks and letters"),
        msg("Two filled rectangles among disks and letters, whose corners do not count."),
        "",
        _distractors,
    ),
)


def scene(kind: str, seed: int, height: int = 32, width: int = 32) -> Scene:
    """The scene of a kind of `KINDS` that this seed gives, height and width 8 to 256 pixels.

    There are four rectangles (two among distractors), fewer where they find no room. Raises ValueError as `check` does.
    """
    check(kind, seed, height, width)
    canvas = _Canvas(seed, height, width)
    KINDS[kind].draw(canvas)
    canvas.picture.flags.writeable = False
    return Scene(canvas.picture, tuple(sorted(canvas.corners)))


def check(kind: str, seed: int, height: int, width: int) -> None:
    """Raises ValueError with what is allowed if there is no such scene."""
    if kind not in KINDS:
        raise ValueError(tr("kind {kind}: allowed are {kinds}", kind=repr(kind), kinds=", ".join(map(repr, KINDS))))
    for name, value, low, high in (
        ("height", height, SMALLEST, LARGEST),
        ("width", width, SMALLEST, LARGEST),
        ("seed", seed, 0, MAX_SEED),
    ):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or not low <= value <= high:
            raise ValueError(
                tr(
                    "{name} {value}: allowed are whole numbers from {low} to {high}",
                    name=name,
                    value=repr(value),
                    low=low,
                    high=f"{high:,}",
                )
            )
