"""Balancing: what is done about one target among 511 others. A plan says which samples make up each batch."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.data.packing import relabelled, unpacked
from corner_lab.experiment.data.training_set import Scenes, TrainingSet, class_counts, training_set
from corner_lab.language import msg, msgc
from corner_lab.network.patterns import COUNT, is_target
from corner_lab.registry import Choice, registry

BALANCES = registry(
    Choice(
        "none",
        msgc("what is done about imbalance", "none"),
        msg("Every pattern once per epoch: the target is one sample in 512."),
        msg("the question's own code"),
    ),
    Choice(
        "class_weight",
        msg("class weights"),
        msg("Each sample's loss is multiplied by n / (2 n_class): 256 for a single target, 0.501 for the others."),
        "scikit-learn's class_weight='balanced'; keras.Model.fit(sample_weight=...)",
    ),
    Choice(
        "oversample",
        msg("oversample"),
        msg("The targets are repeated until both classes have as many samples, then all are shuffled together."),
        msg("the question's own balanced data set"),
    ),
    Choice(
        "half_batch",
        msg("half batches"),
        msg("Half of every batch are targets, the other half the remaining patterns in turn."),
        msg("balanced mini-batches"),
    ),
    Choice(
        "hard_negatives",
        msg("hard negatives"),
        msg("Each batch keeps its targets and the few other patterns of highest loss, and learns from those alone."),
        "Shrivastava et al. 2016, arXiv:1604.03540",
    ),
)


#: What is said of a balance where samples are patches of scenes: without the figures that hold for the 512 patterns.
_ON_SCENES = {
    "none": msg("Every patch once per epoch."),
    "class_weight": msg("Each sample's loss is multiplied by n / (2 n_class)."),
}


def balance_explained(balance: str, on_scenes: bool) -> str:
    """What a balance does; for patches of scenes without the figures that hold for the 512 patterns."""
    return str(_ON_SCENES[balance]) if on_scenes and balance in _ON_SCENES else BALANCES[balance].explanation


KEPT_NEGATIVES = 4  # hard_negatives keeps max(4, positives) negatives of a batch


def hardest(losses: Any, index: Any, positive: Any) -> Any:
    """What `hard_negatives` keeps of a batch: 1.0 for its positives and the max(4, positives) negatives of highest loss
    (ties: lower pattern index, of equal ones the first), else 0.0. All tensors (..., b): losses, pattern indices, which
    are positives."""
    import tensorflow as tf

    size = losses.shape[-1]
    index = index * size + tf.range(size)
    mine, other = (losses[..., :, None], losses[..., None, :])
    harder = (other > mine) | ((other == mine) & (index[..., None, :] < index[..., :, None]))
    rank = tf.reduce_sum(tf.cast(harder & ~positive[..., None, :], tf.int32), axis=-1)  # harder negatives than this
    allowed = tf.maximum(KEPT_NEGATIVES, tf.reduce_sum(tf.cast(positive, tf.int32), axis=-1, keepdims=True))
    return tf.cast(positive | (rank < allowed), tf.float32)


@dataclass(frozen=True)
class BatchPlan:
    """The batches of one epoch: `full` batches of `batch_size` samples, and one of `last` samples if that is not 0."""

    target: tuple[int, ...]
    balance: str
    batch_size: int
    scenes: Scenes | None = None

    @property
    def training_set(self) -> TrainingSet:
        return training_set(self.target, self.scenes)

    @property
    def _sizes(self) -> tuple[int, int]:
        """How many samples the training set has of either class: negatives, positives."""
        if self.scenes is None:
            return COUNT - len(self.target), len(self.target)
        negatives, positives = self.training_set.counts.sum(axis=1).tolist()
        return negatives, positives

    @property
    def negatives(self) -> int:
        """Samples of an epoch with label 0: each of the training set's comes once, whatever the balance."""
        return self._sizes[0]

    @property
    def samples(self) -> int:
        """Samples per epoch: those of the training set, or more where positives are repeated."""
        negatives, positives = self._sizes
        if self.balance == "oversample":
            return negatives + max(negatives, positives)
        return 2 * negatives if self.balance == "half_batch" else negatives + positives

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
        """One epoch's samples without shuffling, (samples,): what row 0 of a history is evaluated on."""
        (order,) = self._arranged(np.arange(self._shuffled)[None])
        return np.asarray(order)

    def shuffled(self, rng: np.random.Generator, epochs: int) -> NDArray[np.int32]:
        """The samples of the next epochs (epochs, samples), packed: one `rng.permutation` for each epoch."""
        orders = np.tile(np.arange(self._shuffled), (epochs, 1))
        return self._arranged(rng.permuted(orders, axis=1, out=orders))  # row by row, as that does, in half the time

    def with_shuffled_labels(self, rng: np.random.Generator, order: NDArray[np.int32]) -> NDArray[np.int32]:
        """These epochs' samples (epochs, samples), with labels that change places within each batch, at random.

        One `rng.permutation` of each batch, one batch after the other.
        """
        of, whole = order.copy(), self.full * self.batch_size
        for part in np.split(of, range(1, len(of))) if self.last else [of]:  # epoch by epoch where batches differ
            batches = part[:, :whole].reshape(len(part) * self.full, self.batch_size)
            part[:, :whole] = rng.permuted(batches, axis=1).reshape(len(part), whole)
            part[:, whole:] = rng.permuted(part[:, whole:], axis=1)
        return relabelled(order, of)

    @property
    def _shuffled(self) -> int:
        return self.negatives if self.balance == "half_batch" else self.samples

    def _arranged(self, orders: NDArray[np.integer]) -> NDArray[np.int32]:
        """Orders (epochs, shuffled) as samples (epochs, samples)."""
        samples, positive = self.training_set.samples, self.training_set.positive
        if self.balance == "oversample":
            repeats = np.resize(samples[positive], self.samples - len(samples))
            samples = np.concatenate([samples, repeats])
        if self.balance != "half_batch":
            return np.asarray(samples[orders])
        negatives = samples[~positive][orders]  # (epochs, negatives)
        positives = np.broadcast_to(np.resize(samples[positive], negatives.shape[1]), negatives.shape)  # in turn
        half, rest = self.batch_size // 2, self.last // 2
        classes = np.stack([negatives, positives], axis=1)  # (epochs, 2, negatives)
        full, last = np.split(classes, [negatives.shape[1] - rest], axis=2)
        full = full.reshape(len(orders), 2, self.full, half).swapaxes(1, 2)  # (epochs, batches, 2, half)
        full = full.reshape(len(orders), self.full * self.batch_size)
        return np.concatenate([full, last.reshape(len(orders), self.last)], axis=1)

    def class_counts(self) -> NDArray[np.int64]:
        """How often an epoch has each pattern with label 0 and with label 1, (2, 512)."""
        order = self.in_order()
        return class_counts(order, is_target(self.target)[unpacked(order)[1]])

    def sample_weights(self) -> NDArray[np.float32]:
        """What the loss of a sample is multiplied by that has the label of each pattern, shape (512,): n / (2 n_class)
        for class_weight, otherwise 1."""
        if self.balance != "class_weight":
            return np.ones(COUNT, dtype=np.float32)
        negatives, positives = self._sizes
        size = np.where(is_target(self.target), positives, negatives)
        return np.asarray(self.samples / (2 * np.maximum(1, size)), dtype=np.float32)
