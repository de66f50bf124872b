"""The story on paper: all steps under each other, each a page of its own, its picture still and its notes below.

On the screen it looks as it will be printed, in light colours whatever the theme: nothing changes its size for it.
"""

from collections.abc import Callable

import streamlit as st

from corner_lab.language import tr
from corner_lab.story.sentences import title
from corner_lab.story.steps import STEPS, Step, sentences
from corner_lab.story.trained_runs import Rehearsal
from ui import theme
from ui.components import paper
from ui.story import pictures

WORD = "all"  # in place of the number of a step


def show(rehearsal: Rehearsal, waiting: Callable[[Step], str], on_leave: Callable[[], None]) -> None:
    """Draw it. `waiting`: what a step still waits for, in Markdown, or ""."""
    waits = [step for step in STEPS if waiting(step)]
    with st.container(key="paper-bar", horizontal=True, vertical_alignment="center"):
        st.button(tr("Back to the story"), on_click=on_leave, key="handout-leave")
        paper.show_print_button(bool(waits), key="handout-print")
        told = tr("{all} pages, A4 or Letter.", all=len(STEPS))
        if waits:
            told = tr("Waits for {waits} of {all} pages.", waits=len(waits), all=len(STEPS))
        st.markdown(told, width="content")
    with st.container(key="handout"):
        for number, step in enumerate(STEPS, 1):
            with st.container(key=f"handout-page-{number}"):
                _page(number, step, rehearsal, waiting(step))


def _page(number: int, step: Step, rehearsal: Rehearsal, waits: str) -> None:
    st.caption(tr("{title} · {at} of {all}", title=title(), at=number, all=len(STEPS)))
    st.title(step.headline(), anchor=False)
    for sentence in sentences(step, rehearsal.runs):
        st.markdown(sentence)
    if waits:
        st.markdown(f"*{waits}*")
    elif told := whence(rehearsal, step):
        st.caption(tr("Trained with {provenance}.", provenance=told))
    pictures.show_still(step, rehearsal)
    with st.container(key=f"handout-notes-{number}"):
        st.markdown(tr("**Notes.** {notes}", notes=step.notes))


def whence(rehearsal: Rehearsal, step: Step | None = None) -> str:
    """Where the runs of a step, or all, come from that were trained before, in Markdown; "" where none was."""
    found = rehearsal.provenances() if step is None else rehearsal.provenances(step.runs)
    return theme.plain("; ".join(str(provenance) for provenance in found))
