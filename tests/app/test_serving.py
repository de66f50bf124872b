"""The addresses of pages, what a browser is told to load for them, and the browser window at the start."""

from __future__ import annotations

import asyncio
import gzip
import re
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from streamlit import config
from streamlit.web.server.starlette import starlette_server

from ui import pages
from ui.server import compressed, js_modules, routes, streamlit_internals

OPTIONS = {"server.headless": False, "server.address": "localhost", "server.port": 8501, "server.baseUrlPath": ""}
OPTIONS |= {"server.sslCertFile": None, "browser.serverPort": 8501, "global.developmentMode": False}


def answered(route: Route, query: str = "", language: str = "en") -> str:
    """The page that a browser gets which asks for this language."""
    headers = [(b"accept-language", language.encode())]
    asked = Request({"type": "http", "headers": headers, "query_string": query.encode(), "path": route.path})
    answer = asyncio.run(route.endpoint(asked))
    assert answer.media_type == "text/html" and answer.headers["cache-control"] == "no-cache"
    return str(answer.body.decode())


def test_does_a_pages_own_address_tell_the_browser_where_the_app_is() -> None:
    front, causes = routes.routes({"": (), "causes": ()})
    assert (front.path, causes.path) == ("/", "/causes")
    text = answered(causes)
    assert text.index(f"BACKEND_BASE_URL: {routes.WHERE} }}") < text.index("<script type=")
    assert "BACKEND_BASE_URL" not in answered(front), "it is where the app is"


def test_is_a_browser_told_at_once_what_the_first_picture_needs_in_the_language_it_asks_for() -> None:
    assert set(pages.SHOWN_FIRST) == {"", *pages.OTHERS} and {*pages.WITH_FIGURES} < {*pages.OTHERS}
    stage, glossary, story = routes.routes({"": ("stage",), "glossary": (), "story": ()}, ["story"])

    def ahead(page: str) -> list[str]:
        return re.findall(r'<link rel="modulepreload" crossorigin href="\./([^"]+)"', page)

    streamlits = ahead(answered(glossary))
    assert len(streamlits) > len(ahead(streamlit_internals.front_page())), "with what draws a component"
    for query, language, module in (
        ("", "en", "stage."),
        ("", "zh-CN,en", "stage_zh."),
        ("lang=zh", "en", "stage_zh."),
    ):
        (own,) = [path for path in ahead(answered(stage, query, language)) if path not in streamlits]
        assert own in js_modules.files() and own.startswith(f"{js_modules.FOLDER}/{module}")
    last = answered(story).partition("</head>")[0].rpartition("<link")[2]
    assert "PlotlyChart." in answered(story) and 'fetchpriority="low"' in last
    assert "PlotlyChart." not in answered(glossary)


def test_is_a_script_of_streamlits_compressed_once_for_who_takes_that(tmp_path: Path) -> None:
    script = tmp_path / "js/index.js"
    script.parent.mkdir()
    script.write_text("corner();" * 1000)
    (tmp_path / "js/picture.png").write_bytes(b"picture")
    read: list[Path] = []
    passed_on: list[str] = []

    async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
        passed_on.append(scope["path"])

    async def ask(path: str, accepted: bytes) -> tuple[dict[str, str], bytes]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": path, "headers": [(b"accept-encoding", accepted)]}
        await app(scope, None, send)  # type: ignore[arg-type]
        if not sent:
            return {}, b""
        return {name.decode(): value.decode() for name, value in sent[0]["headers"]}, sent[1]["body"]

    async def all_at_once() -> list[tuple[dict[str, str], bytes]]:
        return await asyncio.gather(*(ask("/lab/static/js/index.js", b"br, gzip") for _ in range(5)))

    compress = compressed._compressed
    app = compressed.Compressed(streamlit, "/lab", tmp_path)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(compressed, "_compressed", lambda file: read.append(file) or compress(file))
        answers = asyncio.run(all_at_once())
    assert read == [script] and passed_on == []
    for headers, body in answers:
        assert gzip.decompress(body) == script.read_bytes() and len(body) < 200
        assert headers["content-encoding"] == "gzip" and headers["vary"] == "Accept-Encoding"
        assert headers["content-type"].startswith("text/javascript") and "immutable" in headers["cache-control"]
    for path, accepted in (
        ("/lab/static/js/index.js", b"identity"),
        ("/lab/static/js/picture.png", b"gzip"),
        ("/lab/static/js/../js/index.js", b"gzip"),
        ("/static/js/index.js", b"gzip"),
    ):
        assert asyncio.run(ask(path, accepted)) == ({}, b"") and passed_on.pop() == path


@pytest.mark.parametrize(
    ("options", "opened"),
    [
        ({}, ["http://localhost:8501"]),
        ({"server.address": None, "browser.serverPort": 8502}, ["http://localhost:8502"]),
        ({"server.address": "0.0.0.0", "server.baseUrlPath": "/lab/"}, ["http://localhost:8501/lab"]),
        ({"server.sslCertFile": "cert.pem"}, ["https://localhost:8501"]),
        ({"server.headless": True}, []),
    ],
)
def test_does_the_app_open_in_the_visitors_browser(
    options: dict[str, object], opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(routes.webbrowser, "open", seen.append)
    for place in (st, config):
        monkeypatch.setattr(place, "get_option", (OPTIONS | options).__getitem__)

    monkeypatch.setattr(routes, "stop_workers", lambda: None)  # other tests go on with them

    async def start_and_stop() -> None:
        async with routes.lifespan(st.App(__file__)):
            for thread in threading.enumerate():
                if thread.name == routes.OPENING:
                    thread.join()

    asyncio.run(start_and_stop())
    assert seen == opened


def test_sends_a_server_at_once_what_it_has_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit listens before the app is there, at a socket of which asyncio does not know that it is TCP's."""
    monkeypatch.setattr(routes.webbrowser, "open", lambda _: None)
    monkeypatch.setattr(routes, "stop_workers", lambda: None)

    async def nodelay() -> int:
        """Of a connection that a server has accepted."""
        listens, accepted = starlette_server._bind_socket("127.0.0.1", 0, 5), asyncio.Queue[int]()

        def comes(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            taken: socket.socket = writer.get_extra_info("socket")
            accepted.put_nowait(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        async with routes.lifespan(st.App(__file__)), await asyncio.start_server(comes, sock=listens):
            _, writer = await asyncio.open_connection(*listens.getsockname())
            writer.close()
            return await accepted.get()

    assert asyncio.run(nodelay())
