"""Whether something on the page is in sight, or about to be: what takes the browser long is drawn for who looks."""

from __future__ import annotations

import streamlit as st

from ui.server import js_modules


def show(within: str) -> bool:
    """Watch from here to the end of the container of the key `within`, in which this is drawn; takes no room.

    Returns whether somebody looks. What it is drawn in runs again whenever that changes. What is watched anew, after it
    was gone from the page, nobody has looked at yet.
    """
    result = _sight(key=f"sight-{within}", data={"within": within}, on_seen_change=_nothing)
    return bool(result.seen)


def _nothing() -> None:
    """A state exists only where a callback is registered for it."""


_sight = st.components.v2.component("corner_lab_sight", js=js_modules.served("sight", js_modules.sources("sight.js")))
