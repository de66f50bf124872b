"""Pictures of 256 x 256 that move: what our code takes of each frame while a run plays, a rectangle is drawn meanwhile,
and a weight is dragged. The time of our frame function and of our pointer handlers, not of the browser's own work, so
that a busy machine matters little."""

from __future__ import annotations

import statistics
from dataclasses import replace

from playwright.sync_api import Page

from benchmarks import pages
from benchmarks.report import Line
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.scenarios import SCENARIOS

SIDE, EPOCHS, MOVES = 256, 300, 120
LIMIT = 16.0  # ms
RUNS = {
    1: Experiment(labels="aligned", head="sigmoid", loss="binary_crossentropy", learning_rate=0.1, epochs=EPOCHS),
    8: replace(SCENARIOS["more kernels than needed"].experiment, epochs=EPOCHS, stop="never"),
}

# What the handlers of a component take counts for the frame that comes after them.
TIME_HANDLERS = """
window.handled = 0;
const add = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (type, heard, ...more) {
  if (!/^pointer(down|move|up)$/.test(type) || typeof heard !== "function") return add.call(this, type, heard, ...more);
  return add.call(this, type, function (event) {
    const start = performance.now();
    heard.call(this, event);
    if (this.getRootNode?.() instanceof ShadowRoot) window.handled += performance.now() - start;
  }, ...more);
};
window.picture = () => [...document.querySelectorAll("*")].find(e => e._picture)?._picture;
"""
BEGIN = """() => {
  const { frames } = picture();
  frames.length = window.handled = 0;
  frames.push = ms => { Array.prototype.push.call(frames, ms + window.handled); window.handled = 0; };
}"""


def frames() -> list[Line]:
    lines = []
    with pages.app() as server, pages.chrome() as browser:
        for kernels, run in RUNS.items():
            with pages.page(browser) as page:
                page.add_init_script(TIME_HANDLERS)
                words = f"{run.query}&v=1&epoch={EPOCHS}&network=run&scene=distractors:0:{SIDE}"
                page.goto(f"{server.url}/pictures?{words}")
                page.wait_for_function(f"() => picture()?.epoch === {EPOCHS} && picture().still")
                server.wait_until_quiet()
                lines += [
                    _line(kernels, "a run plays", _played(page, draws=False)),
                    _line(kernels, "a rectangle is drawn meanwhile", _played(page, draws=True)),
                    _line(kernels, "a weight is dragged", _dragged(page)),
                ]
    return lines


def _line(kernels: int, what: str, found: list[float]) -> Line:
    if len(found) < MOVES / 4:
        raise RuntimeError(f"{what}: only {len(found)} frames")
    median, p95 = statistics.median(found), statistics.quantiles(found, n=20)[-1]
    shown = f"median {median:.1f} ms, p95 {p95:.1f} ms"
    many = f"{kernels} kernel{'s' * (kernels > 1)}"
    rest = f"longest of {len(found)}: {max(found):.1f} ms"
    return Line(f"picture of {SIDE} x {SIDE}, {many}, {what}", shown, rest, "", p95, ("<=", LIMIT, f"{LIMIT:g} ms"))


def _played(page: Page, *, draws: bool) -> list[float]:
    """From the first epoch to the last, in about five seconds."""
    page.get_by_role("slider", name="Epoch").fill("0")
    page.wait_for_function("() => picture().epoch === 0 && picture().still")
    page.evaluate(BEGIN)
    page.get_by_role("button", name="Play", exact=True).click()
    if draws:
        box = page.locator("canvas").bounding_box()
        assert box is not None
        _stroke(page, (box["x"] + 20, box["y"] + 20), (box["width"] / 2, box["height"] / 2))
    page.wait_for_function(f"() => picture().epoch === {EPOCHS} && picture().still")
    found: list[float] = page.evaluate("picture().frames")
    return found


def _dragged(page: Page) -> list[float]:
    box = page.get_by_role("spinbutton", name="Kernel").first.bounding_box()
    assert box is not None
    page.evaluate(BEGIN)
    _stroke(page, (box["x"] + 9, box["y"] + 9), (400, 0))
    page.wait_for_function("() => picture().network === 'bench' && picture().still")
    found: list[float] = page.evaluate("picture().frames")
    return found


def _stroke(page: Page, start: tuple[float, float], way: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    for n in range(1, MOVES + 1):
        page.mouse.move(start[0] + way[0] * n / MOVES, start[1] + way[1] * n / MOVES)
    page.mouse.up()
