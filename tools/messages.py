"""The catalogues of messages: `python tools/messages.py` extracts every message of the program into the .po files of
each language, drops what is no longer said, and compiles them. Says what is not translated yet. `--check` writes
nothing.

What is translated is corner_lab/language/LANGUAGE/PART.po, one file for each part of the program.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = ROOT / "corner_lab/language"
LANGUAGES = ("zh",)
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # what says the same is the same file

#: The parts, and the folders and files of each. A message belongs to the first part that says it.
PARTS: dict[str, tuple[str, ...]] = {
    "experiment": (
        "corner_lab/registry.py",
        "corner_lab/terms.py",
        "corner_lab/formatting.py",
        "corner_lab/notebook.py",
        "corner_lab/network",
        "corner_lab/experiment",
    ),
    "findings": ("corner_lab/diagnostics", "corner_lab/training", "corner_lab/workers"),
    "analysis": (
        "corner_lab/analysis",
        "corner_lab/plots",
        "corner_lab/export",
        "corner_lab/pictures",
        "corner_lab/movie",
        "ui/pages/autopsy.py",
        "ui/pages/causes.py",
        "ui/pages/landscape.py",
    ),
    "story": (
        "corner_lab/story",
        "corner_lab/player",
        "ui/story",
        "ui/pages/story.py",
        "ui/components/slides",
        "ui/components/player",
    ),
    "tasks": (
        "corner_lab/tasks",
        "ui/pages/tasks.py",
        "ui/state/tasks.py",
        "ui/state/progress.py",
        "ui/playground/task_strip.py",
        "ui/components/tasks",
    ),
    "command_line": ("corner_lab/cli", "corner_lab/logs.py"),
    "stage": ("ui/components",),
    "page": ("app.py", "serve.py", "ui"),
}
KEYWORDS = {
    "tr": None,
    "msg": None,
    "trn": (1, 2),
    "msgn": (1, 2),
    "trc": ((1, "c"), 2),
    "msgc": ((1, "c"), 2),
}
LITERAL = r'("(?:[^"\\\n]|\\.)*")'
CALL = re.compile(rf"\b(tr[nc]?)\(\s*{LITERAL}(?:,\s*{LITERAL})?")  # in JavaScript
Said = str | tuple[str, ...]  # of what is counted both forms


def sources(part: str) -> Iterator[Path]:
    """The files of a part that no part before it has."""
    before: set[Path] = set()
    for name, places in PARTS.items():
        found = {
            path
            for place in places
            for path in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*"))
            if path.suffix in (".py", ".js") and path.parent != ROOT / "ui/components/language"
        }
        if name == part:
            yield from sorted(found - before)
            return
        before |= found


def messages(part: str) -> Catalog:
    """What a part of the program says."""
    catalogue = Catalog(charset="utf-8")
    for path in sources(part):
        for said, context in said_in_python(path) if path.suffix == ".py" else said_in_javascript(path):
            catalogue.add(said, locations=[(path.relative_to(ROOT).as_posix(), 0)], context=context)
    return catalogue


def said_in_python(path: Path) -> Iterator[tuple[Said, str | None]]:
    """The messages of a file, with their contexts."""
    with path.open("rb") as file, redirect_stderr(io.StringIO()):  # it warns of numbers that are put in
        for _, said, _, context in extract("python", file, KEYWORDS):
            yield said, context


def said_in_javascript(path: Path) -> Iterator[tuple[Said, str | None]]:
    """The same; wherever the call stands, also within an attribute of a template: `aria-label="${tr("Help")}"`."""
    for name, one, more in CALL.findall(path.read_text(encoding="utf-8")):
        first, second = json.loads(one), json.loads(more) if more else ""
        if name == "tr":
            yield first, None
        elif more:
            yield ((first, second), None) if name == "trn" else (second, first)


def all_messages() -> dict[str, Catalog]:
    """What each part says, each message in the first that says it."""
    found: dict[str, Catalog] = {}
    before: set[object] = set()
    for part in PARTS:
        catalogue = messages(part)
        for message in [m for m in catalogue if m.id and key(m) in before]:
            catalogue.delete(message.id, message.context)
        before |= {key(m) for m in catalogue if m.id}
        found[part] = catalogue
    return found


def key(message: Message) -> object:
    """What a message is found by: of what is counted the singular."""
    return message.context, message.id[0] if isinstance(message.id, tuple) else message.id


def translated(language: str) -> dict[object, Message]:
    """All that the files of a language translate."""
    found: dict[object, Message] = {}
    for path in sorted((CATALOGUES / language).glob("*.po")):
        with path.open("rb") as file:
            found |= {key(m): m for m in read_po(file, locale=language) if m.id and any(forms(m))}
    return found


def forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string or "",)


def renewed(language: str) -> dict[str, Catalog]:
    """Each part's catalogue in a language as it is to be: what is said, with what is translated."""
    known = translated(language)
    found = {}
    for part, said in all_messages().items():
        found[part] = catalogue = Catalog(locale=language, charset="utf-8", fuzzy=False)
        catalogue.header_comment = f"# {part}: what it says, in {language}. Written by tools/messages.py."
        for message in (m for m in said if m.id):
            there = known.get(key(message))
            fits = there is not None and isinstance(there.id, tuple) == isinstance(message.id, tuple)
            string = there.string if there is not None and fits else None
            places = sorted(set(message.locations))
            catalogue.add(message.id, string, locations=places, context=message.context)
    return found


def as_text(catalogue: Catalog) -> str:
    """A .po file: by where it is said, without the date, which would change with each writing."""
    written = io.BytesIO()
    write_po(written, catalogue, width=0, omit_header=False, include_lineno=False, sort_by_file=True)
    unwanted = ("Project-", "Report-", "POT-", "PO-", "Last-", "Language-Team", "Generated-")
    lines = written.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in unwanted)))


def compiled(catalogues: dict[str, Catalog], language: str) -> bytes:
    """One .mo of all parts."""
    whole = Catalog(locale=language, charset="utf-8", fuzzy=False, creation_date=NO_DATE, revision_date=NO_DATE)
    for catalogue in catalogues.values():
        for message in (m for m in catalogue if m.id and all(forms(m))):
            whole.add(message.id, message.string, context=message.context)
    written = io.BytesIO()
    write_mo(written, whole)
    return written.getvalue()


def main(options: list[str]) -> int:
    checks, problems = "--check" in options, 0
    for language in LANGUAGES:
        catalogues = renewed(language)
        for part, catalogue in catalogues.items():
            path, text = CATALOGUES / language / f"{part}.po", as_text(catalogue)
            missing = [m for m in catalogue if m.id and not all(forms(m))]
            print(f"{language}/{part}: {len(catalogue)} messages, {len(missing)} not translated")
            problems += len(missing)
            if checks:
                problems += not path.exists() or path.read_text(encoding="utf-8") != text
            else:
                path.write_text(text, encoding="utf-8")
        if not checks:
            (CATALOGUES / language / "messages.mo").write_bytes(compiled(catalogues, language))
    return int(checks and problems > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
