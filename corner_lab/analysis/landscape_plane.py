"""The plane of the landscape: scale along the matched filter, and bias; its marks, and where a run went on it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.losses import LOSSES
from corner_lab.language import Message, msg, tr
from corner_lab.network.numpy_model import one_kernel
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import all_patterns, pixels
from corner_lab.training.history import History, spread_rows

Floats = NDArray[np.float64]

MATCHED, PERFECT, REJECTING = "matched filter", "perfect", "rejects everything"
#: What is marked, and how the page calls it.
MARKS: dict[str, Message] = {
    MATCHED: msg("matched filter"),
    PERFECT: msg("perfect"),
    REJECTING: msg("rejects everything"),
}
POINTS_OF_PATH = 400
MARGIN = 0.08  # of the plane beyond what it must show


@dataclass(frozen=True)
class Plane:
    """Which part of the plane is looked at."""

    low_scale: float
    high_scale: float
    low_bias: float
    high_bias: float


@dataclass(frozen=True, eq=False)
class Path:
    """A run's shadow on the plane, row by row: all arrays (rows,).

    `off`: how much of the kernel's length is not along the matched filter, 0..1. `loss`: the run's own.
    """

    epochs: NDArray[np.int64]
    scale: Floats
    bias: Floats
    off: Floats
    loss: Floats


def direction(target: int) -> Floats:
    """The matched filter 2T-1 of a pattern, (9,)."""
    return np.asarray(2.0 * pixels(target) - 1)


def levels(target: int) -> tuple[Floats, NDArray[np.int64]]:
    """The ten values that the matched filter gives, and which of them each pattern has (512,).

    On the plane z = scale * level + bias, so there are at most ten different z at a point.
    """
    sums = all_patterns().reshape(-1, 9) @ direction(target)
    values, which = np.unique(sums, return_inverse=True)
    return values, which.astype(np.int64)


def numbers_at(target: int, scale: float, bias: float) -> Vector:
    """The twelve numbers that give z at a point of the plane. Raises ValueError where float32 cannot hold them."""
    numbers = np.array([*(scale * direction(target)), bias, 1, 0])
    if not (np.abs(numbers) <= np.finfo(np.float32).max).all():
        raise ValueError(tr("scale and bias are to be finite numbers that float32 can hold"))
    return numbers.astype(np.float32)


def solved_region(e: Experiment, plane: Plane) -> Floats:
    """The corners (n, 2) of the part of the plane in which all 512 patterns are right, scale and bias; (0, 2) for none.

    z is linear in scale and bias, so each of the ten levels has its side of a line: the plane is cut at all of them.
    """
    values, which = levels(e.target[0])
    region = [
        np.array([scale, bias])
        for scale, bias in (
            (plane.low_scale, plane.low_bias),
            (plane.high_scale, plane.low_bias),
            (plane.high_scale, plane.high_bias),
            (plane.low_scale, plane.high_bias),
        )
    ]
    for level, value in enumerate(values):
        side = 1 if level == which[e.target[0]] else -1
        region = _cut(region, side * np.array([value, 1.0]), -side * e.threshold)
    return np.array(region).reshape(-1, 2)


def _cut(region: list[Floats], normal: Floats, offset: float) -> list[Floats]:
    """The part of a convex polygon where normal . point + offset is above 0 (Sutherland and Hodgman, 1974)."""
    kept: list[Floats] = []
    for here, there in zip(region, [*region[1:], *region[:1]], strict=True):
        now, then = float(normal @ here) + offset, float(normal @ there) + offset
        if now > 0:
            kept.append(here)
        if (now > 0) != (then > 0):
            kept.append(here + (there - here) * now / (now - then))
    return kept


def marks(e: Experiment) -> dict[str, tuple[float, float]]:
    """Points (scale, bias) to mark, for one target.

    The matched filter has scale 1 and its threshold midway. Perfect: target and nearest others stand as far on either
    side of the threshold as makes the head certain. Rejecting everything: scale 0, and every z there.
    """
    ones = float(pixels(e.target[0]).sum())
    middle, reach = e.threshold, _certain(e)
    found = {MATCHED: (1.0, middle - (ones - 0.5)), PERFECT: (2 * reach, middle + reach - 2 * reach * ones)}
    return found | {REJECTING: (0.0, middle - reach)}


def _certain(e: Experiment) -> float:
    """How far from the threshold z is certain: where hard_sigmoid and hinge end, an output of 0 or 1 for linear + mse;
    for a sigmoid, which never is, 6: an output of 0.998."""
    if e.head == "hard_sigmoid":
        return 3.0
    if e.head == "linear" and not LOSSES[e.loss].from_logits(e.head):
        return 1.0 if LOSSES[e.loss].signed else 0.5
    return 6.0


def path(history: History) -> Path:
    """The shadow of a run with one target: scale = kernel.m / m.m, of the effective kernel and bias.

    Of a network that is one kernel, with nothing between its convolutions.
    """
    rows = spread_rows(history.last + 1, POINTS_OF_PATH)
    kernel, bias = one_kernel(history.linear(rows))  # (rows, 9), (rows,)
    along = direction(history.experiment.target[0])
    scale = kernel @ along / 9
    length = np.linalg.norm(kernel, axis=1)
    rest = np.linalg.norm(kernel - scale[:, None] * along, axis=1)
    off = np.divide(rest, length, out=np.zeros_like(rest), where=length > 0)
    return Path(rows, scale, bias, off, history.column("loss")[rows].astype(np.float64))


def plane_for(e: Experiment, way: Path | None = None) -> Plane:
    """The part of the plane that shows the marks, what lies half as far again beyond perfect, and a run's path."""
    here = marks(e)
    points = np.array([*here.values(), 1.5 * np.array(here[PERFECT])])
    scales = [*points[:, 0], *(way.scale if way is not None else [])]
    biases = [*points[:, 1], *(way.bias if way is not None else [])]
    return Plane(*_around(scales), *_around(biases))


def _around(values: list[float]) -> tuple[float, float]:
    """Bounds with a margin, rounded outwards to a half so that small changes keep the plane."""
    low, high = min(values), max(values)
    room = MARGIN * (high - low) + 0.5
    return float(np.floor(2 * (low - room)) / 2), float(np.ceil(2 * (high + room)) / 2)
