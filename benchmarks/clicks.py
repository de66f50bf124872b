"""From a click on a pixel to its paint and to Python's answer, beside a click on the button of an almost empty app."""

from __future__ import annotations

import statistics
from typing import Any

from playwright.sync_api import Page

from benchmarks import pages
from benchmarks.report import Line, longer, seconds

CLICKS = 15
PAUSE = 500  # ms between clicks: a burst of them would reach Python only when it is over
AIM = 150  # ms from pointing to pressing, the least a hand needs: pointing has its own frame

# The stopwatch starts with the event that acts: pressing for a pixel, releasing for a button. Listeners on the window
# come after those of the page, so the frame asked for here is looked at after the page has drawn it.
ARM = """({ event, painted, confirmed }) => {
  const isPainted = painted && new Function(`return ${painted}`), text = new RegExp(confirmed);
  window.watched = new Promise(done => {
    const found = { frames: 0, paint: null, confirmed: null };
    const finish = () => { if ((!isPainted || found.paint) && found.confirmed) done(found); };
    window.addEventListener(event, ({ timeStamp }) => {
      const look = () => {
        found.frames++;
        if (!isPainted()) { requestAnimationFrame(look); return; }
        const after = new MessageChannel();  // its message comes once the frame is out
        after.port1.onmessage = () => { found.paint = performance.now() - timeStamp; finish(); };
        after.port2.postMessage(0);
      };
      if (isPainted) requestAnimationFrame(look);
      const answers = new MutationObserver(() => {
        if (!bench.says(text)) return;
        answers.disconnect();
        found.confirmed = performance.now() - timeStamp;
        finish();
      });
      const changes = { subtree: true, childList: true, characterData: true };
      for (const place of [document.body, ...bench.answers()]) answers.observe(place, changes);
    }, { once: true });
  });
}"""


def pixel() -> list[Line]:
    pixels, buttons = [], []
    with (
        pages.app() as ours,
        pages.tiny(pages.ONE_BUTTON) as tiny,
        pages.chrome() as browser,
        pages.page(browser) as bench,
        pages.page(browser) as button,
    ):
        bench.goto(ours.url)
        button.goto(tiny.url)
        button.get_by_role("button", name="Add").wait_for()
        pages.wait_until_loaded(bench, ours)
        for n in range(CLICKS + 1):
            pixels.append(_click_pixel(bench, n % 9))
            buttons.append(click_button(button, n + 1))
    pixels, buttons = pixels[1:], buttons[1:]  # the first click of each only warms up
    frames = [click["frames"] for click in pixels]
    paint, answer = median(pixels, "paint"), median(pixels, "confirmed")
    shown = f"{statistics.median(frames):g} frames, at most {max(frames)}"
    return [
        Line("pixel click to paint", shown, f"{seconds(paint)} median", "", max(frames), ("<=", 2, "2 frames")),
        longer(
            "pixel click to Python's answer",
            answer,
            median(buttons, "confirmed"),
            "button click in an almost empty app",
            1.5,
        ),
    ]


def _click_pixel(page: Page, pixel: int) -> dict[str, Any]:
    wanted = page.evaluate("bench.stats().pixels") ^ (1 << pixel)
    place = page.evaluate(f"bench.clickable({pixel})")
    arm = {
        "event": "pointerdown",
        "painted": f"bench.stats().pixels === {wanted}",
        "confirmed": rf"On the bench: pattern {wanted}\b",
    }
    return _watched(page, arm, place["x"], place["y"])


def click_button(page: Page, number: int) -> dict[str, Any]:
    arm = {"event": "click", "painted": None, "confirmed": rf"The number is {number}\."}
    box = page.get_by_role("button", name="Add").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    return _watched(page, arm, x, y)


def _watched(page: Page, arm: dict[str, Any], x: float, y: float) -> dict[str, Any]:
    page.mouse.move(x, y)
    page.wait_for_timeout(AIM)
    page.evaluate(ARM, arm)
    page.mouse.down()
    page.mouse.up()
    limit = "new Promise((_, no) => setTimeout(() => no(new Error('no answer to a click within 20 s')), 20000))"
    found: dict[str, Any] = page.evaluate(f"Promise.race([window.watched, {limit}])")
    page.wait_for_timeout(PAUSE)
    return found


def median(clicks: list[dict[str, Any]], what: str) -> float:
    return statistics.median(float(click[what]) for click in clicks) / 1000
