"""Why one kernel cannot find two targets: four patterns that no kernel and bias can tell apart as wanted."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from corner_lab.network.patterns import COUNT, NAMED, pixels

CORNERS = tuple(index for name, index in NAMED.items() if name.endswith("corner"))  # the four orientations


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
