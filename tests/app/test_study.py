"""The study's figures are drawn for who looks: before that their places are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ui.playground import downloads, run_figures, stage_panel

OpenApp = Callable[..., Any]


def rested(open_app: OpenApp, epoch: int | None = None) -> Any:
    """A visitor whose run of 20 epochs rests."""
    lab = open_app("labels=aligned&epochs=20")
    lab.train()
    lab.trained()
    return lab.rest(epoch)


def places(lab: Any) -> int:
    """For how many figures room is kept."""
    return len([node for node in lab.at.main if node.type == "space"])


def test_are_figures_drawn_once_somebody_looks_where_their_places_were(open_app: OpenApp) -> None:
    lab = rested(open_app)
    assert lab.charts == [] and len(lab.at.metric) == 7, "what is read is there at once"
    assert places(lab) == 3
    lab.look()
    assert [chart["layout"]["height"] for chart in lab.charts] == list(run_figures.HEIGHTS)
    assert places(lab) == 0


def test_do_figures_follow_for_who_looks_and_wait_for_who_has_left(open_app: OpenApp) -> None:
    lab = rested(open_app, 3)
    lab.look()
    at_three = lab.charts
    lab.rest(5)
    assert len(lab.charts) == 3 and lab.charts != at_three, "another epoch, in sight"
    at_five = lab.charts
    lab.look(False)
    assert lab.charts == at_five, "what was drawn stays"
    lab.rest(7)
    assert lab.charts == [], "nobody looks"
    lab.look()
    assert len(lab.charts) == 3 and lab.charts != at_five


def test_are_figures_made_for_a_file_only_when_it_is_asked_for(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    figures = run_figures.figures
    monkeypatch.setattr(run_figures, "figures", lambda *of: made.append(1) or figures(*of))
    lab = rested(open_app)
    assert made == []
    lab.look()
    lab.run()
    assert made == [1], "once, however often the page is drawn"


def test_does_a_new_run_wait_to_be_looked_at(open_app: OpenApp) -> None:
    lab = rested(open_app)
    lab.look()
    lab.choose(seed=1)
    lab.train()
    lab.trained()
    assert lab.charts == [], "it plays, and the study is gone"
    lab.rest()
    assert lab.charts == [] and len(lab.at.metric) == 7


def test_does_what_was_chosen_there_outlive_news_that_have_the_whole_page_drawn(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = rested(open_app)
    lab.look()
    draw, news = stage_panel.show, iter([()])

    def news_comes_after_the_stage() -> None:
        draw()
        lab.session.channel.around = next(news, lab.session.channel.around)

    monkeypatch.setattr(stage_panel, "show", news_comes_after_the_stage)
    lab.at.button_group(key=downloads.FORMAT).set_value("svg")
    lab.run()
    assert next(news, None) is None, "it came"
    assert lab.at.session_state[downloads.FORMAT] == "svg"
    assert len(lab.charts) == 3, "whoever looks still looks"


def test_is_it_said_why_a_file_could_not_be_made(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> bytes:
        raise OSError(28, "No space left on device")

    offered: dict[str, Callable[[], bytes]] = {}
    monkeypatch.setattr(downloads, "keras_file", full)
    monkeypatch.setattr(downloads.st, "download_button", lambda label, data, *_, **__: offered.update({label: data}))
    lab = rested(open_app)
    with pytest.raises(OSError):  # which Streamlit logs, and says at the button that it has failed
        offered["Network (.keras)"]()
    lab.run()
    assert lab.toasts == ["corner-epoch-20.keras could not be made: OSError: [Errno 28] No space left on device"]
