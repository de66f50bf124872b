"""N browsers with empty caches that open the page at once: until each has what its first picture needs.

What a cold page fetches was seen in Chromium: the page; the files that it names; how the server is; then, once it is
told of the stage, the modules of Streamlit's elements with what they import and its own, as far as the page has
not named them. Six at a time, as a browser does. What a browser computes is not in it: that is the visitor's processor.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterable, Sequence

import aiohttp

from benchmarks import pages
from benchmarks.report import Line, seconds, times
from benchmarks.visitors.room import LIMIT, percentile
from benchmarks.visitors.visitor import Visitor

AT_ONCE = 6  # files that a browser fetches from one server at a time
NAMED = re.compile(r'(?:src|href)="\./((?:static|corner-lab)/[^"]+)"')
ENTRY = re.compile(r'src="\./(static/js/[^"]+)"')
ELEMENTS = re.compile(r"import\(`\./((?:Html|BidiComponent)\.[\w-]+\.js)`\)")  # of the first picture
IMPORTED = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')
STATE = ("_stcore/health", "_stcore/host-config")


def first_pictures(counts: Sequence[int]) -> list[Line]:
    """p50 and p95 of each number of browsers, beside the first of the numbers."""
    found: dict[int, list[float]] = {}
    for count in counts:
        with pages.app() as server:
            named, elements = asyncio.run(_files(server.url))
            found[count] = asyncio.run(_all_open(server.url, named, elements, count))
    lines, alone = [], found[counts[0]]
    for count, taken in found.items():
        for part, share in (("p50", 0.5), ("p95", 0.95)):
            value, beside = percentile(taken, share), percentile(alone, share)
            what = f"{count} cold browser{'s' * (count != 1)} at once, {1 + len(named) + len(elements)} files, {part}"
            name, ratio = (f"with {counts[0]}", times(value / beside)) if count != counts[0] else ("", "")
            lines.append(Line(what, seconds(value), name, ratio))
    return lines


async def _files(url: str) -> tuple[list[str], list[str]]:
    """The files that the page names, and those that are fetched once it is known what the page shows."""
    async with aiohttp.ClientSession() as http:

        async def text(path: str) -> str:
            async with http.get(f"{url}/{path}") as answer:
                answer.raise_for_status()
                body: str = await answer.text()
                return body

        page = await text("")
        named = [*dict.fromkeys(NAMED.findall(page))]
        (entry,) = ENTRY.findall(page)
        folder = "static/js/"
        waiting = [folder + name for name in dict.fromkeys(ELEMENTS.findall(await text(entry)))]
        elements: list[str] = []
        while waiting:
            path = waiting.pop(0)
            if path not in (*named, *elements):
                elements.append(path)
                waiting += [folder + name for name in IMPORTED.findall(await text(path))]
    return named, elements


async def _all_open(url: str, named: list[str], elements: list[str], count: int) -> list[float]:
    async with asyncio.timeout(LIMIT):
        return await asyncio.gather(*(_open(url, named, elements) for _ in range(count)))


async def _open(url: str, named: list[str], elements: list[str]) -> float:
    """Seconds until one browser could draw its first picture."""
    start, free = time.perf_counter(), asyncio.Semaphore(AT_ONCE)
    # Nothing is unpacked: in a room each has a processor of their own for that.
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as http, asyncio.TaskGroup() as group:

        async def fetch(path: str) -> None:
            async with free, http.get(f"{url}/{path}") as answer:
                await answer.read()
                answer.raise_for_status()

        async def fetch_all(paths: Iterable[str]) -> None:
            await asyncio.gather(*map(fetch, paths))

        await fetch("")
        await fetch_all(named)
        await fetch_all(STATE)
        visitor = Visitor(http, url, group)
        await visitor.open()
        await visitor.shown.wait()
        await fetch_all({*elements, visitor.page.module} - {*named})
        taken = time.perf_counter() - start
        await visitor.close()
    return taken
