"""The components' JavaScript: small ES modules, joined into one for each component, at an address of its own.

Streamlit takes one module as text and sends it with every change of a component's data. So what it gets is a line that
imports the module from this server; the address holds a hash of what is in it, and browsers keep it. No build step.
"""

import hashlib
import posixpath
import re
from collections.abc import Mapping
from graphlib import TopologicalSorter
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

IMPORT = re.compile(r"^import\s[^;]*?\sfrom\s+\"(\.\.?/[\w./]+\.js)\";\n", re.MULTILINE)
TOP_LEVEL = re.compile(r"^(?:export )?(?:default )?(?:async )?(?:function|class|const|let|var) (\w+)", re.MULTILINE)

COMPONENTS = Path(__file__).parents[1] / "components"
FOLDER = "corner-lab/modules"
KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}

_files: dict[str, str] = {}  # the source by the name of the file
_names: dict[str, str] = {}  # the name of the file by that of the component


def sources(entry: str) -> dict[str, str]:
    """A module below ui/components and all that it imports, by path, for `joined`: `sources("stage/app/main.js")`."""
    found: dict[str, str] = {}
    waiting = [entry]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = (COMPONENTS / path).read_text(encoding="utf-8")
            waiting += imports(path, found[path])
    return found


def imports(path: str, source: str) -> list[str]:
    """The paths of the modules that this one imports."""
    return [posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) for name in IMPORT.findall(source)]


def joined(modules: Mapping[str, str]) -> str:
    """One ES module from several: imports dropped, exports bare but for the default one, each after those it imports.

    `modules` maps paths to sources. Top-level names share one scope, so a name that occurs twice is an error here
    instead of a puzzle in the browser. So is a circle of imports (`graphlib.CycleError`, a ValueError).
    """
    graph = {path: imports(path, source) for path, source in sorted(modules.items())}
    owner: dict[str, str] = {}
    parts: list[str] = []
    for path in TopologicalSorter(graph).static_order():
        if path not in modules:
            raise ValueError(f"{path} is imported but not among the modules")
        source = modules[path]
        for name in TOP_LEVEL.findall(source):
            if name in owner:
                raise ValueError(f"'{name}' is a top-level name of both {owner[name]} and {path}; rename one")
            owner[name] = path
        bare = re.sub(r"^export (?!default)", "", IMPORT.sub("", source), flags=re.MULTILINE)
        parts.append(f"// {path}\n{bare}")
    return "\n".join(parts)


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


def address(component: str) -> str:
    """Where a component's module stands, beside the page."""
    return f"{FOLDER}/{_names[component]}"


def files() -> dict[str, str]:
    """Every module that is handed out, by its address."""
    return {f"{FOLDER}/{file}": source for file, source in _files.items()}


def route(folder: str) -> Route:
    """Where the modules are handed out by a server whose paths all begin with `folder`."""
    return Route(f"{folder}/{FOLDER}/{{file}}", _handed_out)


async def _handed_out(request: Request) -> Response:
    source = _files.get(request.path_params["file"])
    if source is None:
        return PlainTextResponse("The app is another one by now. Reload the page.", 404)
    return Response(source, media_type="text/javascript", headers=KEPT)
