"""Corner Lab: the entry for `streamlit run app.py`. Page settings, the link, navigation, nothing else."""

from pathlib import Path

import streamlit as st

from ui import address, autopsy, causes, landscape, play, sending, story

ICON = Path(__file__).parent / "ui" / "icon.svg"  # an icon by name would be fetched from the network
PAGES = [
    st.Page(play.page, title="Play", default=True),
    st.Page(story.page, title="Story", url_path="story"),
    st.Page(causes.page, title="Causes", url_path="causes"),
    st.Page(autopsy.page, title="Autopsy", url_path="autopsy"),
    st.Page(landscape.page, title="Landscape", url_path="landscape"),
]

st.set_page_config(page_title="Corner Lab", page_icon=str(ICON), layout="wide")
page = st.navigation(PAGES, position="top")
sending.leave_others(page.title)
address.arrive(page.url_path)
page.run()
address.follow(page.url_path)
sending.wait_until_sent()
