"""Chinese as a mark before each English message: shows what goes through the catalogue, however it is translated."""

from __future__ import annotations

from gettext import NullTranslations

import pytest

from corner_lab.language import message

MARK = "译"


class Marked(NullTranslations):
    def gettext(self, text: str) -> str:
        return MARK + text

    def ngettext(self, one: str, many: str, count: int) -> str:
        return MARK + super().ngettext(one, many, count)

    def pgettext(self, context: str, text: str) -> str:
        return MARK + text


def mark_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, in this test, each message said in Chinese begins with MARK."""
    real = message.catalogue
    monkeypatch.setattr(message, "catalogue", lambda code: Marked() if code == "zh" else real(code))
