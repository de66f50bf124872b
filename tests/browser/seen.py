"""What several browser tests ask of a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page

OpenPage = Callable[..., Page]
STATS = "() => [...document.querySelectorAll('*')].find(e => e._stats && e.shadowRoot)?._stats ?? {}"


def stats(page: Page) -> dict[str, Any]:
    """What the stage says of itself: epoch, playing, pixels, ..."""
    found: dict[str, Any] = page.evaluate(STATS)
    return found


def stands_still(page: Page) -> None:
    """Wait until nothing plays and all points have arrived where they belong."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_function(f"() => ({STATS})().still")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)
