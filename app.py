"""Corner Lab: the entry for `streamlit run app.py`. Page settings and navigation, nothing else."""

from pathlib import Path

import streamlit as st

from ui import causes, play

ICON = Path(__file__).parent / "ui" / "icon.svg"  # an icon by name would be fetched from the network

st.set_page_config(page_title="Corner Lab", page_icon=str(ICON), layout="wide")
PAGES = [
    st.Page(play.page, title="Play", default=True),
    st.Page(causes.page, title="Causes", url_path="causes"),
]
st.navigation(PAGES, position="top").run()
