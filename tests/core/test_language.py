"""Sentences in the language of whoever reads them: the catalogues, and saying them."""

from __future__ import annotations

import ast
import pickle
import re
import string
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.formatting import sentences
from corner_lab.language import Message, current, joined, msg, msgn, speaking, tr, trc, trn
from corner_lab.language.catalogue import CONTEXT, entries
from corner_lab.language.languages import heard_from, matching
from corner_lab.language.message import Joined, begins, first_of, within
from corner_lab.workers.elsewhere import Named

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "corner_lab/language/zh").glob("*.po"))


def said(language: str, path: Path) -> list[tuple[tuple[str, ...], tuple[str, ...], str]]:
    """(English forms, translated forms, context) of a file."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    rows = []
    for message in catalogue:
        if message.id:
            source = message.id if isinstance(message.id, tuple) else (message.id,)
            target = message.string if isinstance(message.string, tuple | list) else (message.string,)
            rows.append((tuple(source), tuple(target), message.context or ""))
    return rows


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_the_catalogues_hold_what_the_program_says_and_all_of_it_is_translated() -> None:
    checked = subprocess.run([sys.executable, "tools/messages.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_translation_puts_in_what_its_english_does(path: Path) -> None:
    for source, target, _ in said("zh", path):
        wanted = set.union(*(fields_of(text) for text in source))
        for text in target:
            assert fields_of(text) == wanted, (source, text)


def test_what_is_compiled_is_what_the_files_say() -> None:
    wanted: dict[str, str | dict[int, str]] = {}
    for path in FILES:
        for source, target, context in said("zh", path):
            name = f"{context}{CONTEXT}{source[0]}" if context else source[0]
            wanted[name] = dict(enumerate(target)) if len(source) > 1 else target[0]
    assert entries("zh") == wanted


def test_who_reads_english_reads_what_is_written() -> None:
    assert tr("{count} is not {{}}.", count=3) == "3 is not {}."
    assert tr("{ } is a brace") == "{ } is a brace"
    assert trn("{count} pattern", "{count} patterns", 1) == "1 pattern"
    assert trn("{count} pattern of {all}", "{count} patterns of {all}", 1234, all="x") == "1,234 patterns of x"
    assert trc("a page", "Play") == "Play"
    assert joined(["One.", "", "Two."]) == "One. Two."


def test_a_message_is_said_in_the_language_of_whoever_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from corner_lab.language import message

    class Chinese:
        def gettext(self, text: str) -> str:
            return {"{what} is wrong.": "{what}错了。", "the kernel": "卷积核"}.get(text, text)

        def ngettext(self, one: str, many: str, count: int) -> str:
            return "{count}个图案"

        def pgettext(self, context: str, text: str) -> str:
            return f"{context}:{text}"

    english = message.catalogue("en")
    monkeypatch.setattr(message, "catalogue", lambda code: Chinese() if code == "zh" else english)
    later = msg("{what} is wrong.", what=msg("the kernel"))
    several = Joined("", (("0", later), ("1", msgn("{count} pattern.", "{count} patterns.", 1200))))
    assert (str(later), str(several)) == ("the kernel is wrong.", "the kernel is wrong. 1,200 patterns.")
    with speaking("zh"):
        assert str(later) == f"{later}" == "卷积核错了。"
        assert str(several) == "卷积核错了。1,200个图案"
        assert trc("page", "Play") == "page:Play"
    assert pickle.loads(pickle.dumps(later)) == later and len({later, msg("{what} is wrong.", what=1)}) == 2


def test_each_thread_speaks_its_own_language() -> None:
    heard = []
    with speaking("zh"):
        other = threading.Thread(target=lambda: heard.append(current().code))
        other.start()
        other.join()
        heard.append(current().code)
    assert [*heard, current().code] == ["en", "zh", "en"]
    try:
        heard_from(lambda: "zh")
        assert current().code == "zh"
        with speaking("en"):
            assert current().code == "en"
    finally:
        heard_from(lambda: None)


def test_what_a_worker_says_is_in_the_language_of_who_asks() -> None:
    assert Named("corner_lab.language", "current", "zh")().code == "zh" and current().code == "en"


@pytest.mark.parametrize(
    ("tag", "code"), [("zh-CN", "zh"), ("ZH_tw", "zh"), ("en", "en"), ("de", None), ("", None), (None, None)]
)
def test_which_language_a_tag_means(tag: str | None, code: str | None) -> None:
    assert matching(tag) == code


def test_the_first_of_several_sentences_is_found_again() -> None:
    one, two = msg("One {what}.", what="fish"), msg("Two.")
    several = sentences(one, "", sentences(two))
    assert str(several) == "One fish. Two." and first_of(several) == first_of(one) == one
    assert first_of(sentences(sentences(two, one), one)) == two
    assert pickle.loads(pickle.dumps(several)) == several


def test_names_begin_sentences_with_a_large_letter_in_english_alone() -> None:
    name, label = msg("the {what}", what="corner"), msg("Use {what}", what="relu")
    assert (f"{begins(name)}", f"{within(label)}") == ("The corner", "use relu")
    with speaking("zh"):
        assert (str(begins("z")), str(within("Z"))) == ("z", "Z")


def test_a_message_is_a_value() -> None:
    assert msg("a {b}", b=1) == Message("a {b}", (("b", 1),)) and hash(msg("a")) == hash(msg("a"))


# Code that is written for others to run, style sheets, SQL, and what an operator reads: logs, counters.
UNREAD = (
    *("export/keras_script.py", "export/python_source.py", "export/script_", "player/js_modules.py", "ui/theme.py"),
    *("cli/keras_import.py", "/stored_results.py", "/stored_runs.py", "corner_lab/counters.py", "server/health.py"),
    *("server/js_modules.py", "server/limits.py", "server/routes.py", "state/bench_endpoint.py"),
)
# Names of pages, works that are cited, and what is said of a mistake in a program.
NAMED = re.compile(
    r"(story|autopsy) [a-z ]+|.*(\(\d{4}\)| et al\. \d{4}, arXiv:.*)|<style>.*|Report a bug| is beyond the scale"
    r"|module 'corner_lab' has no attribute |points to choose|this run learns from the 512 patterns, not from scenes"
    r"|these seeds have no weights yet| epochs in one call: at most |the run has no row yet",
    re.DOTALL,
)
SAYS = {"tr", "trn", "trc", "msg", "msgn", "msgc"}
UNHEARD = {"debug", "info", "warning", "error", "exception", "compile", "sub", "fullmatch", "match", "search", "html"}
SENTENCE = re.compile(r"[A-Za-z][a-z]+,? [a-z]+,? [a-z]+")


def unsaid(path: Path) -> list[str]:
    """The sentences of a module, three words and more, that are in no call that has them translated."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):  # a docstring
            left.add(id(node.value))
        elif isinstance(node, ast.Assert) and node.msg is not None:
            left |= {id(part) for part in ast.walk(node.msg)}
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SAYS | UNHEARD:
                left |= {id(part) for argument in node.args for part in ast.walk(argument)}
    return [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value[:60]}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in left and SENTENCE.search(node.value)
        if node.value not in SCENARIOS and not NAMED.fullmatch(node.value)
    ]


def keys_in(path: Path) -> Iterator[tuple[str, str]]:
    """(context, English) of every message in a module, read from its syntax."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in SAYS:
            literals = node.args[: 2 if name.endswith(("n", "c")) else 1]
            if path.name == "argument_parser.py" and isinstance(literals[-1], ast.Name):
                continue  # argparse's own, which stand above
            assert all(isinstance(one, ast.Constant) for one in literals), f"{path}:{node.lineno}: not a literal"
            words = [ast.literal_eval(one) for one in literals]
            yield (words[0], words[1]) if name.endswith("c") else ("", words[0])


def test_everything_said_in_python_is_in_the_catalogues() -> None:
    known = {(context, source[0]) for path in FILES for source, _, context in said("zh", path)}
    files = [path for room in ("corner_lab", "ui") for path in (ROOT / room).rglob("*.py")]
    asked = {key for path in files if "corner_lab/language" not in path.as_posix() for key in keys_in(path)}
    assert len(asked) > 100 and asked - known == set()


def test_no_sentence_escapes_the_catalogue() -> None:
    files = [path for room in ("corner_lab", "ui") for path in (ROOT / room).rglob("*.py")]
    read = [path for path in files if not any(part in path.as_posix() for part in UNREAD)]
    assert [line for path in read for line in unsaid(path)] == []
