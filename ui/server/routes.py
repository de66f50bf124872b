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

from ui.server.keras_loading import use_processes
from ui.server.streamlit_internals import address, front_page

WHERE = 'new URL(".", location.href).href'  # relative, as the app may stand behind a proxy in a folder of its own

OPENING = "opening the browser"


def routes(names: Iterable[str]) -> list[Route]:
    """Routes to Streamlit's own page for these last parts of an address."""
    page = front_page(WHERE)

    async def in_place(_: Request) -> HTMLResponse:
        return HTMLResponse(page, headers={"Cache-Control": "no-cache"})

    return [Route(f"{folder()}/{name}", in_place) for name in names]


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Opens the app in the visitor's browser, as `streamlit run` does for an app that is a mere script."""
    if not st.get_option("server.headless"):
        threading.Thread(target=webbrowser.open, args=(address(),), name=OPENING, daemon=True).start()
    use_processes()
    yield


def folder() -> str:
    """What comes before every path of this server: "" or "/folder"."""
    name = st.get_option("server.baseUrlPath").strip("/")
    return f"/{name}" if name else ""
