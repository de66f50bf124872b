"""The page of pictures without a browser: links, scenes, files, the networks it hands over, a patch for the bench."""

from __future__ import annotations

import io
import json
import struct
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import linear_weights
from corner_lab.network.patterns import CORNER
from corner_lab.pictures import scene
from corner_lab.pictures.files import write_png
from corner_lab.pictures.picture_link import drawing_text, read_drawing
from corner_lab.training.run import Run
from tests.app.conftest import read, trained
from ui.state.session import Bench, Session
from ui.state.stage_channel import Playhead

SECONDS = 60.0


def script() -> None:
    from ui.pages import pictures
    from ui.state import url

    url.arrive("pictures")
    pictures.page()
    url.follow("pictures")


class Visitor:
    """Somebody who has opened the page, with what they have trained and the words of the address."""

    def __init__(self, session: Session | None = None, **words: str | list[str]) -> None:
        self.at = AppTest.from_function(script, default_timeout=SECONDS)
        for name, text in words.items():
            self.at.query_params[name] = text
        if session is not None:
            session.opened = True
            self.at.session_state["session"] = session
        self.at.run()
        self.sound()

    def sound(self) -> Visitor:
        assert not self.at.exception, [node.value for node in self.at.exception]
        return self

    def send(self, event: str, value: Any) -> Visitor:
        """Let the component trigger something, as the browser does."""
        states = self.at._tree.get_widget_states()
        told = json.dumps([{"event": event, "value": value}])
        states.widgets.append(WidgetState(id=_make_trigger_id(self._proto.id, "events"), json_trigger_value=told))
        self.at._run(states)
        return self.sound()

    def upload(self, name: str, content: bytes) -> Visitor:
        self.at.file_uploader(key="picture-file").set_value((name, content, "image/png")).run()
        return self.sound()

    @property
    def _proto(self) -> Any:
        (found,) = [
            node.proto for node in self.at.get("bidi_component") if node.proto.component_name == "corner_lab_picture"
        ]
        return found

    @property
    def header(self) -> dict[str, Any]:
        sent: bytes = self._proto.bytes
        (length,) = struct.unpack_from("<I", sent)
        found: dict[str, Any] = json.loads(sent[4 : 4 + length])
        return found

    @property
    def columns(self) -> dict[str, np.ndarray]:
        sent: bytes = self._proto.bytes
        (length,) = struct.unpack_from("<I", sent)
        header = self.header
        values = np.frombuffer(sent[4 + length :], dtype="<f4").reshape(len(header["columns"]), header["rows"])
        return dict(zip(header["columns"], values, strict=True))

    @property
    def cells(self) -> np.ndarray:
        return read_drawing(self.header["picture"]["text"])

    @property
    def session(self) -> Session:
        found: Session = self.at.session_state["session"]
        return found

    @property
    def warnings(self) -> list[str]:
        return [read(warning.value) for warning in self.at.warning]


def test_does_the_page_open_with_a_scene_and_the_weights_set_by_hand() -> None:
    visitor = Visitor()
    made = scene("filled", 0, 32, 32)
    assert np.array_equal(visitor.cells, made.picture)
    header = visitor.header
    assert header["picture"]["corners"] == [[c.row, c.column, c.orientation] for c in made.corners]
    assert header["run"] is None and header["choice"]["network"] == "bench"
    numbers = {network["id"]: network["numbers"] for network in header["networks"]}
    assert list(numbers) == ["bench", "by_hand", "matched"]
    for word, init in (("bench", "by_hand"), ("by_hand", "by_hand"), ("matched", "matched")):
        assert numbers[word] == linear_weights(init, CORNER).tolist()
    assert "one of the 512 patterns" in visitor.at.caption[0].value


def test_does_a_link_bring_back_scene_drawing_and_network() -> None:
    assert np.array_equal(Visitor(scene="noisy:3:64").cells, scene("noisy", 3, 64, 64).picture)
    drawn = np.random.default_rng(0).integers(0, 2, (9, 12))
    visitor = Visitor(drawing=drawing_text(drawn), network="matched", tolerance="2", map="z")
    assert np.array_equal(visitor.cells, drawn)
    assert visitor.header["picture"]["corners"] is None
    assert visitor.header["choice"] == {"rev": 1, "network": "matched", "epoch": None, "tolerance": 2, "map": "z"}
    assert visitor.at.query_params["network"] in ("matched", ["matched"])  # the browser's own words stay


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"scene": "stars:0:32"}, "scene 'stars:0:32'"),
        ({"scene": "filled:0:9999"}, "scene"),
        ({"scene": ["filled:1:32", "filled:2:32"]}, "more than once"),
        ({"drawing": "\0<script>"}, "drawing"),
        ({"drawing": "8x8:AAAA"}, "the runs do not fill 8 by 8 cells"),
        ({"network": "mine"}, "allowed are bench, run, by_hand, matched"),
        ({"map": "w"}, "map 'w': allowed are none, z, output"),
        ({"tolerance": "17"}, "tolerance '17': a whole number from 0 to 16"),
        ({"lr": "1"}, "lr"),
    ],
)
def test_is_junk_in_the_link_one_sentence_and_a_working_page(words: dict[str, Any], said: str) -> None:
    visitor = Visitor(**words)
    (warning,) = visitor.warnings
    assert said in warning and warning.endswith("The default is used instead.")
    assert np.array_equal(visitor.cells, scene("filled", 0, 32, 32).picture)


def test_is_another_scene_made_and_one_that_cannot_be_refused() -> None:
    visitor = Visitor().send("scene", {"kind": "outlined", "seed": 5, "side": 16, "count": 1})
    assert np.array_equal(visitor.cells, scene("outlined", 5, 16, 16).picture)
    rev = visitor.header["picture"]["rev"]
    for junk in ({"kind": "stars", "seed": 1, "side": 32}, {"kind": "filled", "seed": -1, "side": 32}, {}, 7, None):
        visitor.send("scene", junk)
        assert visitor.header["picture"]["rev"] == rev
    assert np.array_equal(visitor.cells, scene("outlined", 5, 16, 16).picture)


def test_is_an_upload_read_again_as_the_slider_moves_and_not_after_a_new_scene() -> None:
    made = scene("filled", 2, 24, 40)
    visitor = Visitor().upload("mine.png", write_png(made.picture))
    assert np.array_equal(visitor.cells, made.picture) and visitor.header["picture"]["scene"] is None
    visitor.at.toggle(key="picture-dark").set_value(True).run()
    assert np.array_equal(visitor.sound().cells, 1 - made.picture)
    visitor.at.slider(key="picture-threshold").set_value(1.0).run()
    assert visitor.sound().cells.all()  # nothing is brighter than 1
    visitor.send("scene", {"kind": "thin", "seed": 1, "side": 32, "count": 1})
    assert np.array_equal(visitor.cells, scene("thin", 1, 32, 32).picture)
    visitor.at.run()
    assert np.array_equal(visitor.cells, scene("thin", 1, 32, 32).picture)


def animated() -> bytes:
    frames = [Image.new("L", (16, 16), colour) for colour in (0, 255)]
    file = io.BytesIO()
    frames[0].save(file, "PNG", save_all=True, append_images=frames[1:])
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not a picture", "this is no picture"),
        (b"", "the file is empty"),
        (write_png(np.eye(64))[:60], "damaged"),
        (animated(), "animated"),
    ],
)
def test_is_a_bad_file_a_sentence_and_the_picture_stays(content: bytes, said: str) -> None:
    visitor = Visitor()
    before = visitor.header["picture"]
    visitor.upload("bad.png", content)
    (error,) = [node.value for node in visitor.at.error]
    assert error.startswith("bad.png: ") and said in error and error.endswith("The picture stays as it was.")
    assert visitor.header["picture"] == before


def test_is_a_run_handed_over_row_by_row_with_what_gives_z() -> None:
    weights = np.linspace(-1, 1, 12).astype(np.float32)
    run = trained(Experiment(epochs=5000), weights)
    session = Session(run=run, called="Trained", experiment=run.experiment)
    visitor = Visitor(session)
    header, columns = visitor.header, visitor.columns
    assert header["choice"]["network"] == "run" and header["run"]["title"] == "Trained"
    assert (columns["epoch"][0], columns["epoch"][-1]) == (0, 5000) and len(columns["epoch"]) <= 1003
    for i, name in enumerate(("k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "bias", "w2", "b2")):
        assert np.array_equal(columns[name], np.full(header["rows"], weights[i]))
    assert header["run"]["leads"] is True and header["run"]["growing"] is False


@pytest.mark.parametrize(("playing", "epoch"), [(False, 7), (True, 50)])
def test_does_a_run_that_plays_show_its_end_and_one_that_rests_where_it_rests(playing: bool, epoch: int) -> None:
    run = trained(Experiment(epochs=50), np.zeros(12, dtype=np.float32))
    session = Session(run=run, experiment=run.experiment, playhead=Playhead(run.id, 7, playing))
    assert Visitor(session).header["run"]["epoch"] == epoch


def test_is_a_patch_put_on_the_bench_and_play_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    went: list[str] = []
    monkeypatch.setattr(st, "switch_page", lambda page: went.append(page.title))
    visitor = Visitor()
    rev = visitor.session.channel.rev
    visitor.send("bench", {"pixels": 27, "open": False, "count": 1})
    assert (visitor.session.pixels, visitor.session.channel.rev, went) == (27, rev + 1, [])
    visitor.send("bench", {"weights": [*[0.5] * 11, 0], "open": False, "count": 2})  # where the direct line is cut
    assert visitor.session.bench == Bench.edited([*[0.5] * 11, 0])
    assert visitor.header["bench"]["weights"] == [*[0.5] * 11, 0] and visitor.header["bench"]["rev"] == rev + 2
    for junk in (
        {"pixels": 512},
        {"pixels": "1"},
        {"pixels": True},
        {"weights": [1]},
        {"weights": "1"},
        [],
        "27",
        None,
    ):
        visitor.send("bench", junk)
        assert (visitor.session.pixels, visitor.session.channel.rev) == (27, rev + 2)
    visitor.send("bench", {"pixels": 54.0, "open": True, "count": 3})
    assert visitor.session.pixels == 54 and went == ["Play"]


def test_does_a_link_to_a_run_train_it_once_the_picture_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Run, "step", lambda run: False)
    visitor = Visitor(labels="aligned", epochs="20", v="1", epoch="7", network="run", scene="filled:1:16")
    assert visitor.session.run is None and visitor.header["arriving"] is True
    assert visitor.header["choice"] == {"rev": 1, "network": "run", "epoch": 7, "tolerance": 0, "map": "output"}
    (asks,) = [n.proto for n in visitor.at.get("bidi_component") if n.proto.component_name == "corner_lab_polling"]
    states = visitor.at._tree.get_widget_states()
    states.widgets.append(WidgetState(id=asks.id, json_value=json.dumps({"ask": 1})))
    visitor.at._run(states)
    run = visitor.sound().session.run
    assert run is not None and (run.experiment.labels, run.experiment.epochs) == ("aligned", 20)
    done = trained(run.experiment, np.ones(12, dtype=np.float32))
    run.history, run.status = done.history, done.status
    visitor.at.run()
    assert visitor.sound().header["arriving"] is False and visitor.header["run"]["id"] == run.id
    assert visitor.header["choice"]["epoch"] == 7
