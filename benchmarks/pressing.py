"""From a press of Train, with its training loop compiled, to a change on the page and to the new run's first frame,
beside a click in an almost empty app; and in milliseconds, which depend on what else the machine does."""

from __future__ import annotations

import os
import statistics
from typing import Any

from playwright.sync_api import Page

from benchmarks import clicks, pages
from benchmarks.report import Line, longer, seconds

PRESSES = 21  # the first one compiles, and is not counted
SHOWN, BEGUN = 0.1, 0.6  # s from a press to some reaction, and to a run's first frame
# From the press to the button that is marked, and to an epoch before the end, where the run before rested.
WATCH = """() => {
  const root = bench.root(), button = [...root.querySelectorAll("button")].find(e => e.textContent === "Train");
  const when = root.querySelector("#when"), rested = when.textContent;
  window.pressed = { marked: null, began: null };
  window.addEventListener("pointerdown", () => {
    const at = performance.now();
    const look = () => {
      const now = performance.now() - at;
      if (button.getAttribute("aria-busy") === "true") window.pressed.marked ??= now;
      if (when.textContent !== rested) window.pressed = { marked: window.pressed.marked ?? now, began: now };
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, { capture: true, once: true });
}"""


def train() -> list[Line]:
    seen: list[dict[str, Any]] = []
    beside: list[dict[str, Any]] = []
    with (
        pages.app() as ours,
        pages.tiny(pages.ONE_BUTTON) as tiny,
        pages.chrome() as browser,
        pages.page(browser) as stage,
        pages.page(browser) as button,
    ):
        stage.goto(ours.url)
        button.goto(tiny.url)
        button.get_by_role("button", name="Add").wait_for()
        pages.wait_until_loaded(stage, ours)
        for number in range(1, PRESSES + 1):
            seen.append(_press(stage))
            ours.wait_until_quiet()
            beside.append(clicks.click_button(button, number))
    empty = clicks.median(beside[1:], "confirmed")
    name = "button click in an almost empty app"
    marked, began = ([times[what] / 1000 for times in seen[1:]] for what in ("marked", "began"))
    return [
        longer("Train, pressed: the button shows it, slowest", max(marked), empty, name, 2),
        longer("Train, pressed: the new run's first frame, median", statistics.median(began), empty, name, 20),
        _within("Train, pressed: the button shows it, always", marked, max(marked), SHOWN),
        _within("Train, pressed: the new run's first frame", began, statistics.median(began), BEGUN),
    ]


def _within(what: str, times: list[float], judged: float, limit: float) -> Line:
    """How long it takes, all in seconds; `judged` is to be within the limit."""
    ours = f"{seconds(statistics.median(times))} median, 19 of 20 in {seconds(statistics.quantiles(times, n=20)[-1])}"
    return Line(what, ours, f"load average {os.getloadavg()[0]:.1f}", "", judged, ("<=", limit, seconds(limit)))


def _press(page: Page) -> dict[str, Any]:
    """Milliseconds from the press to the mark and to the run; returns once the run rests at its end."""
    button = page.locator("#acts").get_by_role("button", name="Train", exact=True)
    page.evaluate(WATCH)
    button.click()
    page.wait_for_function("() => window.pressed.began !== null")
    times: dict[str, Any] = page.evaluate("() => window.pressed")
    page.wait_for_function("() => bench.root().querySelector('#when').textContent.startsWith('epoch 100')")
    return times
