"""What the page around its fragments shows: a fragment that finds it changed has the whole page drawn again."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from corner_lab import counters
from corner_lab.language import current
from ui.server.keras_loading import loading
from ui.server.streamlit_internals import WHOLE_PAGE, answer_with, wait_until_sent
from ui.state.session import Session, reporting, session
from ui.state.stage_channel import STAGE_VIEW


def note(s: Session) -> None:
    """The page is about to be drawn as things are."""
    s.channel.around = _around(s)


def note_settings(s: Session) -> None:
    """What was set in the sidebar is about to be drawn there, and needs no more of the page."""
    s.channel.around = (*_around(s)[:1], *s.channel.around[1:])


def draw_if_due(s: Session) -> None:
    """Have the whole page drawn again if it would look different; this fragment then ends here.

    A setting may be chosen or refused in the moment the stage tells something: Streamlit answers with this alone.
    """
    counters.trainings.settle()
    if _is_due(s):
        wait_until_sent()  # a widget's value that does not reach the browser now is not sent again
        st.rerun()


def answering(action: Callable[..., None]) -> Callable[..., None]:
    """The callback of a button in a fragment. What it has changed is on the stage, whose fragment is drawn and has the
    others drawn that would look different; or more has changed, and the whole page is drawn."""
    taken = reporting(action)

    def callback(*args: Any) -> None:
        taken(*args)
        answer_with(WHOLE_PAGE if _is_due(session()) else STAGE_VIEW)

    return callback


def _is_due(s: Session) -> bool:
    return _around(s) != s.channel.around or bool(s.notes)


def _around(s: Session) -> tuple[Any, ...]:
    failed = s.run is not None and s.run.status == "failed"
    return (s.experiment, s.replaced, failed, loading().done, s.channel.painted, current().code, *s.problems)
