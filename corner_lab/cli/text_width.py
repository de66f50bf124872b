"""How wide text stands in a terminal: Chinese characters take two columns, and lines may end after any of them."""

import re
import textwrap
import unicodedata

_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60"  # Chinese characters, and the signs that are as wide
_OPENS, _CLOSES = "“（《", "”）》，。；：、！？…"  # never last on a line, and never first
_PIECE = re.compile(rf"[{_OPENS}]*(?:[^\s{_WIDE}{_OPENS}{_CLOSES}]+|(?![{_OPENS}{_CLOSES}])[{_WIDE}])?[{_CLOSES}]*\s*")


def columns(text: str) -> int:
    """How many columns a line of text takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def padded(text: str, width: int) -> str:
    """Text with spaces behind it, so many columns wide or more."""
    return text + " " * (width - columns(text))


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a paragraph that is at most so many columns wide, broken between words, or Chinese characters."""
    text = " ".join(text.split())
    if columns(text) == len(text):
        return textwrap.wrap(text, width)
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and columns(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]
