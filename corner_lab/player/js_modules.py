"""The components' JavaScript: small ES modules, joined into one by their import lines. No build step.

It lies in ui/components, in a checkout; an installed package has none of it.
"""

import json
import posixpath
import re
from collections.abc import Mapping
from graphlib import TopologicalSorter
from pathlib import Path

from corner_lab.language import LANGUAGES, current
from corner_lab.language.catalogue import CONTEXT, entries
from corner_lab.language.languages import SOURCE

IMPORT = re.compile(r"^import\s[^;]*?\sfrom\s+\"(\.\.?/[\w./]+\.js)\";\n", re.MULTILINE)
TOP_LEVEL = re.compile(r"^(?:export )?(?:default )?(?:async )?(?:function|class|const|let|var) (\w+)", re.MULTILINE)

COMPONENTS = Path(__file__).parents[2] / "ui" / "components"
CATALOGUE = "language/messages.js"  # the module that another one stands in for where the language is not English
#: From each quote to the next, also those within the quotes of an attribute: `aria-label="${tr("Help")}"`.
LITERAL = re.compile(r'(?=("(?:[^"\\\n]|\\.)*"))')


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
    They speak the language of whoever asks: its catalogue takes the place of English's.
    """
    if CATALOGUE in modules and current().code != SOURCE:
        modules = {**modules, CATALOGUE: _catalogue(current().code, modules)}
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


def _catalogue(code: str, modules: Mapping[str, str]) -> str:
    """The catalogue's module in a language, with the messages that occur in these modules."""
    said = {json.loads(text) for source in modules.values() for text in LITERAL.findall(source) if _is_json(text)}
    messages = {
        text: forms if isinstance(forms, str) else [forms[number] for number in sorted(forms)]
        for text, forms in entries(code).items()
        if text.rpartition(CONTEXT)[2] in said
    }
    return (
        f"export const TAG = {json.dumps(LANGUAGES[code].tag)};\n"
        f"export const SPACE = {json.dumps(LANGUAGES[code].space)};\n"
        f"export const MESSAGES = {json.dumps(messages, ensure_ascii=False)};\n"
        "export const FORM = () => 0;\n"
    )


def _is_json(literal: str) -> bool:
    try:
        json.loads(literal)
    except ValueError:
        return False
    return True
