"""History: what a run recorded, a float32 row per epoch. Row 0 is before training, row e the end of epoch e."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.data.training_set import scene_frequencies
from corner_lab.experiment.early_stopping import confident_bar, solved_bar
from corner_lab.experiment.experiment import Experiment
from corner_lab.network.metrics import Counts, confusion_counts
from corner_lab.network.numpy_model import parted, pre_activations
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import is_target
from corner_lab.training.epoch_metrics import BLOCK, OF_GRADIENTS, OF_OUTPUTS, gradient_metrics, output_metrics
from corner_lab.workers.process import WorkerEnded

Rows = NDArray[np.float32]
ROUNDING = 2.0**-20

METRICS = (
    "loss",  # as fit reports it; row 0: as evaluate gives it
    *OF_OUTPUTS,
    *OF_GRADIENTS,
)
ENDS = ("target_z", "other_z")  # what the compiled loop tells beside the loss: in float32, so near a bar only a hint


class History:
    """The rows of a run. One thread appends, any thread reads: rows that were appended never change.

    What training leaves is recorded: the loss, and all weights. The other METRICS are functions of a row of weights,
    and are computed where somebody looks, each row once.
    """

    def __init__(self, experiment: Experiment, first: Rows) -> None:
        """`first`: row 0, float32 (3 + weights,), see `row_of`."""
        self.experiment = experiment
        self.shape = experiment.layout
        self._rows = np.empty((experiment.epochs + 1, 1 + len(ENDS) + self.shape.size), dtype=np.float32)
        self._count = 0
        self._bars = {
            "solved": solved_bar(experiment.head, experiment.loss),
            "confident": confident_bar(experiment.head, experiment.loss),
        }
        self.solved_at: int | None = None
        self.confident_at: int | None = None
        self._metrics = {group: _Measured(len(group)) for group in (OF_OUTPUTS, OF_GRADIENTS)}
        self.append(first[None])

    @classmethod
    def of(cls, experiment: Experiment, rows: Rows, gradients: Rows) -> "History":
        """One that was recorded before: `rows` (epochs + 1, 3 + weights), see `row_of`, and OF_GRADIENTS as they were
        measured of each, (epochs + 1, 2), for which Keras is not needed again."""
        history = cls(experiment, rows[0])
        history.append(rows[1:])
        history._metrics[OF_GRADIENTS].know(gradients)
        return history

    def __getstate__(self) -> dict[str, Any]:
        """What was recorded, without room for more and without what can be measured again."""
        return vars(self) | {"_rows": self.rows.copy(), "_metrics": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._metrics = {group: _Measured(len(group)) for group in (OF_OUTPUTS, OF_GRADIENTS)}

    def append(self, rows: Rows) -> None:
        """Add rows like the first, (epochs, 3 + weights)."""
        start, end = self._count, self._count + len(rows)
        if end > len(self._rows):
            longer = np.empty((max(end, self.experiment.epochs + 1), self._rows.shape[1]), dtype=np.float32)
            longer[:start] = self._rows[:start]
            self._rows = longer
        self._rows[start:end] = rows
        self._count = end
        if self.solved_at is None:
            self.solved_at = self._first_beyond("solved", start)
        if self.confident_at is None:
            self.confident_at = self._first_beyond("confident", start)

    @property
    def last(self) -> int:
        """The last epoch recorded."""
        return self._count - 1

    @property
    def rows(self) -> Rows:
        """All that was recorded, (epochs + 1, 3 + weights), see `row_of`; a view, not to be written to."""
        return self._rows[: self._count]

    @property
    def weights(self) -> NDArray[np.float32]:
        """All weights over the epochs, flat: (epochs + 1, weights); a view, not to be written to."""
        return self.rows[:, 1 + len(ENDS) :]

    def column(self, name: str, rows: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
        """One of METRICS at some rows, or over all epochs: (epochs + 1,). Gradients need Keras: NaN where it
        refuses the shapes, and where no worker process can tell them now."""
        chosen = np.arange(self._count) if rows is None else rows
        if name == "loss":
            return np.array(self._rows[chosen, 0])
        group, measure = (OF_OUTPUTS, output_metrics) if name in OF_OUTPUTS else (OF_GRADIENTS, gradient_metrics)
        try:
            found = self._metrics[group].at(chosen, lambda missing: measure(self.experiment, self.weights[missing]))
        except WorkerEnded:  # the log has it; whoever looks next asks again
            return np.full(len(chosen), np.nan, dtype=np.float32)
        return np.array(found[:, group.index(name)])

    def f1_on_scenes(self) -> NDArray[np.float32]:
        """F1 on the scenes that the run learns from, over all epochs: (epochs + 1,). Raises ValueError for a run on the
        512 patterns."""
        e = self.experiment
        if e.scenes is None:
            raise ValueError("this run learns from the 512 patterns, not from scenes")
        of = scene_frequencies(e.target, e.scenes)
        blocks = np.array_split(np.arange(self._count), range(BLOCK, self._count, BLOCK))
        called = np.concatenate([pre_activations(self.linear(rows), e.hidden) > e.threshold for rows in blocks])
        return np.asarray(2 * (called @ of.positives) / (called @ of.counts + of.corners), dtype=np.float32)

    def gap(self, rows: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
        """The separation gap at some rows, or over all epochs: lowest target z minus highest other z."""
        return np.asarray(self.column("target_z", rows) - self.column("other_z", rows))

    def linear(self, rows: slice | NDArray[np.int64] = slice(None)) -> NDArray[np.float32]:
        """The numbers of `ParameterLayout.linear` for some rows, (rows, 11 K + 1)."""
        return self.shape.linear(self.weights[rows])

    def weights_at(self, epoch: int) -> Vector:
        """The flat weights at the end of an epoch; negative counts from the end. Raises IndexError."""
        return np.array(self.weights[epoch])

    def z(self, epoch: int = -1) -> NDArray[np.float64]:
        """z of all patterns at the end of an epoch, (512,)."""
        return pre_activations(self.shape.linear(self.weights_at(epoch)), self.experiment.hidden)

    def counts(self, epoch: int = -1) -> Counts:
        """How many patterns are right and wrong at the end of an epoch."""
        return confusion_counts(self.z(epoch), self.experiment.target, self.experiment.threshold)

    def solved(self, epoch: int = -1) -> bool:
        """Whether every pattern is right at the end of an epoch."""
        return self.beyond("solved", epoch)

    def confident(self, epoch: int = -1) -> bool:
        """Whether every pattern is right with certainty at the end of an epoch, see `confident_bar`."""
        return self.beyond("confident", epoch)

    def beyond(self, bar: str, epoch: int = -1) -> bool:
        """Whether the bar "solved" or "confident" is passed at the end of an epoch."""
        z, positive = self.z(epoch), is_target(self.experiment.target)
        return bool(self._bars[bar].beyond(z[positive].min(), z[~positive].max()))

    @property
    def died_at(self) -> int | None:
        """The first epoch from which on the target's gradient is exactly 0, up to the record's end; None if it is live
        there.

        Only hard_sigmoid can: its derivative is exactly 0 where |z| >= 3. With several targets the lowest one is
        judged.
        """
        if self.experiment.head != "hard_sigmoid":
            return None
        live = np.flatnonzero(np.abs(self.column("target_z")) < 3)
        first_dead = int(live[-1]) + 1 if live.size else 0
        return first_dead if first_dead <= self.last else None

    @property
    def collapsed_at(self) -> int | None:
        """The first epoch from which on, up to the record's end, every pattern is rejected and the target's output low.

        Low: below the bar that `confident` sets for the others. None if it is not so at the end.
        """
        low = self._bars["confident"].low
        rejects = (self.column("tp") == 0) & (self.column("fp") == 0) & (self.column("target_z") < low)
        other = np.flatnonzero(~rejects)
        first = int(other[-1]) + 1 if other.size else 0
        return first if first <= self.last else None

    def _first_beyond(self, name: str, start: int) -> int | None:
        """The first row from `start` on that is beyond a bar. What the loop says in float32 chooses, z decides."""
        bar, positive = self._bars[name], is_target(self.experiment.target)
        target_z, other_z = self._rows[start : self._count, 1], self._rows[start : self._count, 2]
        room = rounding_room(self.linear(slice(start, None)))
        near = start + np.flatnonzero((target_z + room > bar.high) & (other_z - room < bar.low))
        for block in np.array_split(near, range(BLOCK, len(near), BLOCK)):
            z = pre_activations(self.linear(block), self.experiment.hidden)  # (rows, 512)
            hits = bar.beyond(z[:, positive].min(axis=1), z[:, ~positive].max(axis=1))
            if hits.any():
                return int(block[np.argmax(hits)])
        return None


class _Measured:
    """Metrics of rows that were looked at, each row once."""

    def __init__(self, columns: int) -> None:
        self._found = np.empty((0, columns), dtype=np.float32)
        self._known = np.zeros(0, dtype=np.bool_)
        self._turn = threading.Lock()

    def know(self, found: Rows) -> None:
        """Take for known what was measured before, of all rows from the first on."""
        with self._turn:
            self._found, self._known = found, np.ones(len(found), np.bool_)

    def at(self, rows: NDArray[np.int64], measure: Callable[[NDArray[np.int64]], NDArray[np.float32]]) -> Rows:
        """The metrics of these rows, (rows, columns); those not known yet are measured."""
        with self._turn:
            most = int(rows.max(initial=-1)) + 1
            if most > len(self._known):
                more = max(most, 2 * len(self._known)) - len(self._known)
                self._found = np.concatenate([self._found, np.empty((more, self._found.shape[1]), np.float32)])
                self._known = np.concatenate([self._known, np.zeros(more, np.bool_)])
            missing = np.unique(rows[~self._known[rows]])
            if missing.size:
                self._found[missing] = measure(missing)
                self._known[missing] = True
            return np.asarray(self._found[rows])


def row_of(experiment: Experiment, weights: Vector, loss: float) -> Rows:
    """A row to record, float32 (3 + weights,): the loss, ENDS, and the flat weights."""
    numbers, positive = experiment.layout.linear(weights), is_target(experiment.target)
    z = pre_activations(numbers, experiment.hidden)
    with np.errstate(over="ignore"):  # weights that run away: their z is infinite in float32
        ends = np.array([loss, z[positive].min(), z[~positive].max()]).astype(np.float32)
    return np.concatenate([ends, weights])


def rounding_room(numbers: NDArray[np.float32]) -> NDArray[np.float64]:
    """How far float32 may be off in z at most, from the numbers (..., 11 K + 1) that give it: some sixteen of its
    steps, and one for each further kernel."""
    kernels, biases, w2, b2 = parted(np.abs(numbers))
    parts = (kernels.sum(axis=-1) + biases) * w2  # (..., K)
    return np.asarray(rounding(parts.shape[-1]) * (parts.sum(axis=-1) + b2))


def rounding(kernels: int) -> float:
    """The largest rounding error of z in float32, as a share of what all its parts add up to."""
    return ROUNDING * (15 + kernels) / 16


def spread_rows(count: int, most: int) -> NDArray[np.int64]:
    """At most `most` row numbers out of `count`, the first and the last among them, dense early as the epoch axis is.

    The axis is log(1 + epoch / 5), so that what happens in the first epochs can be seen.
    """
    if count <= most:
        return np.arange(count)
    ends = 5 * np.expm1(np.linspace(0, np.log1p((count - 1) / 5), most))
    return np.unique(np.minimum(np.round(ends).astype(np.int64), count - 1))
