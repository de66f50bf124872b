"""What the browser does on every page: one entry of its history for each page and each run, closing the sidebar of a
phone, and opening the page again once the server was started anew."""

from pathlib import Path
from typing import Any

import streamlit as st

from ui.server import js_modules

PLACE = "visit"
STYLE = f"<style>[data-testid=stLayoutWrapper]:has(> .st-key-{PLACE}) {{ position: fixed; z-index: 3; }}</style>"


def place() -> Any:
    """Where it is drawn, out of the page's flow. Always there: what follows keeps its number, and stays mounted."""
    st.html(STYLE)
    return st.container(key=PLACE)


def show(session: str) -> None:
    """Draw it, on every page, with the id of the session."""
    _visit(key="visit-keeper", data={"session": session})


_visit = st.components.v2.component(
    "corner_lab_visit",
    css=Path(__file__).with_name("visit.css").read_text(encoding="utf-8"),
    js=js_modules.served("visit", js_modules.sources("visit.js")),
)
