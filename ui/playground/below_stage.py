"""What stands below the stage of a run that stands still: Study, Take it along, Why, in a fragment of their own."""

from typing import Any

import streamlit as st

from corner_lab.experiment.field_help import listed
from corner_lab.export.share_link import Link, query
from corner_lab.language import current
from ui.components import paper
from ui.playground import diagnosis, downloads, page_news, run_figures
from ui.server.streamlit_internals import draw_fragment
from ui.state import url
from ui.state.session import Session, session

KEY = "below-stage"


def show() -> None:
    """Draw it in its fragment, which answers what is done in it."""
    st.fragment(_view, key=KEY)()


def follow(s: Session) -> None:
    """Have it drawn again if it would look different. Call where the stage's fragment is drawn alone."""
    if _shown(s) != s.channel.below:
        draw_fragment(KEY)
    else:
        diagnosis.draw_if_due(s)


def _shown(s: Session) -> tuple[Any, ...]:
    """What there is to show: another value means that it is to be drawn again."""
    if s.on_stage is None:
        return (s.experiment, current().code)  # on paper
    if not s.at_rest or s.run is None or s.run.history is None:
        return ()
    explained = s.why is not None and s.why.findings is not None  # the script to take along says so
    return (s.run.id, s.run.status, s.title, s.run.history.last, s.epoch, explained, current().code)


def _view() -> None:
    s = session()
    page_news.draw_if_due(s)
    s.channel.below = _shown(s)
    if s.channel.painted:
        _paper(s)
    if not s.at_rest:
        return
    # Each in a place of its own, and last what grows while remedies are tried: no button moves under a finger.
    with st.container(key="study"):
        figures = run_figures.show(s, KEY)
    with st.container():
        downloads.show(s, figures)
    with st.container(key=diagnosis.KEY):
        diagnosis.show()


def _paper(s: Session) -> None:
    """What is printed beside the stage: of its run, or of the settings where there is none."""
    run, e, title = s.on_stage, s.experiment, ""
    link = Link(e)
    if run is not None and run.history is not None:
        e, title = run.experiment, s.title
        link = Link(e, start=run.history.weights_at(0) if e.init == "given" else None, held=run.held)
    paper.show(title, listed(e), query(link), url.public() or "")
