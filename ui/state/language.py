"""In which language a visitor reads: as the address says, else as was chosen here before, else as the browser asks."""

import streamlit as st

from corner_lab.formatting import listing
from corner_lab.language import LANGUAGES, tr
from corner_lab.language.languages import heard_from, matching
from ui.components import visit
from ui.server import readers
from ui.server.streamlit_internals import script_run
from ui.state.session import known, session


def listen() -> None:
    """From now on sentences are said in the language of the visitor whose script runs. Call once."""
    heard_from(_of_this_visitor)


def arrive() -> None:
    """Take what the address says. Call first in every run of the page."""
    s, tag = session(), st.query_params.get(readers.WORD)
    if tag is None or tag == s.language_asked:
        s.language = s.language or _by_browser()
        return
    s.language_asked, code = tag, matching(tag)
    s.language = code or s.language or _by_browser()
    if code is None:
        s.notes.append(tr("The link asks for another language than there are: {there}.", there=_there()))


def choose() -> None:
    """Speak what the switch says. A callback; what is not sound changes nothing."""
    code = matching(visit.chosen_language())
    if code is None:
        return
    s = session()
    s.language = s.language_asked = code
    if readers.WORD in st.query_params:
        st.query_params[readers.WORD] = code


def _by_browser() -> str:
    return readers.language(st.context.cookies.get(readers.COOKIE), st.context.locale)


def _there() -> str:
    return str(listing(f"{readers.WORD}={code} ({language.name})" for code, language in LANGUAGES.items()))


def _of_this_visitor() -> str | None:
    run = script_run()
    found = None if run is None else known(run)
    return None if found is None else found.language or None
