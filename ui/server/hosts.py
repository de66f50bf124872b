"""Who may ask this server: by a name that is its own, and from a page of its own.

A page elsewhere can have a name of its own lead to this machine, and would then read and steer what is open here as if
it were the app. An address in numbers is nobody's to lead elsewhere, nor is localhost. So these are its names, as are
the machine's own, `server.address`, `browser.serverAddress` and the host of CORNER_LAB_URL; `server.allowedHosts` takes
the place of all of them. A page elsewhere that asks in its own name is known by its Origin; `server.corsAllowedOrigins`
lists those that may.
"""

import ipaddress
import os
import re
import socket
from contextlib import suppress
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from corner_lab.language import speaking, tr
from corner_lab.story.audience_link import VARIABLE
from ui.server import readers

NAMED = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]{1,253})(?::\d{1,5})?", re.IGNORECASE | re.ASCII)


class OwnHostsOnly:
    """Middleware: refuses, with 403 and a sentence, what is asked by a foreign name or from a foreign page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            headers = Headers(scope=scope)
            asked = headers.get("host"), headers.get("origin")
            if refused(*asked):
                if scope["type"] == "websocket":
                    await receive()
                    await send({"type": "websocket.close", "code": 1008})
                else:
                    with speaking(readers.of_request(headers)):
                        problem = refused(*asked)
                    await PlainTextResponse(problem, 403, {"Connection": "close"})(scope, receive, send)
                return
        await self._app(scope, receive, send)


def refused(host: str | None, origin: str | None) -> str:
    """Why a request with these headers is not answered; "" where it is. Whoever names no host is no browser."""
    name = host_name(host or "")
    if host is not None and not is_own(name):
        return _foreign_host(name or tr("that it was asked by"))
    return "" if origin is None or _is_allowed(origin, host or "") else _foreign_origin()


def _foreign_host(name: str) -> str:
    told = tr(
        "This server does not go by the name {name}. If it should, start it with server.allowedHosts set to all its "
        'names, as in STREAMLIT_SERVER_ALLOWED_HOSTS="{name} localhost" (* for any name).',
        name=name,
    )
    return f"{told}\n"


def _foreign_origin() -> str:
    told = tr(
        "A page of another address has asked. If it should, start the server with server.corsAllowedOrigins set to its "
        "address, or behind a proxy have that pass the Host header on."
    )
    return f"{told}\n"


def host_name(host: str) -> str:
    """The name in a Host header, without its port; "" where it is none."""
    found = NAMED.fullmatch(host)
    return found[1].lower().rstrip(".") if found else ""


def is_own(name: str) -> bool:
    """Whether this server goes by a name, in small letters."""
    allowed = [word.strip().lower().rstrip(".") for word in st.get_option("server.allowedHosts")]
    if allowed:
        return name != "" and any(_fits(name, word) for word in allowed)
    return _is_number(name) or name == "localhost" or name.endswith(".localhost") or name in _own_names()


def _fits(name: str, word: str) -> bool:
    """As Streamlit reads the option: a name, "*.name" for those below it, "*" for any."""
    return word == "*" or name.strip("[]") == word.strip("[]") or (word.startswith("*.") and name.endswith(word[1:]))


def _own_names() -> set[str]:
    machine = socket.gethostname().lower()
    told = [st.get_option("server.address"), st.get_option("browser.serverAddress")]
    names = {machine, f"{machine}.local", *(str(name).lower() for name in told if name)}
    with suppress(ValueError):
        names.add(urlsplit(os.environ.get(VARIABLE, "")).hostname or machine)
    return names


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _is_allowed(origin: str, host: str) -> bool:
    if not st.get_option("server.enableCORS"):  # whoever runs the server has switched the question off
        return True
    own = origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")
    return own or origin in {word.strip() for word in st.get_option("server.corsAllowedOrigins")}
