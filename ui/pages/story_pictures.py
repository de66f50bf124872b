"""The pictures of the story: the stage and the figures of the other pages, and patterns."""

from dataclasses import replace

import streamlit as st

from corner_lab.export.stage_record import Record, packed
from corner_lab.story.pictures import FIGURES, STAGED, by_hand, figures, patterns, switch_label
from corner_lab.story.steps import Picture, Step
from corner_lab.story.trained_runs import Rehearsal
from ui import theme
from ui.components import slides, stage

__all__ = ["FIGURES", "chosen", "figure", "show"]  # FIGURES: Plotly's, which takes a moment when it is first needed


def show(step: Step, rehearsal: Rehearsal | None) -> None:
    """Draw the picture of a step; nothing if its run is not ready."""
    if step.picture in STAGED:
        st.fragment(_stage)(step, rehearsal)
    elif step.picture in FIGURES:
        figure(step, rehearsal)
    else:
        slides.show_patterns(patterns(step), key="story-sheet" if step.picture == "sheet" else "story-sums")


def figure(step: Step, rehearsal: Rehearsal | None, key: str = "story-figure") -> None:
    """Draw the Plotly figure of a step."""
    drawn = figures(step, rehearsal.runs if rehearsal else {}, theme.palette())
    with st.container(key=key):
        for number, (column, one) in enumerate(zip(st.columns(len(drawn)), drawn, strict=True)):
            column.plotly_chart(one, key=f"{key}-{step.id}-{number}", height="stretch", config=theme.PLAIN_CHART)


# ---------------------------------------------------------------- the stage


def _stage(step: Step, rehearsal: Rehearsal | None) -> None:
    """The stage in a fragment of its own, so that the switch draws nothing else again."""
    name = chosen(step)
    if len(step.shows) > 1:
        st.segmented_control(
            "Labels",
            step.shows,
            default=step.shows[0],
            required=True,
            key=_switch(step),
            format_func=switch_label,
            label_visibility="collapsed",
        )
        name = chosen(step)
    record = rehearsal.record(name) if rehearsal and name else by_hand() if step.picture == "bench" else None
    if record is not None:
        stage.show(_packed(step.picture, record), key=f"story-stage-{step.id}")


def chosen(step: Step) -> str:
    """The run that a step shows; "" if it shows none."""
    return str(st.session_state.get(_switch(step)) or step.shows[0]) if step.shows else ""


def _switch(step: Step) -> str:
    return f"story-switch-{step.id}"


_sent: dict[tuple[str, str], bytes] = {}  # by picture and run; the runs are few and stay


def _packed(picture: Picture, record: Record) -> bytes:
    found = _sent.get((picture, record.header.run))
    if found is None:
        header = replace(record.header, parts=STAGED[picture], guest=True, tick=1, rev=1, session="story")
        found = _sent[picture, header.run] = packed(vars(header), record.columns)
    return found
