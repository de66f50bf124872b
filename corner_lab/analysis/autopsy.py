"""The autopsy of a loss: which pairs of output and label each batch averages, and what Keras makes of the batches.

In NumPy, step by step: the shapes that meet, the matrix of pairs, the batches' losses, their running mean (what
`evaluate` returns at the end) and what the progress bar of Keras 3.3 printed instead, the question's 9.3703e-04.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corner_lab.language import tr
from corner_lab.network.numpy_model import outputs
from corner_lab.network.parameters import ParameterLayout, Vector
from corner_lab.network.patterns import COUNT

Floats = NDArray[np.float64]

RANKS = (1, 2, 3, 4)  # of labels: (n,), (n,1), (n,1,1), (n,1,1,1); the output is (n,1,1,1)
OUTPUT_RANK = 4
LOSSES = ("mse", "hinge", "squared_hinge")  # Keras broadcasts these; the cross-entropies refuse other shapes


def label_shape(rank: int, n: int) -> tuple[int, ...]:
    """The shape of n labels of this rank: n, then ones."""
    return (n,) + (1,) * (rank - 1)


def compared_shapes(rank: int, n: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The shapes of labels and outputs when the loss subtracts them.

    Of ranks one apart Keras drops the output's last axis (keras/src/losses/loss.py, squeeze_or_expand_to_same_rank);
    any other difference is left to NumPy's rules.
    """
    return label_shape(rank, n), label_shape(OUTPUT_RANK - 1 if rank == OUTPUT_RANK - 1 else OUTPUT_RANK, n)


def broadcast_shape(rank: int, n: int) -> tuple[int, ...]:
    """The shape in which labels and outputs are compared."""
    return np.broadcast_shapes(*compared_shapes(rank, n))


def broadcasts(rank: int) -> bool:
    """Whether labels of this rank meet every output of their batch, not their own alone."""
    return OUTPUT_RANK - rank > 1


def changed_outputs(numbers: Vector, head: str, scale: float, shift: float, hidden: str = "none") -> Floats:
    """What the head gives for all patterns, (512,), when their z is multiplied by `scale` and raised by `shift`.

    `numbers`: those of `ParameterLayout.linear`, or a bench's, which take the change in w2 and b2.
    """
    kernels = ParameterLayout.of_bench(len(numbers)).kernels
    changed = numbers[: 11 * kernels + 1].astype(np.float64)
    changed[10 * kernels :] *= scale
    changed[-1] += shift
    return outputs(changed.astype(np.float32), head, hidden)


def cost(loss: str, output: Floats, label: Floats) -> Floats:
    """What outputs cost against labels of 0 and 1, elementwise, as in keras.losses; hinges take 0 for -1."""
    if loss == "mse":
        return np.asarray((label - output) ** 2)
    short = np.maximum(1 - (2 * label - 1) * output, 0)
    return np.asarray(short if loss == "hinge" else short**2)


@dataclass(frozen=True, eq=False)
class Autopsy:
    """One `evaluate` over all patterns in index order, taken apart.

    `outputs` (512,) of any weights, `positive` (512,) what is a corner, `rank` of the labels, `batch_size` a power of
    two up to 512, `loss` a word of LOSSES. Raises ValueError for a rank or a loss that it cannot take apart.
    """

    outputs: Floats
    positive: NDArray[np.bool_]
    rank: int = 1
    batch_size: int = 32
    loss: str = "mse"

    def __post_init__(self) -> None:
        if self.rank not in RANKS or self.loss not in LOSSES or COUNT % self.batch_size:
            told = f"rank {self.rank}, loss {self.loss!r}, batch_size {self.batch_size}"
            raise ValueError(tr("{settings}: cannot be taken apart", settings=told))

    @property
    def batches(self) -> int:
        return COUNT // self.batch_size

    @property
    def batch_of_target(self) -> int:
        """The first batch that holds a target, counted from 0."""
        return int(np.flatnonzero(self.positive)[0]) // self.batch_size

    def patterns(self, batch: int) -> NDArray[np.int64]:
        """The pattern indices of a batch, (b,)."""
        return np.arange(batch * self.batch_size, (batch + 1) * self.batch_size)

    def pairs(self, batch: int) -> Floats:
        """What the loss of a batch averages: (b, b), outputs down and labels across; aligned (b, 1)."""
        picked = self.patterns(batch)
        output, label = self.outputs[picked][:, None], self.positive[picked].astype(np.float64)
        return cost(self.loss, output, label[None, :] if broadcasts(self.rank) else label[:, None])

    def grid(self, batch: int) -> Floats:
        """The same for every output (down) and every label (across) of a batch, (b, b); NaN where they do not meet."""
        pairs = self.pairs(batch)
        if broadcasts(self.rank):
            return pairs
        found = np.full((self.batch_size, self.batch_size), np.nan)
        np.fill_diagonal(found, pairs)
        return found

    def meant(self, batch: int) -> Floats:
        """What each output of a batch costs against its own label, (b,): the diagonal of the pairs."""
        picked = self.patterns(batch)
        return cost(self.loss, self.outputs[picked], self.positive[picked].astype(np.float64))

    @cached_property
    def batch_losses(self) -> Floats:
        """The mean of each batch's pairs, (batches,)."""
        return np.array([self.pairs(batch).mean() for batch in range(self.batches)])

    @cached_property
    def running_means(self) -> Floats:
        """The mean of the batch losses so far, (batches,): Keras's metric after each batch."""
        return np.asarray(np.cumsum(self.batch_losses) / np.arange(1, self.batches + 1))

    @property
    def evaluated(self) -> float:
        """What `model.evaluate` returns."""
        return float(self.running_means[-1])

    @cached_property
    def old_bar(self) -> Floats:
        """What the progress bar of Keras 3.3 shows after each batch and at the end, (batches + 1,)."""
        return old_progress_bar(self.running_means)

    @property
    def true_loss(self) -> float:
        """What `evaluate` returns when the shapes match."""
        return float(np.mean([self.meant(batch).mean() for batch in range(self.batches)]))


def old_progress_bar(running_means: Floats) -> Floats:
    """The figures that Keras 3.3's bar shows for the metric's values after each batch: (n,) to (n + 1,).

    `Progbar.update(current, value)` adds value * max(current - seen, 1) to a sum, and the same factor to a count, as if
    the metric were the batch's own loss. `ProgbarLogger` calls it after every batch and, with the last value, once
    more at the end, where current - seen is 0 (keras 3.3.3, utils/progbar.py and callbacks/progbar_logger.py).
    """
    total, count, seen, shown = 0.0, 0, 0, []
    for current, value in [*enumerate(running_means, 1), (len(running_means), running_means[-1])]:
        factor = max(current - seen, 1)
        total, count, seen = total + float(value) * factor, count + factor, current
        shown.append(total / count)
    return np.array(shown)
