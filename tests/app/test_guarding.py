"""Who may ask the server, and the headers on what it answers."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from contextlib import suppress
from html.parser import HTMLParser
from typing import Any

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message
from starlette.websockets import WebSocket

from ui.server import headers, hosts, routes, streamlit_internals

OPTIONS: dict[str, Any] = {"server.allowedHosts": [], "server.corsAllowedOrigins": [], "server.enableCORS": True}
OPTIONS |= {"server.address": "localhost", "browser.serverAddress": "localhost"}
NAMES = ("content-security-policy", "x-content-type-options", "referrer-policy")


@pytest.fixture(autouse=True)
def options(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the server was told: set by a test as it needs it."""
    told = dict(OPTIONS)
    monkeypatch.setattr(st, "get_option", told.__getitem__)
    monkeypatch.setattr(hosts.socket, "gethostname", lambda: "Lectern")
    for variable in (headers.VARIABLE, hosts.VARIABLE):
        monkeypatch.delenv(variable, raising=False)
    return told


class Inline(HTMLParser):
    """The scripts within a page, and what of its elements would be a script too."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.handlers: list[str] = []
        self._within = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = tag == "script" and "src" not in dict(attrs)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        if self._within:
            self.scripts.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._within = False


def directives(policy: str) -> dict[str, list[str]]:
    return {part.split()[0]: part.split()[1:] for part in policy.split(";")}


def test_are_the_scripts_of_the_pages_allowed_and_no_others() -> None:
    page = streamlit_internals.front_page(routes.WHERE)
    found = Inline(page)
    assert len(found.scripts) == 2 and not found.handlers
    wanted = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in found.scripts]
    said = directives(headers.policy([page]))
    assert said["script-src"] == ["'self'", "blob:", *(f"'sha256-{text}'" for text in wanted)]
    assert said["default-src"] == ["'self'"] and said["object-src"] == said["base-uri"] == ["'none'"]
    assert not [word for words in said.values() for word in words if re.search(r"eval|http|^\*$", word)]
    assert "frame-ancestors" not in said, "a file with slides is no address that * would mean"


@pytest.mark.parametrize(
    "said", ["'none'", "'self'", "'self' https://slides.example.org", "*.example.org:8080\r\n file:"]
)
def test_can_be_said_who_may_frame_the_app(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(headers.VARIABLE, said)
    assert directives(headers.headers([])["Content-Security-Policy"])["frame-ancestors"] == said.split()


@pytest.mark.parametrize("said", ["none", "'unsafe'", "'self'; script-src *", "a,b", "https://a/b", "<b>", "ünï"])
def test_does_no_server_start_that_was_told_nonsense_of_frames(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(headers.VARIABLE, said)
    with pytest.raises(SystemExit, match=r"CORNER_LAB_FRAME_ANCESTORS is .*; allowed are 'self', 'none' and addresses"):
        headers.headers([])


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("localhost:8501", {}),
        ("LOCALHOST.", {}),
        ("lab.localhost", {}),
        ("127.0.0.1:8501", {}),
        ("192.168.1.20:8501", {}),
        ("[::1]:8501", {}),
        ("[fe80::1]", {}),
        ("lectern:8501", {}),
        ("lectern.local", {}),
        (None, {}),
        ("lab.example.org", {"server.address": "lab.example.org"}),
        ("lab.example.org", {"browser.serverAddress": "lab.example.org"}),
        ("lab.example.org:443", {"server.allowedHosts": ["Lab.example.org"]}),
        ("lab.example.org", {"server.allowedHosts": ["*.example.org"]}),
        ("evil.example", {"server.allowedHosts": ["*"]}),
    ],
)
def test_is_the_server_asked_by_its_own_names(host: str | None, told: dict[str, Any], options: dict[str, Any]) -> None:
    options |= told
    assert hosts.refused(host, None) == ""


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("evil.example", {}),
        ("evil.example:8501", {}),
        ("localhost.evil.example", {}),
        ("127.0.0.1.evil.example", {}),
        ("lectern.evil.example", {}),
        ("", {}),
        ("localhost:8501@evil.example", {}),
        ("localhost/evil", {}),
        ("localhost:", {}),
        ("<script>", {}),
        ("localhost", {"server.allowedHosts": ["lab.example.org"]}),
        ("example.org", {"server.allowedHosts": ["*.example.org"]}),
        ("evilexample.org", {"server.allowedHosts": ["*.example.org"]}),
        ("<script>", {"server.allowedHosts": ["*"]}),
    ],
)
def test_is_a_foreign_name_refused(host: str, told: dict[str, Any], options: dict[str, Any]) -> None:
    options |= told
    assert "server.allowedHosts" in hosts.refused(host, None) and "<" not in hosts.refused(host, None)


def test_is_the_address_of_the_talk_a_name_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(hosts.VARIABLE, "https://lab.example.org/folder")
    assert hosts.refused("lab.example.org", None) == "" != hosts.refused("evil.example", None)
    monkeypatch.setenv(hosts.VARIABLE, "https://[")
    assert hosts.refused("lab.example.org", None) != ""


@pytest.mark.parametrize(
    ("origin", "told", "allowed"),
    [
        ("http://localhost:8501", {}, True),
        ("https://LOCALHOST:8501", {}, True),
        ("http://localhost:3000", {}, False),
        ("https://evil.example", {}, False),
        ("null", {}, False),
        ("", {}, False),
        ("localhost:8501", {}, False),
        ("https://slides.example.org", {"server.corsAllowedOrigins": ["https://slides.example.org"]}, True),
        ("https://evil.example", {"server.enableCORS": False}, True),
    ],
)
def test_may_only_pages_of_the_server_ask(
    origin: str, told: dict[str, Any], allowed: bool, options: dict[str, Any]
) -> None:
    options |= told
    assert ("server.corsAllowedOrigins" not in hosts.refused("localhost:8501", origin)) is allowed


# ---------------------------------------------------------------- as middleware


async def _fine(_: Request) -> Response:
    return PlainTextResponse("fine", headers={"Referrer-Policy": "no-referrer"})


async def _fails(_: Request) -> Response:
    raise RuntimeError("on purpose")


async def _socket(websocket: WebSocket) -> None:
    await websocket.accept()


def asked(path: str, host: str, kind: str = "http") -> list[Message]:
    """What a server of these middlewares sends."""
    fixed = headers.headers([])
    app = Starlette(
        routes=[Route("/fine", _fine), Route("/fails", _fails), WebSocketRoute("/socket", _socket)],
        middleware=[Middleware(headers.Headers, headers=fixed), Middleware(hosts.OwnHostsOnly)],
        exception_handlers={Exception: headers.failed(fixed)},
    )
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": f"{kind}.{'connect' if kind == 'websocket' else 'request'}"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": kind, "method": "GET", "path": path, "root_path": "", "query_string": b""}
    with suppress(RuntimeError):  # for the server's log, after it was answered
        asyncio.run(app(scope | {"headers": [(b"host", host.encode())]}, receive, send))
    return sent


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/fine", "localhost", 200),
        ("/missing", "localhost", 404),
        ("/fails", "localhost", 500),
        ("/fine", "evil.example", 403),
    ],
)
def test_are_the_headers_on_every_answer(path: str, host: str, status: int) -> None:
    start, body = asked(path, host)
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    assert start["status"] == status and set(NAMES) <= set(found), found
    assert found["referrer-policy"] == ("no-referrer" if status == 200 else "same-origin"), "a route's own stands"
    assert "Traceback" not in body["body"].decode() and "purpose" not in body["body"].decode()


def test_is_a_websocket_by_a_foreign_name_refused_before_it_opens() -> None:
    assert [message["type"] for message in asked("/socket", "evil.example", "websocket")] == ["websocket.close"]
    assert asked("/socket", "localhost", "websocket")[0]["type"] == "websocket.accept"
