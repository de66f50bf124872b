"""The stage: bench, atlas, curves, transport and filmstrip as one Streamlit component that plays a recorded run.

Python sends a record once, as bytes; the browser plays it without the server and reports pixels, edited weights and the
playhead when they come to rest. The JavaScript lives in small ES modules in the folders beside this file, one concept
each; a folder imports from those before it: canvas, network, core, sync, bench, atlas, timeline, paper, app.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from corner_lab.player.stage_script import with_style
from ui.server import js_modules

HERE = Path(__file__).parent

#: The component's module; the others are those it imports.
MAIN = "stage/app/main.js"
#: The line of Python's sentence is a component of its own.
SENTENCE = "stage/sync/bench_sentence.js"


def show(
    record: bytes,
    *,
    key: str = "stage",
    on_report: Callable[[], None] | None = None,
    on_press: Callable[[], None] | None = None,
    on_ask: Callable[[], None] | None = None,
) -> Any:
    """Mounts the stage and returns its result: the state `pixels`, `weights`, `locks` and `playhead`, and `press`.

    `pixels` is a pattern index, `weights` a list of the edited numbers (see `ParameterLayout.bench`) or None, `locks`
    a list of the indices that training is to keep, `playhead` a dict of run, epoch and playing, `press` the id of the
    action button pressed, for one run only. Each is there once the browser reports it: `playhead` always, the others
    only where the bench's direct line does not work (ui/state/bench_endpoint.py). The callbacks run before the
    script, with the new value in `st.session_state[key]`. Where the record's header has `ask`, a number of ms, the
    stage asks for the next record that long after it got this one. Where the header has `parts`, these alone show,
    fitted to the window. On another page than the playground they are "bench", "atlas", "curves" and "move", as large
    as the page lets them be, and the header has `guest`: nothing is reported, and the address and what is remembered
    of the playground stay as they are.
    """
    return _component(
        key=key,
        data=record,
        on_pixels_change=on_report or _nothing,
        on_weights_change=on_report or _nothing,
        on_locks_change=on_report or _nothing,
        on_playhead_change=on_report or _nothing,
        on_press_change=on_press or _nothing,
        on_ask_change=on_ask or _nothing,
    )


def show_says(says: str, heard: int, session: str) -> None:
    """Mounts the line with what Python says of the bench, unless the direct line of this session brought a newer one:
    one with a higher `heard`."""
    _says(key="says", data={"says": says, "heard": heard, "session": session})


def modules() -> dict[str, str]:
    """The component's modules, its style sheet among them: Streamlit would send it with every record, four times its
    size."""
    return with_style(js_modules.sources(MAIN))


def _nothing() -> None:
    """A state exists only where a callback is registered for it."""


_component = js_modules.component("stage", modules())
_says = js_modules.component(
    "says", js_modules.sources(SENTENCE), (HERE / "sync/bench_sentence.css").read_text(encoding="utf-8")
)
