"""Separability: can one kernel and one bias tell these targets from all other patterns? Decided exactly, in integers.

Yes is proved by whole-number weights that do it (found by the perceptron rule: Novikoff 1962), no by four patterns: two
targets and two others with the same sum of pixels have the same sum of z, so the targets cannot both lie higher.
Beyond 8 pixels such a quadruple need not exist where no kernel does (Winder 1962), so there is a third answer.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corner_lab.patterns import COUNT, all_patterns, is_target

MOST_CORRECTIONS = 200_000  # of the perceptron: far more than any set of targets was seen to need


@dataclass(frozen=True)
class Separation:
    """A proof. `weights`: kernel (9) and bias with z > 0 exactly on the targets. `clash`: targets a, b and others c, d
    with a + b = c + d. Neither: undecided."""

    weights: tuple[int, ...] | None = None
    clash: tuple[int, int, int, int] | None = None


@lru_cache(maxsize=256)
def separation(target: tuple[int, ...]) -> Separation:
    """The proof that the targets (pattern indices) can or cannot be separated from the rest by a plane."""
    clash = _clash(target)
    return Separation(clash=clash) if clash else Separation(weights=_perceptron(target))


def _clash(target: tuple[int, ...]) -> tuple[int, int, int, int] | None:
    """Two targets and two others with equal pixel sums; None if there are none."""
    base_3 = all_patterns().reshape(COUNT, 9).astype(np.int64) @ 3 ** np.arange(9)  # (512,): sums never carry
    positive = is_target(target)
    targets, others = np.flatnonzero(positive), np.flatnonzero(~positive)
    sums = [base_3[side][:, None] + base_3[side] for side in (targets, others)]  # (t, t), (o, o)
    common = np.intersect1d(sums[0], sums[1])
    if not common.size:
        return None
    (a, b), (c, d) = (side[np.argwhere(s == common[0])[0]] for side, s in zip((targets, others), sums, strict=True))
    return int(a), int(b), int(c), int(d)


def _perceptron(target: tuple[int, ...]) -> tuple[int, ...] | None:
    """Whole-number weights (10,) with z > 0 on the targets and z < 0 elsewhere; None if not found in time."""
    ones = np.ones((COUNT, 1), dtype=np.int64)
    x = np.concatenate([2 * all_patterns().reshape(COUNT, 9).astype(np.int64) - 1, ones], axis=1)  # (512, 10) of +1, -1
    signed: NDArray[np.int64] = x * np.where(is_target(target), 1, -1)[:, None]
    gram = signed @ signed.T  # (512, 512)
    scores, added = np.zeros(COUNT, dtype=np.int64), np.zeros(COUNT, dtype=np.int64)
    for _ in range(MOST_CORRECTIONS):
        worst = int(scores.argmin())
        if scores[worst] > 0:
            w = added @ signed  # on pixels of +1 and -1
            return (*(2 * w[:9]).tolist(), int(w[9] - w[:9].sum()))
        scores += gram[worst]
        added[worst] += 1
    return None
