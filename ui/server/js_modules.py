"""The components' JavaScript: small ES modules, joined into one for each component, at an address of its own.

Streamlit takes one module as text and sends it with every change of a component's data. So what it gets is a line that
imports the module from this server; the address holds a hash of what is in it, and browsers keep it. No build step.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

IMPORT = re.compile(r"^import\s.*?\sfrom\s+\"\./(\w+)\.js\";\n", re.MULTILINE)
TOP_LEVEL = re.compile(r"^(?:export )?(?:default )?(?:async )?(?:function|class|const|let|var) (\w+)", re.MULTILINE)

FOLDER = "corner-lab/modules"
KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}

_files: dict[str, str] = {}  # the source by the name of the file
_names: dict[str, str] = {}  # the name of the file by that of the component


def sources(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """The modules of these names in a folder, for `joined`."""
    return {name: (folder / f"{name}.js").read_text(encoding="utf-8") for name in names}


def joined(modules: Mapping[str, str]) -> str:
    """One ES module from several: imports dropped, exports bare but for the default one.

    `modules` maps names to sources, each after those it imports. Top-level names share one scope, so a name that occurs
    twice is an error here instead of a puzzle in the browser.
    """
    owner: dict[str, str] = {}
    parts: list[str] = []
    for module, source in modules.items():
        earlier = list(modules)[: len(parts)]
        late = [name for name in IMPORT.findall(source) if name not in earlier]
        if late:
            raise ValueError(f"{module}.js imports {', '.join(late)} before it is joined; order the modules anew")
        for name in TOP_LEVEL.findall(source):
            if name in owner:
                raise ValueError(f"'{name}' is a top-level name of both {owner[name]}.js and {module}.js; rename one")
            owner[name] = module
        bare = re.sub(r"^export (?!default)", "", IMPORT.sub("", source), flags=re.MULTILINE)
        parts.append(f"// {module}.js\n{bare}")
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


def route(folder: str) -> Route:
    """Where the modules are handed out by a server whose paths all begin with `folder`."""
    return Route(f"{folder}/{FOLDER}/{{file}}", _handed_out)


async def _handed_out(request: Request) -> Response:
    source = _files.get(request.path_params["file"])
    if source is None:
        return PlainTextResponse("The app is another one by now. Reload the page.", 404)
    return Response(source, media_type="text/javascript", headers=KEPT)
