"""Are a run's orders one permutation after another, however they are taken and drawn ahead?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corner_lab.experiment.data.sampling import BatchPlan
from corner_lab.training.shuffling import Orders

PLAN = BatchPlan((432,), "none", 32)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 12), st.integers(0, 9)), max_size=12), st.booleans())
def test_are_they_one_stream_whatever_is_taken_drawn_ahead_and_given_back(
    turns: list[tuple[int, int, int]], labels_shuffled: bool
) -> None:
    orders, used = Orders(PLAN, 5, labels_shuffled), []
    for epochs, ahead, back in turns:
        taken = orders.take(epochs, ahead)
        assert taken.shape == (epochs, 512)
        kept = max(0, epochs - back)
        used += [*taken[:kept]]
        orders.give_back(taken[kept:])
    rng, label_rng = np.random.default_rng(5), np.random.default_rng(6)
    for order in used:
        patterns = rng.permutation(512)
        of = np.concatenate([label_rng.permutation(batch) for batch in patterns.reshape(16, 32)])
        np.testing.assert_array_equal(order % 512, patterns)
        np.testing.assert_array_equal(order // 512**2, (patterns ^ of) if labels_shuffled else 0)


@pytest.mark.parametrize("balance", ["oversample", "half_batch"])
def test_are_they_those_of_the_plan(balance: str) -> None:
    plan, rng = BatchPlan((432,), balance, 32), np.random.default_rng(1)
    orders = Orders(plan, 1)
    for epochs in (1, 3, 2):
        np.testing.assert_array_equal(orders.take(epochs, ahead=2), plan.shuffled(rng, epochs))
