"""Playing a recorded run at 100 epochs a second: frames, long tasks, and what the server does meanwhile."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import pages
from benchmarks.report import Line
from benchmarks.training import ASKED
from corner_lab.player import page as player_page
from corner_lab.player import played
from corner_lab.training.run import Run

SECONDS = 5
# Counts what the stage drew and what the page's main thread was held up by, from whatever code.
COUNT = """async milliseconds => {
  const stats = bench.stats(), tasks = [];
  const observer = new PerformanceObserver(list => tasks.push(...list.getEntries().map(e => e.duration)));
  observer.observe({ type: "longtask" });
  stats.longest = 0;
  const started = performance.now(), before = { ...stats };
  await new Promise(done => setTimeout(done, milliseconds));
  const seconds = (performance.now() - started) / 1000;
  await new Promise(done => setTimeout(done, 100));
  observer.disconnect();
  return {
    fps: (stats.frames - before.frames) / seconds, epochs: (stats.epoch - before.epoch) / seconds,
    playing: stats.playing, longest: stats.longest, tasks,
  };
}"""


def at_100() -> list[Line]:
    with pages.app() as server, pages.chrome() as browser, pages.page(browser) as page:
        page.goto(f"{server.url}/?{ASKED.query}")
        pages.wait_until_loaded(page, server)
        page.locator(".st-key-train button").click()
        # It plays by itself, for about five seconds, and rests at its end.
        page.wait_for_function(f"() => bench.stats().epoch === {ASKED.epochs} && !bench.stats().playing")
        server.wait_until_quiet()
        page.get_by_label("Speed").select_option("100 epochs/s")
        page.get_by_role("button", name="Rewind").click()
        page.get_by_role("button", name="Play", exact=True).click()
        page.wait_for_timeout(1500)
        server_before = server.cpu_seconds()
        found: dict[str, Any] = page.evaluate(COUNT, 1000 * SECONDS)
        cpu = 100 * (server.cpu_seconds() - server_before) / (SECONDS + 0.1)
    return [
        *_frames(found),
        Line("server CPU for one playing viewer", f"{cpu:.1f} %", "", "", cpu, ("<=", 2.0, "2 %")),
    ]


def of_a_file() -> list[Line]:
    """The same run in a file, without a server."""
    with tempfile.TemporaryDirectory() as folder, pages.chrome() as browser, pages.page(browser) as page:
        file = Path(folder) / "player.html"
        file.write_text(player_page([played(Run(ASKED).train())]), encoding="utf-8")
        page.goto(file.as_uri())
        page.wait_for_function("() => bench.stats()?.still")
        page.get_by_label("Speed").select_option("100 epochs/s")
        page.get_by_role("button", name="Rewind").click()
        page.get_by_role("button", name="Play", exact=True).click()
        page.wait_for_timeout(1500)
        found: dict[str, Any] = page.evaluate(COUNT, 1000 * SECONDS)
    size = len(player_page([played(Run(replace(ASKED, epochs=1000)).train())]))
    return [
        *(replace(line, what=f"in a file: {line.what}") for line in _frames(found)),
        Line("a file of 1,000 epochs", f"{size / 1000:.0f} kB", "", "", size, ("<=", 4e5, "400 kB")),
    ]


def _frames(found: dict[str, Any]) -> list[Line]:
    if not found["playing"]:
        raise RuntimeError("the run did not play on")
    tasks = [f"{duration:.0f}" for duration in sorted(found["tasks"], reverse=True)]
    shown = f"{len(tasks)} of any code" + (f" (ms: {', '.join(tasks[:5])})" if tasks else "")
    longest = found["longest"]
    return [
        Line(
            f"playing {ASKED.epochs:,} epochs at 100 a second: frames",
            f"{found['fps']:.0f} a second",
            f"{found['epochs']:.0f} epochs a second",
            "",
            found["fps"],
            (">=", 50, "50 a second"),
        ),
        Line("longest frame of our code", f"{longest:.1f} ms", "", "", longest, ("<=", 60, "60 ms")),
        Line("tasks over 50 ms in the page meanwhile", shown),
    ]
