"""The playground page: sidebar, stage, study."""

import streamlit as st

from ui import theme
from ui.playground import diagnosis, downloads, run_figures, sidebar, stage_actions, stage_panel
from ui.state.session import session


def page() -> None:
    s = session()
    st.html(theme.STYLE)
    if s.channel.painted:
        sidebar.show(s)
    else:
        sidebar.show_frame()
    for problem in s.problems:
        st.warning(f"The link says {theme.plain(problem)}. The default is used instead.", icon=":material/link_off:")
    theme.show_notes(s.notes)
    if s.run is not None and s.run.history is None and s.run.status == "failed":
        st.error(f"The run failed: {s.run.message}", icon=":material/error:")
    stage_panel.show()
    if s.at_rest:
        # Each in a place of its own: what comes later moves nothing that somebody has opened.
        with st.container(key="study"):
            figures = run_figures.show(s)
        with st.container(key="why"):
            diagnosis.show(s)
        with st.container():
            downloads.show(s, figures)
    stage_actions.warm_up(s)
