"""What a server grants each visitor: its environment says it, and whoever meets a limit is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.conftest import APP
from ui.server import limits, streamlit_internals

OpenApp = Callable[..., Any]


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    limits.limits.cache_clear()
    yield
    limits.limits.cache_clear()


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("CORNER_LAB_WORKERS", "two", "'two': allowed are whole numbers from 0 to 64"),
        ("CORNER_LAB_EPOCHS", "0", "'0': allowed are whole numbers from 1 to 100,000"),
        ("CORNER_LAB_VISITORS", "-3", "'-3': allowed are whole numbers from 1 to 100,000"),
    ],
)
def test_is_a_wrong_limit_refused_with_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, said: str, words: str
) -> None:
    monkeypatch.setenv(name, said)
    with pytest.raises(limits.WrongLimit) as raised:
        limits.limits()
    assert str(raised.value) == f"{name} {words}"


def test_is_a_run_beyond_the_servers_epochs_refused_in_a_sentence_and_nothing_lost(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORNER_LAB_EPOCHS", "40")
    lab = open_app("epochs=50&epoch=3")  # a link to a run
    told = "epochs 50: this server trains at most 40 a run; ask for fewer."
    assert told in " ".join(lab.toasts) and lab.session.run is None
    assert lab.session.experiment.epochs == 50, "the settings are those of the link"
    lab.press("train")
    assert told in " ".join(lab.toasts) and lab.session.run is None
    lab.choose(epochs=30).press("train")
    lab.until(lambda: lab.session.run is not None and lab.session.run.over, "it is trained")
    assert lab.session.run is not None and lab.session.run.history is not None and lab.session.run.history.last == 30


def test_is_a_visitor_told_that_there_is_no_place_and_does_one_who_has_it_keep_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CORNER_LAB_VISITORS", "2")
    monkeypatch.setattr(streamlit_internals, "visitors", lambda: 3)
    late = AppTest.from_file(str(APP)).run()
    assert [said.value for said in late.warning] == [
        "This server has places for 2 visitors at a time, and all are taken. Reload the page in a while."
    ]
    assert not late.get("bidi_component") and not late.exception
    monkeypatch.setattr(streamlit_internals, "visitors", lambda: 2)
    late.run()
    assert not late.warning and late.get("bidi_component")
    monkeypatch.setattr(streamlit_internals, "visitors", lambda: 3)
    assert not late.run().warning
