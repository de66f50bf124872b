"""What the browser does on every page: one entry of its history for each page and each run, closing the sidebar of a
phone, opening the page again once the server was started anew, and keeping which tasks were reached."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from corner_lab.language import LANGUAGES, current
from ui.server import js_modules

PLACE = "visit"
KEY = "visit-keeper"
LONGEST = 4096  # characters of words of a link
LARGEST = 1e15  # ms since 1970
STYLE = f"<style>[data-testid=stLayoutWrapper]:has(> .st-key-{PLACE}) {{ position: fixed; z-index: 999990; }}</style>"


def place() -> Any:
    """Where it is drawn, out of the page's flow. Always there: what follows keeps its number, and stays mounted."""
    st.html(STYLE)
    return st.container(key=PLACE)


def show(
    session: str,
    undo: str | None,
    tasks: Mapping[str, Any],
    *,
    on_undo: Callable[[], None],
    on_tasks: Callable[[], None],
    on_language: Callable[[], None],
) -> None:
    """Draw it, on every page, with the id of the session, as words of a link the settings that can be undone to, and
    the progress with the tasks that is to be kept (heard, forgotten, taken, solved).

    `on_undo`: called where a page that was opened again has brought these words along, see `brought`. `on_tasks`:
    called once where the browser has kept progress of earlier visits, see `kept`. `on_language`: called where another
    language is chosen, see `chosen_language`.
    """
    data = {"session": session, "there": asked(), "undo": undo, "tasks": dict(tasks), "languages": _languages()}
    _visit(
        key=KEY,
        data=data,
        on_there_change=_drawn_again,
        on_undo_change=on_undo,
        on_tasks_change=on_tasks,
        on_language_change=on_language,
    )


def kept() -> object:
    """What the browser has kept of the tasks, unchecked; None where it has said nothing."""
    return getattr(st.session_state.get(KEY), "tasks", None)


def chosen_language() -> str | None:
    """The code of the language that was chosen with the switch, unchecked."""
    told: Any = getattr(st.session_state.get(KEY), "language", None)
    return told if isinstance(told, str) else None


def brought() -> str | None:
    """The settings that could be undone to on the page before, as words of a link, if it has brought any."""
    told: Any = getattr(st.session_state.get(KEY), "undo", None)
    return told[:LONGEST] if isinstance(told, str) else None


def _languages() -> dict[str, str]:
    """The names of the languages by their codes, the one spoken first; in a frame, which has no room for the switch,
    that one alone."""
    others = [] if st.context.is_embedded else [one for one in LANGUAGES.values() if one != current()]
    return {language.code: language.name for language in (current(), *others)}


def asked() -> float | None:
    """With which number the browser last asked whether Streamlit still answers."""
    return number(getattr(st.session_state.get(KEY), "there", None))


def number(told: Any) -> float | None:
    """What a browser tells, if it is a number that can be sent back to it."""
    return told if type(told) in (int, float) and abs(told) < LARGEST else None


def _drawn_again() -> None:
    """The browser asks whether Streamlit still answers: that the page is drawn is the answer."""


_visit = js_modules.component(
    "visit", js_modules.sources("visit.js"), Path(__file__).with_name("visit.css").read_text(encoding="utf-8")
)
