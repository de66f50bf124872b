"""The address bar is the share link: it restores what it says, and follows the settings and how the run began.

What the bench and the playhead show, the stage writes there itself (ui/stage/address.js).
"""

import numpy as np
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from corner_lab.link import RUN_WORDS, STAGE_WORDS, Link, leads_to, read_pairs, words_of
from corner_lab.run import Run
from ui.session import Arrival, Session, session, train

OWN_KEYS = ("embed", "embed_options")  # Streamlit's
PAGE_WORDS = {"Story": ("step",)}  # of a page that has an address of its own, and nothing of the playground's in it


def arrive(page: str) -> None:
    """Take what the address says: when the page is opened, and when the browser goes back or forward.

    Call before the page is drawn, with its name. A run that the link asks for starts once the first picture is on the
    screen.
    """
    new = "session" not in st.session_state
    s = session()
    if new or (went_back() and page not in PAGE_WORDS):
        _open(s, PAGE_WORDS.get(page, ()))
    if s.painted and s.arrival and not s.arrival.started:
        link, problems = s.arrival.link, s.problems
        train(link.experiment, link.start, "From the link's weights" if link.start is not None else "", link.held)
        s.arrival, s.problems = Arrival(link, started=True), problems


def went_back() -> bool:
    """Whether the browser's own buttons have led here."""
    ctx = get_script_run_ctx()
    return ctx is not None and ctx.is_history_navigation


def _open(s: Session, own: tuple[str, ...]) -> None:
    """Put what the address says into the session; what is wrong in it is named and left out, the page's own words are
    passed over."""
    names = [name for name in st.query_params if name not in (*OWN_KEYS, *own)]
    pairs = [(name, text) for name in names for text in st.query_params.get_all(name)]
    link, errors = read_pairs(pairs)
    s.problems = [str(error) for error in errors]
    s.experiment = link.experiment
    s.pixels = link.experiment.target[0] if link.pixels is None else link.pixels
    s.bench, s.locks = link.weights, link.locks
    s.rev += 1
    if link.epoch is None and link.start is None:
        s.leave_run()
    else:
        s.arrival = Arrival(link, started=s.run is not None and _leads(link, s.run))


def _leads(link: Link, run: Run) -> bool:
    """Whether the run is the one that the link asks for."""
    if not leads_to(link.experiment, run) or run.held != dict(link.held):
        return False
    if link.start is None:
        return run.experiment.init != "given"
    return run.history is not None and np.array_equal(run.history.weights_at(0), link.start)


def follow(page: str) -> None:
    """Write what differs from the address, and nothing else: Streamlit rolls back what is written on every run.

    `page`: its name. A page with words of its own writes them itself.
    """
    if page in PAGE_WORDS:
        for name in list(st.query_params):
            if name not in (*OWN_KEYS, *PAGE_WORDS[page]):
                del st.query_params[name]
        return
    s = session()
    coming = s.waiting or (s.arrival is not None and not s.arrival.shown)
    wanted = words_of(s.experiment, s.on_stage)
    for name in list(st.query_params):
        known = name in OWN_KEYS or name in STAGE_WORDS or name in wanted or (coming and name in RUN_WORDS)
        if not known:
            del st.query_params[name]
    for name, text in wanted.items():
        if st.query_params.get_all(name) != [text]:
            st.query_params[name] = text
