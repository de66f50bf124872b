"""Parts of the stage alone: `?embed=true&show=bench,atlas`, without a browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from corner_lab.experiment.experiment import Experiment
from tests.app.conftest import Lab
from ui.state.session import Session

OpenApp = Callable[..., Lab]


def around(lab: Lab) -> list[str]:
    """What stands on the page beside the stage and what is said of the link."""
    kinds = ("button", "selectbox", "number_input", "subheader", "caption", "expander", "plotly_chart")
    return [kind for kind in kinds if len(lab.at.get(kind))] + ["sidebar"] * bool(len(lab.at.sidebar))


def test_do_parts_show_alone_and_does_the_link_count_as_ever(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    explained: list[str] = []

    def follow(s: Session) -> None:
        explained.append(s.id)

    monkeypatch.setattr("ui.playground.diagnosis.follow", follow)
    lab = open_app(
        "embed=true&embed_options=dark_theme&show=atlas,%20Bench&labels=aligned&epochs=3&v=1&epoch=2&pixels=7"
    )
    lab.until(lambda: lab.session.run is not None, "the link's run starts")
    lab.trained()
    lab.rest(2)
    assert lab.header["parts"] == ["atlas", "bench"] and not lab.header["guest"]
    assert lab.warnings == [] and lab.experiment == replace(Experiment(), labels="aligned", epochs=3)
    assert (lab.header["at"], lab.header["pixels"], lab.header["leads"]) == (2, 7, True)
    assert lab.query["show"] == ["atlas, Bench"] and lab.query["labels"] == ["aligned"]
    assert around(lab) == [] and lab.charts == [] and explained == []  # what nobody sees is not computed

    lab.press("train")  # nothing but the stage can
    lab.trained()
    assert around(lab) == [] and lab.query["show"] == ["atlas, Bench"]


def test_is_a_run_explained_where_its_outcome_shows(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    explained: list[str] = []
    monkeypatch.setattr("ui.playground.diagnosis.follow", lambda s: explained.append(s.id))
    lab = open_app("show=outcome,transport")  # the same without Streamlit's own word
    assert lab.header["parts"] == ["outcome", "transport"] and around(lab) == [] and explained


@pytest.mark.parametrize(
    ("show", "wrong", "shown"),
    [
        ("bench,benhc", "benhc", ["bench"]),
        ("nix", "nix", ["bench", "atlas", "curves", "transport", "outcome"]),
        ("<b>,atlas,*", "<b>,*", ["atlas"]),
    ],
)
def test_does_a_wrong_name_get_a_sentence_and_the_rest_show(
    open_app: OpenApp, show: str, wrong: str, shown: list[str]
) -> None:
    lab = open_app(f"embed=true&show={show}&head=sigmoid&loss=nix")
    parts = "bench, atlas, curves, transport, picture, outcome"
    told = f"The link says show '{wrong}': allowed are {parts}; shown now: {', '.join(shown)}."
    assert told in lab.warnings and len(lab.warnings) == 2  # and what is wrong with the loss
    assert lab.header["parts"] == shown and lab.experiment.head == "sigmoid"


def test_does_streamlits_word_alone_leave_the_page_whole(open_app: OpenApp) -> None:
    lab = open_app("embed=true")
    assert lab.header["parts"] is None and "sidebar" in around(lab)
