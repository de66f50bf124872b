"""Locks on the bench: what is locked keeps the number that the bench shows, and the rest learns."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import linear_weights
from corner_lab.training.run import Run
from ui.state.session import Bench, Session
from ui.state.train_actions import held_numbers

OpenApp = Callable[..., Any]


def test_does_a_locked_number_keep_what_the_opening_bench_shows(open_app: OpenApp) -> None:
    lab = open_app("labels=aligned&epochs=5")
    lab.session.locks = frozenset({0, 9})
    lab.train()
    run = lab.trained()
    assert run.held == {0: -100.0, 9: -35.0}
    numbers = run.history.linear()
    assert (numbers[:, [0, 9]] == [-100, -35]).all()
    assert lab.header["held"] == [0, 9]


def test_does_a_button_hold_what_the_bench_showed_before_it_changed_the_settings(open_app: OpenApp) -> None:
    lab = open_app("init=matched&epochs=5")
    lab.session.locks = frozenset({9})
    lab.press("asked")
    assert lab.trained().held == {9: -3.5}, "the matched filter's bias, not the hand-set one's"
    other = open_app("init=matched&epochs=5")
    other.session.locks = frozenset({9})
    other.choose(scenario="as asked")
    assert other.trained().held == {9: -3.5}


def test_does_a_run_from_the_bench_hold_the_edited_number(open_app: OpenApp) -> None:
    lab = open_app("labels=aligned&epochs=5")
    mine = [0.5, -0.25, 0, 1, 2, 3, -4, 5, 6, -7, 1.5, 0.125]
    lab.report(weights=mine)
    lab.session.locks = frozenset({3, 10})
    lab.press("bench")
    run = lab.trained()
    assert run.held == {3: 1.0, 10: 1.5}
    assert run.history.linear(slice(0, 1))[0].tolist() == mine


@pytest.mark.parametrize("query", ["", "head=softmax&loss=categorical_crossentropy&second_conv=false"])
def test_does_continuing_with_locks_start_exactly_at_the_playhead(open_app: OpenApp, query: str) -> None:
    lab = open_app(f"{query}&labels=aligned&epochs=5".lstrip("&"))
    lab.train()
    first = lab.trained()
    lab.rest(3)
    lab.session.locks = frozenset({4, 9})
    lab.click("Continue from here")
    run = lab.trained()
    shown = first.history.linear(slice(3, 4))[0]
    assert run.held == {4: float(shown[4]), 9: float(shown[9])}
    np.testing.assert_array_equal(run.history.weights_at(0), first.history.weights_at(3))
    assert np.ptp(run.history.linear()[:, [4, 9]], axis=0).tolist() == [0, 0]
    lab.click("Train longer")
    assert lab.trained().held == run.held and np.ptp(run.history.linear()[:, 4]) == 0


def test_are_locks_left_out_that_the_network_does_not_have() -> None:
    s = Session(locks=frozenset({0, 9, 10, 11}))
    s.bench = Bench.edited((1.0,) * 9 + (2.0, 3.0, 4.0))
    assert held_numbers(s, Experiment()) == {0: 1.0, 9: 2.0, 10: 3.0, 11: 4.0}
    assert held_numbers(s, Experiment(second_conv=False)) == {0: 3.0, 9: 10.0}, "w2 and b2 are multiplied in"
    assert held_numbers(Session(), Experiment()) == {}


@pytest.mark.parametrize(
    ("page", "label"), [("causes", "Open in the playground"), ("landscape", "Train this on Play"), ("story", "Try it")]
)
def test_does_a_run_that_another_page_opens_train_what_it_promises(
    page: str, label: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is locked on the bench: it is a corner, a landscape or a step of the story that was shown."""
    monkeypatch.setattr(Run, "step", lambda run: False)
    monkeypatch.setattr(st, "switch_page", lambda page: None)
    s = Session(locks=frozenset({0, 9}), opening=linear_weights("by_hand", 432))
    assert held_numbers(s, Experiment()) == {0: -100.0, 9: -35.0}
    at = AppTest.from_string(f"from ui.pages import {page}\n{page}.page()", default_timeout=60)
    at.session_state["session"] = s
    if page == "story":
        at.query_params["step"] = "4"
    at.run()
    while not any(button.label == label for button in at.button):  # TensorFlow loads
        time.sleep(0.1)
        at.run()
    next(button for button in at.button if button.label == label).click()
    at.run()
    assert not at.exception and s.run is not None
    assert s.run.held == {} and "locked" not in s.title
    assert s.run.experiment == s.experiment
    assert s.locks == {0, 9}, "what stands on the bench stays as it is"
