"""Whether something on the page is in sight, or about to be: what takes the browser long is drawn for who looks."""

from __future__ import annotations

from functools import partial

from ui.server import js_modules
from ui.server.streamlit_internals import answer_with_too


def show(within: str, fragment: str) -> bool:
    """Watch from here to the end of the container of the key `within`, in which this is drawn; takes no room.

    Returns whether somebody looks. The fragment of the key `fragment`, in which this is drawn, runs again whenever that
    changes, also where several things come into sight in one moment: the browser sends that as one message, which names
    the fragment of one of them. What is watched anew, after it was gone from the page, nobody has looked at yet.
    """
    result = _sight(key=f"sight-{within}", data={"within": within}, on_seen_change=partial(answer_with_too, fragment))
    return bool(result.seen)


_sight = js_modules.component("sight", js_modules.sources("sight.js"))
