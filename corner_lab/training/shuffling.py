"""In which order a run goes through its samples, drawn a chunk ahead: that takes a quarter as long as training does."""

from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.data.sampling import BatchPlan

Table = NDArray[np.int32]  # samples (epochs, samples), see `packing`

SKIPPED = 1024  # epochs at a time

_drawing = ThreadPoolExecutor(1, "orders")  # the compiled loop leaves Python to others while it runs


class Orders:
    """The orders of a run's epochs, one after another. Not for several threads at once.

    `taken`: how many epochs were.
    """

    def __init__(self, plan: BatchPlan, seed: int, labels_shuffled: bool = False) -> None:
        """`labels_shuffled`: within each batch, after it was drawn, labels change places, by a generator of their
        own."""
        self._plan = plan
        self._rng = np.random.default_rng(seed)
        self._label_rng = np.random.default_rng(seed + 1) if labels_shuffled else None
        self._drawn: Table = np.empty((0, plan.samples), dtype=np.int32)
        self._coming: Future[Table] | None = None
        self.taken = 0

    def take(self, epochs: int, ahead: int = 0) -> Table:
        """The orders of the next epochs; meanwhile those of so many more are drawn."""
        if self._coming is not None:
            self._drawn = np.concatenate([self._drawn, self._coming.result()])
            self._coming = None
        missing = epochs - len(self._drawn)
        if missing > 0:
            self._drawn = np.concatenate([self._drawn, self._draw(missing)])
        taken, self._drawn = self._drawn[:epochs], self._drawn[epochs:]
        self.taken += epochs
        if ahead > len(self._drawn):
            self._coming = _drawing.submit(self._draw, ahead - len(self._drawn))
        return taken

    def give_back(self, rest: Table) -> None:
        """The last that were taken were not used: they come first again."""
        self._drawn = np.concatenate([rest, self._drawn])
        self.taken -= len(rest)

    def skip(self, epochs: int) -> None:
        """Leave out the next epochs: they were trained before."""
        while epochs > 0:
            epochs -= len(self.take(min(epochs, SKIPPED)))

    def _draw(self, epochs: int) -> Table:
        order = self._plan.shuffled(self._rng, epochs)
        if self._label_rng is None:
            return order
        return self._plan.with_shuffled_labels(self._label_rng, order)
