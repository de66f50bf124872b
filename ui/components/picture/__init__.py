"""The picture of the page Pictures as a Streamlit component: cells to draw in, and what a network finds in them.

Its JavaScript stands in ES modules beside this file, the pure ones in `core`; they import those of the stage that they
use, among them all that is known of pictures (`pictures/` there): no copies. Python sends a run's weights
once, and the browser looks every patch up in the 512 outputs they give.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from corner_lab.export import stage_record
from ui.components import stage
from ui.server import js_modules

HERE = Path(__file__).parent

#: The component's module; the others are those it imports.
MAIN = "picture/picture.js"
STYLES = (stage.HERE / "bench/bench.css", HERE / "picture.css")


def packed(header: Mapping[str, Any], columns: Mapping[str, np.ndarray]) -> bytes:
    """As a record, with the columns that this component needs. `header`: see `PictureHeader` in state.js."""
    return stage_record.packed(header, columns, ("epoch",))


def show(data: bytes, *, on_scene: Callable[[], None], on_bench: Callable[[], None], key: str) -> Any:
    """Mounts the picture and returns its result, each for one run only: `scene`, a dict of kind, seed and side that
    are wanted, and `bench`, one of `pixels` and `weights`, each only where the bench is to change, and whether to
    `open` Play. Both have a `count`.
    """
    return _picture(key=key, data=data, on_scene_change=on_scene, on_bench_change=on_bench)


_picture = js_modules.component(
    "picture", js_modules.sources(MAIN), "\n".join(path.read_text(encoding="utf-8") for path in STYLES)
)
