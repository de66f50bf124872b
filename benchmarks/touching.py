"""From a hand's movement to its paint: pixel, drag, scrub, hover in the atlas; beside a frame with no work."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from playwright.sync_api import Page

from benchmarks import pages
from benchmarks.report import Line, seconds, times
from corner_lab.experiment.experiment import Experiment

TOUCHES = 40
PAUSE = 40  # ms between two of them
RUN = Experiment(labels="aligned", head="sigmoid", loss="binary_crossentropy", epochs=300, batch_size=128)

# From now on every such event is timed, from its own time stamp until the frame is out in which `state` has changed
# (or, without a state to watch, until the next frame is out).
ARM = """({ event, state }) => {
  const read = state && new Function(`return ${state}`), times = window.times = [];
  let before = read && read();
  window.addEventListener(event, window.armed = ({ timeStamp }) => {
    const look = () => {
      if (read && read() === before) return;          // this one changed nothing, as a move within a point
      before = read && read();
      const after = new MessageChannel();             // its message comes once the frame is out
      after.port1.onmessage = () => times.push(performance.now() - timeStamp);
      after.port2.postMessage(0);
    };
    requestAnimationFrame(look);
  }, true);
}"""
DISARM = "event => { window.removeEventListener(event, window.armed, true); return window.times; }"


def latencies() -> list[Line]:
    with pages.app() as server, pages.chrome() as browser, pages.page(browser) as page:
        page.goto(f"{server.url}/?{RUN.query}")
        pages.wait_until_loaded(page, server)
        page.get_by_label("Speed").select_option("all at once")
        page.locator(".st-key-train button").click()
        page.wait_for_function(f"() => bench.stats().epoch === {RUN.epochs} && !bench.stats().playing")
        server.wait_until_quiet()
        idle = _timed(page, "pointermove", "", lambda n: page.mouse.move(700 + n, 20))
        found = {
            "pixel": _timed(page, "pointerdown", "bench.stats().pixels", lambda n: _click(page, n)),
            "scrub": _scrubbed(page),
            "hover in the atlas": _hovered(page),
            "drag of a weight": _dragged(page),
        }
    return [_line(name, times_, idle) for name, times_ in found.items()]


def _line(name: str, found: list[float], idle: list[float]) -> Line:
    if len(found) < TOUCHES / 2:
        raise RuntimeError(f"{name}: only {len(found)} of {TOUCHES} touches changed something")
    median, p95, bare = statistics.median(found), statistics.quantiles(found, n=20)[-1], statistics.median(idle)
    shown = f"{seconds(median / 1000)}, p95 {seconds(p95 / 1000)}"
    return Line(f"{name}: hand to paint, median", shown, f"{seconds(bare / 1000)} a bare frame", times(median / bare))


def _timed(page: Page, event: str, state: str, touch: Callable[[int], None]) -> list[float]:
    page.evaluate(ARM, {"event": event, "state": state})
    for n in range(TOUCHES):
        touch(n)
        page.wait_for_timeout(PAUSE)
    found: list[float] = page.evaluate(DISARM, event)
    return found


def _click(page: Page, n: int) -> None:
    at = page.evaluate("pixel => bench.clickable(pixel)", n % 9)
    page.mouse.click(at["x"], at["y"])


def _scrubbed(page: Page) -> list[float]:
    box = _box(page, "slider", "Epoch")
    page.mouse.move(box[0] + 20, box[1])
    page.mouse.down()
    try:
        return _timed(
            page, "input", "bench.stats().epoch", lambda n: page.mouse.move(box[0] + 20 + (n + 1) * box[2] / 50, box[1])
        )
    finally:
        page.mouse.up()


def _hovered(page: Page) -> list[float]:
    """From point to point: where the stage says that each is drawn."""
    places: list[list[float]] = page.evaluate(
        """count => {
          const box = bench.root().querySelector("#atlas").getBoundingClientRect();
          return Array.from({ length: count }, (_, n) => {
            const [x, y] = bench.host()._placeOf(n * 11 + 5); return [box.left + x, box.top + y]; });
        }""",
        TOUCHES,
    )
    card = "bench.root().querySelector('#cardTitle').textContent"
    return _timed(page, "pointermove", card, lambda n: page.mouse.move(*places[n]))


def _dragged(page: Page) -> list[float]:
    cell = page.get_by_role("spinbutton", name="Kernel, row 2, column 2").bounding_box()
    assert cell is not None
    x, y = cell["x"] + cell["width"] / 2, cell["y"] + cell["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    try:
        return _timed(page, "pointermove", "bench.stats().z", lambda n: page.mouse.move(x + 4 * (n + 1), y))
    finally:
        page.mouse.up()


def _box(page: Page, role: str, name: str) -> tuple[float, float, float]:
    """Left edge, vertical middle and width."""
    box = page.get_by_role(role, name=name, exact=True).bounding_box()  # type: ignore[arg-type]
    assert box is not None
    return box["x"], box["y"] + box["height"] / 2, box["width"]
