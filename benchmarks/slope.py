"""How much something grows, and how well that is known."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

STRETCHES = 20


@dataclass(frozen=True)
class Slope:
    """MB an hour, and the standard error of that."""

    value: float
    error: float

    @property
    def flat(self) -> bool:
        return abs(self.value) <= 2 * self.error

    def __str__(self) -> str:
        return f"{self.value:+.1f} ± {self.error:.1f} MB an hour"


def slope(times: Sequence[float], megabytes: Sequence[float]) -> Slope:
    """Of a line by least squares through the means of `STRETCHES` equal shares of the readings; times in seconds.

    Readings that follow each other closely are alike: taken one by one they would make the error too small.
    """
    size = len(times) // STRETCHES
    if size < 1:
        raise ValueError(f"{len(times)} readings are too few for {STRETCHES} stretches")
    cuts = [slice(i * size, (i + 1) * size) for i in range(STRETCHES)]
    hours = [statistics.fmean(times[cut]) / 3600 for cut in cuts]
    means = [statistics.fmean(megabytes[cut]) for cut in cuts]
    fit = statistics.linear_regression(hours, means)
    residuals = [y - fit.intercept - fit.slope * x for x, y in zip(hours, means, strict=True)]
    middle = statistics.fmean(hours)
    spread = sum((x - middle) ** 2 for x in hours)
    return Slope(fit.slope, (sum(r * r for r in residuals) / (STRETCHES - 2) / spread) ** 0.5)
