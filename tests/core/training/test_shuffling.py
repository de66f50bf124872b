"""Are a run's orders one permutation after another, however they are taken and drawn ahead?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corner_lab.experiment.sampling import BatchPlan
from corner_lab.training.shuffling import Orders

PLAN = BatchPlan((432,), "none", 32)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 12), st.integers(0, 9)), max_size=12))
def test_are_they_one_stream_whatever_is_taken_drawn_ahead_and_given_back(
    turns: list[tuple[int, int, int]],
) -> None:
    orders, used = Orders(PLAN, 5), []
    for epochs, ahead, back in turns:
        taken = orders.take(epochs, ahead)
        assert taken.shape == (epochs, 512)
        kept = max(0, epochs - back)
        used += [*taken[:kept]]
        orders.give_back(taken[kept:])
    rng = np.random.default_rng(5)
    for order in used:
        np.testing.assert_array_equal(order, rng.permutation(512))


@pytest.mark.parametrize("balance", ["oversample", "half_batch"])
def test_are_they_those_of_the_plan(balance: str) -> None:
    plan, rng = BatchPlan((432,), balance, 32), np.random.default_rng(1)
    orders = Orders(plan, 1)
    for epochs in (1, 3, 2):
        np.testing.assert_array_equal(orders.take(epochs, ahead=2), plan.shuffled(rng, epochs))
