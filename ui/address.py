"""The address bar is the share link: it restores the experiment, and follows it."""

import streamlit as st

from corner_lab.experiment import from_fields
from ui.session import Session

OWN_KEYS = ("embed", "embed_options")  # Streamlit's


def open_link(s: Session) -> None:
    """Take the experiment from the address; what is wrong in it is named and has its default."""
    pairs = [(name, text) for name in st.query_params for text in st.query_params.get_all(name) if name not in OWN_KEYS]
    s.experiment, errors = from_fields(pairs)
    s.pixels = s.experiment.target[0]
    s.problems = [str(error) for error in errors]


def follow(s: Session) -> None:
    """Write what differs from the address, and nothing else: Streamlit rolls back what is written on every run."""
    wanted = s.experiment.differences()
    if s.experiment.init == "given":
        wanted.pop("init", None)
    for name in list(st.query_params):
        if name not in OWN_KEYS and name not in wanted:
            del st.query_params[name]
    for name, text in wanted.items():
        if st.query_params.get_all(name) != [text]:
            st.query_params[name] = text
