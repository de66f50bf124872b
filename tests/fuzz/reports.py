"""What a page may report, sound and unsound, and what has to hold after each: nothing is raised, the visitor's session
is one that can be drawn, and nobody else's has changed."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import numpy as np
import pytest
import streamlit
from starlette.requests import Request
from streamlit.testing.v1 import AppTest

from corner_lab.experiment.experiment import Experiment
from corner_lab.network.patterns import COUNT
from corner_lab.pictures.scenes import KINDS
from corner_lab.training.history import History, row_of
from corner_lab.training.run import Run
from corner_lab.workers.pool import Pool
from tests.app.conftest import APP, SECONDS, trained
from tests.app.test_forged import CALLBACKS, HOSTILE, Told
from tests.app.test_pictures import script
from tests.fuzz import inputs
from ui.playground import settings
from ui.state import bench_endpoint, session, url
from ui.state.session import Bench, Session

STAY = 100  # reports of one visitor, until the next comes
PRESSES = (
    "train",
    "asked",
    "perfect",
    "next",
    "continue",
    "bench",
    "stop",
    "target:5",
    "also:7",
    "not:432",
    "also:512",
)
ANSWERS = (200, 400, 404, 413, 415)


class Visitors:
    """One visitor after another who reports, and a bystander."""

    def __init__(self, rng: Random) -> None:
        self._experiments = inputs.experiments(rng, 30)
        self._bystander = self._new(rng)
        self._kept = snapshot(self._bystander)
        self.page: dict[str, Any] = {}  # the session state of whoever is there
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        self._loop.close()

    def report(self, rng: Random, number: int) -> None:
        """One report of the visitor who is there; see that all is well after it."""
        if number % STAY == 0 or not self.page:
            self.page = {"session": self._new(rng), f"{settings.PICTURES}-heard": 0}
        s: Session = self.page["session"]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(streamlit, "session_state", self.page)
            rng.choice((self._callback, self._callback, self._request, self._link))(rng, s)
            sound(s)
        assert snapshot(self._bystander) == self._kept, "somebody else was touched"

    def _new(self, rng: Random) -> Session:
        """Somebody who has just come, has edited the bench, or has trained."""
        e = rng.choice(self._experiments)
        s = Session(experiment=e, opened=True)
        session.by_id[s.id] = s
        weights = np.array([rng.uniform(-3, 3) for _ in range(e.layout.size)], dtype=np.float32)
        kind = rng.random()
        if kind < 0.3:
            s.bench = Bench.of(e.layout, weights)
        elif kind < 0.6:
            s.run = trained(dataclasses.replace(e, epochs=min(e.epochs, 5)), weights)
        return s

    def _callback(self, rng: Random, s: Session) -> None:
        """What a component says through Streamlit."""
        key, name, callback = CALLBACKS[rng.choice(tuple(CALLBACKS))]
        told = self.page.setdefault(key, Told())
        told[name] = value(rng, name, s)
        callback()

    def _request(self, rng: Random, s: Session) -> None:
        """What the bench says by its direct line."""
        names = rng.sample(("pixels", "weights", "locks", "rev", "elsewhere", "other"), rng.randrange(5))
        told = {"session": s.id, "rev": s.channel.rev, **{name: value(rng, name, s) for name in names}}
        if rng.random() < 0.1:
            told["session"] = rng.choice((value(rng, "session", s), s.id[:-1], s.id.swapcase()))
        body = json.dumps(told) if rng.random() < 0.8 else inputs.spoilt(rng, json.dumps(told))
        data = body.encode(errors="replace")
        rest = [data] if rng.random() < 0.8 else [data[:9], data[9:]]
        kind = b"application/json" if rng.random() < 0.95 else rng.choice((b"", b"text/plain", b"\xff"))

        async def receive() -> dict[str, Any]:
            if not rest:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": rest.pop(0), "more_body": bool(rest) or rng.random() < 0.01}

        scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind)]}
        answer = self._loop.run_until_complete(bench_endpoint.route("").endpoint(Request(scope, receive)))
        assert answer.status_code in ANSWERS and len(answer.body) < 500, answer.body

    def _link(self, rng: Random, s: Session) -> None:
        """The browser's buttons lead to another link; its run begins where it asks for one."""
        url._open(s, [(name, text) for name, text in inputs.pairs(rng) if name not in inputs.PICTURES])
        url.start_arrival(s)
        if s.run is not None and s.run.history is None:
            begin(s.run)
        url.show_arrival(s)


def value(rng: Random, name: str, s: Session) -> Any:
    """What may be said by a name: sound more often than not."""
    if rng.random() < 0.3:
        return rng.choice(HOSTILE)
    run = s.on_stage
    count = rng.choice((12, 12, 23, 89, 14, 22, 10))
    sound_values: dict[str, Callable[[], Any]] = {
        "pixels": lambda: rng.choice((rng.randrange(COUNT + 2), 5.0)),
        "weights": lambda: rng.choice((None, [inputs._leaf(inputs.number(rng)) for _ in range(count)])),
        "locks": lambda: [rng.randrange(100 if rng.random() < 0.3 else 12) for _ in range(rng.randrange(4))],
        "playhead": lambda: {"run": run.id if run else "", "epoch": rng.randrange(8), "playing": rng.random() < 0.5},
        "press": lambda: rng.choice(PRESSES),
        "change": lambda: {"count": rng.randrange(1, 10**6), "target": rng.sample(range(COUNT + 1), rng.randrange(4))},
        "undo": lambda: inputs.link(rng),
        "scene": lambda: {"kind": rng.choice(tuple(KINDS)), "seed": rng.randrange(99), "side": rng.randrange(3, 70)},
        "bench": lambda: {"pixels": value(rng, "pixels", s), "weights": value(rng, "weights", s), "open": True},
        "rev": lambda: s.channel.rev + rng.randrange(-1, 2),
        "elsewhere": lambda: rng.random() < 0.5,
        "go": lambda: rng.randrange(-1, 15),
    }
    return sound_values.get(name, lambda: rng.choice((1, True, "x", 2.5)))()


def begin(run: Run) -> None:
    """Let it be as if it had been trained: a few rows of its start."""
    e, given = run.experiment, run._given
    row = row_of(e, np.zeros(e.layout.size, dtype=np.float32) if given is None else given, 0.0)
    run.status, run.history = "finished", History(e, row)
    if e.epochs:
        run.history.append(np.tile(row, (min(e.epochs, 3), 1)))


def sound(s: Session) -> None:
    """The session is one that can be drawn."""
    said = bench_endpoint.says(s)
    assert said.startswith(f"On the bench: pattern {s.pixels} ") and "inf" not in said and "nan" not in said, said
    assert s.bench is None or all(map(math.isfinite, s.bench.numbers))
    assert all(0 <= i < 11 * s.locked_kernels + 1 for i in s.locks), (s.locks, s.locked_kernels)
    assert len(s.problems) < 40 and all(len(str(text)) < 700 for text in (*s.notes, *s.problems))
    assert isinstance(s.experiment, Experiment) and 0 <= s.pixels < COUNT
    del s.notes[:]  # shown


def snapshot(s: Session) -> Any:
    """All of a session that can be compared, as it is now."""
    held = {field.name: getattr(s, field.name) for field in dataclasses.fields(s)}
    return (
        held | {name: list(held[name]) for name in ("notes", "problems")} | {"channel": dataclasses.replace(s.channel)}
    )


def draw(visitors: Visitors) -> None:
    """Draw the playground and the pictures as this visitor would see them now: the first picture, and what follows."""
    for at in (AppTest.from_file(str(APP)), AppTest.from_function(script)):
        at.session_state["session"] = visitors.page["session"]
        for _ in range(2):
            at.run(timeout=SECONDS)
            assert not at.exception, [node.value for node in at.exception]


@contextmanager
def without_training() -> Iterator[None]:
    """Nothing that is asked for is trained, compiled or explained: each takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pool, "submit", lambda pool, work: None)
        patch.setattr(Pool, "ahead", lambda pool, *wishes: None)
        patch.setattr("ui.playground.diagnosis.follow", lambda s: None)
        yield
