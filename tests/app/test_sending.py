"""What keeps Streamlit's runs apart, against Streamlit's own queue and fragments."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.fragment import MemoryFragmentStorage

from ui.server import streamlit_internals


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop that runs, as the server's does."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def queue(loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch) -> ForwardMsgQueue:
    """The queue of the session whose script calls."""
    queue = ForwardMsgQueue()
    info = SimpleNamespace(session=SimpleNamespace(_event_loop=loop, _browser_queue=queue))
    server = Runtime.__new__(Runtime)
    server._session_mgr = SimpleNamespace(get_session_info=lambda _: info)  # type: ignore[assignment]
    monkeypatch.setattr(streamlit_internals.runtime, "exists", lambda: True)
    monkeypatch.setattr(streamlit_internals.runtime, "get_instance", lambda: server)
    monkeypatch.setattr(streamlit_internals, "get_script_run_ctx", lambda: SimpleNamespace(session_id="one"))
    return queue


def test_does_a_run_wait_until_all_it_drew_is_sent(loop: asyncio.AbstractEventLoop, queue: ForwardMsgQueue) -> None:
    sent = []
    loop.call_soon_threadsafe(time.sleep, 0.05)  # a busy server takes over late what a script has drawn
    loop.call_soon_threadsafe(queue.enqueue, ForwardMsg())
    loop.call_soon_threadsafe(lambda: loop.call_later(0.1, lambda: sent.extend(queue.flush())))
    streamlit_internals.wait_until_sent()
    assert len(sent) == 1


def test_does_a_browser_that_does_not_listen_hold_no_run(
    queue: ForwardMsgQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamlit_internals, "LIMIT", 0.2)
    queue.enqueue(ForwardMsg())
    begun = time.monotonic()
    streamlit_internals.wait_until_sent()
    assert 0.2 <= time.monotonic() - begun < 5 and not queue.is_empty()


def test_does_no_page_answer_for_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = MemoryFragmentStorage()
    monkeypatch.setattr(streamlit_internals, "get_script_run_ctx", lambda: SimpleNamespace(fragment_storage=storage))
    monkeypatch.setattr(streamlit_internals.st, "session_state", {})
    streamlit_internals.leave_others("Play")
    storage.register("stage", lambda: None)
    streamlit_internals.leave_others("Play")
    assert storage.contains("stage"), "a page that is drawn again keeps its fragments"
    streamlit_internals.leave_others("Landscape")
    assert not storage.contains("stage")
