"""All that Corner Lab takes of Streamlit without it being promised: names with an underscore, hidden options, habits.

Nothing else in `ui` or `app.py` touches them. For each there is a test in tests/app/test_streamlit_internals.py that
says what is assumed, and fails if another version of Streamlit does otherwise. Written for Streamlit 1.67.
"""

import gc
import math
import re
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import file_util, runtime
from streamlit.errors import StreamlitAPIException
from streamlit.logger import get_logger
from streamlit.runtime import app_session
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils import script_run_context
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType
from streamlit.runtime.state import SafeSessionState
from streamlit.web.server import server_util

PAGE = "page"  # in the session state: which page was drawn last
WHOLE_PAGE = "app"  # as Streamlit calls it
LATE = "pandas"  # which Streamlit brings, and imports when it is first needed
KEPT = 30.0  # s between two looks for files that nobody needs: each gives what was made since the last one more
LOOKS = 0.005  # s between two looks whether all was sent
LIMIT = 10.0  # s: a browser that does not listen must not hold a run for longer


# ---------------------------------------------------------------- runs of the script


def wait_until_sent() -> None:
    """Wait until the browser was sent all that this run has drawn. Call at the end of a run of the whole page.

    Streamlit draws into a queue that it sends about every 10 ms. A click that waits while a run ends starts the next
    run at once, and that throws away what was not yet sent of the fragment which answers the click. The browser then
    takes the stage for gone, removes it and mounts it again: focus and whatever stood open would be lost. Without a
    server, as in AppTest, there is nothing to wait for.
    """
    ctx = get_script_run_ctx()
    if ctx is None or not _has_server():
        return
    manager: Any = runtime.get_instance()._session_mgr
    info = manager.get_session_info(ctx.session_id)
    if info is None:
        return
    loop, queue, sent = info.session._event_loop, info.session._browser_queue, threading.Event()
    end = time.monotonic() + LIMIT

    def look() -> None:  # on the loop, which has taken over by then all that was drawn
        if queue.is_empty() or time.monotonic() > end:
            sent.set()
        else:
            loop.call_later(LOOKS, look)

    loop.call_soon_threadsafe(look)
    sent.wait(LIMIT)


def _has_server() -> bool:
    return runtime.exists() and type(runtime.get_instance()) is runtime.Runtime


def draw_fragment(key: str) -> None:
    """Have another fragment of this page drawn once the one that calls is through; nothing if the page has none such.

    Streamlit offers that to callbacks alone, which are over before what they have changed is known.
    """
    ctx = get_script_run_ctx()
    if ctx is None or ctx.script_requests is None:
        return
    with suppress(StreamlitAPIException):  # the page is still being drawn, and this with it
        ids = ctx.fragment_storage.resolve_target(key)
        requests: Any = ctx.script_requests
        with requests._lock:
            here = RerunData(
                query_string=ctx.query_string,
                page_script_hash=ctx.page_script_hash,
                cached_message_hashes=ctx.cached_message_hashes,
                context_info=ctx.context_info,
            )
            asked = _asked_for(requests) or here  # of two requests Streamlit goes by what the newer says of the address
            again = replace(asked, widget_states=None, replay_trigger_states=None, replay_trigger_values=None)
            requests._request_rerun_locked(replace(again, fragment_id_queue=ids))


def _asked_for(requests: Any) -> RerunData | None:
    """What the browser has asked for and the script has not begun with."""
    waits = requests._state is ScriptRequestType.RERUN
    asked: RerunData | None = requests._rerun_data if waits else None
    return asked


def keep_steps() -> None:
    """Let no question of a fragment take a step through the browser's history back. Call once, before anybody asks.

    Where a request comes before the one for a step was begun with, Streamlit makes one of both, and goes by the newer
    as to whether it is a step. That protects widgets which are bound to the address; here there are none.
    """
    plain = ScriptRequests._request_rerun_locked

    def kept(requests: Any, new: RerunData) -> bool:
        asked, of_fragment = _asked_for(requests), bool(new.fragment_id or new.fragment_id_queue)
        if asked is not None and asked.is_history_navigation and of_fragment and asked.query_string == new.query_string:
            new = replace(new, is_history_navigation=True)
        return plain(requests, new)

    ScriptRequests._request_rerun_locked = kept  # type: ignore[method-assign, assignment]


def keep_endings() -> None:
    """Let the browser hear that a fragment was drawn whole, though another one is drawn right after it. Call once,
    before anybody asks.

    It then takes away what the fragment has no more: an emptied field, a reason why something is not offered. Streamlit
    tells of a run whose last message still waits as the next one begins that it was cut short, also where it keeps all
    that the run has drawn, as the next one draws other fragments.
    """
    plain = ForwardMsgQueue.clear

    def kept(queue: Any, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None) -> None:
        others = [message for message in queue._queue if _ended_apart_from(message, fragment_ids_this_run or [])]
        told = [message.script_finished for message in others]
        plain(queue, retain_lifecycle_msgs, fragment_ids_this_run)
        for message, status in zip(others, told, strict=True):
            message.script_finished = status

    ForwardMsgQueue.clear = kept  # type: ignore[method-assign, assignment]


def _ended_apart_from(message: Any, now: list[str]) -> bool:
    """Whether a message says that fragments were drawn which are not drawn now."""
    ended = message.metadata.run.fragment_ids if message.WhichOneof("type") == "script_finished" else ()
    return bool(now and ended) and not {*ended} & {*now}


def script_run() -> Any:
    """What goes with a visitor's script while this thread runs it, an object that takes further attributes; else None.

    `st.session_state` takes ten times as long to ask, and every sentence asks.
    """
    return get_script_run_ctx(suppress_warning=True)


def answer_with(key: str) -> None:
    """Call at the end of a widget's callback: this fragment of the page, or WHOLE_PAGE, is drawn, and not the fragment
    in which the widget stands.

    Where Streamlit has made one of several requests, what the others asked for is drawn as well. Without a server, as
    in AppTest, the whole page always is. Raises what ends the callback.
    """
    if key != WHOLE_PAGE and len(_drawn_now()) > 1:
        answer_with_too(key)
    elif _has_server():
        with suppress(StreamlitAPIException):  # the page is not there any more, and another one being drawn
            st.rerun(key)


def answer_with_too(key: str) -> None:
    """Call in a widget's callback: this fragment of the page is drawn besides what the browser has asked for.

    It sends what changes in one moment as one message, which names the fragment of one widget alone.
    """
    ctx, now = get_script_run_ctx(), _drawn_now()
    if ctx is None or not now:  # the whole page is drawn
        return
    with suppress(StreamlitAPIException):  # the page is not there any more
        storage = ctx.fragment_storage
        if any(each not in now and not storage.has_ancestor_in(each, now) for each in storage.resolve_target(key)):
            draw_fragment(key)


def _drawn_now() -> set[str]:
    """The fragments that this run of the script draws, where it does not draw the whole page."""
    return {*(getattr(get_script_run_ctx(), "fragment_ids_this_run", None) or ())}


def leave_others(page: str) -> None:
    """Forget the fragments of the page before. Call before a page is drawn, with what its address ends in.

    When a visitor opens another page, a fragment of the one before may just have asked for an answer. Streamlit still
    knows that fragment until the new page is complete, runs it then, finds it gone and tells the browser that the old
    page was drawn, with nothing on it: the page goes blank.
    """
    before = st.session_state.get(PAGE)
    st.session_state[PAGE] = page
    ctx = get_script_run_ctx()
    if ctx is not None and before not in (None, page):
        ctx.fragment_storage.clear()


def went_back() -> bool:
    """Whether the browser's own buttons have led here."""
    ctx = get_script_run_ctx()
    return ctx is not None and ctx.is_history_navigation


def keep_keras_session() -> None:
    """Let no run of the script clear Keras's session. Call once Keras is loaded.

    Streamlit calls `keras.backend.clear_session` after every run of a script, for scripts that build models. Ours never
    do, but workers may be building one right then: its global state and TensorFlow's kernel cache would be thrown away
    under them, and the collection of garbage that comes with it holds every answer back for 8 ms.
    """
    keras: Any = sys.modules.get("keras")
    if keras is not None:
        keras.backend.clear_session = lambda free_memory=True: None


@contextmanager
def outside_of_scripts() -> Iterator[None]:
    """Where the server itself uses what is cached for its scripts: Streamlit would warn that no script is running."""
    logger = get_logger(script_run_context.__name__)
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


# ---------------------------------------------------------------- what the server hands out


def keep_files() -> None:
    """Keep a file that was made for a download until the browser has come for it. Call once, before anybody asks.

    Streamlit drops it at the end of the second run of a script after it was made, whosever that is. In a room, or while
    a page follows what goes on, that is some ms later, and the download is cancelled.
    """
    plain, last = MediaFileManager.remove_orphaned_files, -math.inf

    def seldom(manager: MediaFileManager) -> None:
        nonlocal last
        if time.monotonic() - last >= KEPT:
            last = time.monotonic()
            plain(manager)

    MediaFileManager.remove_orphaned_files = seldom  # type: ignore[method-assign, assignment]


def keep_theme() -> None:
    """Read the colours of the theme once. Call once, before anybody asks.

    Streamlit writes them into the first message of every run of a script, out of its settings, which an app does not
    change: 0.4 ms of the 5 that a fragment takes.
    """
    plain, kept = app_session._populate_theme_msg, dict[str, Any]()

    def filled(msg: Any, section: str = "theme") -> None:
        if section not in kept:
            kept[section] = type(msg)()
            plain(kept[section], section)
        msg.MergeFrom(kept[section])

    app_session._populate_theme_msg = filled


all_of = SafeSessionState.filtered_state.fget  # type: ignore[attr-defined]


class OneByOne(Mapping[str, Any]):
    """What `st.session_state` holds, looked up when it is asked for; gathered only where all of it is wanted."""

    def __init__(self, state: SafeSessionState) -> None:
        self._state = state

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key in self._state

    def __getitem__(self, key: str) -> Any:
        return self._state[key]

    def __iter__(self) -> Iterator[str]:
        return iter(all_of(self._state))

    def __len__(self) -> int:
        return len(all_of(self._state))


def look_up_one() -> None:
    """Let a widget that asks for its own value look up that alone. Call once, before anybody asks.

    Streamlit gathers all that the session has for each such question: a tenth of what a page of thirty widgets takes.
    """
    SafeSessionState.filtered_state = property(OneByOne)  # type: ignore[assignment]


def static_files() -> Path:
    """The folder of the scripts and styles of Streamlit's page, which it hands out beneath `static/`."""
    return Path(file_util.get_static_dir()) / "static"


def front_page(where: str = "") -> str:
    """Streamlit's own page, told where the app is: `where` is JavaScript for the URL that its paths are relative to.

    Its front end reads that from `window.__streamlit` before anything else. Without it, it finds out by itself.
    """
    script = f"<script>window.__streamlit = {{ BACKEND_BASE_URL: {where} }}</script>" if where else ""
    with open(f"{file_util.get_static_dir()}/index.html", encoding="utf-8") as file:
        return file.read().replace("<head>", f"<head>{script}", 1)


@cache
def late_scripts(*elements: str) -> tuple[str, ...]:
    """The scripts that Streamlit's page asks for only when it is told to draw one of these elements, and what they
    import besides what it has: relative to the page. None where Streamlit has other names for them."""
    folder, known = static_files() / "js", set(re.findall(r"static/js/([\w.-]+)", front_page()))
    found = [file.name for name in elements for file in folder.glob(f"{name}.*.js")]
    for name in found:  # which grows meanwhile
        imported = re.findall(r"""(?:from|import)\s*["'`]\./([\w.-]+\.js)["'`]""", (folder / name).read_text("utf-8"))
        found += [other for other in dict.fromkeys(imported) if other not in known and other not in found]
    return tuple(f"static/js/{name}" for name in found)


def forget_sessions() -> None:
    """Drop what is kept of visitors who left more than two minutes ago. Call on the server's event loop.

    Streamlit drops it when the next visitor leaves: after the last of a class everything stayed. So did what would make
    the files that they could have taken along, which knows its visitor, until the next one does something, and what the
    last one had to whom Streamlit's loop has sent something, until it sends the next one something. And what is dropped
    is in circles: Python frees these in its rarest collection, to which a server that answers and waits hardly ever
    comes.
    """
    if runtime.exists() and type(runtime.get_instance()) is runtime.Runtime:
        manager: Any = runtime.get_instance()._session_mgr
        _end_sessions(manager._session_storage._cache.expire(), runtime.get_instance().media_file_mgr)
        gc.collect()


def _end_sessions(kept: list[Any], files: Any) -> None:
    for _, left in kept:
        left.session.shutdown()  # as where it is collected; what it refers to is then nobody's
        left.session.session_state.clear()
    with files._lock:
        files._remove_orphaned_deferred_callables()


def load_pandas() -> None:
    """Import pandas before anybody draws.

    Streamlit imports it when it is first needed, in the thread of some visitor, and Plotly takes it for imported as
    soon as that has begun: another visitor's figure then fails on half of it.
    """
    import_module(LATE)


def visitors() -> int:
    """How many pages are connected now."""
    if not runtime.exists() or type(runtime.get_instance()) is not runtime.Runtime:
        return 0
    manager: Any = runtime.get_instance()._session_mgr
    return int(manager.num_active_sessions())


def address() -> str:
    """Where the app is to be seen on this machine."""
    return server_util.get_url(server_util.get_display_address(st.get_option("server.address") or "localhost"))
