"""History: what a run recorded, a float32 row per epoch. Row 0 is before training, row e the end of epoch e."""

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.early_stopping import Bar, confident_bar, solved_bar
from corner_lab.experiment.experiment import Experiment
from corner_lab.network.metrics import Counts, counts_from
from corner_lab.network.parameters import Vector

METRICS = (
    "loss",  # as fit reports it; row 0: as evaluate gives it
    "corner_output",  # lowest output over the targets
    "worst_other_output",  # highest output over the rest
    "target_z",  # lowest z over the targets
    "other_z",  # highest z over the rest
    "lowest_z",
    "highest_z",
    "tp",
    "fp",
    "live_fraction",
    "gradient_targets",  # norm of the loss gradient that the targets contribute
    "gradient_others",
)


class History:
    """The rows of a run. One thread appends, any thread reads: rows that were appended never change."""

    def __init__(self, experiment: Experiment, first: NDArray[np.float32]) -> None:
        self.experiment = experiment
        self.shape = experiment.layout
        self._rows = np.empty((experiment.epochs + 1, len(METRICS) + self.shape.size), dtype=np.float32)
        self._rows[0] = first
        self._count = 1
        self.solved_at = self._first_beyond(solved_bar(experiment.head, experiment.loss), 0)
        self.confident_at = self._first_beyond(confident_bar(experiment.head, experiment.loss), 0)

    def append(self, rows: NDArray[np.float32]) -> None:
        start, end = self._count, self._count + len(rows)
        if end > len(self._rows):
            longer = np.empty((max(end, self.experiment.epochs + 1), self._rows.shape[1]), dtype=np.float32)
            longer[:start] = self._rows[:start]
            self._rows = longer
        self._rows[start:end] = rows
        self._count = end
        e = self.experiment
        if self.solved_at is None:
            self.solved_at = self._first_beyond(solved_bar(e.head, e.loss), start)
        if self.confident_at is None:
            self.confident_at = self._first_beyond(confident_bar(e.head, e.loss), start)

    @property
    def last(self) -> int:
        """The last epoch recorded."""
        return self._count - 1

    @property
    def rows(self) -> NDArray[np.float32]:
        """All rows, (epochs + 1, metrics + weights); a view, not to be written to."""
        return self._rows[: self._count]

    def column(self, name: str) -> NDArray[np.float32]:
        """One of METRICS over the epochs, shape (epochs + 1,)."""
        return self.rows[:, METRICS.index(name)]

    @property
    def gap(self) -> NDArray[np.float32]:
        """The separation gap over the epochs: lowest target z minus highest other z."""
        return np.asarray(self.column("target_z") - self.column("other_z"))

    @property
    def weights(self) -> NDArray[np.float32]:
        """All weights over the epochs, flat: (epochs + 1, weights)."""
        return self.rows[:, len(METRICS) :]

    def linear(self, rows: slice | NDArray[np.int64] = slice(None)) -> NDArray[np.float32]:
        """The twelve numbers of `ParameterLayout.linear` for some rows, (rows, 12)."""
        return self.shape.linear(self.weights[rows])

    def weights_at(self, epoch: int) -> Vector:
        """The flat weights at the end of an epoch; negative counts from the end. Raises IndexError."""
        return np.array(self.weights[epoch])

    def counts(self, epoch: int = -1) -> Counts:
        row = self.rows[epoch]
        return counts_from(row[METRICS.index("tp")], row[METRICS.index("fp")], len(self.experiment.target))

    def solved(self, epoch: int = -1) -> bool:
        return self.counts(epoch).solved

    def confident(self, epoch: int = -1) -> bool:
        bar = confident_bar(self.experiment.head, self.experiment.loss)
        return bool(self._beyond(bar, self.rows[epoch][None])[0])

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
        low = confident_bar(self.experiment.head, self.experiment.loss).low
        rejects = (self.column("tp") == 0) & (self.column("fp") == 0) & (self.column("corner_output") < np.float32(low))
        other = np.flatnonzero(~rejects)
        first = int(other[-1]) + 1 if other.size else 0
        return first if first <= self.last else None

    @staticmethod
    def _beyond(bar: Bar, rows: NDArray[np.float32]) -> NDArray[np.bool_]:
        corner, other = rows[:, METRICS.index("corner_output")], rows[:, METRICS.index("worst_other_output")]
        return np.asarray((corner > np.float32(bar.high)) & (other < np.float32(bar.low)))

    def _first_beyond(self, bar: Bar, start: int) -> int | None:
        hits = np.flatnonzero(self._beyond(bar, self.rows[start:]))
        return start + int(hits[0]) if hits.size else None


def spread_rows(count: int, most: int) -> NDArray[np.int64]:
    """At most `most` row numbers out of `count`, the first and the last among them, dense early as the epoch axis is.

    The axis is log(1 + epoch / 5), so that what happens in the first epochs can be seen.
    """
    if count <= most:
        return np.arange(count)
    ends = 5 * np.expm1(np.linspace(0, np.log1p((count - 1) / 5), most))
    return np.unique(np.minimum(np.round(ends).astype(np.int64), count - 1))
