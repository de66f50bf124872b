"""Words that outlive a change of the language: said when they are read, chosen whatever they are called."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from corner_lab.language import LANGUAGES, Message, current
from corner_lab.language.languages import SOURCE


@dataclass(frozen=True)
class Later:
    """Words that something else knows, as a remedy its label: `str` asks for them anew."""

    say: Callable[[], str]

    def __str__(self) -> str:
        return self.say()


Words = str | Message | Later


def key_in_words(key: str) -> str:
    """The key, now, of a widget whose options are shown as words (`format_func`), in each language its own.

    A browser tells such a choice by the words that it shows. Once they are other ones it would go on to tell those of
    the language before, which Streamlit takes for no option: the choice would be lost.
    """
    return _key_in(key, current().code)


def chosen_before(key: str, default: Any) -> Any:
    """What is to be chosen first in the widget of this key, see `key_in_words`: what was while another language was
    spoken, else the default."""
    others = (_key_in(key, code) for code in LANGUAGES if code != current().code)
    return next((st.session_state[other] for other in others if other in st.session_state), default)


def expander(label: str, key: str, **look: Any) -> Any:
    """An expander that stays open when the language changes: one with another label is another one to Streamlit, and
    closed. `look`: what else `st.expander` takes."""
    spoken, now = f"{key}-in", current().code
    if st.session_state.get(key) and st.session_state.get(spoken) not in (None, now):
        st.session_state[key] = True
    st.session_state[spoken] = now
    return st.expander(label, key=key, on_change="rerun", **look)


def _key_in(key: str, code: str) -> str:
    return key if code == SOURCE else f"{key}-{code}"
