"""From a remote's key to the story's next headline with its picture, beside a click in an almost empty app."""

from __future__ import annotations

import statistics
from typing import Any

from playwright.sync_api import Page

from benchmarks import clicks, pages
from benchmarks.report import Line, longer
from corner_lab.story.steps import STEPS, Step

ROUNDS = 3  # through all steps; the first one loads what the pictures need and is not counted
# Whether a step's headline and its picture stand; the picture by the class of its element.
STANDS = """([headline, picture]) => {
  const deep = root => [...root.querySelectorAll('*')].flatMap(e => [e, ...(e.shadowRoot ? deep(e.shadowRoot) : [])]);
  const marks = '.js-plotly-plot .mlayer *, .one path';
  const drawn = holder => deep(holder).some(e => e._stats?.draws > 0 || e.matches(marks));
  const holders = [...document.querySelectorAll(`[class*="${picture}"]`)];
  const there = holders.some(e => e.getBoundingClientRect().height > 100 && drawn(e));
  return there && document.querySelector('h1')?.textContent === headline;
}"""
# From the next key to the first frame in which they do.
WATCH = f"""what => {{
  const stands = {STANDS};
  window.tookMs = null;
  const look = at => {{
    if (stands(what)) window.tookMs = performance.now() - at;
    else requestAnimationFrame(() => look(at));
  }};
  window.addEventListener('keydown', () => look(performance.now()), {{ capture: true, once: true }});
}}"""


def what_stands(step: Step) -> list[str]:
    """A step's headline, and part of the class of the element that holds its picture."""
    if step.picture in ("bench", "stage"):
        return [step.headline(), f"st-key-story-stage-{step.id}"]
    if step.picture in ("sheet", "certificate"):
        return [step.headline(), "st-key-story-sheet" if step.picture == "sheet" else "st-key-story-sums"]
    return [step.headline(), f"st-key-story-figure-{step.id}-0"]


def steps() -> list[Line]:
    times: list[float] = []
    beside: list[dict[str, Any]] = []
    with (
        pages.app() as ours,
        pages.tiny(pages.ONE_BUTTON) as tiny,
        pages.chrome() as browser,
        pages.page(browser) as story,
        pages.page(browser) as button,
    ):
        story.goto(f"{ours.url}/story")
        button.goto(tiny.url)
        button.get_by_role("button", name="Add").wait_for()
        story.wait_for_function("() => document.body.dataset.storyStep !== undefined")
        ours.wait_until_quiet(300)
        for number in range(1, ROUNDS + 1):
            seen = [_turn(story, "PageDown", to) for to in range(2, len(STEPS) + 1)]
            seen += [_turn(story, "PageUp", to) for to in range(len(STEPS) - 1, 0, -1)]
            beside.append(clicks.click_button(button, number))
            times += seen if number > 1 else []
    empty = clicks.median(beside[1:], "confirmed")
    name = "button click in an almost empty app"
    return [
        longer("a step of the story, median", statistics.median(times), empty, name, 3),
        longer("a step of the story, slowest", max(times), empty, name, 6),
    ]


def _turn(page: Page, key: str, number: int) -> float:
    """Seconds from the key until the step that it leads to stands."""
    page.evaluate(WATCH, what_stands(STEPS[number - 1]))
    page.keyboard.press(key)
    page.wait_for_function("() => window.tookMs !== null")
    page.wait_for_timeout(clicks.PAUSE)
    return float(page.evaluate("() => window.tookMs")) / 1000
