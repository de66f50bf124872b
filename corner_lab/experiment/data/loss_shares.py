"""What an epoch's loss is in expectation over the orders of its samples: each pattern's share, in closed form."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.data.sampling import KEPT_NEGATIVES, BatchPlan
from corner_lab.experiment.data.training_set import MOST_SCENES, PATCHES
from corner_lab.network.patterns import COUNT, is_target

Floats = NDArray[np.float64]
NEGLIGIBLE = 1e-12  # a batch this unlikely is left out


def loss_shares(
    plan: BatchPlan, broadcast: bool, loss_0: Floats, loss_1: Floats, mislabels: bool = False
) -> tuple[Floats, Floats]:
    """How much of the epoch's loss each pattern's loss against label 0 is, and against label 1.

    sum(share_0 * loss_0 + share_1 * loss_1) is the epoch's loss, averaged over all orders in which its samples may
    come, and where shuffling `mislabels` them over all orders of each batch's labels. `loss_0` and `loss_1`: each
    pattern's loss against either label, (rows, 512); only hard_negatives, which chooses its samples by their loss,
    looks at them. Both shares are (rows, 512), or (512,) where every row has the same.
    """
    share_0, share_1 = class_shares(plan, broadcast, loss_0, loss_1, mislabels).sum(axis=0)
    return share_0, share_1


def class_shares(plan: BatchPlan, broadcast: bool, loss_0: Floats, loss_1: Floats, mislabels: bool = False) -> Floats:
    """As `loss_shares`, apart for the samples whose own label is 0 and those whose own label is 1.

    (2, 2, rows, 512) or (2, 2, 512): by the sample's own label, then by the label that its output meets.
    """
    if plan.balance == "hard_negatives":
        return _shares_of_hardest(plan, broadcast, loss_0, loss_1)
    return _shares(plan, broadcast, mislabels)


@lru_cache(maxsize=32)
def _shares(plan: BatchPlan, broadcast: bool, mislabels: bool) -> Floats:
    """(2, 2, 512). Where each output meets its own label the order makes no difference.

    Where labels are broadcast, a sample meets its batch's mean label y and mean weight w, and its shares are the
    expectations of w * (1 - y) and w * y. Of the other c - 1 samples of a batch of c the number of positives is
    hypergeometric; in half batches y is 1/2. A shuffled label is any of its batch's alike, so its sample meets y on
    average too, under its own weight.
    """
    appearances = plan.class_counts() / plan.samples  # (2, 512)
    positive, weights = is_target(plan.target), plan.sample_weights().astype(np.float64)
    low, high = weights[~positive].max(), weights[positive].max()
    shares = np.zeros((2, 2, COUNT))
    for kind, weight in enumerate((low, high)):
        mean, square = _mean_label(plan, positive_sample=bool(kind))
        if mislabels:
            share_0, share_1 = weight * (1 - mean), weight * mean
        elif broadcast:  # w = low + (high - low) * y
            share_1 = low * mean + (high - low) * square
            share_0 = low + (high - low) * mean - share_1
        else:
            share_0, share_1 = weight * (1 - kind), weight * kind
        shares[kind] = share_0 * appearances[kind], share_1 * appearances[kind]
    return shares


def _mean_label(plan: BatchPlan, positive_sample: bool) -> tuple[float, float]:
    """The expectation of y, the mean label of a sample's batch, and of y squared."""
    if plan.balance == "half_batch":
        return 0.5, 0.25
    samples = plan.samples
    share = (samples - plan.negatives - positive_sample) / (samples - 1)
    mean = square = 0.0
    for size, here in _sizes(plan):
        expected = positive_sample + (size - 1) * share
        variance = (size - 1) * share * (1 - share) * (samples - size) / (samples - 2)
        mean += here * expected / size
        square += here * (expected**2 + variance) / size**2
    return mean, square


def _sizes(plan: BatchPlan) -> list[tuple[int, float]]:
    """The sizes of an epoch's batches, and how likely a sample is in a batch of each."""
    sizes = (plan.batch_size, plan.full), (plan.last, int(plan.last > 0))
    return [(size, count * size / plan.samples) for size, count in sizes if count]


def _shares_of_hardest(plan: BatchPlan, broadcast: bool, loss_0: Floats, loss_1: Floats) -> Floats:
    """(2, 2, rows, 512), for batches that keep their positives and max(4, positives) negatives of highest loss.

    Given a sample, the number t of positives in its batch of b is hypergeometric, and so is, given t, the number of
    harder negatives there. What is kept of a batch shares its loss evenly, and a batch is b of the epoch's samples.
    """
    negatives, positives = plan.class_counts()
    n, targets, rows = plan.samples, int(positives.sum()), len(loss_0)
    shares = np.zeros((2, 2, rows, COUNT))
    for (b, here), t in ((size, t) for size in _sizes(plan) for t in range(min(targets, size[0]) + 1)):
        most = min(b - t, max(KEPT_NEGATIVES, t))
        part = here * b / n / (t + most) if t + most else 0.0
        label = t / b if broadcast else 1.0  # of a positive
        chance = part * float(_hypergeometric(n - 1, targets - 1, b - 1, t - 1))
        if chance > NEGLIGIBLE:
            shares[1, 0] += chance * (1 - label) * positives
            shares[1, 1] += chance * label * positives
        label = t / b if broadcast else 0.0  # of a negative
        chance = part * float(_hypergeometric(n - 1, targets, b - 1, t))
        if chance > NEGLIGIBLE:
            kept = _kept_of_each((1 - label) * loss_0 + label * loss_1, negatives, b - t, most)
            shares[0, 0] += chance * (1 - label) * kept
            shares[0, 1] += chance * label * kept
    return shares


def _kept_of_each(losses: Floats, negatives: NDArray[np.int64], drawn: int, most: int) -> Floats:
    """How many of each pattern's negative samples (512,) are kept on average, were each in a batch with `drawn` - 1
    others, from their losses (rows, 512): (rows, 512). The hardest first; ties: lower index."""
    hardest = np.argsort(-losses, axis=1, kind="stable")
    up_to = np.concatenate([[0.0], np.cumsum(_kept(int(negatives.sum()), drawn, most))])
    ends = np.cumsum(negatives[hardest], axis=1)
    found = np.zeros(losses.shape)
    np.put_along_axis(found, hardest, up_to[ends] - up_to[ends - negatives[hardest]], axis=1)
    return found


@lru_cache(maxsize=64)
def _kept(negatives: int, drawn: int, most: int) -> Floats:
    """How likely the negative with r harder ones, r = 0..negatives - 1, is among the `most` hardest of a batch that
    has it and `drawn` - 1 other negatives; (negatives,)."""
    harder = np.arange(negatives)
    return np.asarray(
        sum(_hypergeometric(negatives - 1, harder, drawn - 1, h) for h in range(most)) if most else 0.0 * harder
    )


def _hypergeometric(all_: int, marked: int | NDArray[np.int64], drawn: int, hits: int) -> Floats:
    """How likely `hits` of `drawn` out of `all_` are marked: C(marked, hits) C(all - marked, drawn - hits) /
    C(all, drawn); 0 where it cannot be."""
    marked = np.asarray(marked)
    possible = (hits >= 0) & (hits <= marked) & (drawn - hits >= 0) & (drawn - hits <= all_ - marked)
    if not np.any(possible):
        return np.zeros(marked.shape)

    def log_choose(n: NDArray[np.int64], k: int) -> Floats:
        inside = np.clip(n, k, None)
        return np.asarray(LOG_FACTORIALS[inside] - LOG_FACTORIALS[k] - LOG_FACTORIALS[inside - k])

    log_chance = log_choose(marked, max(hits, 0)) + log_choose(all_ - marked, max(drawn - hits, 0))
    return np.where(possible, np.exp(log_chance - log_choose(np.asarray(all_), drawn)), 0.0)


LOG_FACTORIALS: Floats = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, MOST_SCENES * PATCHES + 1)))])
