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


def arrive(page: str) -> None:
    """Take what the address says: when a page is opened, and when the browser goes back or forward.

    Call before the page is drawn, with its `url_path`. A run that the link asks for starts once the first picture is
    on the screen.
    """
    new = "session" not in st.session_state
    s = session()
    # Streamlit opens another page at a bare address, before `follow` writes its words: that says nothing of the state.
    if new or (_went_back() and (not page or _pairs())):
        _open(s)
    if s.painted and s.arrival and not s.arrival.started:
        link, problems = s.arrival.link, s.problems
        train(link.experiment, link.start, "From the link's weights" if link.start is not None else "", link.held)
        s.arrival, s.problems = Arrival(link, started=True), problems


def _went_back() -> bool:
    ctx = get_script_run_ctx()
    return ctx is not None and ctx.is_history_navigation


def _pairs() -> list[tuple[str, str]]:
    """The words of the address that are ours."""
    return [(name, text) for name in st.query_params for text in st.query_params.get_all(name) if name not in OWN_KEYS]


def _open(s: Session) -> None:
    """Put what the address says into the session; what is wrong in it is named and left out."""
    link, errors = read_pairs(_pairs())
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


def follow() -> None:
    """Write the address if it says something else, in one go: each writing is an entry of the browser's history."""
    s = session()
    coming = s.waiting or (s.arrival is not None and not s.arrival.shown)
    wanted = words_of(s.experiment, s.on_stage)
    kept = (*OWN_KEYS, *STAGE_WORDS, *(RUN_WORDS if coming else ()))
    said = {name: st.query_params.get_all(name) for name in st.query_params}
    words = {name: texts for name, texts in said.items() if name in kept} | {n: [text] for n, text in wanted.items()}
    if words != said:
        st.query_params.from_dict(words)
