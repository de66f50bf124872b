"""What a talk needs beside the stage, as two small Streamlit components: its keys, and patterns that rest.

Their JavaScript stands in ES modules beside this file and imports those of the stage that it uses: no copies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ui.server import js_modules

HERE = Path(__file__).parent


def show_keys(step: int, steps: int, *, on_go: Callable[[], None], on_notes: Callable[[], None], key: str) -> Any:
    """Listens to the keys of a talk; triggers `go`, the step to go to, and `notes`."""
    return _slides(key=key, data={"step": step, "steps": steps}, on_go_change=on_go, on_notes_change=on_notes)


def show_patterns(data: Mapping[str, Any], *, key: str) -> Any:
    """Draws patterns. `data`: `kind` and `say`, the picture in words.

    Kind "sheet" or "sums2": `items`, each a `pattern` (its index), nine `sums` or a `sign`, with lines of text as its
    `name`, and whether it is `marked`. Kind "code": an `svg`.
    """
    return _patterns(key=key, data=data)


def page_style() -> str:
    """The style of the page around it, as an element."""
    return f"<style>{_text(HERE / 'page.css')}</style>"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


_slides = js_modules.component("slides", js_modules.sources("slides/slides.js"))
_patterns = js_modules.component("patterns", js_modules.sources("slides/patterns.js"), _text(HERE / "patterns.css"))
