"""The browser that draws the pictures: an installed Chromium, Chrome or Edge, led by Playwright.

Playwright is an extra, `movie`: it is imported where a moving picture is made, and nowhere else.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from corner_lab.language import tr
from corner_lab.movie.request import MovieError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserType

VARIABLE = "CHROMIUM"  # names a browser, as the option does
ON_PATH = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "msedge",
)
CHANNELS = ("chrome", "msedge")  # where Playwright knows to look on each system
NEEDED = {"webp": ("playwright",), "gif": ("playwright",), "mp4": ("playwright", "imageio_ffmpeg")}  # by format
PATIENCE = 120_000  # ms for any of its answers: the machine may be busy
FLAGS = [
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--no-first-run",
]


class BrowserFailed(OSError):
    """The browser gave up on the way."""


def check_tools(format: str) -> None:
    """Raises MovieError where a package is missing that a file of this format needs."""
    missing = [name.replace("_", "-") for name in NEEDED[format] if find_spec(name) is None]
    if missing:
        what = reduce(lambda some, one: tr("{some} and {one}", some=some, one=one), missing)
        command = " ".join(["python -m pip install", *missing])
        told = tr(
            "a moving picture ({format}) needs {packages}: run `{command}`",
            format=format,
            packages=what,
            command=command,
        )
        raise MovieError(told)


@contextmanager
def browser(chosen: str | None = None) -> "Iterator[Browser]":
    """A browser without windows, until the block ends. `chosen`: its path or its command; else $CHROMIUM, else found.

    Raises MovieError where none starts, BrowserFailed with one line where it fails later.
    """
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as playwright:
            opened = _launched(playwright.chromium, chosen)
            try:
                yield opened
            finally:
                opened.close()
    except Error as failed:
        raise BrowserFailed(tr("the browser failed: {why}", why=failed.message.splitlines()[0])) from failed


def _launched(chromium: "BrowserType", chosen: str | None) -> "Browser":
    named = chosen or os.environ.get(VARIABLE)
    if named:
        found = _try(chromium, executable_path=shutil.which(named) or named)
        if found is None:
            by = "--browser" if chosen else VARIABLE
            raise MovieError(
                tr("{option} {name}: no Chromium, Chrome or Edge that starts", option=by, name=repr(named))
            )
        return found
    paths = [path for path in map(shutil.which, ON_PATH) if path]
    ways: list[dict[str, Any]] = [{"executable_path": path} for path in paths]
    ways += [{"channel": channel} for channel in CHANNELS]
    ways.append({})  # Playwright's own download
    for way in ways:
        if (found := _try(chromium, **way)) is not None:
            return found
    raise MovieError(
        tr(
            "no Chromium, Chrome or Edge found that could draw the pictures: install one, run "
            "`python -m playwright install chromium`, or name one with --browser or {variable}",
            variable=VARIABLE,
        )
    )


def _try(chromium: "BrowserType", **way: Any) -> "Browser | None":
    from playwright.sync_api import Error

    try:
        # Ctrl+C is the command line's to hear.
        return chromium.launch(args=FLAGS, handle_sigint=False, timeout=PATIENCE, **way)
    except Error:
        return None
