"""In which order a run goes through its samples, drawn a chunk ahead: that takes a quarter as long as training does."""

from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.sampling import BatchPlan

Table = NDArray[np.int32]  # pattern indices, (epochs, samples)

_drawing = ThreadPoolExecutor(1, "orders")  # the compiled loop leaves Python to others while it runs


class Orders:
    """The orders of a run's epochs, one after another. Not for several threads at once."""

    def __init__(self, plan: BatchPlan, seed: int) -> None:
        self._plan = plan
        self._rng = np.random.default_rng(seed)
        self._drawn: Table = np.empty((0, plan.samples), dtype=np.int32)
        self._coming: Future[Table] | None = None

    def take(self, epochs: int, ahead: int = 0) -> Table:
        """The orders of the next epochs; meanwhile those of so many more are drawn."""
        if self._coming is not None:
            self._drawn = np.concatenate([self._drawn, self._coming.result()])
            self._coming = None
        missing = epochs - len(self._drawn)
        if missing > 0:
            self._drawn = np.concatenate([self._drawn, self._plan.shuffled(self._rng, missing)])
        taken, self._drawn = self._drawn[:epochs], self._drawn[epochs:]
        if ahead > len(self._drawn):
            self._coming = _drawing.submit(self._plan.shuffled, self._rng, ahead - len(self._drawn))
        return taken

    def give_back(self, rest: Table) -> None:
        """The last that were taken were not used: they come first again."""
        self._drawn = np.concatenate([rest, self._drawn])
