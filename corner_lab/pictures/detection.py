"""Detection: a network's outputs looked up over a picture, its hits as corners, and these matched with the truth."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corner_lab.language import tr
from corner_lab.network.patterns import COUNT, all_patterns
from corner_lab.pictures.corners import CORNER_PATTERNS, ORIENTATIONS, Corner, orientation_names, wanted_orientations
from corner_lab.pictures.patches import MIDDLE, pattern_indices

MAX_TOLERANCE = 16  # pixels


def responses(picture: ArrayLike, z: NDArray[np.float64], padded: bool = False) -> NDArray[np.float64]:
    """z of every patch of a picture (h, w), from z of the 512 patterns: shape as `pattern_indices` gives it."""
    return _of_all_patterns(z)[pattern_indices(picture, padded)]


def detect(
    picture: ArrayLike, z: NDArray[np.float64], threshold: float, target: Sequence[int], padded: bool = False
) -> tuple[Corner, ...]:
    """What a network calls a corner in a picture (h, w) of 0 and 1: the middle of each 3x3 patch whose z is above the
    threshold, by row and column. A tie is no hit.

    z: of the 512 patterns, float64 (512,), as `numpy_model.pre_activations` gives it. `target`: the patterns that the
    network is for; a hit has the orientation of the nearest (see `orientation_names`), "" if that is no corner.
    `padded`: look at the patches around the pixels at the border, too, with zeros outside. Raises ValueError.
    """
    called = _of_all_patterns(z) > threshold  # (512,)
    indices = pattern_indices(picture, padded)
    names = _names(tuple(target))
    first = 0 if padded else MIDDLE
    rows, columns = np.nonzero(called[indices])
    patterns = indices[rows, columns].tolist()
    places = zip((rows + first).tolist(), (columns + first).tolist(), patterns, strict=True)
    return tuple(Corner(row, column, names[pattern]) for row, column, pattern in places)


def detect_turned(
    picture: ArrayLike, z: NDArray[np.float64], threshold: float, target: Sequence[int], padded: bool = False
) -> tuple[Corner, ...]:
    """As `detect`, with a network that is for one corner turned by quarter turns, to find all four orientations.

    Turning the picture the other way gives the same: one kernel that finds one corner is four that find all of them. A
    pixel may be several corners; a place comes once for each. Raises ValueError where the target is not one corner.
    """
    asked = wanted_orientations(target)
    if len(target) != 1 or len(asked) != 1:
        raise ValueError(tr("only a network for one of the four corners can be turned to find the others"))
    found, first = set[Corner](), ORIENTATIONS.index(asked[0])
    for turn in range(len(ORIENTATIONS)):
        word = ORIENTATIONS[(first + turn) % len(ORIENTATIONS)]
        found |= set(detect(picture, z, threshold, (CORNER_PATTERNS[word],), padded))
        z = quarter_turned(z)
    return tuple(sorted(found))


def quarter_turned(z: ArrayLike) -> NDArray[np.float64]:
    """z of the 512 patterns (512,) of a network whose kernels are turned clockwise by 90 degrees, from that of the
    network as it is: what it says of a pattern is what that one says of the pattern turned back."""
    patterns = all_patterns()[..., 0]
    turned_back = np.rot90(patterns, axes=(1, 2)).reshape(COUNT, 9) @ (1 << np.arange(9))
    return _of_all_patterns(z)[turned_back.astype(np.int64)]


_names = lru_cache(maxsize=64)(orientation_names)


def _of_all_patterns(z: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(z, dtype=np.float64)
    if array.shape != (512,):
        raise ValueError(tr("z is of all 512 patterns, not of the shape {shape}", shape=array.shape))
    return array


# ---------------------------------------------------------------- figures of merit


@dataclass(frozen=True)
class Scores:
    """Counts of corners: found, taken for one, missed. Those of several pictures can be added."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def __add__(self, other: "Scores") -> "Scores":
        return Scores(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @property
    def precision(self) -> float | None:
        """tp / (tp + fp); None if nothing was called a corner."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else None

    @property
    def recall(self) -> float | None:
        """tp / (tp + fn); None if there is no corner."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both, 2 tp / (2 tp + fp + fn); None if there is no corner and none was found."""
        total = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / total if total else None


@dataclass(frozen=True, order=True)
class Error:
    """A corner that was taken for one or missed: its pixel, its orientation, and the index of the pattern around it
    (zeros outside the picture), None where `match` was not given the picture."""

    row: int
    column: int
    orientation: str
    pattern: int | None


@dataclass(frozen=True)
class Match:
    """What was found beside what is true: corners found rightly (as they were found), taken for one, and missed."""

    true_positives: tuple[Corner, ...]
    false: tuple[Error, ...]
    missed: tuple[Error, ...]

    @property
    def scores(self) -> Scores:
        return Scores(len(self.true_positives), len(self.false), len(self.missed))

    @property
    def precision(self) -> float | None:
        return self.scores.precision

    @property
    def recall(self) -> float | None:
        return self.scores.recall

    @property
    def f1(self) -> float | None:
        return self.scores.f1


def match(
    found: Iterable[Corner], true: Iterable[Corner], tolerance: int = 0, picture: ArrayLike | None = None
) -> Match:
    """Pair corners that were found with true ones, as many as possible, each with one at most.

    A pair has the same orientation (a found "" goes with any) and is at most `tolerance` pixels apart in rows and in
    columns. `picture` (h, w): gives each error the pattern around it. `true` has what the network is to find: see
    `wanted`. Raises ValueError for a tolerance that is no whole number of 0 to 16.
    """
    if isinstance(tolerance, bool) or not isinstance(tolerance, int) or not 0 <= tolerance <= MAX_TOLERANCE:
        raise ValueError(
            tr(
                "{name} {value}: allowed are whole numbers from {low} to {high}",
                name="tolerance",
                value=repr(tolerance),
                low=0,
                high=MAX_TOLERANCE,
            )
        )
    ours, truth = tuple(dict.fromkeys(found)), tuple(dict.fromkeys(true))
    partner = _largest_pairing([list(near) for near in _nearby(ours, truth, tolerance)])
    indices = None if picture is None else pattern_indices(picture, padded=True)

    def error(corner: Corner) -> Error:
        pattern = None if indices is None else int(indices[corner.row, corner.column])
        return Error(corner.row, corner.column, corner.orientation, pattern)

    right = set(partner.values())
    return Match(
        tuple(corner for i, corner in enumerate(ours) if i in right),
        tuple(error(corner) for i, corner in enumerate(ours) if i not in right),
        tuple(error(corner) for i, corner in enumerate(truth) if i not in partner),
    )


def _nearby(found: Sequence[Corner], true: Sequence[Corner], tolerance: int) -> Iterator[Iterator[int]]:
    """For each true corner the indices of those found that it may be paired with, the nearest first."""
    at: dict[tuple[int, int], list[int]] = {}
    for i, corner in enumerate(found):
        at.setdefault((corner.row, corner.column), []).append(i)
    reach = range(-tolerance, tolerance + 1)
    steps = sorted(((y, x) for y in reach for x in reach), key=lambda step: step[0] ** 2 + step[1] ** 2)
    for corner in true:
        places = (at.get((corner.row + y, corner.column + x), ()) for y, x in steps)
        yield (i for place in places for i in place if found[i].orientation in (corner.orientation, ""))


def _largest_pairing(nearby: Sequence[Sequence[int]]) -> Mapping[int, int]:
    """As many pairs as can be, from the choices of each: whose index to the chosen one. By augmenting paths, e.g.
    Cormen et al., Introduction to Algorithms, section 26.3."""
    chosen: dict[int, int] = {}
    holder: dict[int, int] = {}  # the other way round
    for start in range(len(nearby)):
        waiting, reached_from = deque([start]), dict[int, int]()
        while waiting:
            here = waiting.popleft()
            fresh = [i for i in nearby[here] if i not in reached_from]
            reached_from |= dict.fromkeys(fresh, here)
            free = next((i for i in fresh if i not in holder), None)
            if free is None:
                waiting.extend(holder[i] for i in fresh)
                continue
            step: int | None = free
            while step is not None:  # back to the start, everyone on the way moves on
                who = reached_from[step]
                chosen[who], holder[step], step = step, who, chosen.get(who)
            break
    return chosen
