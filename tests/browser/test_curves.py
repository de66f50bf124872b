"""Curves and time in a real browser: reading off, measures, scales, the ghost, keys, scrubbing, pace, markers."""

from __future__ import annotations

import re
import time
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.seen import STATS, OpenPage, button, sidebar_train, stats, take_back

# The colours that occur in a box of a canvas (CSS pixels; negative ones count from right and bottom), and its picture.
INK = """([id, x, y, w, h]) => {
  const root = [...document.querySelectorAll('*')].find(e => e.shadowRoot?.querySelector('.lab')).shadowRoot;
  const canvas = root.getElementById(id), W = canvas.clientWidth, H = canvas.clientHeight, d = canvas.width / W;
  const [left, top] = [x < 0 ? W + x : x, y < 0 ? H + y : y];
  const box = canvas.getContext('2d').getImageData(left * d, top * d, w * d, h * d).data;
  const seen = new Set();
  for (let i = 0; i < box.length; i += 4) if (box[i + 3] === 255) seen.add([...box.slice(i, i + 3)].join());
  return [...seen];
}"""
PICTURE = """id => [...document.querySelectorAll('*')].find(e => e.shadowRoot?.querySelector('.lab'))
  .shadowRoot.getElementById(id).toDataURL()"""
ACCENT, WRONG = "10,113,96", "176,36,92"  # of the light theme


def epoch_is(page: Page, epoch: int, last: int) -> None:
    expect(page.locator("#when")).to_have_text(re.compile(rf"{epoch:,}\s*/\s*{last:,}$"))


def measure(page: Page, plot: str, name: str) -> None:
    page.get_by_label(f"Measure, {plot} plot", exact=True).select_option(name)


def field(page: Page, plot: str) -> Locator:
    return page.locator(f"#{plot}Field")


def point(page: Page, plot: str, share: float) -> int:
    """Points at a place of the plot, and says which epoch is read off there."""
    box = field(page, plot).bounding_box()
    assert box is not None
    x, y = box["x"] + 44 + share * (box["width"] - 128), box["y"] + box["height"] / 2
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline:  # a page that is still arriving may slip away under the pointer
        page.mouse.move(x, y - 5)
        page.mouse.move(x, y)
        page.wait_for_timeout(100)
        epoch = stats(page).get("reading")
        if epoch is not None and f"epoch {epoch:,.0f}" in (page.locator(f"#{plot}Read").text_content() or ""):
            return int(epoch)
    pytest.fail("nothing was read off")


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def trained(open_page: OpenPage, link: str, by: str = "Train", **more: Any) -> Page:
    """A page on which the run of this link has been played to its end."""
    page = open_page(link, **more)
    page.get_by_label("Speed", exact=True).select_option("all at once")
    button(page, by).click()
    page.wait_for_function(f"() => {{ const s = ({STATS})(); return s.epoch > 0 && !s.playing; }}")
    expect(button(page, "Play")).to_be_visible()
    return page


def at_its_end(page: Page) -> None:
    """Take back what was done on the bench, and go back to the end of the run and to the plots' own measures."""
    take_back(page)
    page.mouse.move(600, 20)
    for plot, name in (("upper", "Loss"), ("lower", "Outputs")):
        measure(page, plot, name)
    page.get_by_role("slider", name="Epoch", exact=True).press("End")
    epoch_is(page, 60, 60)


# Text of the stage that is cut off.
CUT = """() => {
  const root = [...document.querySelectorAll('*')].find(e => e._stats && e.shadowRoot).shadowRoot;
  const hides = e => getComputedStyle(e).overflowX !== 'visible' && getComputedStyle(e).clipPath === 'none';
  return [...root.querySelectorAll('.lab *')]
    .filter(e => e.textContent.trim() && e.getClientRects().length && hides(e) && e.scrollWidth > e.clientWidth + 1)
    .map(e => `${e.id || e.className}: ${e.textContent.trim().slice(0, 60)}`);
}"""
MEASURES = ("Loss", "Outputs", "Recall", "Separation gap", "Live fraction", "Gradient norms")
DEAD = "?labels=aligned&epochs=60"
CURED = "?head=sigmoid&labels=aligned&loss=binary_crossentropy&epochs=300"
LONG = f"{CURED.removesuffix('300')}10000&batch_size=512&balance=oversample"  # solved: no remedy is tried


# ---------------------------------------------------------------- reading off


def test_are_curves_read_measured_and_moved_along(open_page: OpenPage) -> None:
    page = trained(open_page, DEAD)
    for step in (
        does_pointing_read_the_records_exact_values,
        does_a_frame_of_the_filmstrip_name_its_epoch_and_lead_exactly_there,
        is_a_gradient_of_exactly_0_drawn_on_a_line_of_its_own,
        do_the_curves_speak_and_read_with_the_keyboard,
        do_the_keys_move_time_where_nothing_else_wants_them,
    ):
        step(page)
        at_its_end(page)


def does_pointing_read_the_records_exact_values(page: Page) -> None:
    from corner_lab.experiment.experiment import Experiment
    from corner_lab.training.run import Run

    run = Run(Experiment(labels="aligned", epochs=60))
    while not run.over:
        run.step()
    history = run.history
    assert history is not None
    for share in (0.0, 0.2, 0.55, 1.0):
        epoch = point(page, "lower", share)
        for plot, columns in (("upper", ["loss"]), ("lower", ["corner_output", "worst_other_output"])):
            lines = page.locator(f"#{plot}Read span").all_text_contents()
            assert lines[0] == f"epoch {epoch}"
            told = [number(text) for text in lines[1:] if text and re.match(r"^[−\d]", text)]
            assert told == pytest.approx([float(history.column(c)[epoch]) for c in columns], rel=2e-4, abs=1e-6)
    expect(page.locator("#lowerRead")).to_contain_text("the corner")
    page.mouse.move(600, 20)
    expect(page.locator("#lowerRead")).to_be_hidden()  # nothing is read off any more
    assert stats(page)["epoch"] == 60, "pointing moves nothing"


def do_the_curves_speak_and_read_with_the_keyboard(page: Page) -> None:
    measure(page, "upper", "Gradient norms")
    upper = page.get_by_role("slider", name="Gradient norms at an epoch, upper plot", exact=True)
    page.get_by_label("Log axis, upper plot").focus()
    page.keyboard.press("Tab")
    expect(upper).to_be_focused()
    expect(page.locator("#upperRead")).to_contain_text("epoch 60")
    expect(upper).to_have_attribute("aria-valuetext", re.compile("^epoch 60: the corner 0, others [0-9.]+$"))
    page.keyboard.press("Home")
    expect(upper).to_have_attribute("aria-valuenow", "0")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(upper).to_have_attribute("aria-valuenow", "11")
    epoch_is(page, 11, 60)
    expect(page.locator("#upperRead")).to_contain_text("epoch 11")


def test_is_there_nothing_to_read_before_anything_was_trained(open_page: OpenPage) -> None:
    page = open_page()
    expect(page.locator("#upper")).to_have_attribute("aria-label", "Loss, logarithmic axis; at epoch 0: no loss")
    measure(page, "upper", "Gradient norms")
    expect(page.locator("#upper")).to_have_attribute("aria-label", re.compile("not measured"))
    button(page, "Pixel, row 1, column 1").click()
    field(page, "lower").click()
    expect(page.locator("#lowerRead")).to_contain_text("epoch 0")
    expect(page.locator("#ghost")).to_be_hidden()


# ---------------------------------------------------------------- measures and scales


def test_can_each_plot_show_each_measure_on_each_scale(open_page: OpenPage) -> None:
    page = trained(open_page, DEAD)
    pictures: dict[str, str] = {}
    for name in ("Loss", "Outputs", "Recall", "Separation gap", "Live fraction", "Gradient norms"):
        for plot in ("upper", "lower"):
            measure(page, plot, name)
        log = page.get_by_label("Log axis, lower plot")
        expect(page.locator("#lower")).to_have_attribute("aria-label", re.compile(f"^{name}, l"))
        pictures[name] = page.evaluate(PICTURE, "lower")
        if name == "Recall":
            expect(log).to_be_disabled()
            continue
        before = log.get_attribute("aria-pressed")
        log.click()
        expect(log).to_have_attribute("aria-pressed", "true" if before == "false" else "false")
        axis = "linear axis" if before == "true" else "logarithmic axis"
        expect(page.locator("#lower")).to_have_attribute("aria-label", re.compile(f"^{name}, {axis}"))
        pictures[name + axis] = page.evaluate(PICTURE, "lower")
    assert len(set(pictures.values())) == 11
    expect(page.get_by_label("Log axis, upper plot")).to_have_attribute("aria-pressed", "true")  # its own choice
    # The choice outlives the run.
    page.get_by_label("Speed", exact=True).select_option("all in 5 s")
    sidebar_train(page).click()
    expect(button(page, "Pause")).to_be_visible()
    expect(page.get_by_label("Measure, lower plot")).to_have_value("gradients")


def is_a_gradient_of_exactly_0_drawn_on_a_line_of_its_own(page: Page) -> None:
    measure(page, "upper", "Gradient norms")
    expect(page.locator("#upper")).to_have_attribute("aria-label", re.compile("at epoch 60: the corner 0,"))
    floor = ["upper", -110, -11, 12, 6]  # left of the end, around the lowest line
    assert ACCENT in page.evaluate(INK, floor)
    measure(page, "upper", "Loss")
    expect(page.locator("#upper")).to_have_attribute("aria-label", re.compile("^Loss"))
    assert ACCENT not in page.evaluate(INK, floor)


# ---------------------------------------------------------------- the run before


def test_does_the_run_before_stay_as_a_ghost(open_page: OpenPage) -> None:
    page = trained(open_page, DEAD)
    assert page.evaluate(CUT) == []
    expect(page.locator("#ghost")).to_be_hidden()
    point(page, "lower", 0.3)
    epoch = point(page, "lower", 0.3)
    first = page.locator("#lowerRead span").all_text_contents()
    page.mouse.move(600, 20)
    page.get_by_role("radio", name="As asked").click()
    expect(page).not_to_have_url(re.compile("labels=aligned"))
    sidebar_train(page).click()
    ghost = page.get_by_role("button", name=re.compile("^before: "))
    expect(ghost).to_be_visible()
    expect(ghost).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(f"() => {{ const s = ({STATS})(); return s.epoch === 60 && !s.playing; }}")
    shown = page.evaluate(PICTURE, "lower")
    assert point(page, "lower", 0.3) == epoch
    expect(page.locator("#lowerAbout")).to_have_text(f"before {first[2]} · {first[4]}")
    assert page.evaluate(CUT) == []
    page.mouse.move(600, 20)
    ghost.hover()
    expect(page.locator("#explain")).to_have_text(re.compile("Hide the run before this one: Your settings"))
    page.mouse.move(600, 20)
    expect(page.locator("#explain")).to_be_hidden()
    assert page.evaluate(CUT) == []
    edit = page.get_by_role("spinbutton", name="Bias", exact=True)
    edit.press("ArrowUp")
    for plot in ("upper", "lower"):
        for name in MEASURES:
            measure(page, plot, name)
            assert page.evaluate(CUT) == [], name
    take_back(page)
    for plot, name in (("upper", "Loss"), ("lower", "Outputs")):
        measure(page, plot, name)

    ghost.click()
    expect(ghost).to_have_attribute("aria-pressed", "false")
    page.wait_for_function(f"was => ({PICTURE})('lower') !== was", arg=shown)
    point(page, "lower", 0.3)
    expect(page.locator("#lowerAbout")).not_to_contain_text("before")
    page.mouse.move(600, 20)
    ghost.click()
    title = stats(page)["ghost"]
    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill("20")
    epochs.press("Enter")
    button(page, "Train longer").click()
    epoch_is(page, 80, 80)
    assert stats(page)["ghost"] == title, "a run that goes on is no new one"
    point(page, "lower", 0.99)
    expect(page.locator("#lowerAbout")).to_have_text("before: ended at 60")


# ---------------------------------------------------------------- keys


def do_the_keys_move_time_where_nothing_else_wants_them(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")
    for key, epoch in [
        ("ArrowLeft", 59),
        ("Shift+ArrowLeft", 49),
        ("ArrowRight", 50),
        ("Shift+ArrowRight", 60),
        ("Home", 0),
        ("ArrowLeft", 0),
        ("Shift+ArrowRight", 10),
        ("End", 60),
        ("Home", 0),
    ]:
        page.keyboard.press(key)
        epoch_is(page, epoch, 60)
    page.get_by_label("Speed", exact=True).select_option("1 epoch/s")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    expect(button(page, "Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(button(page, "Play")).to_be_visible()
    at = stats(page)["epoch"]
    assert page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollTop") == 0

    # A click on the stage's ground leaves the focus on what holds it.
    page.locator("#say").click()
    page.keyboard.press("Home")
    epoch_is(page, 0, 60)
    button(page, "Step forward").click()
    page.keyboard.press("ArrowRight")
    epoch_is(page, 2, 60)
    assert at <= 2

    # Others keep theirs.
    kernel = page.get_by_role("spinbutton", name="Kernel, row 1, column 1", exact=True)
    for focus in (
        page.get_by_label("Pattern index", exact=True),
        page.get_by_role("slider", name="Pattern on the bench, chosen in the atlas"),
        page.get_by_label("Measure, upper plot", exact=True),
        page.get_by_role("spinbutton", name="Seed"),
    ):
        focus.focus()
        for key in ("ArrowRight", "Home", "End", "Shift+ArrowLeft"):
            page.keyboard.press(key)
    button(page, "Pixel, row 1, column 1").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(button(page, "Play")).to_be_visible()
    epoch_is(page, 2, 60)
    kernel.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#say")).to_have_text(re.compile("^Your weights"))


# ---------------------------------------------------------------- 10,000 epochs: steps, scrubbing, pace


def test_is_a_step_one_epoch_and_the_speed_what_is_shown_in_a_long_run(open_page: OpenPage) -> None:
    page = trained(open_page, LONG)
    page.wait_for_function(f"() => ({STATS})().epoch === 10000")
    epoch_is(page, 10_000, 10_000)
    is_a_step_one_epoch_and_scrubbing_continuous(page)
    for speed in ("100 epochs/s", "1,000 epochs/s"):
        is_the_speed_on_screen_the_speed_that_is_shown(page, speed)


def is_a_step_one_epoch_and_scrubbing_continuous(page: Page) -> None:
    button(page, "Step back").click()
    epoch_is(page, 9_999, 10_000)
    page.keyboard.press("ArrowLeft")
    epoch_is(page, 9_998, 10_000)
    page.keyboard.press("Shift+ArrowLeft")
    epoch_is(page, 9_988, 10_000)
    button(page, "Step forward").click()
    epoch_is(page, 9_989, 10_000)

    scrub = page.get_by_role("slider", name="Epoch", exact=True)
    scrub.fill("734.567")
    page.wait_for_function(f"() => ({STATS})().epoch < 9000")
    place = 5 * np.expm1(0.734567 * np.log1p(10_000 / 5))
    assert stats(page)["epoch"] == round(place), "no grid of 1,000 places"

    for where in (field(page, "upper"), scrub):
        box = where.bounding_box()
        assert box is not None
        y, seen = box["y"] + box["height"] / 2, []
        page.mouse.move(box["x"] + box["width"] * 0.6, y)
        page.mouse.down()
        for i in range(25):
            page.mouse.move(box["x"] + box["width"] * 0.6 + i, y)
            page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            seen.append(stats(page)["epoch"])
        page.mouse.up()
        assert len(set(seen)) > 22 and seen == sorted(seen), seen
        epoch_is(page, int(seen[-1]), 10_000)
    expect(page.get_by_text(f"epoch {int(seen[-1]):,} of 10,000")).to_be_visible()  # Python was told where it rests


def is_the_speed_on_screen_the_speed_that_is_shown(page: Page, speed: str) -> None:
    expect(page.locator("#pace")).to_have_text("")
    button(page, "Rewind").click()
    page.get_by_label("Speed", exact=True).select_option(speed)
    button(page, "Play").click()
    expect(page.locator("#pace")).to_have_text(re.compile(r"^≈ [\d,]+ epochs/s$"))
    # A machine that is busy shows fewer frames: what is told is held against what was shown in the 0.6 s before it.
    samples = page.evaluate(
        f"""async () => {{
          const root = [...document.querySelectorAll('*')].find(e => e.shadowRoot?.querySelector('.lab')).shadowRoot;
          const s = ({STATS})(), pace = root.getElementById('pace'), seen = [];
          while (seen.length < 45) {{
            await new Promise(done => setTimeout(done, 40));
            seen.push([performance.now(), s.epoch, Number(pace.textContent.replace(/[^0-9.]/g, ''))]);
          }}
          return seen;
        }}"""
    )
    ratios = []
    for at, epoch, told in samples[20:]:
        since, first, _ = max((sample for sample in samples if sample[0] <= at - 600), key=lambda sample: sample[0])
        if epoch > first:  # nothing was shown for 0.6 s: neither is there a speed to tell
            ratios.append(told / ((epoch - first) / (at - since) * 1000))
    assert len(ratios) > 10
    assert float(np.median(ratios)) == pytest.approx(1, abs=0.25)
    button(page, "Pause").click()
    expect(page.locator("#pace")).to_have_text("")


# ---------------------------------------------------------------- markers, the filmstrip, the phone


def test_do_markers_appear_in_the_plots_once_they_were_reached(open_page: OpenPage) -> None:
    page = trained(open_page, CURED)
    flag = button(page, "solved, epoch 180")
    expect(flag).to_be_visible()
    box = page.locator("#upper").bounding_box()
    assert box is not None
    x = 44 + (box["width"] - 128) * np.log1p(180 / 5) / np.log1p(300 / 5)
    there = [x - 2, 9, 4, 5]
    for plot in ("upper", "lower"):
        assert ACCENT in page.evaluate(INK, [plot, *there])

    again = trained(open_page, CURED)  # a fresh page that stops on the way: nothing is told
    again.get_by_label("Seed", exact=True).fill("1")
    again.get_by_label("Seed", exact=True).press("Enter")
    expect(again).to_have_url(re.compile("seed=1"))
    again.get_by_label("Speed", exact=True).select_option("10 epochs/s")
    sidebar_train(again).click()
    expect(button(again, "Pause")).to_be_visible()
    again.wait_for_function(f"() => ({STATS})().epoch > 3 && ({STATS})().epoch < 100")
    button(again, "Pause").click()
    expect(button(again, "Continue from here").first).to_be_visible()
    expect(again.get_by_role("button", name=re.compile("^solved, epoch"))).to_have_count(0)
    strip = [60, 9, int(box["width"]) - 150, 3]
    assert ACCENT not in again.evaluate(INK, ["upper", *strip])
    again.keyboard.press("End")
    expect(again.get_by_role("button", name=re.compile("^solved, epoch"))).to_be_visible()
    assert ACCENT in again.evaluate(INK, ["upper", *strip])


def does_a_frame_of_the_filmstrip_name_its_epoch_and_lead_exactly_there(page: Page) -> None:
    film = page.locator("#film")
    box = film.bounding_box()
    assert box is not None
    for share in (0.0, 0.35, 0.62, 1.0):
        film.hover(position={"x": 22 + share * (box["width"] - 44), "y": 20})
        tip = page.locator("#tip")
        expect(tip).to_be_visible()
        epoch = int((tip.text_content() or "").removeprefix("epoch "))
        expect(page.locator("#upperRead")).to_contain_text(f"epoch {epoch}")
        page.mouse.down()
        page.mouse.up()
        epoch_is(page, epoch, 60)
    page.mouse.move(600, 20)
    expect(tip).to_be_hidden()


def test_does_a_phone_show_where_something_happened_and_scrub_on_the_curve(open_page: OpenPage) -> None:
    page = trained(open_page, "", viewport=(390, 844), has_touch=True, is_mobile=True)
    expect(page.locator("#flags")).to_be_hidden()
    tick = page.locator("#ticks i").first
    tick.scroll_into_view_if_needed()
    expect(tick).to_be_visible()
    for name in MEASURES:
        measure(page, "lower", name)
        assert page.evaluate(CUT) == [], name
    for name in ("Measure, upper plot", "Log axis, upper plot", "Measure, lower plot"):
        box = page.get_by_label(name, exact=True).bounding_box()
        assert box is not None and box["height"] >= 44
    field(page, "upper").scroll_into_view_if_needed()
    box = field(page, "upper").bounding_box()
    assert box is not None
    field(page, "upper").tap(position={"x": box["width"] / 2, "y": 30})
    page.wait_for_function(f"() => ({STATS})().epoch < 60")
    assert stats(page)["reading"] is None, "a finger that is gone reads nothing"
