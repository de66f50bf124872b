"""`python -m benchmarks.visitors.soak [--minutes 60]`: visitors come, train, click and leave, and nothing piles up.

Five are there at a time, each for a minute. Once the first have gone, memory is read every few seconds. At the end no
session may be left once its time is over, and no more threads than before. Exits with 1 where something piled up.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import re
import sys
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress

import aiohttp

from benchmarks import pages
from benchmarks.slope import slope
from benchmarks.visitors.visitor import Visitor

VISIT, AT_A_TIME = 60.0, 5  # s
PAUSE = 2.0  # s between two readings
# s after which nothing may be left: state is kept for 120, every 30 what is to go is dropped, and a server that is busy
# may hear late that a visitor has left.
LEFT_ALONE = 180.0
# s after which as many sessions go as come, and what is kept for everybody is as much as it may be: of trainings 200,
# which they make in 400 s.
SETTLED = 420.0
SAMPLE = re.compile(r"^corner_lab_(\S+) (\S+)$", re.MULTILINE)


def numbers(url: str) -> dict[str, float]:
    """What the server says of itself."""
    with urllib.request.urlopen(f"{url}/metrics", timeout=30) as answer:
        return {name: float(value) for name, value in SAMPLE.findall(answer.read().decode())}


def megabytes(now: dict[str, float], part: str) -> float:
    return now[f'resident_memory_bytes{{part="{part}"}}'] / 2**20


async def soaked(server: pages.Server, seconds: float) -> tuple[list[float], list[dict[str, float]]]:
    """Visits for so long; the times of the readings, and what they said."""
    seeds, times, read = itertools.count(1), list[float](), list[dict[str, float]]()
    begin = time.monotonic()
    async with asyncio.TaskGroup() as visits:
        for number in range(AT_A_TIME):
            visits.create_task(_visits(server.url, begin + seconds, number * VISIT / AT_A_TIME, seeds))
        while time.monotonic() < begin + seconds:
            await asyncio.sleep(PAUSE)
            now = await asyncio.to_thread(numbers, server.url)
            if time.monotonic() > begin + SETTLED:
                times.append(time.monotonic() - begin)
                read.append(now)
    return times, read


async def _visits(url: str, end: float, after: float, seeds: itertools.count[int]) -> None:
    """One visit after the other."""
    await asyncio.sleep(after)
    while time.monotonic() < end:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as http, asyncio.TaskGroup() as group:
            visitor = Visitor(http, url, group)
            await visitor.open()
            await visitor.loaded.wait()
            while not visitor.page.has("seed"):  # the sidebar follows the first picture
                await asyncio.sleep(0.05)
            await asyncio.gather(visitor.click_for(VISIT), visitor.train_for(VISIT, seeds))
            await visitor.close()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.visitors.soak", description="Does anything pile up?")
    parser.add_argument("--minutes", type=float, default=60, help="how long visitors come for (60)")
    seconds = 60 * parser.parse_args(arguments).minutes
    if seconds < SETTLED + 60:
        parser.error(f"at least {SETTLED / 60 + 1:.0f} minutes")
    with pages.app() as server:
        times, read = asyncio.run(soaked(server, seconds))
        end, left = time.monotonic() + LEFT_ALONE, dict[str, float]()
        before = max(now["threads"] for now in read)
        while time.monotonic() < end:
            time.sleep(PAUSE)
            with suppress(OSError):
                left = numbers(server.url)
    return told(times, read, left, before)


def told(times: Sequence[float], read: Sequence[dict[str, float]], left: dict[str, float], before: float) -> int:
    """Print what was found; 1 if something piled up."""
    last = read[-1]
    ended = f"{last['runs_finished_total']:.0f} of {last['runs_started_total']:.0f} runs finished"
    print(f"{last['visitors_total']:.0f} visits, {ended}")
    wrong = []
    for part in ("server", "children"):
        found = slope(times, [megabytes(now, part) for now in read])
        print(f"memory of the {part}: {megabytes(last, part):.0f} MB, {found}")
        if not found.flat and found.value > 0:
            wrong.append(f"the memory of the {part} grows")
    threads = f"{left['threads']:.0f} threads, {before:.0f} at most before"
    print(f"after {LEFT_ALONE:.0f} s: {left['sessions']:.0f} sessions, {threads}")
    if left["sessions"] or left["visitors"]:
        wrong.append("sessions are left")
    if left["threads"] > before:
        wrong.append("threads are left")
    if last["worker_restarts_total"] or last["runs_failed_total"]:
        wrong.append("workers or runs have failed")
    print("; ".join(wrong) or "nothing piled up")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
