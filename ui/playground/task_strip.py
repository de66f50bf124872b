"""The strip above the stage with the task that is taken, in a fragment of its own."""

from collections.abc import Callable

import streamlit as st

from ui.components import tasks as strip
from ui.playground import page_news
from ui.server.streamlit_internals import draw_fragment
from ui.state import tasks
from ui.state.session import Session, session

KEY, STRIP = "task", "task-strip"


def show(open_tasks: Callable[[], None]) -> None:
    """Draw it in its fragment. Always there: what follows keeps its number, and stays mounted. `open_tasks` goes to the
    page of all tasks."""
    with st.container(key=KEY):
        st.fragment(_view, key=KEY)(open_tasks)


def follow(s: Session) -> None:
    """Have it drawn again if it would look different. Call where the stage's fragment is drawn alone."""
    if tasks.told(s) != s.channel.task:
        draw_fragment(KEY)


def _view(open_tasks: Callable[[], None]) -> None:
    s = session()
    if not s.channel.whole:
        page_news.draw_if_due(s)
    heard = s.channel.heard  # first: what the line brings now makes the strip newer than it says, which does no harm
    told = s.channel.task = tasks.told(s)
    if told is not None and strip.show_strip(told, heard, s.id, on_way=_taken, key=STRIP).way == "all":
        open_tasks()


def _taken() -> None:
    if getattr(st.session_state[STRIP], "way", None) == "leave":
        session().progress.taken = None
