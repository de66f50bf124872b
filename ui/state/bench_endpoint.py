"""What the stage tells Python of the bench and the playhead, and what Python says of the pattern on the bench.

The bench has a direct line: a small request of its own, answered at once. Through Streamlit each click would run the
stage's fragment, and the browser would go over the whole page. Where the line does not work, the stage reports through
Streamlit, as it always does for the playhead.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeGuard

import streamlit as st
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from corner_lab.formatting import output_text, signed
from corner_lab.language import speaking, tr
from corner_lab.language.languages import SOURCE
from corner_lab.network.heads import HEADS
from corner_lab.network.numpy_model import pre_activations
from corner_lab.network.parameters import LARGEST_Z
from corner_lab.network.patterns import COUNT
from ui.components import stage
from ui.state import tasks
from ui.state.session import Bench, Session, bench, by_id, opening_weights, session, shown_layout
from ui.state.stage_channel import STAGE, Playhead

BENCH = ("pixels", "weights", "locks")
JSON = "application/json"
LONGEST = 4096  # bytes of a request
PATIENCE = 5.0  # s: the stage itself waits 3 s for its answer


def says(s: Session) -> str:
    """The pattern on the bench as the core computes it: what Python knows of the browser's last click."""
    run = s.on_stage
    e = run.experiment if run is not None else s.experiment
    shown = bench(s)
    z = pre_activations(opening_weights(e)[0] if shown is None else shown.vector, e.hidden)[s.pixels]
    facts = {"pattern": s.pixels, "z": signed(float(z)), "output": output_text(float(HEADS[e.head].output(z)))}
    if z > e.threshold:
        return tr("On the bench: pattern {pattern} · z {z} · output {output} · corner", **facts)
    return tr("On the bench: pattern {pattern} · z {z} · output {output} · not a corner", **facts)


def show(s: Session) -> None:
    """Draw the sentence. By `heard` the browser knows one that is older than what the line has brought."""
    heard = s.channel.heard  # first: a click that comes now makes the sentence newer than it says, which does no harm
    stage.show_says(says(s), heard, s.id)


# ---------------------------------------------------------------- the direct line


def route(folder: str) -> Route:
    """Where the line ends on a server whose paths all begin with `folder`."""
    return Route(f"{folder}/corner-lab/bench", _answer, methods=["POST"])


async def _answer(request: Request) -> JSONResponse:
    """Take what the bench shows (JSON: `session`, `rev`, any of `pixels`, `weights`, `locks`) and say what that is.

    Where Python has set the bench meanwhile, `rev` is not its own any more, and what Python set stays. `elsewhere`: the
    bench is that of another page, and the stage is to adopt what it shows. `task`: what is to be said of the task that
    is taken, see `tasks.told`.
    """
    try:
        told = json.loads(await _body(request))
    except _Refused as refused:
        return JSONResponse({"error": str(refused)}, refused.status, {"Connection": "close"})
    except (ValueError, RecursionError):
        return JSONResponse({"error": "not JSON"}, 400)
    s = by_id.get(str(told.get("session"))) if isinstance(told, dict) else None
    if s is None:
        return JSONResponse({"error": "no such session"}, 404)
    if told.get("rev") == s.channel.rev:
        take(s, {name: told[name] for name in BENCH if name in told})
        s.channel.rev += told.get("elsewhere") is True
    s.channel.heard += 1
    with speaking(s.language or SOURCE):
        told = {"says": says(s), "task": tasks.told(s)}
    return JSONResponse({"heard": s.channel.heard, "rev": s.channel.rev, **told})


class _Refused(Exception):
    """A body that is not read to its end; `status` says to the browser why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


async def _body(request: Request) -> bytes:
    """What was sent. Raises _Refused for another kind, and where it is too long, never ends or breaks off."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:  # a form of another site can send some other kinds without asking first
        raise _Refused(415, f"the content type is {JSON}")
    sent = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.stream():
                sent += chunk
                if len(sent) > LONGEST:
                    raise _Refused(413, f"more than {LONGEST} bytes")
    except TimeoutError:
        raise _Refused(408, f"it did not end within {PATIENCE:g} s") from None
    except ClientDisconnect:
        raise _Refused(400, "it broke off") from None
    return bytes(sent)


# ---------------------------------------------------------------- what the stage reports


def take(s: Session, told: Mapping[str, Any]) -> None:
    """Put what the stage tells into the session; what is not sound changes nothing."""
    for name, value in told.items():
        _TAKEN[name](s, value)


def reported(*anyhow: str) -> None:
    """Take what the stage has newly reported through Streamlit: Python may have set the bench since it said the rest.

    `anyhow`: names that only the stage sets, and that are taken again.
    """
    s, state = session(), st.session_state[STAGE]
    now, before = {name: state[name] for name in _TAKEN if name in state}, s.channel.reports
    take(s, {n: value for n, value in now.items() if n in anyhow or n not in before or value != before[n]})
    s.channel.reports = now


def _take_pixels(s: Session, value: Any) -> None:
    if _whole(value, COUNT):
        s.pixels = int(value)


def _take_weights(s: Session, value: Any) -> None:
    if value is None:
        s.bench = None
    elif isinstance(value, list | tuple) and all(type(v) in (int, float) and abs(v) <= LARGEST_Z for v in value):
        with suppress(ValueError):  # not as many as any bench has, or too large for z
            s.bench = Bench.edited(value)


def _take_locks(s: Session, value: Any) -> None:
    layout = shown_layout(s)
    if isinstance(value, list | tuple) and all(_whole(i, len(layout.linear_names)) for i in value):
        s.locks, s.locked_kernels = frozenset(int(i) for i in value), layout.kernels


def _take_playhead(s: Session, value: Any) -> None:
    run = s.on_stage
    if not isinstance(value, dict) or run is None or run.history is None or value.get("run") != run.id:
        return
    epoch, playing = value.get("epoch"), value.get("playing")
    if _whole(epoch, run.history.last + 1) and isinstance(playing, bool):
        s.playhead = Playhead(run.id, int(epoch), playing)


def _whole(value: Any, end: int) -> TypeGuard[int | float]:
    """Whether a JSON value is a whole number from 0 to below `end`; JavaScript's numbers may come as 5.0."""
    return type(value) in (int, float) and value in range(end)


_TAKEN: dict[str, Callable[[Session, Any], None]] = {
    "pixels": _take_pixels,
    "weights": _take_weights,
    "locks": _take_locks,
    "playhead": _take_playhead,
}
