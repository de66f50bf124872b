"""Links of the whole state, without a browser: what the session takes from them, and what the address says after."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.runtime.state.query_params_proxy import QueryParamsProxy
from streamlit.testing.v1 import AppTest

from corner_lab.experiment.experiment import Experiment
from corner_lab.export.share_link import read_pairs
from corner_lab.training.run import Run
from corner_lab.workers.pool import Pool
from tests.app.conftest import Lab, read
from ui.server.keras_loading import pool
from ui.state.session import Session

OpenApp = Callable[..., Lab]


def test_does_a_link_train_from_its_weights_with_its_locks_and_rest_at_its_epoch(open_app: OpenApp) -> None:
    start = np.linspace(-1, 1, 12, dtype=np.float32)
    begun = ",".join(map(str, start))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pool, "submit", lambda pool, work: work)  # not yet
        lab = open_app(f"labels=aligned&epochs=5&v=1&pixels=7&locks=bias&epoch=3&start={begun}&held=k4:0.5")
        assert lab.header["arriving"] and lab.header["pixels"] == 7 and lab.header["locks"] == [9]
        lab.until(lambda: lab.session.run is not None, "the link's run starts")
    pool().submit(lab.session.run)
    run = lab.trained()
    same = Run(Experiment(labels="aligned", epochs=5), start, {4: 0.5}).train()
    assert run.history is not None and same.history is not None
    assert np.array_equal(run.history.weights_at(-1), same.history.weights_at(-1))
    assert (lab.header["at"], lab.header["leads"], lab.header["arriving"]) == (3, True, False)
    assert lab.query["labels"] == ["aligned"] and lab.query["held"] == ["k4:0.5"] and len(lab.query["start"]) == 1


def test_does_the_bench_of_a_link_stand_on_its_run(open_app: OpenApp) -> None:
    numbers = ",".join(["2"] * 12)
    lab = open_app(f"epochs=2&v=1&weights={numbers}&epoch=1")
    lab.until(lambda: lab.session.run is not None, "the link's run starts")
    lab.trained()
    assert lab.header["weights"] == [2.0] * 12 and lab.header["at"] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("epochs=2&epoch=5000", "The link asks for epoch 5,000; its run has 2 and shows its last."),
        ("epochs=2&held=k4:1", "The link says what a run keeps (held), but asks for none: add epoch=0 or more to it."),
        ("epochs=2&held=k4:1&epoch=2", ""),
    ],
)
def test_is_it_told_what_a_link_asks_for_in_vain(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch, words: str, said: str
) -> None:
    told = list[str]()
    monkeypatch.setattr("ui.theme.show_notes", lambda notes: (told.extend(notes), notes.clear()))
    lab = open_app(words)
    if "&epoch=" in words:
        lab.until(lambda: lab.session.run is not None, "the link's run starts")
        lab.trained()
    lab.run()
    assert told == ([said] if said else [])


def test_is_the_address_written_again_that_a_late_message_has_not_heard_of(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = list[dict[str, list[str]]]()
    plain = QueryParamsProxy.from_dict
    monkeypatch.setattr(
        QueryParamsProxy, "from_dict", lambda proxy, words: (written.append({**words}), plain(proxy, words))
    )
    lab = open_app("epochs=20")
    lab.choose(labels_shuffled=True)
    assert written == [{"epochs": ["20"], "labels_shuffled": ["true"]}]
    lab.at.query_params.clear()
    lab.at.query_params["epochs"] = "20"  # as it stood there when the next thing was set
    lab.choose(labels_shuffled=False)
    assert written[1:] == [{"epochs": ["20"]}]
    lab.choose(epochs=20)
    assert len(written) == 2


@pytest.mark.parametrize("change", [{"labels": "aligned"}, {"seed": 3}])
def test_does_a_link_lead_to_a_run_only_while_the_settings_are_its_own(
    open_app: OpenApp, change: dict[str, object]
) -> None:
    lab = open_app("epochs=2&v=1&epoch=2")
    lab.until(lambda: lab.session.run is not None, "the link's run starts")
    lab.trained()
    assert lab.header["leads"]
    lab.choose(**change)
    assert not lab.header["leads"]


class Slow(Lab):
    """A visitor whose browser has not drawn anything yet."""

    def report(self, **state: Any) -> Lab:
        return self


def test_is_a_page_new_until_its_stage_has_asked() -> None:
    """What was on the bench before a reload is taken up by the first record that the browser draws. The page may be
    drawn anew before that, as when TensorFlow is loaded meanwhile."""
    visitor = Slow("epochs=3")
    visitor.run()
    assert visitor.header["fresh"] and not visitor.at.sidebar.number_input
    Lab.report(visitor, ask=1)
    assert visitor.at.sidebar.number_input
    visitor.train()
    assert not visitor.header["fresh"]


def test_is_the_paper_told_the_setting_and_the_link_of_the_run_that_shows(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def paper(lab: Lab) -> dict[str, Any]:
        (found,) = lab._components("corner_lab_paper")
        told: dict[str, Any] = json.loads(found.proto.json)
        return told

    lab = open_app("labels=aligned&epochs=3")
    assert paper(lab)["words"] == "labels=aligned&epochs=3" and paper(lab)["address"] == ""
    assert ["Labels", "Aligned", True] in paper(lab)["setting"]
    lab.train()
    lab.trained()
    lab.rest()
    lab.choose(labels="as_asked")
    assert paper(lab)["words"] == "labels=aligned&epochs=3", "the settings are others by now, the run is not"
    assert ["Labels", "Aligned", True] in paper(lab)["setting"]
    monkeypatch.setenv("CORNER_LAB_URL", "https://lab.example.org/")
    assert paper(lab.run())["address"] == "https://lab.example.org/"


@pytest.mark.parametrize("name", ["story", "tasks", "causes", "autopsy", "landscape", "glossary"])
def test_is_what_a_link_says_wrong_told_on_every_page(name: str) -> None:
    at = AppTest.from_string(f"from ui.pages import {name}\n{name}.page()", default_timeout=60)
    at.session_state["session"] = Session(
        problems=read_pairs([("labels", "foo"), ("colour", "red")])[1], notes=["Training goes on."]
    )
    at.run()
    assert [toast.value for toast in at.toast] == ["Training goes on."]
    assert not at.exception
    said = [read(warning.value) for warning in at.warning]
    assert len(said) == 2 and "labels 'foo': allowed are" in said[0] and "unknown field 'colour'" in said[1]
