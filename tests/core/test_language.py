"""Sentences in the language of whoever reads them: the catalogues, and saying them."""

from __future__ import annotations

import pickle
import string
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from corner_lab.language import Message, current, joined, msg, msgn, speaking, tr, trc, trn
from corner_lab.language.catalogue import CONTEXT, entries
from corner_lab.language.languages import heard_from, matching
from corner_lab.language.message import Joined
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


def test_a_message_is_a_value() -> None:
    assert msg("a {b}", b=1) == Message("a {b}", (("b", 1),)) and hash(msg("a")) == hash(msg("a"))
