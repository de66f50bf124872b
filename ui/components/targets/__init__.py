"""The targets as small pictures: each can be removed, and another one drawn, as a small Streamlit component."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ui.server import js_modules

HERE = Path(__file__).parent

#: The component's module; the others are those it imports.
MAIN = "targets/targets.js"


def show(
    target: tuple[int, ...], names: Mapping[int, str], heard: int, *, on_change: Callable[[], None], key: str
) -> Any:
    """Mounts the pictures and returns their result: `change`, for one run only, a dict of `target`, all the indices
    that are wanted now, and `count`, how many changes there were with this one.

    `names`: of patterns that have one. `heard`: the `count` of the last change that was taken in or refused: what
    is older than that of the browser's own last change does not overwrite it.
    """
    data = {"target": list(target), "names": {str(index): name for index, name in names.items()}, "heard": heard}
    return _targets(key=key, data=data, on_change_change=on_change)


_targets = js_modules.component("targets", js_modules.sources(MAIN), (HERE / "targets.css").read_text(encoding="utf-8"))
