"""The pictures of the story: the stage and the figures of the other pages, and patterns."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import plotly.graph_objects as go
import streamlit as st

from corner_lab.export.stage_record import Record, packed
from corner_lab.language import current, tr
from corner_lab.plots.story import on_paper
from corner_lab.plots.theme import LIGHT
from corner_lab.story.pictures import FIGURES, STAGED, by_hand, figures, patterns, switch_label
from corner_lab.story.steps import Step
from corner_lab.story.trained_runs import Rehearsal
from ui import theme
from ui.components import slides, stage
from ui.state.words import chosen_before, key_in_words

# FIGURES: Plotly's, which takes a moment when it is first needed.
__all__ = ["FIGURES", "chosen", "figure", "show", "show_still"]

ON_PAPER = {"bench": ["bench", "atlas"], "stage": ["atlas", "curves"]}  # the parts of the stage


def show(step: Step, rehearsal: Rehearsal) -> None:
    """Draw the picture of a step; nothing if its run is not ready."""
    if step.picture in STAGED:
        st.fragment(_stage)(step, rehearsal)
    elif step.picture in FIGURES:
        figure(step, rehearsal)
    else:
        slides.show_patterns(patterns(step), key="story-sheet" if step.picture == "sheet" else "story-sums")


def show_still(step: Step, rehearsal: Rehearsal) -> None:
    """Draw the picture of a step as it stands on paper: of every run that it shows, at its end; nothing of those that
    are not ready."""
    if step.picture in FIGURES:
        drawn = figures(step, rehearsal.runs, LIGHT)
        _draw(step, [on_paper(one, LIGHT) for one in drawn], f"handout-figure-{step.id}", None)
    elif step.picture in STAGED:
        with st.container(key=f"handout-pair-{step.id}" if len(step.shows) > 1 else None):
            _stages(step, rehearsal)
    else:
        slides.show_patterns(patterns(step), key=f"handout-{step.id}")


def figure(step: Step, rehearsal: Rehearsal, key: str = "story-figure") -> None:
    """Draw the Plotly figure of a step."""
    _draw(step, figures(step, rehearsal.runs, theme.palette()), key, "streamlit")


def _draw(step: Step, drawn: Sequence[go.Figure], key: str, looks: Literal["streamlit"] | None) -> None:
    """Figures beside each other, in Streamlit's looks or in their own."""
    with st.container(key=key):
        for number, (column, one) in enumerate(zip(st.columns(len(drawn)), drawn, strict=True)):
            place = f"{key}-{step.id}-{number}"
            column.plotly_chart(one, key=place, height="stretch", config=theme.PLAIN_CHART, theme=looks)


# ---------------------------------------------------------------- the stage


def _stage(step: Step, rehearsal: Rehearsal) -> None:
    """The stage in a fragment of its own, so that the switch draws nothing else again."""
    name = chosen(step)
    if len(step.shows) > 1:
        st.segmented_control(
            tr("Labels"),
            step.shows,
            default=name,
            required=True,
            key=_switch(step),
            format_func=switch_label,
            label_visibility="collapsed",
        )
        name = chosen(step)
    record = rehearsal.record(name) if name else by_hand() if step.picture == "bench" else None
    if record is not None:
        stage.show(_packed(step, record), key=f"story-stage-{step.id}")


def _stages(step: Step, rehearsal: Rehearsal) -> None:
    """Every run that a step shows, on a stage of its own."""
    records = {name: rehearsal.record(name) for name in step.shows} or {"": by_hand()}
    for number, (name, record) in enumerate(records.items()):
        if len(records) > 1:
            st.markdown(f"**{switch_label(name)}**")
        if record is not None:
            stage.show(_packed(step, record, on_paper=True), key=f"handout-stage-{step.id}-{number}")


def chosen(step: Step) -> str:
    """The run that a step shows; "" if it shows none."""
    if not step.shows:
        return ""
    return str(st.session_state.get(_switch(step)) or chosen_before(_place(step), step.shows[0]))


def _switch(step: Step) -> str:
    return key_in_words(_place(step))


def _place(step: Step) -> str:
    return f"story-switch-{step.id}"


# By picture, run, language and whether on paper: all that the story has, and as much again of runs trained anew.
_sent: OrderedDict[tuple[str, str, str, bool], bytes] = OrderedDict()
MOST = 64


def _packed(step: Step, record: Record, on_paper: bool = False) -> bytes:
    """The record with the parts of the stage that show; on paper it stands at its end."""
    place = step.picture, record.header.run, current().code, on_paper
    if (found := _sent.get(place)) is None:
        parts = (ON_PAPER if on_paper else STAGED)[step.picture]
        plays = record.header.autoplay and not on_paper
        header = replace(record.header, parts=parts, guest=True, tick=1, rev=1, session="story", autoplay=plays)
        found = _sent[place] = packed(vars(header), record.columns)
        if len(_sent) > MOST:
            _sent.pop(next(iter(_sent)), None)
    return found
