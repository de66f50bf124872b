"""Keep runs of the script apart: what one has drawn is to be sent whole, and no page is to answer for another.

Streamlit draws into a queue that it sends about every 10 ms. A click that waits while a run ends starts the next run
at once, and that throws away what was not yet sent of the fragment which answers the click. The browser then takes the
stage for gone, removes it and mounts it again: focus and whatever stood open would be lost.

When a visitor opens another page, a fragment of the one before may just have asked for an answer. Streamlit still knows
that fragment until the new page is complete, runs it then, finds it gone and tells the browser that the old page was
drawn, with nothing on it: the page goes blank. So a page's fragments are forgotten as soon as another one is opened.

Streamlit 1.67 has no public word for either; the names of its own that this takes are used here and nowhere else.
"""

import threading
import time
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

PAGE = "page"  # in the session state: which page was drawn last
LIMIT = 10.0  # s: a browser that does not listen must not hold a run for longer


def wait_until_sent() -> None:
    """Call at the end of a run of the whole page. Without a server, as in AppTest, there is nothing to wait for."""
    ctx = get_script_run_ctx()
    if ctx is None or not runtime.exists() or type(runtime.get_instance()) is not runtime.Runtime:
        return
    manager: Any = runtime.get_instance()._session_mgr
    info = manager.get_session_info(ctx.session_id)
    if info is None:
        return
    end = time.monotonic() + LIMIT
    queued = threading.Event()  # set once the event loop has taken over all that was drawn
    info.session._event_loop.call_soon_threadsafe(queued.set)
    queued.wait(LIMIT)
    while not info.session._browser_queue.is_empty() and time.monotonic() < end:
        time.sleep(0.002)


def leave_others(page: str) -> None:
    """Call before a page is drawn, with its name: nobody answers for the page before any more."""
    before = st.session_state.get(PAGE)
    st.session_state[PAGE] = page
    ctx = get_script_run_ctx()
    if ctx is not None and before not in (None, page):
        ctx.fragment_storage.clear()
