"""N visitors who click once a second and press Train every ten: what they wait for, and what it costs the server.

Everything is told beside the same for one visitor, as what else the machine does changes both.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from benchmarks import pages
from benchmarks.report import Line, seconds, times
from benchmarks.visitors.visitor import BETWEEN_PRESSES, PLAYS, Visitor

LIMIT = 120.0  # s for a room to be seated
WARMING = 6  # visitors who train before anything is measured


@dataclass(frozen=True)
class Measured:
    """A room over a while; times in seconds."""

    wanted: int
    finished: int
    lost: int  # presses that the server never took
    first_frames: list[float]
    clicks: list[float]
    failed_clicks: int
    cpu: float  # of the server, in all its processes
    received: int  # bytes, by all pages
    page_runs: int
    fragment_runs: int


def measured(count: int, duration: float, same: bool) -> Measured:
    """A room of so many in a server of its own, after the first visitors have trained twice."""
    with pages.app() as server:
        return asyncio.run(_measured(server, count, duration, same))


async def _measured(server: pages.Server, count: int, duration: float, same: bool) -> Measured:
    async with seated(server, count) as visitors:
        seeds = itertools.count(1)
        for _ in range(2):  # until whoever trains has compiled it
            for visitor in visitors[:WARMING]:
                await visitor.press(None if same else next(seeds))
            await asyncio.sleep(PLAYS)
            await asyncio.to_thread(server.wait_until_quiet)
        counts = [(v.page.received, v.page.page_runs, v.page.fragment_runs) for v in visitors]
        for visitor in visitors:
            visitor.start_counting()
        before = server.cpu_seconds()
        async with asyncio.TaskGroup() as acting:
            for number, visitor in enumerate(visitors):
                acting.create_task(_act(visitor, number / count, duration, None if same else seeds))
        cpu = server.cpu_seconds() - before
        grown = [
            (v.page.received - b, v.page.page_runs - p, v.page.fragment_runs - f)
            for v, (b, p, f) in zip(visitors, counts, strict=True)
        ]
        seen = [visitor.seen for visitor in visitors]
        return Measured(
            wanted=sum(s.wanted for s in seen),
            finished=sum(s.finished for s in seen),
            lost=sum(s.wanted - s.answered for s in seen),
            first_frames=[t for s in seen for t in s.first_frames],
            clicks=[t for s in seen for t in s.clicks],
            failed_clicks=sum(s.failed_clicks for s in seen),
            cpu=cpu,
            received=sum(g[0] for g in grown),
            page_runs=sum(g[1] for g in grown),
            fragment_runs=sum(g[2] for g in grown),
        )


async def _act(visitor: Visitor, share: float, duration: float, seeds: itertools.count[int] | None) -> None:
    """Click and train, the visitors evenly one after the other; then let the last run come to its end and rest."""
    await asyncio.sleep(share * BETWEEN_PRESSES)
    await asyncio.gather(visitor.click_for(duration), visitor.train_for(duration, seeds))
    await asyncio.sleep((1 - share) * BETWEEN_PRESSES)


@asynccontextmanager
async def seated(
    server: pages.Server, count: int, links: Sequence[Mapping[str, str]] = ()
) -> AsyncIterator[list[Visitor]]:
    """So many visitors whose pages are there, with TensorFlow loaded. `links`: with which words each has come."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http, asyncio.TaskGroup() as group:
        visitors = [Visitor(http, server.url, group, link) for link in links or [{}] * count]
        async with asyncio.timeout(LIMIT):
            for visitor in visitors:
                await visitor.open()
                await visitor.shown.wait()
            for visitor in visitors:
                await visitor.loaded.wait()
        try:
            yield visitors
        finally:
            for visitor in visitors:
                await visitor.close()


def trainings(counts: Sequence[int], duration: float, same: bool) -> list[Line]:
    """A line for each thing and number of visitors, beside the first of the numbers."""
    found = {count: measured(count, duration, same) for count in counts}
    first = counts[0]
    lines = []
    for count, room in found.items():
        who = f"{count} visitor{'s' * (count != 1)}, {'the same seed' if same else 'each a new seed'}"
        lines += list(_lines(who, room, found[first], first if count != first else 0))
    return lines


def _lines(who: str, room: Measured, alone: Measured, first: int) -> Iterable[Line]:
    name = f"with {first}" if first else ""

    def line(what: str, ours: str, value: float = 0, beside: float = 0) -> Line:
        known = bool(first and beside)
        return Line(f"{who}: {what}", ours, name if known else "", times(value / beside) if known else "")

    yield line("trainings finished", f"{room.finished} of {room.wanted} ({room.finished / max(1, room.wanted):.0%})")
    yield line("presses lost, clicks lost", f"{room.lost}, {room.failed_clicks}")
    for what in ("first_frames", "clicks"):
        name_ = {"first_frames": "from the press to the first frame", "clicks": "a click's answer"}[what]
        for part, which in (("p50", 0.5), ("p95", 0.95)):
            value, beside = percentile(getattr(room, what), which), percentile(getattr(alone, what), which)
            yield line(f"{name_}, {part}", seconds(value), value, beside)
    each, beside_each = max(1, room.finished), max(1, alone.finished)
    yield line("processor time a training", seconds(room.cpu / each), room.cpu / each, alone.cpu / beside_each)
    sent = room.received / each / 1000
    yield line("sent a training", f"{sent:,.0f} kB", sent, alone.received / beside_each / 1000)
    yield line("runs of the page a training", f"{room.page_runs / each:.1f}")
    yield line("runs of fragments a training", f"{room.fragment_runs / each:.1f}")


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of them lies; infinity where there are none."""
    if len(values) < 2:
        return values[0] if values else float("inf")
    return statistics.quantiles(values, n=100, method="inclusive")[round(100 * share) - 1]
