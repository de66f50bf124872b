"""The app without a browser: Streamlit's AppTest, and the stage's reports sent as the browser sends them."""

from __future__ import annotations

import functools
import json
import re
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest

from corner_lab.analysis import stored_results
from corner_lab.analysis.stored_results import SHIPPED
from corner_lab.experiment.experiment import Experiment
from corner_lab.language import LANGUAGES, speaking
from corner_lab.language.languages import SOURCE
from corner_lab.network.keras_model import load_keras
from corner_lab.network.parameters import Vector
from corner_lab.story import stored_runs
from corner_lab.training.history import History, row_of
from corner_lab.training.run import Run
from corner_lab.workers.pool import Pool
from ui.state.session import Session

# AppTest parses its script at every run, and Python 3.11 fails where two threads parse at once ("AST constructor
# recursion depth mismatch"), as the import of TensorFlow in the app's thread does: here it is loaded before.
load_keras()

# A server looks once, at its start, which installed packages bring components; AppTest would at every run, which took
# a third of these tests' time.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)

APP = Path(__file__).resolve().parents[2] / "app.py"
SECONDS = 60.0  # the longest any wait takes before it fails


@pytest.fixture(scope="session", autouse=True)
def measured_by_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the user has measured before does not decide what is tested."""
    files = tmp_path_factory.mktemp("cache") / SHIPPED.name, SHIPPED
    with pytest.MonkeyPatch.context() as patch:
        for module in (stored_results, stored_runs):
            patch.setattr(module, "files_of_this_machine", lambda: files)
        yield


def read(markdown: str) -> str:
    """What a visitor reads of Markdown in which every sign is escaped that could mean something else."""
    assert not re.search(r"(?<!\\)[*_\[\]$~`<&]|:(?=[^\s\N{WORD JOINER}])", markdown), f"not only text: {markdown}"
    return re.sub(r"\\(.)", r"\1", markdown).replace("\N{WORD JOINER}", "")


class Lab:
    """One visitor. Every run of the script must come out without an exception on the page."""

    def __init__(self, query: str = "") -> None:
        self.at = AppTest.from_file(str(APP), default_timeout=SECONDS)
        for name, values in parse_qs(query.removeprefix("?"), keep_blank_values=True).items():
            self.at.query_params[name] = values
        self._state: dict[str, Any] = {}
        self.run()  # the first picture: the stage
        self.report(ask=1)  # which has asked for more, and the sidebar

    # -------------------------------------------------------- what a visitor does

    def run(self) -> Lab:
        """Draw the page again, as the polling fragment does; what was set on a widget reaches the app with it."""
        return self._run({})

    def choose(self, **values: Any) -> Lab:
        """Change one sidebar field, by the field's name."""
        for name, value in values.items():
            self.field(name).set_value(value)
        return self.run()

    def type_target(self, text: str) -> Lab:
        """Type into the target's box, which takes words that are not among its options."""
        return self._run({}, target=text)

    def click(self, label: str) -> Lab:
        """Press a button of the sidebar."""
        found = [button for button in self.at.button if button.label == label]
        assert len(found) == 1, f"{len(found)} buttons are called {label!r}"
        assert not found[0].disabled, f"{label!r} cannot be pressed"
        found[0].click()
        return self.run()

    def train(self) -> Lab:
        """Press the sidebar's button that trains the settings: the stage's has the same words."""
        found = self.at.button(key="train-settings")
        assert not found.disabled, "the settings cannot be trained"
        assert found.label in [b["text"].split(":")[0] for b in self.header["actions"]["end"]]
        found.click()
        return self.run()

    def press(self, action: str) -> Lab:
        """Press a button of the stage. It must be one of those that the stage was given."""
        offered = {button["id"] for buttons in self.header["actions"].values() for button in buttons}
        assert action in offered, f"the stage has no button {action!r}, only {sorted(offered)}"
        return self._run({"event": "press", "value": action})

    def press_tool(self, action: str) -> Lab:
        """Press a tool of the bench that Python hears of."""
        return self._run({"event": "press", "value": action})

    def speak(self, code: Any) -> Lab:
        """Choose another language with the switch."""
        (component,) = self._components("corner_lab_visit")
        events = _make_trigger_id(component.proto.id, "events")
        states = self._states()
        chosen = [{"event": "language", "value": code}]
        states.widgets.append(WidgetState(id=events, json_trigger_value=json.dumps(chosen)))
        return self._answered(states)

    def choose_pictures(self, target: Any, count: int) -> Lab:
        """Let the pictures of the targets say which are wanted, as their change number `count`."""
        (component,) = self._components("corner_lab_targets")
        events = _make_trigger_id(component.proto.id, "events")
        change = [{"event": "change", "value": {"target": target, "count": count}}]
        states = self._states()
        states.widgets.append(WidgetState(id=events, json_trigger_value=json.dumps(change)))
        return self._answered(states)

    def report(self, **state: Any) -> Lab:
        """Let the stage report pixels, weights or the playhead."""
        self._state |= state
        return self._run({})

    def rest(self, epoch: int | None = None) -> Lab:
        """Let the stage report that its playhead came to rest, at the end if no epoch is given."""
        header = self.header
        at = header["last"] if epoch is None else epoch
        return self.report(playhead={"run": header["run"], "epoch": at, "playing": False})

    def look(self, seen: bool = True, at: str = "study") -> Lab:
        """Scroll to the study below the stage or to "why", or away from it."""
        found = self._components("corner_lab_sight")
        (component,) = [one for one in found if json.loads(one.proto.json)["within"] == at]
        states = self._states()
        states.widgets.append(WidgetState(id=component.proto.id, json_value=json.dumps({"seen": seen})))
        return self._answered(states)

    def until(self, wanted: Callable[[], bool], what: str) -> Lab:
        """Draw the page again and again until something is so."""
        end = time.monotonic() + SECONDS
        while not wanted():
            assert time.monotonic() < end, f"not within {SECONDS:.0f} s: {what}"
            time.sleep(0.05)
            self.run()
        return self

    def trained(self) -> Run:
        """Wait for the run to end and for the page to know; return it."""
        run = self.session.run
        assert run is not None, "nothing trains"
        end = time.monotonic() + SECONDS
        while not run.over:  # without drawing: the processor is the run's
            assert time.monotonic() < end, f"the run was not over within {SECONDS:.0f} s"
            time.sleep(0.01)
        self.run()
        return run

    # -------------------------------------------------------- what a visitor sees

    def field(self, name: str) -> Any:
        key = re.compile(rf"{name}(-\d+)?")  # numbered once the app has set the value
        nodes = [*self.at.main, *self.at.sidebar]
        found = [node for node in nodes if key.fullmatch(getattr(node, "key", None) or "")]
        assert len(found) == 1, f"{len(found)} widgets have the key {name!r}"
        return found[0]

    @property
    def captions(self) -> list[str]:
        return [caption.value for caption in self.at.caption]

    @property
    def says(self) -> str:
        """What Python says of the pattern on the bench."""
        (found,) = self._components("corner_lab_says")
        return str(json.loads(found.proto.json)["says"])

    @property
    def pictures(self) -> dict[str, Any]:
        """What the pictures of the targets were given."""
        (found,) = self._components("corner_lab_targets")
        given: dict[str, Any] = json.loads(found.proto.json)
        return given

    @property
    def toasts(self) -> list[str]:
        return [read(toast.value) for toast in self.at.toast]

    @property
    def warnings(self) -> list[str]:
        return [read(warning.value) for warning in self.at.warning]

    @property
    def query(self) -> dict[str, list[str]]:
        """The address bar."""
        return {k: v if isinstance(v, list) else [v] for k, v in self.at.query_params.items()}

    @property
    def session(self) -> Session:
        found: Session = self.at.session_state["session"]
        return found

    @property
    def experiment(self) -> Experiment:
        return self.session.experiment

    @property
    def record(self) -> bytes:
        """What was sent to the stage."""
        (component,) = self._components("corner_lab_stage")
        sent: bytes = component.proto.bytes
        return sent

    @property
    def header(self) -> dict[str, Any]:
        (length,) = struct.unpack_from("<I", self.record)
        found: dict[str, Any] = json.loads(self.record[4 : 4 + length])
        return found

    @property
    def charts(self) -> list[dict[str, Any]]:
        """The Plotly figures below the stage, as the browser gets them."""
        return [json.loads(chart.proto.spec) for chart in self.at.get("plotly_chart")]

    # --------------------------------------------------------

    def _components(self, name: str) -> list[Any]:
        found = self.at.get("bidi_component") if self.at._tree.children else []
        names = (name, *(f"{name}_{code}" for code in LANGUAGES))  # one for each language
        return [component for component in found if component.proto.component_name in names]

    def _states(self) -> WidgetStates:
        """What the browser shows in its widgets: of a choice the words that it is shown as."""
        known = "session" in self.at.session_state
        with speaking((known and self.session.language) or SOURCE):
            return self.at._tree.get_widget_states()

    def _run(self, press: dict[str, Any], **typed: str) -> Lab:
        states = self._states()
        for component in self._components("corner_lab_stage"):
            if self._state:
                states.widgets.append(WidgetState(id=component.proto.id, json_value=json.dumps(self._state)))
            if press:
                events = _make_trigger_id(component.proto.id, "events")
                states.widgets.append(WidgetState(id=events, json_trigger_value=json.dumps([press])))
        for key, text in typed.items():
            wanted = self.field(key).proto.id
            (box,) = [state for state in states.widgets if state.id == wanted]
            box.string_value = text
        return self._answered(states)

    def _answered(self, states: WidgetStates) -> Lab:
        self.at._run(states)
        assert not self.at.exception, [node.value for node in self.at.exception]
        return self


def trained(experiment: Experiment, weights: Vector) -> Run:
    """A run that is over, without training: the same weights in every row."""
    row = row_of(experiment, weights, 0.0)
    run = Run(experiment)
    run.id, run.status, run.history = "trained", "finished", History(experiment, row)
    if experiment.epochs:
        run.history.append(np.tile(row, (experiment.epochs, 1)))
    return run


@pytest.fixture
def open_app() -> Callable[..., Lab]:
    """`open_app("labels=aligned")` -> a visitor who has just opened that link."""
    return Lab


@pytest.fixture(autouse=True)
def wishes(monkeypatch: pytest.MonkeyPatch) -> list[Experiment]:
    """What the page asked to have compiled ahead. It is not done: each costs seconds, and training compiles anyway."""
    noted: list[Experiment] = []
    monkeypatch.setattr(Pool, "ahead", lambda pool, *wishes: noted.extend(wish.experiment for wish in wishes))
    return noted


@pytest.fixture(autouse=True)
def unexplained(monkeypatch: pytest.MonkeyPatch) -> None:
    """No run is explained: trying remedies costs seconds each. `test_why.py` has a fixture of this name instead."""
    monkeypatch.setattr("ui.playground.diagnosis.follow", lambda s: None)
