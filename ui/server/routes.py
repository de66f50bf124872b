"""What the server does beside Streamlit: pages at an address of their own, a browser window at the start, a timely end.

Streamlit's front end takes an address like `/causes` for a folder that the app might be served from: it asks the server
for it there first, gets "404" twice, which browsers log as errors, and asks in the right place only then. So what the
server hands out for these addresses says where the app is.
"""

import asyncio
import gc
import os
import signal
import socket
import threading
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from types import FrameType
from typing import NoReturn

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from corner_lab.workers import memory
from ui.server import js_modules, readers, streamlit_internals
from ui.server.keras_loading import stop_workers, use_processes
from ui.server.streamlit_internals import address, front_page, late_scripts

WHERE = 'new URL(".", location.href).href'  # relative, as the app may stand behind a proxy in a folder of its own

PLOTLY = ("PlotlyChart",)  # as Streamlit calls what draws a figure
OPENING = "opening the browser"
FORGETS = 30.0  # s: a collection of garbage holds answers for some ms
GRACE = 2.0  # s: what a request may still take once the server is told to end


def routes(pages: Mapping[str, Iterable[str]], with_figures: Container[str] = ()) -> list[Route]:
    """Routes to Streamlit's own page for these last parts of an address, "" for the app's own.

    Each with the names of the components that its first picture shows: the browser is told to load these at once, and
    what of Streamlit draws them, where otherwise it would ask for one after the other when it is told to draw. On the
    pages that begin `with_figures` it also loads Plotly, behind all that comes before these.
    """
    return [
        Route(f"{folder()}/{name}", _page(WHERE if name else "", shown, PLOTLY if name in with_figures else ()))
        for name, shown in pages.items()
    ]


def _page(where: str, shown: Iterable[str], later: Iterable[str]) -> Callable[[Request], Awaitable[HTMLResponse]]:
    head, end, rest = front_page(where).partition("</head>")
    shown, drawn = tuple(shown), late_scripts("BidiComponent", "Html")
    last = "".join(_preload(path, ' fetchpriority="low"') for path in late_scripts(*later))

    async def in_place(request: Request) -> HTMLResponse:
        code = readers.of_page(request)
        needed = [*drawn, *(js_modules.address(component, code) for component in shown)]
        page = f"{head}{''.join(map(_preload, needed))}{last}{end}{rest}"
        return HTMLResponse(page, headers={"Cache-Control": "no-cache"})

    return in_place


def _preload(path: str, how: str = "") -> str:
    return f'<link rel="modulepreload" crossorigin href="./{path}"{how}>'


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Opens the app in the visitor's browser, as `streamlit run` does for an app that is a mere script."""
    send_at_once()
    for number in (signal.SIGINT, signal.SIGTERM):
        end_in_time(number)
    if not st.get_option("server.headless"):
        threading.Thread(target=webbrowser.open, args=(address(),), name=OPENING, daemon=True).start()
    memory.grow_at_once()
    use_processes()
    forgetting = asyncio.create_task(_forget_sessions())
    yield
    forgetting.cancel()
    stop_workers()


async def _forget_sessions() -> None:
    while True:
        await asyncio.sleep(FORGETS)
        streamlit_internals.forget_sessions()
        memory.give_back()


def send_at_once() -> None:
    """Have all connections send what they are given at once: they inherit it from the socket that listens.

    asyncio sees to that for a socket that says it is TCP's, which Streamlit's does not. An answer in two parts, headers
    and body, then waits until the browser has acknowledged the first, which it puts off for 40 ms. Call before anything
    is frozen (`gc.freeze`).
    """
    for found in gc.get_objects():
        if type(found) is socket.socket and found.family in (socket.AF_INET, socket.AF_INET6):
            with suppress(OSError):  # it is closed
                if found.type is socket.SOCK_STREAM and found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def end_in_time(number: int) -> None:
    """Have the process end `GRACE` after this signal, whatever holds it: uvicorn waits for requests without limit."""
    if threading.current_thread() is not threading.main_thread():
        return  # a server within a test
    then = signal.getsignal(number)

    def handle(number: int, frame: FrameType | None) -> None:
        last = threading.Timer(GRACE, leave, [130 if number == signal.SIGINT else 0])
        last.daemon = True
        last.start()
        if callable(then):
            then(number, frame)

    signal.signal(number, handle)


def leave(code: int) -> NoReturn:
    stop_workers()
    os._exit(code)


def folder() -> str:
    """What comes before every path of this server: "" or "/folder"."""
    name = st.get_option("server.baseUrlPath").strip("/")
    return f"/{name}" if name else ""
