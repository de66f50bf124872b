"""The JavaScript in another language: what it says is in the catalogue, and all of it is said through `tr`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from corner_lab.language import speaking
from corner_lab.language.catalogue import CONTEXT
from corner_lab.player import js_modules as player_modules
from ui.components import stage
from ui.server import js_modules
from ui.server.js_modules import COMPONENTS

ROOT = Path(__file__).resolve().parents[2]
LITERAL = r'"(?:[^"\\\n]|\\.)*"'
SAID = re.compile(rf"\b(?:tr\(\s*{LITERAL}|tr[nc]\(\s*{LITERAL},\s*{LITERAL})(?=\s*[,)])")
CALLS = re.compile(r"(?<!function )\btr[nc]?\(")
COMMENT = re.compile(r"(?m)^\s*//.*$|^\s*/?\*.*$")

#: What holds the words of Python's terms, and the one module that says them.
TERM_LIST, TERMS = "stage/canvas/term_list.js", "stage/canvas/terms.js"
#: Read by visitors as attributes of an element.
LABELS = re.compile(r"\b(?:aria-label|aria-roledescription|title|placeholder|alt|data-tip)=\"([^\"]*)\"")
THREE_WORDS = re.compile(r"[A-Za-z']{2,}[,.:;]? [A-Za-z0-9']+[,.:;]? [A-Za-z']{2,}")
#: What nobody reads, and a name.
EXCEPTIONS = {
    "define mark bad",  # classes
    "no such session",  # what the server answers
    "select, textarea, dialog, [role=dialog], [contenteditable], input",
    "button, a, summary, [role=button], [role=checkbox], [role=switch]",
    "Corner Lab: \0",
}


def translated() -> dict[str, str | dict[int, str]]:
    """What the catalogues' sources say in Chinese, as `entries` has it of the compiled one."""
    found: dict[str, str | dict[int, str]] = {}
    for path in sorted((ROOT / "corner_lab/language/zh").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh"):
                forms = message.string if isinstance(message.string, tuple | list) else [message.string]
                first = message.id if isinstance(message.id, str) else message.id[0]
                key = f"{message.context}{CONTEXT}{first}" if message.context else first
                found[key] = forms[0] if isinstance(message.id, str) else dict(enumerate(forms))
    return found


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    return {
        path.relative_to(COMPONENTS).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(COMPONENTS.rglob("*.js"))
    }


def strings(source: str) -> Iterator[str]:
    """The texts of all strings of a module, those within a template too; what is put into one is a NUL."""
    at, before = 0, ""
    while at < len(source):
        letter, rest = source[at], source[at:]
        if rest.startswith("//"):
            at = source.find("\n", at) if "\n" in rest else len(source)
        elif rest.startswith("/*"):
            at = source.index("*/", at) + 2
        elif letter in "\"'":
            found = re.match(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", rest)
            assert found, rest[:80]
            yield found[0][1:-1]
            at, before = at + found.end(), letter
        elif letter == "`":
            text, inner, at = template(source, at)
            yield text
            for expression in inner:
                yield from strings(expression)
            before = letter
        elif letter == "/" and (before in "(,=:[!&|?{};>" or not before):  # a regular expression
            at += re.match(r"/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*", rest).end()  # type: ignore[union-attr]
            before = "/"
        else:
            before = before if letter.isspace() else letter
            at += 1


def template(source: str, at: int) -> tuple[str, list[str], int]:
    """A template's text, its expressions, and where it ends."""
    text, inner = "", []
    at += 1
    while source[at] != "`":
        if source[at] == "\\":
            text, at = text + source[at + 1], at + 2
        elif source.startswith("${", at):
            end = closing(source, at + 2)
            inner.append(source[at + 2 : end])
            text, at = text + "\0", end + 1
        else:
            text, at = text + source[at], at + 1
    return text, inner, at + 1


def closing(source: str, at: int) -> int:
    """Where the brace closes that was opened before `at`; strings and templates may hold others."""
    while source[at] != "}":
        if source[at] == "{":
            at = closing(source, at + 1)
        elif source[at] == "`":
            at = template(source, at)[2] - 1
        elif source[at] in "\"'":
            at += len(re.match(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", source[at:])[0]) - 1  # type: ignore[index]
        at += 1
    return at


def seen(text: str) -> list[str]:
    """What of a string visitors would read as words: of markup its texts and labels, else three words and more."""
    if "<" in text and ">" in text:
        texts = [*re.split(r"<[^>]*>", text), *LABELS.findall(text)]
        return [part.strip() for part in texts if re.search(r"[A-Za-z]{2,}", part.replace("\0", " "))]
    return [text] if THREE_WORDS.search(text) else []


def test_is_what_is_said_one_literal_in_double_quotes(sources: dict[str, str]) -> None:
    wrong = []
    for path, source in sources.items():
        code = COMMENT.sub("", source)
        if len(CALLS.findall(code)) != len(SAID.findall(code)) + 2 * (path == TERMS):
            wrong.append(path)
    assert not wrong


def test_does_no_english_escape_the_catalogue(sources: dict[str, str]) -> None:
    escaped = {}
    for path, source in sources.items():
        if path == TERM_LIST:
            continue
        code = re.sub(rf"\b(\w*Error\(\s*)(?:{LITERAL}|`[^`]*`)", r"\1", SAID.sub("tr(", source))  # not for visitors
        found = [text for part in strings(code) for text in seen(part) if text not in EXCEPTIONS]
        if found:
            escaped[path] = found
    assert escaped == {}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('const a = "one two three"; // "four five six"', ["one two three"]),
        ('const a = `<p class="b c d">${x ? `<i title="a tip">` : "<b>bold</b>"}</p>`;', ["a tip", "bold"]),
        (
            "const a = /[\"'`]/.test(b) ? 'seven words that would be read' : `m n ${o}`;",
            ["seven words that would be read"],
        ),
        ('const a = tr("said as it should be", { at: `c ${d}` });', []),
    ],
)
def test_what_would_be_read_is_found_wherever_it_stands(source: str, words: list[str]) -> None:
    assert [text for part in strings(SAID.sub("tr(", source)) for text in seen(part)] == words


def test_do_modules_that_are_joined_for_a_language_hold_its_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    everything = translated()
    monkeypatch.setattr(player_modules, "entries", lambda code: everything)
    modules = stage.modules()
    assert "\nconst MESSAGES = {};\n" in js_modules.joined(modules)
    with speaking("zh"):
        joined = js_modules.joined(modules)
    (held,) = re.findall(r"^const MESSAGES = (\{.*\});$", joined, re.MULTILINE)
    messages = json.loads(held)
    assert messages["Confusion counts"] == everything["Confusion counts"]  # said in an element
    assert messages["Lock weights"] == everything["Lock weights"]  # said in an attribute
    assert messages["verdict\x04right"] == everything["verdict\x04right"]
    assert messages["{count} pattern"] == list(everything["{count} pattern"].values())  # type: ignore[union-attr]
    assert everything["Pencil"] and "Pencil" not in messages  # of another component
    said = [text for source in modules.values() for text in SAID.findall(COMMENT.sub("", source))]
    assert len(said) > 300
    for call in said:
        first, *second = (json.loads(text) for text in re.findall(LITERAL, call))
        assert (f"{first}\x04{second[0]}" if call.startswith("trc") else first) in messages
