"""Streamlit's scripts and styles, compressed: the first ones of a visit are 0.5 MB, where they would be 2.1.

Streamlit hands them out as they are, as it would compress them anew for each visitor. Here each is compressed once,
when it is first asked for. All that there are would take 7 MB of memory.
"""

import asyncio
import gzip
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.server.js_modules import KEPT

TYPES = {".js": "text/javascript", ".css": "text/css"}
HEADERS = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding", **KEPT}  # their names hold hashes


class Compressed:
    """Middleware: answers for what lies in a folder named `static`, compressed for whoever takes gzip."""

    def __init__(self, app: ASGIApp, folder: str, static: Path) -> None:
        """`folder`: with what every path of the server begins. `static`: where the files are, with their subfolders."""
        self._app = app
        self._files = {
            f"{folder}/static/{file.relative_to(static).as_posix()}": file
            for file in sorted(static.rglob("*"))
            if file.suffix in TYPES
        }
        self._compressed: dict[str, asyncio.Task[bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = self._files.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        if file is None or "gzip" not in Request(scope).headers.get("accept-encoding", ""):
            await self._app(scope, receive, send)
            return
        if scope["path"] not in self._compressed:
            self._compressed[scope["path"]] = asyncio.create_task(asyncio.to_thread(_compressed, file))
        body = await asyncio.shield(self._compressed[scope["path"]])  # others wait for the same
        await Response(body, headers=HEADERS, media_type=TYPES[file.suffix])(scope, receive, send)


def _compressed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), 9, mtime=0)
