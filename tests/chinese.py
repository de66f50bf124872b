"""Chinese as the files of translations have it, whatever is compiled of them."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from corner_lab.language import message

FILES = Path(__file__).resolve().parents[1] / "corner_lab/language/zh"


def translated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the program say in Chinese what these files say."""
    words = gettext.GNUTranslations(io.BytesIO(_compiled(Catalog(locale="zh"))))
    for path in sorted(FILES.glob("*.po")):
        with path.open("rb") as file:
            words.add_fallback(gettext.GNUTranslations(io.BytesIO(_compiled(read_po(file, locale="zh")))))
    english = message.catalogue("en")
    monkeypatch.setattr(message, "catalogue", lambda code: words if code == "zh" else english)


def _compiled(catalogue: Catalog) -> bytes:
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()
