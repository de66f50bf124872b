"""Chinese as a mark before each English message: shows what goes through the catalogue, however it is translated."""

from __future__ import annotations

from functools import cache
from gettext import NullTranslations

import pytest

from corner_lab.language import message
from corner_lab.story import pictures

MARK = "译"


class Marked(NullTranslations):
    def gettext(self, text: str) -> str:
        return MARK + text

    def ngettext(self, one: str, many: str, count: int) -> str:
        return MARK + super().ngettext(one, many, count)

    def pgettext(self, context: str, text: str) -> str:
        return MARK + text


def mark_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, in this test, each message said in Chinese begins with MARK. What the story keeps is kept anew."""
    real = message.catalogue
    monkeypatch.setattr(message, "catalogue", lambda code: Marked() if code == "zh" else real(code))
    monkeypatch.setattr(pictures, "_by_hand", cache(pictures._by_hand.__wrapped__))
