"""What the page around its fragments shows: a fragment that finds it changed has the whole page drawn again."""

from typing import Any

import streamlit as st

from ui.playground import sidebar
from ui.server.keras_loading import loading
from ui.server.streamlit_internals import wait_until_sent
from ui.state.session import Session


def note(s: Session) -> None:
    """The page is about to be drawn as things are."""
    s.channel.around = _around(s)


def draw_if_due(s: Session) -> None:
    """Have the whole page drawn again if it would look different; this fragment then ends here.

    A setting may be chosen or refused in the moment the stage tells something: Streamlit answers with this alone.
    """
    if _around(s) != s.channel.around or s.notes:
        wait_until_sent()  # a widget's value that does not reach the browser now is not sent again
        st.rerun()


def _around(s: Session) -> tuple[Any, ...]:
    running = s.run is not None and not s.run.over
    return (running, loading().done, s.channel.painted, s.experiment, s.replaced, sidebar.offered(s), *s.problems)
