"""Balancing: what is done about one target among 511 others. A plan says which patterns make up each batch."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corner_lab.network.patterns import COUNT, is_target
from corner_lab.registry import Choice, registry

BALANCES = registry(
    Choice("none", "none", "Every pattern once per epoch: the target is one sample in 512.", "the question's own code"),
    Choice(
        "class_weight",
        "class weights",
        "Each sample's loss is multiplied by n / (2 n_class): 256 for a single target, 0.501 for the others.",
        "scikit-learn's class_weight='balanced'; keras.Model.fit(sample_weight=...)",
    ),
    Choice(
        "oversample",
        "oversample",
        "The targets are repeated until both classes have as many samples, then all are shuffled together.",
        "the question's own balanced data set",
    ),
    Choice(
        "half_batch",
        "half batches",
        "Half of every batch are targets, the other half the remaining patterns in turn.",
        "balanced mini-batches",
    ),
    Choice(
        "hard_negatives",
        "hard negatives",
        "Each batch keeps its targets and the few other patterns of highest loss, and learns from those alone.",
        "Shrivastava et al. 2016, arXiv:1604.03540",
    ),
)

KEPT_NEGATIVES = 4  # hard_negatives keeps max(4, positives) negatives of a batch


def hardest(losses: Any, index: Any, positive: Any) -> Any:
    """What `hard_negatives` keeps of a batch: 1.0 for its positives and the max(4, positives) negatives of highest loss
    (ties: lower pattern index), else 0.0. All tensors (..., b): losses, pattern indices, which are positives."""
    import tensorflow as tf

    mine, other = (losses[..., :, None], losses[..., None, :])
    harder = (other > mine) | ((other == mine) & (index[..., None, :] < index[..., :, None]))
    rank = tf.reduce_sum(tf.cast(harder & ~positive[..., None, :], tf.int32), axis=-1)  # harder negatives than this
    allowed = tf.maximum(KEPT_NEGATIVES, tf.reduce_sum(tf.cast(positive, tf.int32), axis=-1, keepdims=True))
    return tf.cast(positive | (rank < allowed), tf.float32)


def relabelled(order: NDArray[np.int32], of: NDArray[np.int32]) -> NDArray[np.int32]:
    """An order in which each sample gets the label of another pattern: pattern indices `order` and `of` of one shape,
    packed into one number each, so that it travels as any order does; `of` equal to `order` leaves it as it is."""
    return order | (order ^ of) * COUNT


def pattern_and_label(samples: Any) -> tuple[Any, Any]:
    """Of an order's samples (int32 tensor), inside a compiled function: the patterns, and those whose labels they
    get."""
    import tensorflow as tf

    pattern = tf.bitwise.bitwise_and(samples, COUNT - 1)
    return pattern, tf.bitwise.bitwise_xor(pattern, tf.bitwise.right_shift(samples, COUNT.bit_length() - 1))


@dataclass(frozen=True)
class BatchPlan:
    """The batches of one epoch: `full` batches of `batch_size` samples, and one of `last` samples if that is not 0."""

    target: tuple[int, ...]
    balance: str
    batch_size: int

    @property
    def samples(self) -> int:
        """Samples per epoch: 512, or more where targets are repeated."""
        negatives = COUNT - len(self.target)
        if self.balance == "oversample":
            return COUNT + max(0, negatives - len(self.target))
        return 2 * negatives if self.balance == "half_batch" else COUNT

    @property
    def full(self) -> int:
        return self.samples // self.batch_size

    @property
    def last(self) -> int:
        return self.samples % self.batch_size

    @property
    def updates(self) -> int:
        """Optimizer steps per epoch."""
        return self.full + (self.last > 0)

    def in_order(self) -> NDArray[np.int32]:
        """One epoch's pattern indices without shuffling, shape (samples,): what row 0 of a history is evaluated on."""
        (order,) = self._arranged(np.arange(self._shuffled)[None])
        return np.asarray(order)

    def shuffled(self, rng: np.random.Generator, epochs: int) -> NDArray[np.int32]:
        """The pattern indices of the next epochs, shape (epochs, samples): one `rng.permutation` for each epoch."""
        orders = np.tile(np.arange(self._shuffled), (epochs, 1))
        return self._arranged(rng.permuted(orders, axis=1, out=orders))  # row by row, as that does, in half the time

    def shuffled_labels(self, rng: np.random.Generator, order: NDArray[np.int32]) -> NDArray[np.int32]:
        """Whose label each sample of these epochs' order gets if labels change places within each batch, at random.

        Both pattern indices (epochs, samples): one `rng.permutation` of each batch, one batch after the other.
        """
        of, whole = order.copy(), self.full * self.batch_size
        for part in np.split(of, range(1, len(of))) if self.last else [of]:  # epoch by epoch where batches differ
            batches = part[:, :whole].reshape(len(part) * self.full, self.batch_size)
            part[:, :whole] = rng.permuted(batches, axis=1).reshape(len(part), whole)
            part[:, whole:] = rng.permuted(part[:, whole:], axis=1)
        return of

    @property
    def _shuffled(self) -> int:
        return COUNT - len(self.target) if self.balance == "half_batch" else self.samples

    def _arranged(self, orders: NDArray[np.integer]) -> NDArray[np.int32]:
        """Orders (epochs, shuffled) as pattern indices (epochs, samples)."""
        if self.balance == "oversample":
            repeats = np.resize(self.target, self.samples - COUNT)
            indices = np.concatenate([np.arange(COUNT), repeats]).astype(np.int32)
            return np.asarray(indices[orders])
        if self.balance != "half_batch":
            return orders.astype(np.int32)
        half = self.batch_size // 2
        others = np.flatnonzero(~is_target(self.target)).astype(np.int32)[orders]  # (epochs, negatives)
        targets = np.resize(np.array(self.target, dtype=np.int32), others.shape[1])  # drawn in turn
        batches = []
        for start in range(0, others.shape[1], half):
            negatives = others[:, start : start + half]
            positives = np.broadcast_to(targets[start : start + half], negatives.shape)
            batches += [negatives, positives]
        return np.concatenate(batches, axis=1)

    def sample_weights(self) -> NDArray[np.float32]:
        """What each pattern's loss is multiplied by, shape (512,): n / (2 n_class) for class_weight, otherwise 1."""
        positive = is_target(self.target)
        if self.balance != "class_weight":
            return np.ones(COUNT, dtype=np.float32)
        size = np.where(positive, positive.sum(), (~positive).sum())
        return np.asarray(COUNT / (2 * size), dtype=np.float32)
