"""Separability: can one kernel and one bias tell these targets from all other patterns? Decided exactly, in integers.

Yes is proved by whole-number weights that do it (found by the perceptron rule: Novikoff 1962), no by four patterns: two
targets and two others with the same sum of pixels have the same sum of z, so the targets cannot both lie higher.
Beyond 8 pixels such a quadruple need not exist where no kernel does (Winder 1962), so there is a third answer.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.experiment import Experiment
from corner_lab.network.patterns import COUNT, NAMED, all_patterns, is_target, pixels

CORNERS = tuple(index for name, index in NAMED.items() if name.endswith("corner"))  # the four orientations
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


def unsolvable(e: Experiment) -> bool:
    """Whether no weights of this network have all patterns right: it tells apart what one kernel does, and none can.

    So does any number of kernels with nothing between the convolutions, as their weighted sum is one; and one kernel
    with relu, as z rises or falls with its sum and a threshold on z is one on the sum.
    """
    return (e.hidden == "none" or e.kernels == 1) and separation(e.target).clash is not None


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


# ---------------------------------------------------------------- two targets


@dataclass(frozen=True)
class Certificate:
    """Two targets and two other patterns that light the same pixels, each as often.

    z is linear in the pixels, so z(a) + z(b) = z(c) + z(d) for every kernel and bias: if both targets lie above a
    threshold, so does one of the others.
    """

    targets: tuple[int, int]
    others: tuple[int, int]

    @property
    def sums(self) -> tuple[int, ...]:
        """How often each of the nine pixels is on in either pair: 0, 1 or 2."""
        return tuple((pixels(self.targets[0]) + pixels(self.targets[1])).tolist())


def certificate(a: int, b: int) -> Certificate | None:
    """The certificate against a and b as the only targets, its others as alike as can be; None if there is none.

    There is none exactly where a and b differ in one pixel at most. Found by trying all patterns.
    """
    together = pixels(a) + pixels(b)  # (9,)
    found = []
    for c in range(COUNT):
        rest = together - pixels(c)
        if c not in (a, b) and ((rest == 0) | (rest == 1)).all():
            d = int((rest * 2 ** np.arange(9)).sum())
            if c < d:
                found.append((c, d))
    if not found:
        return None
    return Certificate((a, b), min(found, key=_unlike))


def _unlike(pair: tuple[int, int]) -> tuple[int, int]:
    """How much two patterns differ: in their number of pixels, then in their index."""
    return abs(int(pixels(pair[0]).sum() - pixels(pair[1]).sum())), pair[1] - pair[0]


def certified(patterns: tuple[int, ...] = CORNERS) -> tuple[int, int]:
    """Of the pairs of these patterns, how many have a certificate, and how many there are."""
    pairs = list(combinations(patterns, 2))
    return sum(certificate(a, b) is not None for a, b in pairs), len(pairs)
