"""The cube of the three causes and the bars of single changes, as two small Streamlit components.

Their JavaScript stands in ES modules beside this file. Both take plain JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ui.server import js_modules

HERE = Path(__file__).parent


def show(data: Mapping[str, Any], *, on_pick: Callable[[], None], key: str) -> Any:
    """Mounts the cube and returns its result: `pick`, the id of the vertex that was pressed, for one run only.

    `data`: `vertices` (a list of id, share from 0 to 1 or None, number, note, say), `switches` (name, label) and
    `selected`, an id.
    """
    return _cube(key=key, data=data, on_pick_change=on_pick)


def show_bars(data: Mapping[str, Any], *, on_open: Callable[[], None], key: str) -> Any:
    """Mounts the bars and returns their result: `open`, the id of the row that was pressed, for one run only.

    `data`: `groups`, a list of title and rows; a row has id, title, words, `share`, from 0 to 1, of what was solved,
    and `kept`, the share that still was at the end.
    """
    return _bars(key=key, data=data, on_open_change=on_open)


_css = (HERE / "cube.css").read_text(encoding="utf-8")
_cube = js_modules.component("cube", js_modules.sources("cube/cube.js"), _css)
_bars = js_modules.component("bars", js_modules.sources("cube/bars.js"), _css)
