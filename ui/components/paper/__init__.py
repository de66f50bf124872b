"""Paper: how pages print, and what Play has on its page beside the stage, as a small Streamlit component.

On the screen it takes no room. What is printed is known when it is printed, so the browser puts it together: the link
to what bench and playhead show, its QR code, and those of the findings that stand on the page and fit on the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ui.server import js_modules

HERE = Path(__file__).parent
KEY = "paper"  # style sheets know it


def show(title: str, setting: Sequence[tuple[str, str, bool]], words: str, address: str) -> Any:
    """Mounts it. `setting`: name, value and whether it differs from the question's, of each field; `words`: of a link
    to the run; `address`: of the app, "" for the one that the browser has."""
    data = {"title": title, "setting": [list(one) for one in setting], "words": words, "address": address}
    return _paper(key=KEY, data=data)


def style() -> str:
    """How Play is printed, as an element; see `print.css`."""
    return f"<style>{_text('print.css')}{_text('play.css')}</style>"


def handout_style() -> str:
    """How the handout looks, on the screen and printed, as an element; see `print.css`."""
    return f"<style>{_text('print.css')}{_text('handout.css')}</style>"


def show_print_button(waits: bool, *, key: str) -> Any:
    """A button that opens the browser's printing, unless there is something to wait for."""
    return _print(key=key, data={"waits": waits})


def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


_paper = js_modules.component("paper", js_modules.sources("paper/paper.js"), _text("paper.css"))
_print = js_modules.component("print", js_modules.sources("paper/button.js"), _text("button.css"))
