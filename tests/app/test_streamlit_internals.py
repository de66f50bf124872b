"""What is assumed of Streamlit without being promised: another version that does otherwise fails here first."""

from __future__ import annotations

import ast
import asyncio
import dataclasses
import logging
import re
import subprocess
import sys
import threading
import time
import tomllib
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, SimpleNamespace

import pytest
import streamlit
import streamlit as st
from streamlit import config, file_util
from streamlit.elements.widgets.number_input import NumberInputMixin
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import Config, CustomThemeConfig
from streamlit.runtime import Runtime, app_session
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.scriptrunner import RerunData, ScriptRunContext, script_runner
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType
from streamlit.runtime.session_manager import SessionInfo, SessionManager
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager
from streamlit.testing.v1 import AppTest

from ui.server import streamlit_internals

ROOT = Path(__file__).resolve().parents[2]


def test_does_nothing_else_touch_what_is_private_to_streamlit() -> None:
    for path in [ROOT / "app.py", *(ROOT / "ui").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            private = [name for name in modules if name.split(".")[0] == "streamlit" and name != "streamlit"]
            private += [name for name in modules if name == "streamlit" and not isinstance(node, ast.Import)]
            assert not private or path.name == "streamlit_internals.py", f"{path.name}: {private}"


def names(function: object) -> set[str]:
    """The names that a function uses."""
    code: CodeType = function.__code__  # type: ignore[attr-defined]
    return set(code.co_names)


def test_are_there_the_names_behind_waiting_and_leaving() -> None:
    assert "_session_mgr" in names(Runtime.__init__)
    assert {"_event_loop", "_browser_queue"} <= names(AppSession.__init__)
    assert "session" in {field.name for field in dataclasses.fields(SessionInfo)}
    context = {field.name for field in dataclasses.fields(ScriptRunContext)}
    assert {"session_id", "fragment_storage", "is_history_navigation"} <= context
    assert {"script_requests", "query_string", "cached_message_hashes", "context_info"} <= context
    assert isinstance(ScriptRunContext.page_script_hash, property)
    assert callable(SessionManager.num_active_sessions)
    assert "_session_storage" in names(WebsocketSessionManager.__init__)


def test_does_a_run_of_the_script_still_clear_kerass_session_and_is_it_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    cleared: list[str] = []
    keras = SimpleNamespace(backend=SimpleNamespace(clear_session=lambda: cleared.append("yes")))
    monkeypatch.setitem(sys.modules, "keras", keras)  # type: ignore[arg-type]
    monkeypatch.delitem(sys.modules, "matplotlib.pyplot", raising=False)
    script_runner._clean_problem_modules()
    assert cleared == ["yes"], "Streamlit has changed: `keep_keras_session` may go"
    streamlit_internals.keep_keras_session()
    script_runner._clean_problem_modules()
    assert cleared == ["yes"]


def test_is_there_the_hidden_option_that_keeps_clicks_from_collecting_garbage() -> None:
    assert "runner.postScriptGC" in config._config_options_template
    assert "postScriptGC = false" in (ROOT / ".streamlit" / "config.toml").read_text()


def test_does_the_browser_keep_messages_longer_than_a_request_is_on_its_way() -> None:
    """It is what the page dies of: the server refers to a message that the browser has dropped in the meantime."""
    told, option = Config(), "global.maxCachedMessageAge"
    before = config.get_option(option)
    try:
        config.set_option(option, 20)
        app_session._populate_config_msg(told)
    finally:
        config.set_option(option, before)
    assert told.max_cached_message_age == 20
    assert tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["global"]["maxCachedMessageAge"] >= 20


def test_does_the_front_end_read_where_the_app_is() -> None:
    page = streamlit_internals.front_page("'http://here/'")
    assert page.count("<head>") == 1
    told = page.index("<script>window.__streamlit = { BACKEND_BASE_URL: 'http://here/' }</script>")
    assert told < page.index("<script type="), "before anything else runs"
    scripts = Path(file_util.get_static_dir()).rglob("*.js")
    assert any("window.__streamlit" in text and "BACKEND_BASE_URL" in text for text in map(read, scripts))


def test_are_the_scripts_there_that_the_page_asks_for_late_and_none_of_what_they_import_missing() -> None:
    named = set(re.findall(r"\./(static/js/[\w.-]+)", streamlit_internals.front_page()))
    static = streamlit_internals.static_files()
    assert len(named) > 20 and all((static.parent / path).is_file() for path in named)
    late = streamlit_internals.late_scripts("BidiComponent", "Html", "PlotlyChart")
    for name in ("BidiComponent", "Html", "PlotlyChart"):
        assert len([path for path in late if path.startswith(f"static/js/{name}.")]) == 1
    assert not named & {*late} and len({*late}) == len(late)
    for path in late:
        imported = re.findall(r"""(?:from|import)\s*["'`]\./([\w.-]+\.js)["'`]""", read(static.parent / path))
        assert {f"static/js/{name}" for name in imported} <= named | {*late}
    assert streamlit_internals.late_scripts("Nothing") == ()


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_is_it_the_version_that_was_looked_at() -> None:
    assert f"Streamlit {'.'.join(streamlit.__version__.split('.')[:2])}." in str(streamlit_internals.__doc__)


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


def test_does_a_fragment_end_whole_though_another_one_is_drawn_right_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def told_of(ended: list[str], now: list[str] | None) -> int:
        queue, message = ForwardMsgQueue(), ForwardMsg()
        message.script_finished = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
        message.metadata.run.fragment_ids.extend(ended)
        queue.enqueue(message)
        queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=now)
        return queue.flush()[0].script_finished

    monkeypatch.setattr(ForwardMsgQueue, "clear", ForwardMsgQueue.clear)  # put back at the end
    whole, cut_short = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN
    assert told_of(["one"], ["two"]) == cut_short, "Streamlit has changed: `keep_endings` may go"
    streamlit_internals.keep_endings()
    assert told_of(["one"], ["two"]) == whole
    assert told_of(["one"], ["one"]) == told_of(["one", "two"], ["two"]) == told_of(["one"], None) == cut_short
    assert told_of([], ["two"]) == cut_short, "the whole page"


def test_does_a_widget_look_up_its_own_value_alone_and_is_all_there_where_it_is_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_up: list[str] = []

    class Watched(SessionState):
        def __getitem__(self, key: str) -> object:
            looked_up.append(key)
            return super().__getitem__(key)

    state = Watched()
    for name in ("one", "two", "three"):
        state[name] = None
    monkeypatch.setattr(SafeSessionState, "filtered_state", property(streamlit_internals.all_of))
    safe = SafeSessionState(state, lambda: None)
    assert safe.filtered_state == dict.fromkeys(("one", "two", "three")), "what Streamlit itself gives"
    assert set(looked_up) == {"one", "two", "three"}, "Streamlit has changed: `look_up_one` may go"
    streamlit_internals.look_up_one()
    looked_up.clear()
    found = safe.filtered_state
    assert "two" in found and found["two"] is None and "four" not in found
    assert set(looked_up) == {"two", "four"}
    assert dict(found) == dict.fromkeys(("one", "two", "three")) and len(found) == 3
    assert "filtered_state" in names(NumberInputMixin._number_input)


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


def test_is_another_fragment_drawn_after_this_one_and_no_run_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    storage, requests = MemoryFragmentStorage(), ScriptRequests()
    told = {"query_string": "", "page_script_hash": "", "cached_message_hashes": frozenset(), "context_info": None}
    context = SimpleNamespace(fragment_storage=storage, script_requests=requests, **told)
    monkeypatch.setattr(streamlit_internals, "get_script_run_ctx", lambda: context)
    streamlit_internals.draw_fragment("below")
    assert requests._state is ScriptRequestType.CONTINUE, "the page has none of that name yet"
    storage.register("id", lambda: None, target_key="below")
    requests.request_rerun(RerunData(fragment_id_queue=["asked"]))  # the browser has asked for one meanwhile
    streamlit_internals.draw_fragment("below")
    assert requests.on_scriptrunner_yield() is None, "what runs goes on"
    assert requests.on_scriptrunner_ready().rerun_data.fragment_id_queue == ["asked", "id"]


def test_is_a_fragment_answered_with_besides_what_the_browser_has_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    storage, replaced = MemoryFragmentStorage(), list[str]()
    told = {"query_string": "", "page_script_hash": "", "cached_message_hashes": frozenset(), "context_info": None}
    storage.register("below", lambda: None, target_key="below")
    storage.register("why", lambda: None, target_key="why", parent_fragment_id="below")
    monkeypatch.setattr(streamlit_internals, "_has_server", lambda: True)
    monkeypatch.setattr(streamlit_internals.st, "rerun", replaced.append)

    def drawn_next(answer: Callable[[str], None], key: str, *now: str) -> list[str]:
        requests = ScriptRequests()
        context = SimpleNamespace(
            fragment_storage=storage, script_requests=requests, fragment_ids_this_run=[*now] or None, **told
        )
        monkeypatch.setattr(streamlit_internals, "get_script_run_ctx", lambda: context)
        answer(key)
        assert requests.on_scriptrunner_yield() is None, "what runs goes on"
        waits = requests._state is ScriptRequestType.RERUN
        return requests.on_scriptrunner_ready().rerun_data.fragment_id_queue if waits else []

    too, instead = streamlit_internals.answer_with_too, streamlit_internals.answer_with
    assert drawn_next(too, "why", "stage") == ["why"] and drawn_next(too, "below", "why") == ["below"]
    for now in ([], ["why"], ["stage", "below"]):  # it is drawn anyway: with the page, by itself, in the one around it
        assert drawn_next(too, "why", *now) == []
    assert drawn_next(too, "gone", "stage") == []
    assert drawn_next(instead, "why", "stage", "task") == ["why"] and replaced == []
    assert drawn_next(instead, "why", "stage") == [] and replaced == ["why"]
    assert drawn_next(instead, streamlit_internals.WHOLE_PAGE, "stage", "task") == []
    assert replaced == ["why", streamlit_internals.WHOLE_PAGE]


STEP = {"query_string": "epochs=3", "page_script_hash": "story", "page_name": "story", "is_history_navigation": True}


@pytest.mark.parametrize("of", [{}, {"fragment_id_queue": ["asked"]}])
def test_does_a_fragment_that_is_drawn_after_this_one_not_call_the_visitor_back(
    of: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has gone on, or back, meanwhile stays there; the page is drawn that was asked for."""
    storage, requests = MemoryFragmentStorage(), ScriptRequests()
    told = {"query_string": "", "page_script_hash": "play", "cached_message_hashes": frozenset(), "context_info": None}
    context = SimpleNamespace(fragment_storage=storage, script_requests=requests, **told)
    monkeypatch.setattr(streamlit_internals, "get_script_run_ctx", lambda: context)
    storage.register("id", lambda: None, target_key="below")
    requests.request_rerun(RerunData(**STEP, **of))  # type: ignore[arg-type]
    streamlit_internals.draw_fragment("below")
    asked = requests.on_scriptrunner_ready().rerun_data
    assert {name: getattr(asked, name) for name in STEP} == STEP
    assert asked.fragment_id_queue == (["asked", "id"] if of else [])


def test_does_a_question_not_take_a_step_back_and_whatever_else_is_done_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScriptRequests, "_request_rerun_locked", ScriptRequests._request_rerun_locked)
    streamlit_internals.keep_steps()

    def is_step(**then: object) -> bool:
        requests = ScriptRequests()
        for request in (STEP, {"query_string": "epochs=3"} | then):
            requests.request_rerun(RerunData(**request))  # type: ignore[arg-type]
        asked = requests.on_scriptrunner_ready().rerun_data
        assert asked.fragment_id_queue == []
        return bool(asked.is_history_navigation)

    assert is_step(fragment_id="stage") and is_step(fragment_id_queue=["stage"])
    assert not is_step() and not is_step(fragment_id="stage", query_string="epochs=4")


def test_is_a_file_kept_that_was_made_until_the_browser_has_come_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(streamlit_internals.time, "monotonic", lambda: now)

    def left(runs: int, seconds: float) -> int:
        """How many of a file there are after so many runs of scripts at equal distances."""
        nonlocal now
        manager = MediaFileManager(MemoryMediaFileStorage("/media"))
        manager.remove_orphaned_files()
        made = manager.add_deferred(lambda: b"corner", "text/plain", "place")
        manager.execute_deferred(made)
        for _ in range(runs):
            manager.clear_session_refs()
            now += seconds / runs
            manager.remove_orphaned_files()
        return len(manager._file_metadata)

    assert left(2, 0.01) == 0, "Streamlit itself drops it by then"
    monkeypatch.setattr(MediaFileManager, "remove_orphaned_files", MediaFileManager.remove_orphaned_files)
    streamlit_internals.keep_files()
    assert left(500, streamlit_internals.KEPT * 0.9) == 1
    now += 1000
    assert left(500, streamlit_internals.KEPT * 3) == 0


def test_is_the_theme_the_same_that_streamlit_reads_from_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, sections = app_session._populate_theme_msg, ("theme", "theme.light", "theme.dark", "theme.light.sidebar")
    wanted = {}
    for section in sections:
        plain(wanted.setdefault(section, CustomThemeConfig()), section)
    assert wanted["theme"].ByteSize() and wanted["theme.light"] != wanted["theme.dark"]
    asked: list[str] = []
    real = config.get_options_for_section

    def counted(section: str) -> dict[str, object]:
        asked.append(section)
        return real(section)

    monkeypatch.setattr(config, "get_options_for_section", counted)
    monkeypatch.setattr(app_session, "_populate_theme_msg", plain)
    streamlit_internals.keep_theme()
    for _ in range(3):
        for section in sections:
            message = CustomThemeConfig()
            app_session._populate_theme_msg(message, section)
            assert message == wanted[section]
    assert asked == list(sections), "each is read once"


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


def test_does_what_is_cached_for_scripts_say_nothing_where_the_server_uses_it(caplog: pytest.LogCaptureFixture) -> None:
    cached = st.cache_resource(lambda: object())
    logger = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    logger.addHandler(caplog.handler)
    try:
        cached()
        assert "missing ScriptRunContext" in caplog.text, "it warns"
        caplog.clear()
        with streamlit_internals.outside_of_scripts():
            cached()
        assert not caplog.text and not logger.disabled
    finally:
        logger.removeHandler(caplog.handler)


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> tuple[MemorySessionStorage, MediaFileManager]:
    """Where a server that runs keeps those who have left, each at once for good, and the files it has offered."""
    found, storage = Runtime.__new__(Runtime), MemorySessionStorage(ttl_seconds=0)
    found._session_mgr = SimpleNamespace(_session_storage=storage)  # type: ignore[assignment]
    found._media_file_mgr = MediaFileManager(MemoryMediaFileStorage("/media"))
    monkeypatch.setattr(streamlit_internals.runtime, "exists", lambda: True)
    monkeypatch.setattr(streamlit_internals.runtime, "get_instance", lambda: found)
    return storage, found._media_file_mgr


class Left:
    """Stands for Streamlit's session of somebody."""

    id = "left"

    def __init__(self, storage: MemorySessionStorage, files: MediaFileManager) -> None:
        self._files = files
        self.itself = self  # as all of Streamlit's are
        self.session_state = SessionState()
        storage.save(SessionInfo(client=None, session=self, script_run_count=1))  # type: ignore[arg-type]

    def shutdown(self) -> None:
        self._files.clear_session_refs()


def test_is_a_visitor_forgotten_who_has_left_for_good(left: tuple[MemorySessionStorage, MediaFileManager]) -> None:
    assert "clear_session_refs" in names(AppSession.shutdown) and "shutdown" in names(AppSession.__del__)
    session, gone = Left(*left), list[object]()
    kept = weakref.ref(session, gone.append)
    left[1].add_deferred(lambda held=session: repr(held).encode(), "text/plain", "place")  # what a download would make
    del session
    assert not gone, "Streamlit drops it with the next one only"
    streamlit_internals.forget_sessions()
    assert gone == [kept]


def test_is_what_a_visitor_had_forgotten_while_streamlit_holds_who_was_the_last(
    left: tuple[MemorySessionStorage, MediaFileManager],
) -> None:
    """Its loop waits for the next visitor, and its variable for the one it has sent something to stays until then."""
    assert isinstance(AppSession.session_state, property) and "_session_state" in names(AppSession.session_state.fget)
    assert "active_session_info" in Runtime._loop_coroutine.__code__.co_varnames
    session, had, gone = Left(*left), threading.Event(), list[object]()
    session.session_state["ours"] = had
    kept = weakref.ref(had, gone.append)
    del had
    streamlit_internals.forget_sessions()
    assert gone == [kept]


def test_is_pandas_whole_before_a_server_answers_anybody() -> None:
    code = "import sys, app; print('Series' in vars(sys.modules['pandas']))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout == "True\n", done.stderr


def test_does_what_goes_with_a_script_take_more_and_is_there_in_scripts_alone() -> None:
    def script() -> None:
        import streamlit as st

        from ui.server.streamlit_internals import script_run

        run = script_run()
        run.ours = "ours"
        st.write(script_run().ours)

    assert AppTest.from_function(script).run().markdown[0].value == "ours"
    found: list[object] = []
    other = threading.Thread(target=lambda: found.append(streamlit_internals.script_run()))
    other.start()
    other.join()
    assert found == [None]
