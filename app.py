"""Corner Lab: the entry for `streamlit run app.py`. Page settings and navigation, nothing else."""

from pathlib import Path

import streamlit as st

from ui import autopsy, landscape, play, sending

ICON = Path(__file__).parent / "ui" / "icon.svg"  # an icon by name would be fetched from the network

st.set_page_config(page_title="Corner Lab", page_icon=str(ICON), layout="wide")
page = st.navigation(
    [
        st.Page(play.page, title="Play", default=True),
        st.Page(autopsy.page, title="Autopsy", url_path="autopsy"),
        st.Page(landscape.page, title="Landscape", url_path="landscape"),
    ],
    position="top",
)
sending.arrive(page.title)
page.run()
