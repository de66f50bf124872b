"""Photographs the stage while it plays: its clock moves between two pictures alone, however slow the machine is.

Each picture is taken at twice its size and made smaller, so that text and thin lines are smooth.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from corner_lab.language import tr
from corner_lab.movie.browser import PATIENCE, browser
from corner_lab.movie.page import html, records, script
from corner_lab.movie.request import Movie, MovieError
from corner_lab.movie.timing import stage_time
from corner_lab.player.played_run import Played

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FINER = 2
DESK = (1440, 900)  # where it is found out how large the stage can be: nothing is laid out as on a phone
ARRIVAL = 300  # ms in which the stage's points come to rest


@dataclass(frozen=True)
class Picture:
    """One picture, RGB, folded up as PNG, and the epoch that the stage says it shows."""

    epoch: int
    png: bytes

    def image(self) -> Image.Image:
        return Image.open(io.BytesIO(self.png)).convert("RGB")


def pictures(run: Played, movie: Movie, count: int, chosen: str | None = None) -> Iterator[Picture]:
    """`count` pictures at equal distances of the stage's time, from epoch 0 on; the last is where `run` rests."""
    header = run.record.header
    rests = header.last if header.at is None else header.at
    between = stage_time(rests, header.last) / max(1, count - 1)
    plays, end = records(run)
    with browser(chosen) as opened:
        page = _page(opened, movie, plays)
        for i in range(count):
            if i == count - 1:
                page.evaluate("record => movie.open(record)", end)
            seen = page.evaluate("ms => movie.after(ms)", ARRIVAL if i == count - 1 else between if i else 0)
            yield Picture(int(seen["epoch"]), _photograph(page, movie.size))


def _page(opened: "Browser", movie: Movie, record: str) -> "Page":
    """The stage with its first picture, as large as fits."""
    width, height = movie.size
    first = _loaded(opened, movie, DESK, 1, record)
    scale = first.evaluate("([width, height]) => movie.scale(width, height)", [width, height])
    first.close()
    if not scale:
        told = tr(
            "{size}: too small for {parts}; show fewer of them",
            size=f"--size {width}x{height}",
            parts=", ".join(movie.parts),
        )
        raise MovieError(told)
    room = round(width / scale), round(height / scale)
    page = _loaded(opened, movie, room, FINER * width / room[0], record)
    page.evaluate("movie.fill()")
    return page


def _loaded(opened: "Browser", movie: Movie, room: Sequence[int], density: float, record: str) -> "Page":
    page = opened.new_page(
        viewport={"width": room[0], "height": room[1]},
        device_scale_factor=density,
        color_scheme="dark" if movie.dark else "light",
        reduced_motion="no-preference",
        offline=True,
    )
    page.set_default_timeout(PATIENCE)
    page.set_content(html(movie.parts))
    page.add_script_tag(content=script(), type="module")
    page.wait_for_function("() => window.movie")
    page.evaluate("record => movie.open(record)", record)
    return page


def _photograph(page: "Page", size: tuple[int, int]) -> bytes:
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    small = io.BytesIO()
    taken.resize(size, Image.Resampling.LANCZOS).save(small, "PNG", compress_level=1)
    return small.getvalue()
