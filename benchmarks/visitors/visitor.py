"""What a visitor does, and what the page does by itself: it asks, plays what was trained, says when that has ended."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from benchmarks.visitors.connection import Connection

PLAYS = 5.0  # s that the stage plays a run for
PATIENCE = 3.0  # s without an answer, after which the stage asks again
BETWEEN_CLICKS, BETWEEN_PRESSES = 1.0, 10.0  # s
TYPED = 0.5  # s from a new seed to the press


@dataclass
class Seen:
    """What one visitor met with; times in seconds."""

    wanted: int = 0
    finished: int = 0
    answered: int = 0  # presses that the server took
    first_frames: list[float] = field(default_factory=list)  # from a press to the new run's first record
    clicks: list[float] = field(default_factory=list)  # from a click on the bench to its answer
    failed_clicks: int = 0


class Visitor:
    """One page and who sits before it."""

    def __init__(
        self, http: aiohttp.ClientSession, url: str, group: asyncio.TaskGroup, link: Mapping[str, str] | None = None
    ) -> None:
        """`group`: in which the page's own work goes; what fails there ends the whole. `link`: its words."""
        self.page, self.seen = Connection(http, url, link or {}), Seen()
        self.header: dict[str, Any] = {}
        self.shown, self.loaded = asyncio.Event(), asyncio.Event()  # the first picture; TensorFlow
        self._http, self._url, self._group = http, url, group
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._pressed_at: float | None = None
        self._began, self._ended = 0.0, True  # when the run on the stage began to play; whether it is trained
        self._pressed = 0  # answered, by the first record
        self._closed = False

    async def open(self) -> None:
        await self.page.open()
        self._do(self._listen())

    def start_counting(self) -> None:
        """Forget what was met with so far."""
        self.seen, self._pressed = Seen(), self.header["pressed"]

    async def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers = {}
        self._closed = True
        await self.page.close()

    async def click_for(self, seconds: float) -> None:
        """Click on the bench, once a second."""
        end, pixels = time.monotonic() + seconds, itertools.cycle(range(1, 512))
        while (start := time.monotonic()) < end:
            await self.click(next(pixels))
            await asyncio.sleep(max(0, start + BETWEEN_CLICKS - time.monotonic()))

    async def click(self, pixels: int) -> None:
        start = time.perf_counter()
        told = {"session": self.header["session"], "rev": self.header["rev"], "pixels": pixels}
        try:
            async with self._http.post(f"{self._url}/corner-lab/bench", json=told) as answer:
                await answer.read()
                answer.raise_for_status()
        except aiohttp.ClientError:
            self.seen.failed_clicks += 1
        else:
            self.seen.clicks.append(time.perf_counter() - start)

    async def train_for(self, seconds: float, seeds: itertools.count[int] | None) -> None:
        """Press Train every ten seconds, each time with a new seed where there are `seeds`."""
        end = time.monotonic() + seconds
        while (start := time.monotonic()) < end:
            await self.press(None if seeds is None else next(seeds))
            await asyncio.sleep(max(0, start + BETWEEN_PRESSES - time.monotonic()))

    async def press(self, seed: int | None = None) -> None:
        if seed is not None:
            await self.page.choose("seed", seed)
            await asyncio.sleep(TYPED)
        self.seen.wanted += 1
        self._pressed_at = time.perf_counter()
        rested = {"playhead": self._playhead()} if self.header["status"] != "set" else {}
        await self.page.press("train", **rested)

    # ------------------------------------------------------------ the page by itself

    async def _listen(self) -> None:
        async for header in self.page.records():
            before, self.header = self.header, header
            if not self.shown.is_set():
                self._pressed = header["pressed"]
                self.shown.set()
            if not header["loading"] and not header["fresh"]:
                self.loaded.set()
            self.seen.answered = header["pressed"] - self._pressed
            if header["status"] != "set":
                if header["run"] != before.get("run"):
                    self._begin()
                if not header["growing"] and not self._ended:
                    self._end()
            self._later("ask", None if header["ask"] is None else header["ask"] / 1000)

    def _begin(self) -> None:
        if self._pressed_at is not None:
            self.seen.first_frames.append(time.perf_counter() - self._pressed_at)
            self._pressed_at = None
        self._began, self._ended = time.monotonic(), False
        self._later("rest", None)
        self._do(self.page.report(playhead=self._playhead()))

    def _end(self) -> None:
        self.seen.finished, self._ended = self.seen.finished + 1, True
        self._later("rest", max(0.0, self._began + PLAYS - time.monotonic()))

    def _playhead(self) -> dict[str, Any]:
        last, done = self.header["last"], (time.monotonic() - self._began) / PLAYS
        over = done >= 1 and not self.header["growing"]
        return {"run": self.header["run"], "epoch": min(last, int(done * last)), "playing": not over}

    def _later(self, what: str, seconds: float | None) -> None:
        if (timer := self._timers.pop(what, None)) is not None:
            timer.cancel()
        if seconds is not None:
            self._timers[what] = asyncio.get_running_loop().call_later(seconds, getattr(self, f"_{what}"))

    def _ask(self) -> None:
        self._later("ask", PATIENCE)
        self._do(self.page.report(ask=int(time.time() * 1000)))

    def _rest(self) -> None:
        self._do(self.page.report(playhead=self._playhead()))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        if self._closed:
            work.close()
        else:
            self._group.create_task(work)
