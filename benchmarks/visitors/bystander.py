"""Somebody who only clicks on the bench: while TensorFlow loads, and while others train what was never compiled."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from contextlib import suppress

import aiohttp

from benchmarks import pages
from benchmarks.report import Line, seconds, times
from benchmarks.visitors.room import LIMIT, percentile, seated
from benchmarks.visitors.visitor import Visitor
from corner_lab.experiment.experiment import Experiment, ExperimentError
from corner_lab.experiment.optimizers import OPTIMIZERS
from corner_lab.network.hidden import HIDDEN
from corner_lab.network.parameters import MOST_KERNELS

PAUSE = 0.1  # s between two clicks
QUIET = 50  # clicks while nothing goes on


def clicks(structures: int) -> list[Line]:
    """A click's answer while things go on, beside one while nothing does."""
    with pages.app() as server:
        loading, compiling, quiet = asyncio.run(_clicked(server, structures))
    return [
        *_lines("while TensorFlow loads", loading, quiet),
        *_lines(f"while {structures} structures compile", compiling, quiet),
    ]


def _lines(when: str, found: list[float], quiet: list[float]) -> list[Line]:
    lines = []
    for part, share in (("p50", 0.5), ("p95", 0.95)):
        value, beside = percentile(found, share), percentile(quiet, share)
        what = f"a bystander's click {when} ({len(found)} clicks), {part}"
        lines.append(Line(what, seconds(value), f"{seconds(beside)} while nothing goes on", times(value / beside)))
    return lines


async def _clicked(server: pages.Server, structures: int) -> tuple[list[float], list[float], list[float]]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http, asyncio.TaskGroup() as group:
        bystander = Visitor(http, server.url, group)
        await bystander.open()
        await bystander.shown.wait()
        loading = await _while(bystander, lambda: not bystander.loaded.is_set())
        await asyncio.to_thread(server.wait_until_quiet)
        left = itertools.count(QUIET, -1)
        quiet = await _while(bystander, lambda: next(left) > 0)
        async with seated(server, structures, [e.differences() for e in never_seen(structures)]) as others:
            for other in others:
                await other.press()
            compiling = await _while(bystander, lambda: any(not other.seen.finished for other in others))
        await bystander.close()
    return loading, compiling, quiet


def never_seen(count: int) -> list[Experiment]:
    """Experiments of which none trains in another's compiled loop, nor in the one that is compiled ahead."""
    found = []
    for kernels, hidden, optimizer in itertools.product(range(2, MOST_KERNELS + 1), HIDDEN, OPTIMIZERS):
        with suppress(ExperimentError):
            found.append(Experiment(kernels=kernels, hidden=hidden, optimizer=optimizer, labels="aligned"))
    if count > len(found):
        raise ValueError(f"there are {len(found)} structures to compile, not {count}")
    return found[:count]


async def _while(visitor: Visitor, goes_on: Callable[[], bool]) -> list[float]:
    """What clicks took meanwhile, in seconds."""
    before = len(visitor.seen.clicks)
    pixels = itertools.cycle(range(1, 512))
    async with asyncio.timeout(LIMIT):
        while goes_on():
            await visitor.click(next(pixels))
            await asyncio.sleep(PAUSE)
    return visitor.seen.clicks[before:]
