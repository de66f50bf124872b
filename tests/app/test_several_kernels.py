"""Every page with four kernels and relu between the convolutions: it shows what it can, and says what it cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.network.parameters import ParameterLayout, linear_names
from corner_lab.plots.training import heatmaps_height
from tests import oracle
from tests.app.conftest import trained
from tests.app.test_pictures import Visitor
from ui.state.session import Bench, Session
from ui.state.train_actions import held_numbers

OpenApp = Callable[..., Any]
FOUR = "kernels=4&hidden=relu&labels=aligned&target=four_corners&epochs=4&batch_size=128"
E = Experiment(kernels=4, hidden="relu", labels="aligned", target=(27, 54, 216, 432), epochs=4, batch_size=128)


def session(e: Experiment = E) -> Session:
    """Somebody who has trained this."""
    run = trained(e, np.random.default_rng(3).normal(0, 1, e.layout.size).astype(np.float32))
    return Session(experiment=e, run=run, called="Mine", opened=True)


def z_of(weights: np.ndarray, e: Experiment = E) -> np.ndarray:
    return oracle.pre_activations(e.layout.to_keras(weights), e.hidden)


def test_play_trains_and_shows_four_kernels(open_app: OpenApp) -> None:
    lab = open_app(FOUR)
    assert (lab.header["kernels"], lab.header["hidden"]) == (4, "relu")
    assert set(linear_names(4)) <= set(lab.header["columns"])
    lab.press("train")
    run = lab.trained()
    assert (run.status, run.message) == ("finished", "")
    lab.rest()
    z = z_of(run.history.weights_at(-1))[lab.session.pixels]
    assert f"pattern {lab.session.pixels} · z " in lab.says
    assert ("not a corner" in lab.says) == (z <= 0)
    lab.look()
    (kernels,) = [chart for chart in lab.charts if sum(trace["type"] == "heatmap" for trace in chart["data"]) == 4]
    assert len(kernels["data"]) == 4, "each kernel; with relu there is none that they add up to"
    assert kernels["layout"]["height"] == heatmaps_height(run.experiment)
    lab.click("Continue from here")
    assert np.array_equal(lab.trained().history.weights_at(0), run.history.weights_at(-1))


def test_does_an_edited_bench_of_four_kernels_train_as_it_stands_and_in_other_networks(open_app: OpenApp) -> None:
    lab = open_app(FOUR)
    mine = np.random.default_rng(1).integers(-8, 8, 45).astype(np.float32).tolist()
    lab.report(weights=mine, locks=[4, 38, 44])
    assert lab.session.bench == Bench(tuple(mine), ParameterLayout(4, 1))
    lab.press("bench")
    run = lab.trained()
    assert run.history.linear(slice(0, 1))[0].tolist() == mine
    assert run.held == {4: mine[4], 38: mine[38], 44: mine[44]}
    # Two kernels have k0.4 and b2 of them; without relu the bench's kernels would be added up.
    shown = held_numbers(lab.session, Experiment(kernels=2, hidden="relu"))
    assert list(shown) == [4, 22]
    lab.choose(second_conv=False)
    lab.click("Continue from here")
    alone = lab.trained()
    kernel = np.array(mine[40:44]) @ np.array(mine[:36]).reshape(4, 9)
    start = alone.history.linear(slice(0, 1))[0]
    free = [i for i in range(9) if i != 4]
    trained_end = run.history.linear()[-1]
    assert alone.experiment.kernels == 1 and len(start) == 12 and np.isfinite(kernel).all()
    whole = trained_end[40:44].astype(float) @ trained_end[:36].astype(float).reshape(4, 9)
    np.testing.assert_allclose(start[free], whole[free], rtol=1e-5)


@pytest.mark.parametrize("hidden", ["none", "relu"])
def test_do_the_autopsy_and_the_landscape_show_or_say(hidden: str) -> None:
    e = Experiment(kernels=4, hidden=hidden, labels="aligned", epochs=4, batch_size=128)
    s = session(e)
    at = AppTest.from_string("from ui.pages import autopsy\nautopsy.page()", default_timeout=60)
    at.session_state["session"] = s
    at.run()
    (weights,) = [node for node in at.main if getattr(node, "key", None) == "autopsy-weights"]
    weights.set_value("bench")
    at.run()
    assert not at.exception, [node.value for node in at.exception]
    at = AppTest.from_string("from ui.pages import landscape\nlandscape.page()", default_timeout=60)
    at.session_state["session"] = s
    at.run()
    assert not at.exception, [node.value for node in at.exception]
    said = [node.value for node in at.info]
    assert any("needs a network that is one kernel" in text for text in said) == (hidden == "relu")


def test_pictures_are_given_all_numbers_and_what_stands_between() -> None:
    s = session()
    visitor = Visitor(s)
    header = visitor.header
    assert (header["kernels"], header["hidden"], header["bench"]["kernels"]) == (4, "relu", 4)
    (bench,) = [network for network in header["networks"] if network["id"] == "bench"]
    assert len(bench["numbers"]) == 45 and bench["hidden"] == "relu"
    assert set(linear_names(4)) <= set(visitor.columns)
    two = Visitor(session(Experiment(kernels=2, head="softmax", hidden="relu", loss="mse", epochs=2)))
    assert [(n["id"], len(n["numbers"]), n["hidden"]) for n in two.header["networks"]] == [
        ("bench", 26, "relu"),  # those of the other class too
        ("by_hand", 23, "relu"),
        ("matched", 23, "relu"),
    ]
    assert len(two.columns) == 1 + 26


@pytest.mark.parametrize("page", ["causes", "story", "glossary"])
def test_do_the_other_pages_stand(page: str) -> None:
    at = AppTest.from_string(f"from ui.pages import {page}\n{page}.page()", default_timeout=60)
    at.session_state["session"] = session()
    at.run()
    assert not at.exception, [node.value for node in at.exception]


def test_does_the_chain_of_four_corners_lead_on_by_its_button(open_app: OpenApp) -> None:
    lab = open_app()
    lab.choose(scenario="four corners, one kernel")
    lab.trained()
    labels = []
    for _ in range(3):
        lab.rest()
        (text,) = [button["text"] for button in lab.header["actions"]["end"] if button["id"] == "next"]
        labels.append(text)
        lab.press("next")
        run = lab.trained()
    assert labels[0] == "Next (1 of 3): four kernels" and labels[2] == "Next (3 of 3): more kernels than needed"
    assert run.experiment == SCENARIOS["more kernels than needed"].experiment and run.history.solved()
    lab.choose(scenario="as asked")
    assert lab.experiment == Experiment(), "the question's own target again"
