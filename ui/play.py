"""The playground page: sidebar, stage, study."""

import streamlit as st

from ui import address, panel, sidebar, study
from ui.session import session

# Streamlit leaves wide margins, and its primary button takes white text on any colour.
STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding-left: 24px; padding-right: 24px; }
@media (max-width: 700px) { [data-testid="stMainBlockContainer"] { padding-left: 16px; padding-right: 16px; } }
</style>"""


def page() -> None:
    first = "session" not in st.session_state
    s = session()
    if first:
        address.open_link(s)
    st.html(STYLE)
    sidebar.show(s)
    for problem in s.problems:
        st.warning(f"The link says {problem}. The default is used instead.", icon=":material/link_off:")
    for note in s.notes:
        st.toast(note, icon=":material/info:")
    s.notes = []
    panel.show()
    if s.at_rest:
        study.show(s)
    address.follow(s)
    panel.warm_up(s)
