"""What an epoch's loss is in expectation over the orders of its samples: each pattern's share, in closed form."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.sampling import BatchPlan
from corner_lab.network.patterns import COUNT, is_target

Floats = NDArray[np.float64]


@lru_cache(maxsize=32)
def expected_shares(plan: BatchPlan, broadcast: bool) -> tuple[Floats, Floats]:
    """How much of the epoch's loss each pattern's loss against label 0 is, and against label 1; both (512,).

    sum(share_0 * loss_0 + share_1 * loss_1) is the epoch's loss, averaged over all orders in which its samples may
    come. Where labels are not broadcast the order makes no difference. Where they are, a sample meets its batch's mean
    label y and mean weight w, and its shares are the expectations of w * (1 - y) and w * y. Of the other c - 1 samples
    of a batch of c the number of positives is hypergeometric; in half batches y is 1/2. Not for hard_negatives, which
    chooses its samples by their loss.
    """
    positive = is_target(plan.target)
    if not broadcast:
        known_0, known_1 = plan.label_shares(broadcast=False)
        return known_0.astype(np.float64), known_1.astype(np.float64)
    appearances = np.bincount(plan.in_order(), minlength=COUNT)  # of each pattern in an epoch
    weights = plan.sample_weights().astype(np.float64)
    low, high = weights[~positive].max(), weights[positive].max()
    share_0, share_1 = np.zeros(COUNT), np.zeros(COUNT)
    for kind in (False, True):
        mean, square = _mean_label(plan, positive_sample=kind)
        own = positive == kind
        # w = low + (high - low) * y
        share_1[own] = low * mean + (high - low) * square
        share_0[own] = low + (high - low) * mean - share_1[own]
    return share_0 * appearances / plan.samples, share_1 * appearances / plan.samples


def _mean_label(plan: BatchPlan, positive_sample: bool) -> tuple[float, float]:
    """The expectation of y, the mean label of a sample's batch, and of y squared."""
    if plan.balance == "half_batch":
        return 0.5, 0.25
    samples = plan.samples
    positives = samples - (COUNT - len(plan.target))  # each negative comes once
    share = (positives - positive_sample) / (samples - 1)
    mean = square = 0.0
    for size, batches in ((plan.batch_size, plan.full), (plan.last, int(plan.last > 0))):
        if not batches:
            continue
        expected = positive_sample + (size - 1) * share
        variance = (size - 1) * share * (1 - share) * (samples - size) / (samples - 2)
        here = batches * size / samples  # how likely the sample is in a batch of this size
        mean += here * expected / size
        square += here * (expected**2 + variance) / size**2
    return mean, square
