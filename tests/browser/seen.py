"""What several browser tests ask of a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page

OpenPage = Callable[..., Page]
# The app has drawn itself and waits for the user.
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
STAGE = "[...document.querySelectorAll('*')].find(e => e._stats && e.shadowRoot).shadowRoot.cornerLab"
REV = "() => [...document.querySelectorAll('*')].find(e => e._stats && e.shadowRoot)?.shadowRoot.cornerLab?.rev"
STATS = "() => [...document.querySelectorAll('*')].find(e => e._stats && e.shadowRoot)?._stats ?? {}"

# The button follows what was done by a frame.
UNDO_ALL = """async () => {
  const root = [...document.querySelectorAll('*')].find(e => e._stats && e.shadowRoot).shadowRoot;
  const undo = root.getElementById('undo');
  const frame = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (await frame(); !undo.disabled; await frame()) undo.click();
}"""


def stats(page: Page) -> dict[str, Any]:
    """What the stage says of itself: epoch, playing, pixels, ..."""
    found: dict[str, Any] = page.evaluate(STATS)
    return found


def stands_still(page: Page) -> None:
    """Wait until nothing plays and all points have arrived where they belong."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_function(f"() => ({STATS})().still")


def button(page: Page, name: str) -> Locator:
    """A button; what trains the settings is the stage's, where the sidebar has one of the same name."""
    where: Page | Locator = page.locator("#acts") if name == "Train" or name.startswith("Train from") else page
    return where.get_by_role("button", name=name, exact=True)


def sidebar_train(page: Page) -> Locator:
    """The sidebar's button that trains the settings."""
    return page.locator(".st-key-train button")


def take_back(page: Page) -> None:
    """Undo all that was done on the bench, until nothing is left to undo: it is as it was opened."""
    page.evaluate(UNDO_ALL)


def visit(page: Page, link: str) -> None:
    """Go to another link of the app without opening it anew, as the browser's own buttons do; it has arrived."""
    before = page.evaluate(REV)
    page.evaluate("to => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate')); }", link)
    page.wait_for_function(f"before => ({REV})() > before", arg=before)  # each arrival has another
    page.wait_for_selector(SETTLED)
