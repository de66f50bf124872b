"""Messages from a browser that no browser of ours sends: what is not sound changes nothing, and raises nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit

from corner_lab.experiment.experiment import Experiment
from ui.components import visit
from ui.components.polling import Questions
from ui.pages import causes, landscape, pictures, story
from ui.playground import settings, stage_actions, task_strip
from ui.server.streamlit_internals import answer_with_too
from ui.state import bench_endpoint, language, tasks, url
from ui.state.session import Bench, Session, reporting
from ui.state.stage_channel import STAGE

NEST: list[Any] = []
for _ in range(50):
    NEST = [NEST]
HOSTILE: list[Any] = [
    None, True, -1, 0.5, 10**400, math.inf, -math.inf, math.nan, "", "x" * 100_000, "9" * 5000, "target:999", "also:٣",
    [], NEST, list(range(100_000)), [math.nan] * 12, [10**400] * 12, [[432]], ["432"],
    {}, {"count": math.inf, "target": [5]}, {"count": [], "target": [5]}, {"count": "x", "target": [5]},
    {"count": True, "target": [5]}, {"count": -3, "target": [5]}, {"count": 1}, {"count": 1, "target": [5.0]},
    {"count": 1, "target": [10**400]}, {"count": 1, "target": list(range(100_000))}, {"count": 1, "target": "five"},
    {"run": [], "epoch": math.inf, "playing": "no"}, {"run": "", "epoch": 10**400, "playing": True},
    {"kind": {}, "seed": math.inf, "side": math.nan}, {"kind": "filled", "seed": math.inf, "side": 32},
    {"kind": "filled", "seed": "9" * 5000, "side": 32}, {"kind": "x" * 100_000, "seed": 0, "side": 32},
    {"pattern": math.nan, "open": 1}, {"pattern": [5], "open": "yes"}, {"pattern": 10**400},
    [{"x": math.nan, "y": 0}], [{"x": "a", "y": []}], [{"x": 10**400, "y": 0}], [{}], [5], {"0": {"x": 1, "y": 1}},
]  # fmt: skip


class Told(dict[str, Any]):
    """A component's state: by name and as an attribute."""

    def __getattr__(self, name: str) -> Any:
        return self.get(name)


# What each component's message is called, the key of the component, and who is called.
CALLBACKS: dict[str, tuple[str, str, Callable[..., None]]] = {
    "pixels": (STAGE, "pixels", bench_endpoint.reported),
    "weights": (STAGE, "weights", bench_endpoint.reported),
    "locks": (STAGE, "locks", bench_endpoint.reported),
    "playhead": (STAGE, "playhead", bench_endpoint.reported),
    "press": (STAGE, "press", reporting(stage_actions.press)),
    "ask": ("polling", "ask", lambda: Questions().ask()),
    "there": (visit.KEY, "there", visit._drawn_again),
    "seen": ("sight-study", "seen", partial(answer_with_too, "below-stage")),
    "undo": (visit.KEY, "undo", url.take_undo),
    "tasks": (visit.KEY, "tasks", tasks.heard),
    "language": (visit.KEY, "language", language.choose),
    "way": (task_strip.STRIP, "way", task_strip._taken),
    "change": (settings.PICTURES, "change", reporting(settings._take_pictures)),
    "pick": (causes.CUBE, "pick", causes._picked),
    "open": (causes.BARS, "open", causes._opened),
    "go": (story.KEYS, "go", story._went),
    "notes": (story.KEYS, "notes", story._toggle_notes),
    "scene": (pictures.PICTURE, "scene", pictures._scene_wanted),
    "bench": (pictures.PICTURE, "bench", pictures._bench_wanted),
}


def test_is_every_message_of_a_component_tried() -> None:
    ui = Path(__file__).resolve().parents[2] / "ui"
    named = {name for path in ui.rglob("*.py") for name in re.findall(r"on_(\w+)_change=", path.read_text())}
    assert named == set(CALLBACKS)


def state(monkeypatch: pytest.MonkeyPatch, key: str, told: Any) -> dict[str, Any]:
    s = Session(locks=frozenset({3}), bench=Bench.edited([0.5] * 12))
    found = {"session": s, key: told, f"{settings.PICTURES}-heard": 0}
    monkeypatch.setattr(streamlit, "session_state", found)
    return found


@pytest.mark.parametrize("name", CALLBACKS)
def test_does_a_forged_message_change_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key, attribute, callback = CALLBACKS[name]
    for value in HOSTILE:
        if name == "weights" and value is None:
            continue  # nothing is edited
        if name == "locks" and value in ([], [5]):
            continue  # these can be
        found = state(monkeypatch, key, Told({attribute: value}))
        s: Session = found["session"]
        callback()
        assert s.replaced is None or name == "change", str(value)[:100]
        kept = (s.experiment, s.pixels, s.bench, s.locks, s.run, s.playhead.epoch)
        assert kept == (Experiment(), 432, Bench.edited([0.5] * 12), {3}, None, 0), str(value)[:100]
        assert all(len(note) < 500 for note in s.notes), str(value)[:100]
        assert found[f"{settings.PICTURES}-heard"] == 0 or value["count"] == 1, str(value)[:100]
        assert found.get("story", story.Visit()).step == 1 and not found.get("pictures", pictures.Visit()).opening
        assert found.get("causes", causes.Visit()).vertex == causes.Visit().vertex


def test_does_a_press_of_a_button_that_is_not_offered_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    found = state(monkeypatch, STAGE, Told({"press": "perfect"}))
    s: Session = found["session"]
    s.experiment = Experiment(target=(5, 432))
    reporting(stage_actions.press)()
    assert (s.experiment, s.run, s.notes, s.channel.pressed) == (Experiment(target=(5, 432)), None, [], 1)


@pytest.mark.parametrize("points", HOSTILE)
def test_does_a_forged_point_of_the_landscape_change_nothing(points: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    selection = SimpleNamespace(selection=SimpleNamespace(points=points))
    found = state(monkeypatch, landscape.CHART, selection)
    landscape._choose(Experiment())
    assert found["session"].bench == Bench.edited([0.5] * 12) and landscape.TAKEN not in found


def test_is_a_forged_answer_to_whether_streamlit_is_there_not_sent_back(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in HOSTILE:
        state(monkeypatch, visit.KEY, Told({"there": value}))
        echoed = visit.asked()
        assert echoed is None or (type(echoed) in (int, float) and np.isfinite(float(echoed)))


@pytest.mark.parametrize("text", ["x" * 100_000, "9," * 50_000, "٣", "432,", "1e400", "\0", "-1"])
def test_does_a_target_that_is_none_change_nothing(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = state(monkeypatch, "target", text)
    reporting(lambda: settings._take("target", "target"))()
    s: Session = found["session"]
    assert s.experiment == Experiment() and len(s.notes) == 1 and len(s.notes[0]) < 500


@pytest.mark.parametrize("field", ["scenario", "target", "epochs", "head"])
def test_does_a_forged_value_of_a_setting_raise_nothing(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key = settings.key(field)
    for value in HOSTILE:
        found = state(monkeypatch, key, value)
        settings.changed(field)()
        assert found["session"].run is None and all(len(note) < 500 for note in found["session"].notes)
