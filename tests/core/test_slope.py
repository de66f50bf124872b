"""Does the soak test know growth from noise, and how well it knows it?"""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.slope import STRETCHES, slope


@pytest.mark.parametrize("growth", [0.0, 60.0])
def test_is_it_the_line_through_the_means_with_its_standard_error(growth: float) -> None:
    times = np.arange(0, 3600, 2.0)
    memory = 500 + growth * times / 3600 + np.random.default_rng(1).normal(0, 3, len(times))
    found = slope(times.tolist(), memory.tolist())
    means = [[part.mean() for part in np.split(values, STRETCHES)] for values in (times / 3600, memory)]
    (expected, _), covariance = np.polyfit(*means, 1, cov=True)
    assert (found.value, found.error) == pytest.approx((expected, covariance[0, 0] ** 0.5))
    assert found.flat == (growth == 0)


def test_are_too_few_readings_refused() -> None:
    with pytest.raises(ValueError, match="19 readings are too few"):
        slope([1.0] * 19, [1.0] * 19)
