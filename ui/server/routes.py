"""What the server does beside Streamlit: pages at an address of their own, and a browser window at the start.

Streamlit's front end takes an address like `/causes` for a folder that the app might be served from: it asks the server
for it there first, gets "404" twice, which browsers log as errors, and asks in the right place only then. So what the
server hands out for these addresses says where the app is.
"""

import threading
import webbrowser
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from streamlit import file_util
from streamlit.web.server import server_util

# Read by the front end before anything else; relative, as the app may stand behind a proxy in a folder of its own.
WHERE = '<script>window.__streamlit = { BACKEND_BASE_URL: new URL(".", location.href).href }</script>'

OPENING = "opening the browser"


def routes(names: Iterable[str]) -> list[Route]:
    """Routes to Streamlit's own page for these last parts of an address."""
    with open(f"{file_util.get_static_dir()}/index.html", encoding="utf-8") as file:
        page = file.read().replace("<head>", f"<head>{WHERE}", 1)

    async def in_place(_: Request) -> HTMLResponse:
        return HTMLResponse(page, headers={"Cache-Control": "no-cache"})

    return [Route(f"{folder()}/{name}", in_place) for name in names]


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Opens the app in the visitor's browser, as `streamlit run` does for an app that is a mere script."""
    if not st.get_option("server.headless"):
        threading.Thread(target=webbrowser.open, args=(address(),), name=OPENING, daemon=True).start()
    yield


def address() -> str:
    """Where the app is to be seen on this machine."""
    return server_util.get_url(server_util.get_display_address(st.get_option("server.address") or "localhost"))


def folder() -> str:
    """What comes before every path of this server: "" or "/folder"."""
    name = st.get_option("server.baseUrlPath").strip("/")
    return f"/{name}" if name else ""
