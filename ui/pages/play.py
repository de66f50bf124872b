"""The playground page: sidebar, stage, study; or some parts of the stage alone, for a frame."""

import streamlit as st

from corner_lab.language import tr
from ui import pages, theme
from ui.components import paper
from ui.playground import below_stage, sidebar, stage_panel, task_strip
from ui.state.session import Session, session


def page() -> None:
    s = session()
    s.channel.whole = True
    try:
        _draw(s)
    finally:
        s.channel.whole = False


def _draw(s: Session) -> None:
    st.html(theme.STYLE + paper.style())
    if s.shown:
        st.html(theme.FRAMED_STYLE)
    elif s.channel.painted:
        sidebar.show(s)
    else:
        sidebar.show_frame()
    theme.show_problems(s.problems)
    theme.show_notes(s.notes)
    if s.run is not None and s.run.history is None and s.run.status == "failed":
        st.error(tr("The run failed: {why}", why=s.run.message), icon=":material/error:")
    if not s.shown:
        task_strip.show(lambda: pages.open_page("tasks"))
    stage_panel.show()
    if not s.shown:
        below_stage.show()
