"""Pages: one file a page, and the list of them. A page opens another by its name."""

from collections.abc import Callable
from typing import Any, NoReturn

import streamlit as st

from corner_lab.language import Message, msgc
from ui.pages import autopsy, causes, glossary, landscape, pictures, play, story, tasks

#: In the order of the navigation. The name is also the last part of the address; the first page's is the app's own.
PAGES: dict[str, Callable[[], None]] = {
    "play": play.page,
    "story": story.page,
    "tasks": tasks.page,
    "causes": causes.page,
    "autopsy": autopsy.page,
    "landscape": landscape.page,
    "pictures": pictures.page,
    "glossary": glossary.page,
}
FIRST, *OTHERS = PAGES
#: By the last part of the address: the components of the first picture, which the browser loads ahead.
SHOWN_FIRST: dict[str, tuple[str, ...]] = {
    "": ("stage", "says"),
    **dict.fromkeys(OTHERS, ()),
    "story": ("slides", "patterns"),
    "causes": ("cube",),
    "pictures": ("picture",),
}
WITH_FIGURES = ("story", "autopsy", "landscape")  # in their first picture
_TITLES: dict[str, Message] = {
    "play": msgc("page", "Play"),
    "story": msgc("page", "Story"),
    "tasks": msgc("page", "Tasks"),
    "causes": msgc("page", "Causes"),
    "autopsy": msgc("page", "Autopsy"),
    "landscape": msgc("page", "Landscape"),
    "pictures": msgc("page", "Pictures"),
    "glossary": msgc("page", "Glossary"),
}


def title(name: str) -> str:
    """What the navigation calls a page. Raises KeyError for what is none."""
    return str(_TITLES[name])


def page(name: str) -> Any:
    """A page as Streamlit's navigation takes it."""
    return st.Page(PAGES[name], title=title(name), url_path=name, default=name == FIRST)


def open_page(name: str) -> NoReturn:
    """Go there. Ends the run of the script."""
    st.switch_page(page(name))
