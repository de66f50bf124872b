"""The strip on Play with the task that is taken, as a small Streamlit component; beside it what the browser keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ui.server import js_modules

HERE = Path(__file__).parent


def show_strip(task: Mapping[str, Any], heard: int, session: str, *, on_way: Callable[[], None], key: str) -> Any:
    """Mounts the strip and returns its result: `way`, "all" or "leave", for one run only.

    `task`: see `tasks.told` in ui/state. What the bench's direct line has brought since, with a higher `heard` of this
    session, stays.
    """
    return _strip(key=key, data={"task": dict(task), "heard": heard, "session": session}, on_way_change=on_way)


_strip = js_modules.component(
    "task_strip", js_modules.sources("tasks/strip.js"), (HERE / "strip.css").read_text(encoding="utf-8")
)
