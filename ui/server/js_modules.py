"""The components' JavaScript: small ES modules, joined into one for each component, at an address of its own.

Streamlit takes one module as text and sends it with every change of a component's data. So what it gets is a line that
imports the module from this server; the address holds a hash of what is in it, and browsers keep it. No build step.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from corner_lab.language import LANGUAGES, current, speaking, tr
from corner_lab.language.languages import SOURCE
from corner_lab.player.js_modules import CATALOGUE, COMPONENTS, TOP_LEVEL, imports, joined, sources
from ui.server import readers

__all__ = [
    "COMPONENTS",
    "TOP_LEVEL",
    "address",
    "component",
    "files",
    "imports",
    "joined",
    "route",
    "served",
    "sources",
]

FOLDER = "corner-lab/modules"
KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}

_files: dict[str, str] = {}  # the source by the name of the file
_names: dict[str, str] = {}  # the name of the file by that of the component


def component(name: str, modules: Mapping[str, str], css: str | None = None) -> Callable[..., Any]:
    """A Streamlit component made of these modules: "stage" becomes "corner_lab_stage". One that says something is one
    for each language, and the visitor gets the one in his own."""

    def one(code: str) -> Callable[..., Any]:
        called = _called(name, code)
        with speaking(code):
            js = served(called, modules)
        return st.components.v2.component(f"corner_lab_{called}", css=css, js=js)

    mounts = {code: one(code) for code in (LANGUAGES if CATALOGUE in modules else [SOURCE])}

    def mount(*args: Any, **kwargs: Any) -> Any:
        return mounts.get(current().code, mounts[SOURCE])(*args, **kwargs)

    return mount


def served(component: str, modules: Mapping[str, str]) -> str:
    """Hand these modules out from now on, joined; the JavaScript to give to Streamlit, which imports them."""
    source = joined(modules)
    digest = hashlib.sha256(source.encode()).hexdigest()[:16]
    _names[component] = f"{component}.{digest}.js"
    _files[_names[component]] = source
    return (
        f'const module = await import(new URL("{address(component)}", location.href).href);\n'
        "export default module.default;\n"
    )


def address(component: str, code: str = SOURCE) -> str:
    """Where a component's module stands, beside the page: the one in this language, if it says something."""
    return f"{FOLDER}/{_names.get(_called(component, code)) or _names[component]}"


def _called(component: str, code: str) -> str:
    return component if code == SOURCE else f"{component}_{code}"


def files() -> dict[str, str]:
    """Every module that is handed out, by its address."""
    return {f"{FOLDER}/{file}": source for file, source in _files.items()}


def route(folder: str) -> Route:
    """Where the modules are handed out by a server whose paths all begin with `folder`."""
    return Route(f"{folder}/{FOLDER}/{{file}}", _handed_out)


async def _handed_out(request: Request) -> Response:
    source = _files.get(request.path_params["file"])
    if source is None:
        with speaking(readers.of_request(request.headers)):
            told = tr("The app is another one by now. Reload the page.")
        return PlainTextResponse(told, 404)
    return Response(source, media_type="text/javascript", headers=KEPT)
