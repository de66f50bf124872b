"""Whatever the browser reports, sound or not: what is not changes nothing, and nothing raises."""

from __future__ import annotations

import math
from typing import Any

import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import linear_weights
from corner_lab.story.steps import STEPS
from tests.app.conftest import trained
from ui.components.polling import Questions
from ui.pages import causes, story
from ui.playground import stage_actions, stage_panel
from ui.state import bench_endpoint
from ui.state.session import Session
from ui.state.stage_channel import STAGE, Playhead

LAST = 6
NUMBERS = some.integers() | some.floats() | some.sampled_from([0, 5.0, LAST, LAST + 1, -5, 10**400, math.inf, math.nan])
PLAIN = some.none() | some.booleans() | NUMBERS | some.text(max_size=3)
JSON = some.recursive(
    PLAIN, lambda inner: some.lists(inner, max_size=23) | some.dictionaries(some.text(max_size=3), inner), max_leaves=30
)
MOVES = some.fixed_dictionaries({"run": some.just("trained") | PLAIN}, optional={"epoch": JSON, "playing": JSON})


def visitor() -> Session:
    s = Session(run=trained(Experiment(epochs=LAST), linear_weights("by_hand", 432)))
    assert s.on_stage is s.run
    return s


@given(moved=MOVES | JSON)
def test_does_the_playhead_rest_only_on_an_epoch_of_the_run_on_the_stage(moved: Any) -> None:
    s = visitor()
    sound = (
        isinstance(moved, dict)
        and moved.get("run") == "trained"
        and type(moved.get("epoch")) in (int, float)
        and moved["epoch"] in (0, 1, 2, 3, 4, 5, 6)
        and moved.get("playing") in (True, False)
        and type(moved["playing"]) is bool
    )
    bench_endpoint.take(s, {"playhead": moved})
    assert s.playhead == (Playhead("trained", moved["epoch"], moved["playing"]) if sound else Playhead())
    assert s.epoch == (moved["epoch"] if sound else LAST)


@pytest.mark.parametrize("epoch", ["x", math.inf, -math.inf, math.nan, -5, LAST + 1, 1.5, True, None, [1], 10**400])
def test_does_an_epoch_that_is_none_change_nothing(epoch: Any) -> None:
    s = visitor()
    bench_endpoint.take(s, {"playhead": {"run": "trained", "epoch": 2, "playing": False}})
    bench_endpoint.take(s, {"playhead": {"run": "trained", "epoch": epoch, "playing": True}})
    assert s.playhead == Playhead("trained", 2, False) and s.epoch == 2
    assert bench_endpoint.says(s).startswith("On the bench: pattern 432 ")


@given(pixels=JSON, weights=JSON | some.lists(NUMBERS, min_size=12, max_size=12), locks=JSON)
def test_is_the_bench_always_one_that_can_be_shown(pixels: Any, weights: Any, locks: Any) -> None:
    s = visitor()
    bench_endpoint.take(s, {"pixels": pixels, "weights": weights, "locks": locks})
    assert s.pixels in range(512) and s.locks <= set(range(12))
    assert s.bench is None or len(s.bench.numbers) in (12, 14, 22)
    assert bench_endpoint.says(s).startswith(f"On the bench: pattern {s.pixels} ")


@given(value=JSON)
def test_does_nothing_that_is_pressed_or_asked_raise(value: Any) -> None:
    s = visitor()
    told = {"press": value, "go": value, "pick": value, "open": value}
    component = type("Told", (dict,), {"__getattr__": dict.get})(told)
    pages = {"causes": causes.Visit(), "story": story.Visit()}
    state = {"session": s, STAGE: component, causes.CUBE: component, causes.BARS: component, story.KEYS: component}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(st, "session_state", state | pages)
        for pressed in (stage_actions.press, causes._picked, causes._opened, story._went):
            pressed()
        for asked in (stage_panel._asked, Questions().ask):
            asked()
    assert s.run is not None and s.run.status == "finished"
    assert pages["causes"].vertex == "000" and 1 <= pages["story"].step <= len(STEPS)
