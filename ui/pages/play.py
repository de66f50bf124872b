"""The playground page: sidebar, stage, study."""

import streamlit as st

from ui.playground import diagnosis, downloads, run_figures, sidebar, stage_panel
from ui.state.session import session

# Streamlit leaves wide margins, and its toasts would cover the stage's buttons; the train button stays in sight.
# Its own Stop, which it offers while a page takes long, would leave that page half drawn, and be taken for the run's.
STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding-left: 24px; padding-right: 24px; }
@media (max-width: 700px) { [data-testid="stMainBlockContainer"] { padding-left: 16px; padding-right: 16px; } }
[data-testid="stSidebarUserContent"] [data-testid="stVerticalBlock"] { gap: 8px; }
[data-testid="stSidebarHeader"] { height: 24px; }
[data-testid="stLayoutWrapper"]:has(> .st-key-train) { position: sticky; bottom: 0; z-index: 2; }
.st-key-train { padding: 8px 0 12px; background: light-dark(#F6F6F3, #1B1F24); }
[data-testid="stStatusWidget"] button { display: none; }
[data-testid="stToastContainer"] { top: auto !important; bottom: 16px !important; }
[data-testid="stCaptionContainer"] { opacity: 1; }
[data-testid="stCaptionContainer"] p { color: light-dark(#5A6069, #A6ADB6); opacity: 1; }
</style>"""


def page() -> None:
    s = session()
    st.html(STYLE)
    if s.painted:
        sidebar.show(s)
    else:
        sidebar.show_frame()
    for problem in s.problems:
        st.warning(f"The link says {problem}. The default is used instead.", icon=":material/link_off:")
    for note in s.notes:
        st.toast(note, icon=":material/info:")
    s.notes = []
    if s.run is not None and s.run.history is None and s.run.status == "failed":
        st.error(f"The run failed: {s.run.message}", icon=":material/error:")
    stage_panel.show()
    if s.at_rest:
        # Each in a place of its own: what comes later moves nothing that somebody has opened.
        with st.container():
            figures = run_figures.show(s)
        with st.container():
            diagnosis.show(s)
        with st.container():
            downloads.show(s, figures)
    stage_panel.warm_up(s)
