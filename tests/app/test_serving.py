"""The addresses of pages, and the browser window at the start."""

from __future__ import annotations

import asyncio
import threading

import pytest
import streamlit as st
from streamlit import config

from ui.server import routes

OPTIONS = {"server.headless": False, "server.address": "localhost", "server.port": 8501, "server.baseUrlPath": ""}
OPTIONS |= {"server.sslCertFile": None, "browser.serverPort": 8501, "global.developmentMode": False}


def test_does_a_pages_own_address_tell_the_browser_where_the_app_is() -> None:
    (route,) = routes.routes(["causes"])
    answer = asyncio.run(route.endpoint(None))
    text = answer.body.decode()
    assert route.path == "/causes" and answer.media_type == "text/html"
    assert text.index(f"BACKEND_BASE_URL: {routes.WHERE} }}") < text.index("<script type=")


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
