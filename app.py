"""Corner Lab: the entry for `streamlit run app.py`. Page settings, the link, navigation, nothing else."""

from pathlib import Path

import streamlit as st

from ui import address, causes, play
from ui.sending import wait_until_sent

ICON = Path(__file__).parent / "ui" / "icon.svg"  # an icon by name would be fetched from the network
PAGES = [
    st.Page(play.page, title="Play", default=True),
    st.Page(causes.page, title="Causes", url_path="causes"),
]

st.set_page_config(page_title="Corner Lab", page_icon=str(ICON), layout="wide")
address.arrive()
st.navigation(PAGES, position="top").run()
address.follow()
wait_until_sent()
