"""Separability: can one kernel and one bias tell these targets from all other patterns? Decided exactly, in integers.

Yes is proved by whole-number weights that do it (found by the perceptron rule: Novikoff 1962), no by four patterns: two
targets and two others with the same sum of pixels have the same sum of z, so the targets cannot both lie higher.
Beyond 8 pixels such a quadruple need not exist where no kernel does (Winder 1962), so there is a third answer.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corner_lab.network.patterns import COUNT, all_patterns, is_target

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
    sides = [np.flatnonzero(is_target(target) == kind) for kind in (True, False)]
    sums = [base_3[side][:, None] + base_3[side] for side in sides]  # (t, t), (o, o)
    met = [np.zeros(3**9, dtype=np.bool_) for _ in sides]
    for found, values in zip(met, sums, strict=True):
        found[values] = True
    common = np.flatnonzero(met[0] & met[1])
    if not common.size:
        return None
    a, b, c, d = (int(i) for side, s in zip(sides, sums, strict=True) for i in side[np.argwhere(s == common[0])[0]])
    return a, b, c, d


def _perceptron(target: tuple[int, ...]) -> tuple[int, ...] | None:
    """Whole-number weights (10,) with z > 0 on the targets and z < 0 elsewhere; None if not found in time."""
    ones = np.ones((COUNT, 1), dtype=np.int64)
    x = np.concatenate([2 * all_patterns().reshape(COUNT, 9).astype(np.int64) - 1, ones], axis=1)  # (512, 10) of +1, -1
    signed: NDArray[np.int64] = x * np.where(is_target(target), 1, -1)[:, None]
    weights = np.zeros(10, dtype=np.int64)
    for _ in range(MOST_CORRECTIONS):
        scores = signed @ weights  # (512,)
        worst = int(scores.argmin())
        if scores[worst] > 0:  # on pixels of +1 and -1; z is to read 0 and 1
            return (*(2 * weights[:9]).tolist(), int(weights[9] - weights[:9].sum()))
        weights += signed[worst]
    return None
