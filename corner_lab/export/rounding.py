"""How much rounding matters to a run: the same training once more, with other roundings.

Machines and versions of Keras round differently. Most runs come to the same weights for all that; where a step is large
or a gradient is nothing but rounding, optimizers that divide by its size make much of it, and no two machines agree.
Which of the two a run is can be measured: its twins start from weights that are one rounding off, and take the same
batches with their samples in another order. That leaves exact arithmetic as it is, and rounds every sum anew.
"""

import math
from dataclasses import dataclass, replace
from functools import partial
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.experiment import Experiment
from corner_lab.network.hidden import HIDDEN
from corner_lab.network.numpy_model import kernel_sums, parted, pre_activations
from corner_lab.network.parameters import Vector
from corner_lab.training.run import Run
from corner_lab.training.shuffling import Orders, Table
from corner_lab.workers.elsewhere import in_worker

STEADY = 1e-6  # a run whose twins end closer than this ends within WEIGHT_TOLERANCE elsewhere, too
WEIGHT_TOLERANCE = 1e-5  # of a weight, as a share of it where it is beyond 1
SECONDS = 2.0  # of training that a twin may take


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What became of the twins of a run. `spread`: how far the end weights are apart at most, as a share of a weight
    where it is beyond 1; NaN if that took too long to find out, infinity if a twin ended at another epoch."""

    spread: float
    settled: NDArray[np.bool_]  # (512,): the pattern lies on the same side of the threshold in all of them

    @property
    def steady(self) -> bool:
        """Whether the weights are the run's own rather than its roundings'."""
        return self.spread <= STEADY


_known: WeakKeyDictionary[Run, tuple[int, Sensitivity]] = WeakKeyDictionary()


def sensitivity(run: Run) -> Sensitivity:
    """Trains a run that is over twice more, at most SECONDS each; remembered until it is trained longer."""
    assert run.history is not None
    last, found = _known.get(run, (-1, None))
    if found is None or last != run.history.last:
        found = _measured(run)
        _known[run] = run.history.last, found
    return found


@in_worker
def _measured(run: Run) -> Sensitivity:
    history, e = run.history, as_it_went(run)
    assert history is not None
    ends = [history.weights_at(-1)]
    spread, in_time = 0.0, True
    for places in (1, 5) if history.last else ():
        twin = Twin(run, e, places)
        while twin.step():
            if twin.seconds.train > SECONDS:
                twin.stop()
        assert twin.history is not None
        ends.append(twin.history.weights_at(-1))
        in_time &= twin.reason != "by_hand"
        same = (twin.reason, twin.history.last) == (run.reason if e.stop != "never" else "all_epochs", history.last)
        spread = max(spread, largest_share(ends[0], ends[-1]) if same else math.inf)
    where = [sides(history.shape.linear(end), e) for end in ends]
    return Sensitivity(spread if in_time else math.nan, np.logical_and.reduce([side == where[0] for side in where]))


def as_it_went(run: Run) -> Experiment:
    """The experiment that ends by itself where this run was ended."""
    assert run.history is not None
    if run.reason == "stop_rule" and run.history.last:
        return run.experiment
    return replace(run.experiment, epochs=run.history.last, stop="never")


class Twin(Run):
    """The training of a run whose batches are the same, in an order moved by some places within each."""

    shares = False

    def __init__(self, run: Run, e: Experiment, places: int) -> None:
        assert run.history is not None
        start = run.history.weights_at(0)
        outwards = np.arange(start.size) % 2 == places % 2
        super().__init__(e, np.nextafter(start, np.where(outwards, 2 * start, 0).astype(np.float32)), run.held)
        self._orders = partial(MovedOrders, e, places)


class MovedOrders(Orders):
    """The orders of an experiment, each batch moved on by some places."""

    def __init__(self, e: Experiment, places: int) -> None:
        super().__init__(e.plan, e.seed, e.labels_shuffled)
        self._places = places

    def take(self, epochs: int, ahead: int = 0) -> Table:
        table, size = super().take(epochs, ahead), self._plan.batch_size
        full, last = np.split(table, [self._plan.full * size], axis=1)
        moved = np.roll(full.reshape(epochs, self._plan.full, size), self._places, axis=2)
        return np.concatenate([moved.reshape(full.shape), np.roll(last, self._places, axis=1)], axis=1)


def sides(numbers: Vector, e: Experiment) -> NDArray[np.int8]:
    """Where z of each pattern lies: 1 above the threshold, -1 below, 0 on it. Shape (512,)."""
    return np.sign(pre_activations(numbers, e.hidden) - e.threshold).astype(np.int8)


def within_reach(numbers: Vector, e: Experiment) -> NDArray[np.bool_]:
    """Which patterns weights that are WEIGHT_TOLERANCE off may put on another side. Shape (512,)."""
    off = 2 * WEIGHT_TOLERANCE * np.maximum(1, np.abs(numbers))  # twice: with two outputs each number is a difference
    sums = HIDDEN[e.hidden].output(kernel_sums(numbers))  # (K, 512)
    _, _, w2, _ = parted(numbers)
    _, _, off_w2, off_b2 = parted(off)
    reach = np.abs(w2) @ kernel_sums(off) + off_w2 @ np.abs(sums) + off_b2
    return np.asarray(np.abs(pre_activations(numbers, e.hidden) - e.threshold) <= reach)


def largest_share(one: Vector, other: Vector) -> float:
    """The largest difference between two vectors, as a share of the weight where that is beyond 1."""
    return float(np.max(np.abs(one - other) / np.maximum(1, np.abs(one))))
