"""The page of the three causes: it begins by itself, shows what is known, and opens what is chosen."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from corner_lab.analysis.ablation import CASES, VERTICES
from corner_lab.analysis.ablation_study import Causes
from corner_lab.analysis.stored_results import Provenance, StoredResults
from corner_lab.training import seed_sweep
from corner_lab.training.run import Run
from corner_lab.training.seed_sweep import Tally, many_for
from corner_lab.workers import WorkerEnded
from ui.components import cube
from ui.pages import causes as causes_page
from ui.server.keras_loading import loading

SECONDS = 60.0  # the longest any wait takes before it fails
SHORT = ("101", "As asked: binary cross-entropy")  # soon trained, and sooner refused


def script() -> None:
    from ui.pages import causes

    causes.page()


class Visitor:
    """Somebody who has opened the page."""

    def __init__(self) -> None:
        self.at = AppTest.from_function(script, default_timeout=SECONDS).run()
        assert not self.at.exception

    def send(self, component: str, event: str, value: Any) -> Visitor:
        """Let a component trigger something, as the browser does."""
        events = _make_trigger_id(self._proto(component).id, "events")
        return self._run(WidgetState(id=events, json_trigger_value=json.dumps([{"event": event, "value": value}])))

    def ask(self) -> Visitor:
        """Ask for news, as the browser does."""
        asked = json.dumps({"ask": time.monotonic()})
        return self._run(WidgetState(id=self._proto("corner_lab_polling").id, json_value=asked))

    def until(self, wanted: Callable[[], bool]) -> Visitor:
        """Ask for news until something is so."""
        end = time.monotonic() + SECONDS
        while not wanted():
            assert time.monotonic() < end and self.asks["ask"] is not None
            time.sleep(0.05)
            self.ask()
        return self

    def _run(self, told: WidgetState) -> Visitor:
        states = self.at._tree.get_widget_states()
        states.widgets.append(told)
        self.at._run(states)
        assert not self.at.exception, [node.value for node in self.at.exception]
        return self

    def _proto(self, component: str) -> Any:
        (found,) = [node.proto for node in self.at.get("bidi_component") if node.proto.component_name == component]
        return found

    @property
    def cube(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._proto("corner_lab_cube").json)
        return found

    @property
    def asks(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._proto("corner_lab_polling").json)
        return found

    @property
    def vertices(self) -> dict[str, dict[str, Any]]:
        return {vertex["id"]: vertex for vertex in self.cube["vertices"]}

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        groups = json.loads(self._proto("corner_lab_bars").json)["groups"]
        return {row["id"]: row for group in groups for row in group["rows"]}

    @property
    def text(self) -> str:
        return "\n".join(node.value for node in (*self.at.markdown, *self.at.caption, *self.at.code))

    @property
    def session(self) -> Any:
        return self.at.session_state["session"]


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> Iterator[Causes]:
    """A measurement with two seeds and two cases."""
    found = Causes(2, {key: CASES[key] for key in SHORT})
    monkeypatch.setattr(causes_page, "causes", lambda: found)
    monkeypatch.setattr(causes_page, "SEEDS", 2)
    yield found
    cases, found.cases = found.cases.values(), {}
    for case in cases:  # a worker in the middle of it would outlive the tests
        with many_for(case.experiment, 2)._turn:
            pass


@pytest.fixture
def went(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that were switched to."""
    pages: list[str] = []
    monkeypatch.setattr(st, "switch_page", lambda page: pages.append(page.title))
    monkeypatch.setattr(Run, "step", lambda run: False)  # the run itself is not of interest here
    return pages


def test_does_the_page_say_not_measured_yet_before_keras_is_there(
    measured: Causes, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Still:
        done, problem, started = False, "", 0

        def start(self) -> None:
            self.started += 1

    still = Still()
    monkeypatch.setattr(causes_page, "loading", lambda: still)
    monkeypatch.setattr(Causes, "watch", lambda causes: pytest.fail("nothing can be measured yet"))
    visitor = Visitor()
    assert still.started == 0, "the cube comes first"
    assert set(visitor.vertices) == set(VERTICES)
    for vertex in visitor.vertices.values():
        assert (vertex["share"], vertex["number"], vertex["note"]) == (None, "", "not yet")
    assert "TensorFlow is still loading; measuring follows by itself." in visitor.text
    visitor.ask()
    assert still.started == 1
    still.problem = "TensorFlow did not load (ImportError: x)."
    visitor.ask()
    assert still.problem in visitor.text and visitor.asks["ask"] is None


def test_does_it_ask_once_more_when_the_last_case_ends_while_the_page_is_drawn(
    measured: Causes, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = cube.show_bars

    def ends_meanwhile(*args: Any, **options: Any) -> Any:
        shown = draw(*args, **options)
        if loading().done:
            monkeypatch.setattr(Causes, "current", None)
        return shown

    monkeypatch.setattr(cube, "show_bars", ends_meanwhile)
    visitor = Visitor()
    visitor.until(lambda: Causes.current is None)
    assert visitor.asks["ask"] is not None, "what has come meanwhile is not on the page yet"
    assert visitor.ask().asks["ask"] is None


def test_does_it_measure_by_itself_and_stop_asking_when_all_is_known(measured: Causes) -> None:
    visitor = Visitor()
    answers = visitor.asks["answer"]
    visitor.until(lambda: visitor.asks["ask"] is None)
    assert loading().done and measured.current is None and visitor.asks["answer"] > answers
    tally = measured.tally(VERTICES["101"])
    vertex = visitor.vertices["101"]
    assert (vertex["share"], vertex["number"], vertex["note"]) == (1.0, "2", f"epoch {tally.median}")
    assert vertex["say"] == f"Causes removed: label shapes, imbalance: 2 of 2 solved, median epoch {tally.median}"
    assert visitor.vertices["000"]["note"] == "not yet"
    assert visitor.rows["Shapes fixed: half batches"]["words"] == f"2 of 2 solved, median epoch {tally.median}"
    assert (visitor.rows["Shapes fixed: half batches"]["share"], visitor.rows["As asked: SGD"]["share"]) == (1, 0)
    assert visitor.rows["As asked: binary cross-entropy"]["words"] == "Keras refuses"
    again = Visitor()  # who comes back finds it all in the first answer
    assert (again.cube["vertices"], again.rows) == (visitor.cube["vertices"], visitor.rows)
    assert again.asks["ask"] is None


def test_do_cube_and_switches_select_the_same_corner(measured: Causes) -> None:
    visitor = Visitor().send("corner_lab_cube", "pick", "101")
    assert visitor.cube["selected"] == "101"
    assert [toggle.value for toggle in visitor.at.toggle] == [True, False, True]
    visitor.at.toggle[1].set_value(True).run()
    assert visitor.cube["selected"] == "111"
    assert "#### Causes removed: label shapes, saturation, imbalance" in visitor.text
    visitor.at.toggle[0].set_value(False).run()
    assert visitor.cube["selected"] == "011" and "#### Causes removed: saturating head, imbalance" in visitor.text
    visitor.send("corner_lab_cube", "pick", "nonsense")
    assert visitor.cube["selected"] == "011"


def test_is_what_keras_refuses_shown_in_its_own_words(measured: Causes) -> None:
    measured.cases = {"010": CASES["010"]}
    visitor = Visitor().send("corner_lab_cube", "pick", "010")
    visitor.until(lambda: len(visitor.at.code) > 0)
    assert "must have the same rank" in visitor.at.code[0].value
    assert "Trained instead: the same with mean squared error, which Keras accepts." in visitor.text


def test_does_a_vertex_open_in_the_playground(measured: Causes, went: list[str]) -> None:
    visitor = Visitor().send("corner_lab_cube", "pick", "110")
    (button,) = [button for button in visitor.at.button if button.label == "Open in the playground"]
    button.click().run()
    assert went == ["Play"]
    assert visitor.session.experiment == VERTICES["110"].experiment == visitor.session.run.experiment
    assert visitor.session.title == "Causes removed: label shapes, saturation"


def test_does_a_row_open_in_the_playground_once(measured: Causes, went: list[str]) -> None:
    visitor = Visitor().send("corner_lab_bars", "open", "As asked: SGD")
    assert went == ["Play"] and visitor.session.experiment.optimizer == "sgd"
    visitor.send("corner_lab_bars", "open", "nonsense")
    assert went == ["Play"]


def test_are_stored_results_there_at_once_with_where_they_come_from_and_measured_again_for_who_asks(
    measured: Causes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Still:
        done, problem = False, ""

        def start(self) -> None: ...

    stored, old = StoredResults(tmp_path / "mine.sqlite"), Provenance("3.1.4", "2.7.1", "an old machine", "2001-02-03")
    for key in SHORT:
        experiment = many_for(CASES[key].experiment, 2).experiment
        stored.keep(experiment, Tally((3, 5), right=2, epoch=9, status="finished"), old)
    found = Causes(2, measured.cases, stored)
    monkeypatch.setattr(seed_sweep, "_known", {})
    monkeypatch.setattr(causes_page, "causes", lambda: found)
    with monkeypatch.context() as patch:
        patch.setattr(causes_page, "loading", Still)
        visitor = Visitor()
        assert (visitor.vertices["101"]["number"], visitor.vertices["101"]["note"]) == ("2", "epoch 3")
        assert "Measured with Keras 3.1.4 and TensorFlow 2.7.1 on an old machine, 2001-02-03." in visitor.text
        assert visitor.asks["ask"] is None, "there is nothing to come"
    (again,) = [button for button in visitor.at.button if button.label == "Measure again here"]
    again.click().run()
    assert not [button for button in visitor.at.button if button.label == "Measure again here"]
    visitor.until(lambda: visitor.asks["ask"] is None)
    assert visitor.vertices["101"]["note"] == f"epoch {found.tally(CASES['101']).median}" != "epoch 3"
    assert "are measured, on this machine, with Keras." in visitor.text


def test_is_it_said_what_could_not_be_measured_and_why_and_tried_again_for_who_asks(
    measured: Causes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(*args: Any) -> Any:
        raise WorkerEnded("the worker process 5 ended: SIGKILL, and so did the one before")

    def no_step(*_: Any) -> bool:
        raise RuntimeError("no step")

    def again(visitor: Visitor) -> None:
        (button,) = [button for button in visitor.at.button if button.label == "Try again"]
        button.click().run()

    measured.cases = {"101": CASES["101"]}
    monkeypatch.setattr(seed_sweep, "_known", {})
    with monkeypatch.context() as patch:
        patch.setattr(seed_sweep, "advance", ends)
        visitor = Visitor().until(lambda: bool(measured.failed))
        visitor.ask()
    (error,) = visitor.at.error
    title = "Causes removed: label shapes, imbalance"
    assert error.value == f"Not measured: {title}. The worker process 5 ended: SIGKILL, and so did the one before"
    assert visitor.asks["ask"] is None and visitor.vertices["101"]["note"] == "failed"
    assert "0 of 1 experiments are measured." in visitor.text
    with monkeypatch.context() as patch:
        patch.setattr(Causes, "_step", no_step)
        again(visitor)
        visitor.until(lambda: bool(measured.problem)).ask()
        assert [error.value for error in visitor.at.error] == ["Measuring has failed. RuntimeError: no step"]
        assert visitor.asks["ask"] is None, "nothing comes by itself"
    measured.taken_over()  # as its worker says where a process ends under it
    again(visitor)
    assert "A process that measured ended; another one went on." in visitor.text
    visitor.until(lambda: visitor.asks["ask"] is None)
    assert visitor.vertices["101"]["number"] == "2" and not visitor.at.error
