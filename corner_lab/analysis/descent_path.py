"""The way downhill on the plane: where the loss alone leads from a point, with no optimizer's or seed's say in it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corner_lab.analysis.loss_landscape import Heights, heights, shaping
from corner_lab.experiment.experiment import Experiment

Floats = NDArray[np.float64]

STEPS = 150
LONGEST = 1.0  # a step, as a change of the weights: the kernel moves by 3 for a scale of 1
STILL = 1e-7  # a gradient this small ends the walk


@dataclass(frozen=True, eq=False)
class Downhill:
    """A walk: `scale`, `bias` and `loss` of its points that are lower than all before, (points,).

    `steps` were taken to the last of them, `end` is what holds there. `slope`: the length of the gradient there, as a
    change of the loss for a change of the weights by 1.
    """

    scale: Floats
    bias: Floats
    loss: Floats
    end: Heights
    steps: int

    @property
    def slope(self) -> float:
        return float(np.hypot(self.end.slope_scale[0] / 3, self.end.slope_bias[0]))


def downhill(e: Experiment, scale: float, bias: float) -> Downhill:
    """Walk along the gradient from a point until it vanishes, at most 150 steps.

    Step lengths after Barzilai and Borwein 1988 (IMA Journal of Numerical Analysis 8), which follow a narrow valley
    where fixed ones zigzag. Kept for the last few. Raises RefusedByKeras.
    """
    return _walk(shaping(e), scale, bias)


@lru_cache(maxsize=64)
def _walk(e: Experiment, scale: float, bias: float) -> Downhill:
    unit = np.array([1 / 3, 1.0])  # the norm of the matched filter is 3: so steps are lengths in the space of weights
    at = np.array([scale, bias]) / unit
    here, slope = _at(e, at * unit)
    points, found = [at], [here]
    length = LONGEST
    for _ in range(STEPS):
        norm = float(np.linalg.norm(slope))
        if norm < STILL:
            break
        step = -slope * min(length, LONGEST / norm)
        at = at + step
        here, new_slope = _at(e, at * unit)
        points.append(at)
        found.append(here)
        bend = float(step @ (new_slope - slope))
        length = float(step @ step) / bend if bend > 0 else np.inf
        slope = new_slope
    losses = np.array([point.loss[0] for point in found])
    lower = np.flatnonzero(losses < np.append(np.inf, np.minimum.accumulate(losses)[:-1]))
    way, last = np.array(points)[lower] * unit, int(lower[-1])
    return Downhill(way[:, 0], way[:, 1], losses[lower], found[last], last)


def _at(e: Experiment, point: Floats) -> tuple[Heights, Floats]:
    """What holds at a point (2,), and the gradient there in the units of weights."""
    here = heights(e, point[:1], point[1:])
    return here, np.array([here.slope_scale[0] / 3, here.slope_bias[0]])
