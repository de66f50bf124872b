"""Headers on every answer: what a page of this server may load and run, and who may show it in a frame.

What the policy allows beyond the server itself is what the page was found to need: Streamlit imports a component's line
of JavaScript from a blob, its style library and `st.html` write style elements, and Plotly makes its files from blobs
and data. Scripts in the page are allowed by their hash alone, and nothing comes from another server.

Anybody may show the app in a frame: it is made to be shown in slides, also in those that are a file, and no click can
be stolen that matters, as there is no account and nothing that lasts. CORNER_LAB_FRAME_ANCESTORS names the only ones
who may, in the words of the policy: 'none', or "'self' https://slides.example.org".
"""

import base64
import hashlib
import os
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corner_lab.language import speaking, tr
from ui.server import readers

VARIABLE = "CORNER_LAB_FRAME_ANCESTORS"
SOURCE = r"'self'|'none'|\*|[a-z][a-z0-9+.-]*:|(?!(?:none|self)$)(?:[a-z][a-z0-9+.-]*://)?[\w.*-]+(?::(?:\d+|\*))?"
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
STARTS = ("http.response.start", "websocket.http.response.start")


Answering = Callable[[Request, Exception], Awaitable[PlainTextResponse]]


class Headers:
    """Middleware: adds these headers to every answer that does not set them itself."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app, self._headers = app, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] in STARTS:
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, answer)


def headers(pages: Iterable[str]) -> dict[str, str]:
    """The headers for a server that hands out these pages (HTML). Raises SystemExit, see `frame_ancestors`."""
    return {
        "Content-Security-Policy": policy(pages, frame_ancestors(os.environ.get(VARIABLE, ""))),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",  # an address says what somebody has in front of them
    }


def policy(pages: Iterable[str], ancestors: str = "") -> str:
    """A Content-Security-Policy under which the scripts of these pages run, and no others within a page."""
    hashes = dict.fromkeys(_hash(script) for page in pages for script in INLINE.findall(page))
    parts = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", "blob:", *hashes]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' blob: data:",
        "font-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
    }
    if ancestors:
        parts["frame-ancestors"] = ancestors
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def frame_ancestors(text: str) -> str:
    """Who may show the app in a frame, as the policy says it; "" for anybody. Raises SystemExit with what is allowed: a
    server that anybody may frame, where somebody wanted otherwise, must not start."""
    words = text.split()
    if not all(re.fullmatch(SOURCE, word, re.IGNORECASE | re.ASCII) for word in words):
        raise SystemExit(
            tr(
                "{variable} is {text}; allowed are 'self', 'none' and addresses as {example}, separated by blanks.",
                variable=VARIABLE,
                text=repr(text[:60]),
                example="https://slides.example.org",
            )
        )
    return " ".join(words)


def failed(fixed: Mapping[str, str]) -> Answering:
    """What answers where a route has raised: outside of all middleware, so with headers of its own."""

    async def answer(request: Request, _: Exception) -> PlainTextResponse:
        with speaking(readers.of_request(request.headers)):
            told = tr("The server failed to answer. Its log says why.")
        return PlainTextResponse(told, 500, headers=dict(fixed))

    return answer


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
