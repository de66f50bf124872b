"""In which language a visitor reads, and what a change of it leaves as it is."""

from __future__ import annotations

import asyncio
import gettext
import io
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit as st
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.requests import Request
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest

from corner_lab.experiment.experiment import Experiment
from corner_lab.language import languages, message, speaking
from tests.app.conftest import Lab
from tests.app.conftest import trained as run_of
from ui import pages
from ui.playground import downloads, settings
from ui.server import headers, hosts, readers
from ui.state import bench_endpoint, language
from ui.state import session as sessions
from ui.state.session import Session

OpenApp = Callable[..., Lab]
CHINESE = Path(languages.__file__).parent / "zh"


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The app asks in which language its visitor reads, as a server does; Chinese is what the files say, whether they
    are compiled or not."""
    whole = Catalog(locale="zh", fuzzy=False)
    for path in CHINESE.glob("*.po"):
        with path.open("rb") as file:
            for found in (found for found in read_po(file, locale="zh") if found.id and found.string):
                whole.add(found.id, found.string, context=found.context)
    written = io.BytesIO()
    write_mo(written, whole)
    written.seek(0)
    said, english = gettext.GNUTranslations(written), message.catalogue("en")
    monkeypatch.setattr(message, "catalogue", lambda code: said if code == "zh" else english)
    language.listen()
    yield
    languages.heard_from(lambda: None)


def browser(monkeypatch: pytest.MonkeyPatch, locale: str | None = None, cookie: str | None = None) -> None:
    """What the browser says of its reader."""
    cookies = {} if cookie is None else {readers.COOKIE: cookie}
    monkeypatch.setattr(type(st.context), "locale", property(lambda context: locale))
    monkeypatch.setattr(type(st.context), "cookies", property(lambda context: cookies))


def spoken(lab: Lab) -> str:
    """The language that the page is in: what its button says."""
    return {"Train": "en", "训练": "zh"}[lab.at.button(key="train-settings").label]


@pytest.mark.parametrize(
    ("words", "cookie", "locale", "code"),
    [
        ("", None, None, "en"),
        ("", None, "en-US", "en"),
        ("", None, "zh-CN", "zh"),
        ("", "en", "zh-CN", "en"),
        ("", "zh", "en-US", "zh"),
        ("", "no such language", "zh-TW", "zh"),
        ("", None, "fr-FR", "en"),
        ("lang=zh", "en", "en-US", "zh"),
        ("lang=ZH-hans", None, None, "zh"),
        ("lang=en", "zh", "zh-CN", "en"),
    ],
)
def test_does_the_address_decide_else_what_was_chosen_else_the_browser(
    open_app: OpenApp,
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    cookie: str | None,
    locale: str | None,
    code: str,
) -> None:
    browser(monkeypatch, locale, cookie)
    lab = open_app(words)
    assert spoken(lab) == lab.session.language == code
    assert lab.query == ({"lang": [words.removeprefix("lang=")]} if words else {})


@pytest.mark.parametrize("tag", ["fr", "chinese", "<b>zh</b>", "z" * 999])
def test_is_a_language_that_there_is_not_named_and_changes_nothing(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch, tag: str
) -> None:
    browser(monkeypatch, "zh-CN")
    told = []
    monkeypatch.setattr("ui.theme.show_notes", lambda notes: (told.extend(notes), notes.clear()))
    lab = open_app(f"lang={tag}&labels=aligned")
    assert spoken(lab) == "zh" and lab.experiment.labels == "aligned"
    assert told == ["链接要求的语言不存在，可用的有：lang=en (English)、lang=zh (简体中文)。"], "said once"
    lab.run()
    assert len(told) == 1


def test_does_the_switch_change_the_language_and_nothing_else(open_app: OpenApp) -> None:
    lab = open_app("labels=aligned&epochs=4&seed=3&target=216")
    lab.train().trained()
    lab.rest(2).report(pixels=7, weights=[0.5] * 12, locks=[3])
    before = (lab.experiment, lab.session.run, lab.session.pixels, lab.session.bench, lab.session.locks)
    fields = {name: lab.field(name).value for name in settings.FIELDS}
    lab.speak("zh")
    assert spoken(lab) == "zh" and lab.header["title"] == "你的设置"
    for _ in range(2):  # what the browser sends with its next message is what it shows now
        lab.run()
        s = lab.session
        assert (s.experiment, s.run, s.pixels, s.bench, s.locks) == before and s.epoch == 2
        assert {name: lab.field(name).value for name in settings.FIELDS} == fields
        assert lab.toasts == [] and lab.warnings == []
    assert lab.header["pixels"] == 7 and lab.header["weights"] == [0.5] * 12 and lab.header["locks"] == [3]
    lab.choose(batch_size=64).speak("en")
    assert spoken(lab) == "en" and lab.experiment.batch_size == lab.field("batch_size").value == 64
    assert lab.header["title"] == "Your settings"


def test_can_a_language_be_chosen_again_that_an_address_has_replaced(open_app: OpenApp) -> None:
    lab = open_app().speak("zh")
    lab.at.query_params["lang"] = "en"
    assert spoken(lab.run()) == "en"
    assert spoken(lab.speak("zh")) == "zh" and lab.query == {"lang": ["zh"]}


def test_does_what_a_browser_still_says_in_the_language_before_change_nothing(open_app: OpenApp) -> None:
    lab = open_app("loss=hinge&head=linear")
    late = lab._states()
    lab.speak("zh")
    lab._answered(late)
    assert lab.experiment.loss == lab.field("loss").value == "hinge" and lab.toasts == []
    assert lab.session.language == "zh"


@pytest.mark.parametrize("told", ["fr", "", None, 5, ["zh"], {"zh": "en"}, "z" * 5000])
def test_does_a_switch_that_makes_no_sense_change_nothing(open_app: OpenApp, told: Any) -> None:
    lab = open_app("lang=zh").speak(told)
    assert spoken(lab) == "zh" and lab.query == {"lang": ["zh"]} and lab.toasts == []


def test_does_the_address_say_a_language_only_where_it_did(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    browser(monkeypatch, "zh-CN")
    lab = open_app("labels=aligned").choose(seed=5)
    assert spoken(lab) == "zh" and lab.query == {"labels": ["aligned"], "seed": ["5"]}
    assert "lang" not in json.dumps(lab.header["words"])
    lab.speak("en")
    assert spoken(lab) == "en" and lab.query == {"labels": ["aligned"], "seed": ["5"]}
    asked = open_app("labels=aligned&lang=zh")
    asked.speak("en").choose(seed=5)
    assert spoken(asked) == "en" and asked.query == {"lang": ["en"], "labels": ["aligned"], "seed": ["5"]}
    assert "lang" not in json.dumps(asked.header["words"])


def test_do_callbacks_speak_the_visitors_language(open_app: OpenApp) -> None:
    for code in ("en", "zh"):
        lab = open_app(f"lang={code}").press_tool("also:7")
        assert lab.experiment.target == (7, 432)
        with speaking(code):
            by = message.tr("Also a target")
        assert [toast.startswith(by) for toast in lab.toasts] == [True] and by.isascii() is (code == "en")


@pytest.mark.parametrize("over", [True, False])
def test_is_it_said_that_weights_of_another_network_take_the_place_of_a_run(over: bool) -> None:
    for code, stopped, left in (
        ("en", "file: the run was of another network. It was stopped at epoch 2 and made room.", "It made room."),
        ("zh", "file：原来的训练属于另一个网络，已在第2轮停止并让出位置。", "已让出位置。"),
    ):
        run, other = run_of(Experiment(epochs=2), np.zeros(12, dtype=np.float32)), Experiment(second_conv=False)
        run.status = "finished" if over else "running"
        s = Session(run=run)
        with speaking(code):
            s.show_weights(other, np.zeros(10, dtype=np.float32), "file")
        assert s.notes[0].endswith(left) if over else s.notes[0] == stopped
        assert s.run is None and s.experiment == other


def test_do_fragments_speak_the_visitors_language_without_the_page_around_them() -> None:
    def script() -> None:
        import streamlit as st

        from corner_lab.language import tr
        from ui.state.session import session

        session().language = "zh"
        st.fragment(lambda: st.text(tr("Try again")))()

    assert AppTest.from_function(script).run().text[0].value == "再试一次"


def test_does_a_choice_that_is_shown_as_words_stay_and_an_expander_open() -> None:
    def script() -> None:
        import streamlit as st

        from corner_lab.language import tr
        from ui.state.session import session
        from ui.state.words import chosen_before, expander, key_in_words

        session().language = st.query_params["lang"]
        key, before = key_in_words("choice"), chosen_before("choice", "first")
        shown = {"first": tr("Try again"), "second": tr("Evidence")}
        st.session_state["chosen"] = st.selectbox(
            "Choice", [*shown], index=[*shown].index(before), format_func=shown.__getitem__, key=key
        )
        st.session_state["open"] = expander(tr("Evidence"), "place").open

    at = AppTest.from_function(script)

    def shown() -> tuple[str, str]:
        """What the browser has heard of: the ids of both."""
        return at.selectbox[0].proto.id, at.expander[0].proto.id

    def says(ids: tuple[str, str], choice: str, is_open: bool) -> tuple[str, bool]:
        """What comes of it that the browser says of what it was shown."""
        box, place = WidgetState(id=ids[0], string_value=choice), WidgetState(id=ids[1], bool_value=is_open)
        at._run(WidgetStates(widgets=[box, place]))
        return at.session_state["chosen"], at.session_state["open"]

    at.query_params["lang"] = "en"
    at.run()
    assert says(shown(), "Evidence", True) == ("second", True)
    before = "Evidence"
    for code, word in (("zh", "证据"), ("en", "Evidence")):
        late = shown()
        at.query_params["lang"] = code
        assert says(late, before, True) == says(late, before, True) == ("second", True), "it has not heard of it yet"
        before = word
        assert says(shown(), word, True) == ("second", True)
    assert says(shown(), "Try again", False) == ("first", False)


def test_has_every_expander_the_means_to_stay_open() -> None:
    files = [path for path in Path("ui").rglob("*.py") if ".expander(" in path.read_text(encoding="utf-8")]
    assert files == [Path("ui/state/words.py")]


def test_do_visitors_in_turn_read_two_languages(open_app: OpenApp) -> None:
    labs = {"en": open_app("lang=en"), "zh": open_app("lang=zh")}
    for seed in range(3):
        assert [spoken(lab.choose(seed=seed)) for lab in labs.values()] == [*labs]


def test_do_visitors_at_the_same_time_read_two_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    class Own(threading.local):
        """Each script's own state: Streamlit runs each in a thread."""

        def __init__(self) -> None:
            self.state: dict[str, Session] = {}

        def __contains__(self, name: str) -> bool:
            return name in self.state

        def __getitem__(self, name: str) -> Session:
            return self.state[name]

    own = Own()
    monkeypatch.setattr("ui.state.session.st", SimpleNamespace(session_state=own))
    runs = threading.local()
    monkeypatch.setattr(language, "script_run", lambda: runs)
    both, told = threading.Barrier(2, timeout=60), dict[str, set[str]]()

    def visit(code: str) -> None:
        own.state["session"] = Session(language=code)
        both.wait()
        told[code] = {message.tr("Try again") for _ in range(200)}

    threads = [threading.Thread(target=visit, args=(code,)) for code in ("en", "zh")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == {"en": {"Try again"}, "zh": {"再试一次"}}


def test_are_the_links_faults_said_in_the_language_chosen_later(open_app: OpenApp) -> None:
    lab = open_app("seed=-1&show=nothing")
    assert [warning.endswith("instead.") for warning in lab.warnings] == [True, False]
    lab.session.shown = ()  # all of the page, with its switch
    lab.run().speak("zh")
    assert all(warning.startswith("链接中写着") for warning in lab.warnings)
    assert [warning.endswith("改用默认值。") for warning in lab.warnings] == [True, False]


def test_are_pages_called_in_the_readers_language_and_found_at_the_same_addresses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(st, "Page", lambda function, **told: SimpleNamespace(**told))

    def paths(code: str) -> list[str]:
        with speaking(code):
            found = [pages.page(name) for name in pages.PAGES]
        titles[code] = [page.title for page in found]
        return [page.url_path for page in found]

    titles: dict[str, list[str]] = {}
    assert paths("zh") == paths("en") == [*pages.PAGES]
    assert titles["zh"] == ["实验", "讲解", "任务", "原因", "剖析", "损失曲面", "图像", "术语表"]
    assert titles["en"] == [name.capitalize() for name in pages.PAGES]


def test_does_the_bench_answer_in_the_language_of_its_session() -> None:
    def says(code: str) -> str:
        s = Session(language=code)
        sessions.by_id[s.id] = s
        body = json.dumps({"session": s.id, "rev": s.channel.rev, "pixels": 432}).encode()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        scope = {"type": "http", "method": "POST", "headers": [(b"content-type", b"application/json")]}
        answer = asyncio.run(bench_endpoint.route("").endpoint(Request(scope, receive)))
        return str(json.loads(answer.body)["says"])

    assert says("zh") == "工作台：图案432 · z +5 · 输出1.000 · 角点"
    assert says("en") == says("") == "On the bench: pattern 432 · z +5 · output 1.000 · corner"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "en"),
        ({"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}, "zh"),
        ({"accept-language": "fr, zh"}, "en"),
        ({"accept-language": "*"}, "en"),
        ({"accept-language": "zh", "cookie": "a=b; corner_lab_language=en"}, "en"),
        ({"accept-language": "en", "cookie": "corner_lab_language=zh"}, "zh"),
        ({"cookie": "corner_lab_language=<b>; ;;="}, "en"),
    ],
)
def test_does_the_server_answer_in_the_language_of_the_request(asked: dict[str, str], code: str) -> None:
    assert readers.of_request(asked) == code
    request = Request({"type": "http", "headers": [(n.encode(), text.encode()) for n, text in asked.items()]})
    failed = asyncio.run(headers.failed({})(request, ValueError()))
    wanted = {"en": "The server failed to answer. Its log says why.", "zh": "服务器未能应答。原因见它的日志。"}[code]
    assert bytes(failed.body).decode() == wanted
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    said = [(b"host", b"evil.example"), *request.headers.raw]
    refuses: Any = hosts.OwnHostsOnly(None)  # type: ignore[arg-type]
    asyncio.run(refuses({"type": "http", "headers": said}, None, send))
    assert sent[0]["status"] == 403
    wanted = {"en": "does not go by the name evil.example.", "zh": "evil.example不是这台服务器的名字。"}[code]
    assert wanted in sent[1]["body"].decode()


def test_is_a_file_in_the_language_that_was_spoken_where_it_was_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    offered: dict[str, Callable[[], bytes]] = {}
    monkeypatch.setattr(st, "download_button", lambda label, data, *_, **__: offered.update({label: data}))
    for code in ("en", "zh"):
        with speaking(code):
            downloads._file("figures", "label", lambda: languages.current().code.encode(), "name", "kind")
        assert offered["label"]() == code.encode(), "which is called where no script runs"
    monkeypatch.setattr(downloads, "story_page", lambda runs, address: languages.current().code)
    assert [downloads._story((), code, "https://lab.example") for code in ("en", "zh")] == [b"en", b"zh"]


def test_are_the_figures_drawn_anew_in_another_language(open_app: OpenApp) -> None:
    lab = open_app("epochs=1")
    run = run_of(Experiment(epochs=1), np.zeros(12, dtype=np.float32))
    lab.session.run, lab.session.called = run, "Mine"
    lab.run().rest().look()
    (shown, drawn) = lab.session.studied
    lab.speak("zh")
    lab.look()
    assert lab.session.studied[0] != shown and lab.session.studied[1] is not drawn
