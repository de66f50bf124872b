"""From navigation to a bench that can be clicked, beside navigation to the text of an app that only writes "x"."""

from __future__ import annotations

import statistics

from playwright.sync_api import BrowserContext

from benchmarks import pages
from benchmarks.report import Line, longer

ROUNDS = 7
BENCH = "() => bench.clickable(0)"
X = "() => bench.says(/^x$/)"
# Looks once per frame, from the first one on, and notes the time since navigation began.
NOTE_WHEN = """
(ready => {
  const look = () => { if (ready()) window.readyAt = performance.now(); else requestAnimationFrame(look); };
  requestAnimationFrame(look);
})(%s);
"""


def to_bench() -> list[Line]:
    times: dict[str, list[float]] = {"ours": [], "x": [], "ours again": [], "x again": []}
    with pages.app() as ours, pages.tiny(pages.ONLY_X) as tiny, pages.chrome() as browser:
        with pages.page(browser) as first:
            first.goto(ours.url)
            pages.wait_until_loaded(first, ours)
        for _ in range(ROUNDS):
            for name, url, ready in (("ours", ours.url, BENCH), ("x", tiny.url, X)):
                with pages.visitor(browser) as context:
                    times[name].append(seconds_until(context, url, ready))
                    times[name + " again"].append(seconds_until(context, url, ready))
                ours.wait_until_quiet()
    what, beside = "navigation to a clickable bench", "to the text of an app that writes x"
    median = {name: statistics.median(values) for name, values in times.items()}
    return [
        longer(f"{what}, first visit (empty cache)", median["ours"], median["x"], beside, 1.3),
        longer(f"{what}, next visit", median["ours again"], median["x again"], beside, 1.3),
    ]


def seconds_until(context: BrowserContext, url: str, ready: str) -> float:
    page = context.new_page()
    page.add_init_script(NOTE_WHEN % ready)
    page.goto(url, wait_until="commit")
    page.wait_for_function("() => window.readyAt")
    seconds = float(page.evaluate("window.readyAt")) / 1000
    page.close()
    return seconds
