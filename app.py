"""Corner Lab: the entry for `streamlit run app.py`. What the server serves; the pages, their navigation, the link."""

from pathlib import Path

import streamlit as st

from ui import address, autopsy, bench, causes, landscape, play, sending, serving, story

ICON = Path(__file__).parent / "ui" / "icon.svg"  # an icon by name would be fetched from the network
OTHERS = {"story": story.page, "causes": causes.page, "autopsy": autopsy.page, "landscape": landscape.page}


def draw() -> None:
    """Draw the page that the visitor is on."""
    st.set_page_config(page_title="Corner Lab", page_icon=str(ICON), layout="wide")
    others = [st.Page(page, title=name.capitalize(), url_path=name) for name, page in OTHERS.items()]
    page = st.navigation([st.Page(play.page, title="Play", default=True), *others], position="top")
    sending.leave_others(page.title)
    address.arrive(page.url_path)
    page.run()
    address.follow(page.url_path)
    sending.wait_until_sent()


if __name__ == "__main__":  # run by Streamlit for every answer
    draw()
else:  # imported once, by the server
    app = st.App(__file__, routes=[*serving.routes(OTHERS), bench.route(serving.folder())], lifespan=serving.lifespan)
