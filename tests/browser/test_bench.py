"""The bench in depth, in a real browser: what lights up, the sum, ready-made patterns, locks, undo."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from corner_lab.experiment.initializers import linear_weights
from corner_lab.network.numpy_model import outputs, pre_activations
from tests.browser.seen import OpenPage, button, sidebar_train, stands_still, take_back, visit


def pixel(page: Page, i: int) -> Locator:
    return button(page, f"Pixel, row {i // 3 + 1}, column {i % 3 + 1}")


def kernel(page: Page, i: int) -> Locator:
    name = re.compile(f"^Kernel, row {i // 3 + 1}, column {i % 3 + 1}(, locked)?$")
    return page.get_by_role("spinbutton", name=name)


def number(page: Page, name: str) -> Locator:
    return page.get_by_role("spinbutton", name=name, exact=True)


def caption(page: Page) -> Locator:
    """What Python says of the bench: it has heard of the change."""
    return page.get_by_text(re.compile("^On the bench: pattern"))


def lit(page: Page) -> list[str]:
    """The cells that light up, by kind and place."""
    found: list[str] = page.evaluate(
        """() => {
            const root = [...document.querySelectorAll('*')].find(e => e._stats && e.shadowRoot).shadowRoot;
            return [...root.querySelectorAll('.lit')].map(e =>
                e.className.match(/pixel|weight|product/)[0] + [...e.parentElement.children].indexOf(e));
        }"""
    )
    return sorted(found)


def type_into(page: Page, cell: Locator, text: str) -> None:
    cell.focus()
    page.keyboard.press("Enter")
    editor = page.get_by_label("New value", exact=True)
    editor.fill(text)
    editor.press("Enter")
    expect(editor).to_have_count(0)


# ---------------------------------------------------------------- the sum


def test_does_the_bench_show_how_its_number_comes_about(open_page: OpenPage) -> None:
    page = open_page()
    for step in (
        do_pixel_weight_and_product_light_up_together,
        is_the_product_written_out_for_the_cell_that_has_the_focus,
        can_the_sum_be_copied,
        is_the_hardest_pattern_the_one_that_is_wrong_by_most,
        does_the_table_tell_the_row_at_the_playhead,
        does_the_help_open_by_key_and_button_and_close_again,
        does_touching_a_weight_pause_a_run_and_say_so,
    ):
        step(page)
        take_back(page)


def do_pixel_weight_and_product_light_up_together(page: Page) -> None:
    for where in (pixel(page, 4), kernel(page, 4), page.locator(".product").nth(4)):
        where.hover()
        expect(page.locator("#formula")).to_have_text("1 × +10 = +10")
        assert lit(page) == ["pixel4", "product4", "weight4"]
        page.mouse.move(5, 5)
        expect(page.locator("#formula")).to_have_text("")
        assert lit(page) == []


def is_the_product_written_out_for_the_cell_that_has_the_focus(page: Page) -> None:
    type_into(page, kernel(page, 0), "-0.73")
    expect(page.locator("#formula")).to_have_text("0 × −0.73 = 0")
    pixel(page, 0).focus()
    page.keyboard.press("Space")
    expect(page.locator("#formula")).to_have_text("1 × −0.73 = −0.73")
    assert lit(page) == ["pixel0", "product0", "weight0"]
    number(page, "Bias").focus()
    expect(page.locator("#formula")).to_have_text("+39.270 + (−35) = +4.270")
    # Times a negative w2 the same cell reads the other way round, says so, and is edited back.
    type_into(page, number(page, "Weight of the 1x1 convolution"), "-2")
    page.mouse.move(5, 5)
    button(page, "Clear").focus()
    expect(page.locator("#turned")).to_have_text("The kernel is shown before it is multiplied by w₂ = −2.")
    z = page.locator("#lZ").text_content()
    button(page, "Kernel times w₂").click()
    expect(kernel(page, 0)).to_have_text("+1.46")
    expect(page.locator("#turned")).to_have_text("")
    expect(page.locator("#lZ")).to_have_text(str(z))
    expect(page.locator("#filmNote")).to_have_text("Kernel × w₂.")
    type_into(page, kernel(page, 0), "3")
    button(page, "Kernel times w₂").click()
    expect(kernel(page, 0)).to_have_text("−1.50")
    type_into(page, number(page, "Weight of the 1x1 convolution"), "0")
    button(page, "Kernel times w₂").click()
    expect(kernel(page, 0)).to_have_text("0")
    type_into(page, kernel(page, 0), "5")
    expect(page.locator("#told")).to_contain_text("w₂ is too near 0")
    button(page, "Kernel times w₂").click()
    expect(kernel(page, 0)).to_have_text("−1.50")


def test_does_the_written_sum_come_out_when_it_is_done_again(open_page: OpenPage) -> None:
    page = open_page()
    comes_out_again(page, lines=4)
    for query, lines in (("?second_conv=false", 3), ("?head=sigmoid", 4), ("?head=linear&loss=mse", 4)):
        visit(page, query)
        if lines == 3:
            has_no_1x1_convolution(page)
        comes_out_again(page, lines)


def comes_out_again(page: Page, lines: int) -> None:
    type_into(page, kernel(page, 1), "-1.2345")
    pixel(page, 1).click()
    button(page, "Sum").click()
    written = page.locator("#sumText").inner_text().splitlines()
    assert len(written) == lines
    for line in written:
        _, *sides = [re.sub("[−₀₁]", lambda m: {"−": "-"}.get(m[0], "_"), part) for part in line.split(" = ")]
        values = [evaluated(side) for side in sides]
        assert values == pytest.approx([values[-1]] * len(values), rel=1e-5, abs=1e-6), line
    expect(caption(page)).to_contain_text(f"pattern {432 + 2} ")
    button(page, "Sum").click()
    expect(page.locator("#sumText")).to_be_hidden()
    take_back(page)


def evaluated(side: str) -> float:
    heads = {"hard_sigmoid": lambda z: min(1.0, max(0.0, z / 6 + 0.5)), "linear": lambda z: z}
    known: dict[str, Any] = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "exp": np.exp, "min": min, "max": max, **heads}
    if m := re.fullmatch(r"(\w+)\(z\)", side):  # output = head(z) = ...
        return known[m[1]](Z[0])
    if side == "z":
        return Z[0]
    value = float(eval(side.replace("×", "*"), {"__builtins__": {}}, known))
    Z[0] = value
    return value


Z = [0.0]  # the last value that a line came to: z, when the output's line asks for it


def can_the_sum_be_copied(page: Page) -> None:
    button(page, "Sum").click()
    button(page, "Copy").click()
    expect(page.locator("#told")).to_have_text("Copied.")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied.splitlines()[0].endswith("1 × 10 + 1 × 10 + 0 × (−100) + 1 × 10 + 1 × 10 = 40")
    button(page, "Sum").click()


def has_no_1x1_convolution(page: Page) -> None:
    expect(number(page, "Bias")).to_be_visible()
    expect(page.get_by_role("spinbutton", name=re.compile("1x1"))).to_have_count(0)


# ---------------------------------------------------------------- ready-made patterns


def test_is_the_bench_changed_and_all_of_it_taken_back(open_page: OpenPage) -> None:
    page = open_page()
    for step in (
        do_the_ready_made_patterns_come_to_the_bench,
        does_a_double_click_set_a_weight_to_zero,
        can_everything_on_the_bench_be_undone_and_redone,
        is_a_stroke_one_thing_to_undo,
        does_ctrl_z_in_a_text_field_leave_the_bench_alone,
        does_shift_make_a_drag_ten_times_finer,
    ):
        step(page)
        take_back(page)


def do_the_ready_made_patterns_come_to_the_bench(page: Page) -> None:
    for name, index in (("Clear", 0), ("Invert", 511), ("Corner", 432), ("Invert", 79)):
        button(page, name).click()
        expect(caption(page)).to_contain_text(f"pattern {index} ")
    button(page, "Random").click()
    expect(caption(page)).not_to_contain_text("pattern 79 ")


def is_the_hardest_pattern_the_one_that_is_wrong_by_most(page: Page) -> None:
    button(page, "Hardest").click()
    numbers = linear_weights("by_hand", 432)
    excess = np.where(np.arange(512) == 432, -1, 1) * pre_activations(numbers)
    nearest = int(np.argmax(excess))
    expect(caption(page)).to_contain_text(f"pattern {nearest} ")
    expect(page.locator("#told")).to_have_text("All 512 are right; this one is nearest to the wrong side.")
    type_into(page, number(page, "Bias"), "300")
    button(page, "Hardest").click()
    expect(caption(page)).to_contain_text(f"pattern {np.argmax(np.delete(excess, 432))} ")
    expect(page.locator("#verdict")).to_have_text("corner")
    expect(page.locator("#mark")).to_have_text("wrong")


# ---------------------------------------------------------------- weights


def does_a_double_click_set_a_weight_to_zero(page: Page) -> None:
    kernel(page, 0).dblclick()
    expect(kernel(page, 0)).to_have_attribute("aria-valuenow", "0.00")
    pixel(page, 0).click()
    expect(caption(page)).to_contain_text("z +5 ")


def does_touching_a_weight_pause_a_run_and_say_so(page: Page) -> None:
    page.get_by_label("Speed", exact=True).select_option("10 epochs/s")
    button(page, "Train").click()
    expect(button(page, "Pause")).to_be_visible()
    page.wait_for_function("() => [...document.querySelectorAll('*')].find(e => e._stats)._stats.epoch >= 2")
    kernel(page, 4).focus()
    page.keyboard.press("ArrowUp")
    expect(button(page, "Play")).to_be_visible()
    expect(page.locator("#told")).to_have_text(re.compile(r"^Paused at epoch \d+: the weights are yours now\.$"))
    expect(page.locator("#say")).to_have_text(re.compile("^Your weights: "))


def can_everything_on_the_bench_be_undone_and_redone(page: Page) -> None:
    expect(button(page, "Undo")).to_be_disabled()
    pixel(page, 0).click()
    type_into(page, kernel(page, 4), "3")
    kernel(page, 8).focus()
    page.keyboard.press("l")
    expect(kernel(page, 8)).to_have_attribute("aria-label", re.compile(", locked$"))
    button(page, "Undo").click()
    expect(kernel(page, 8)).not_to_have_attribute("aria-label", re.compile(", locked$"))
    page.keyboard.press("Control+z")
    expect(kernel(page, 4)).to_have_attribute("aria-valuenow", "10.00")
    expect(page.locator("#say")).to_have_text("Set by hand: 512 of 512 right")
    page.keyboard.press("Control+z")
    expect(caption(page)).to_contain_text("pattern 432 · z +5 ")
    expect(button(page, "Undo")).to_be_disabled()
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Control+y")
    expect(kernel(page, 4)).to_have_attribute("aria-valuenow", "3.00")
    expect(caption(page)).to_contain_text("pattern 433 ")
    button(page, "Redo").click()
    expect(kernel(page, 8)).to_have_attribute("aria-label", re.compile(", locked$"))
    expect(button(page, "Redo")).to_be_disabled()


def is_a_stroke_one_thing_to_undo(page: Page) -> None:
    boxes = [pixel(page, i).bounding_box() for i in (0, 2)]
    (x0, y0), (x1, y1) = [(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2) for b in boxes if b]
    page.mouse.move(x0, y0)
    page.mouse.down()
    page.mouse.move(x1, y1, steps=8)
    page.mouse.up()
    expect(caption(page)).to_contain_text(f"pattern {432 + 7} ")
    button(page, "Undo").click()
    expect(caption(page)).to_contain_text("pattern 432 ")
    expect(button(page, "Undo")).to_be_disabled()


def does_ctrl_z_in_a_text_field_leave_the_bench_alone(page: Page) -> None:
    pixel(page, 0).click()
    page.get_by_label("Pattern index", exact=True).focus()
    page.keyboard.press("Control+z")
    expect(caption(page)).to_contain_text("pattern 433 ")
    expect(button(page, "Undo")).to_be_enabled()


def test_does_the_bench_survive_a_reload(open_page: OpenPage) -> None:
    page = open_page("?labels=aligned")
    pixel(page, 0).click()
    type_into(page, kernel(page, 4), "3")
    kernel(page, 0).focus()
    page.keyboard.press("l")
    expect(caption(page)).to_contain_text("z −102 ")
    page.reload()
    expect(caption(page)).to_contain_text("pattern 433 · z −102 ")
    expect(kernel(page, 4)).to_have_attribute("aria-valuenow", "3.00")
    expect(kernel(page, 0)).to_have_attribute("aria-label", re.compile(", locked$"))
    button(page, "Undo").click()
    button(page, "Undo").click()
    expect(kernel(page, 4)).to_have_attribute("aria-valuenow", "10.00")
    page.goto(page.url.split("?")[0])  # another address: another bench
    expect(caption(page)).to_contain_text("pattern 432 · z +5 ")


# The widths at which one of the bench's four parts stands below the others, or it sticks out.
BROKEN = """() => {
  const host = [...document.querySelectorAll('*')].find(e => e._stats && e.shadowRoot);
  const sum = host.shadowRoot.querySelector('.sum');
  const parts = [...sum.querySelectorAll(':scope > div')].slice(0, 4);
  const broken = [];
  for (let width = 704; width < 2000; width += 6) {
    host.style.width = `${width}px`;
    const low = parts.map(part => part.getBoundingClientRect().bottom);
    if (Math.max(...low) - Math.min(...low) > 1 || sum.scrollWidth > sum.clientWidth) broken.push(width);
  }
  host.style.width = "";
  return broken;
}"""


@pytest.mark.parametrize("query", ["", "?head=softmax&loss=categorical_crossentropy", "?second_conv=false"])
def test_does_the_bench_stand_in_one_line_at_every_width(open_page: OpenPage, query: str) -> None:
    assert open_page(query).evaluate(BROKEN) == []


# ---------------------------------------------------------------- help, table


def does_the_help_open_by_key_and_button_and_close_again(page: Page) -> None:
    page.keyboard.press("?")
    help_box = page.get_by_role("dialog", name="Help")
    expect(help_box).to_be_visible()
    expect(help_box).to_contain_text("Ctrl+Z")
    page.keyboard.press("Escape")
    expect(help_box).to_be_hidden()
    button(page, "Help").click()
    expect(help_box).to_be_visible()
    button(page, "Close help").click()
    expect(help_box).to_be_hidden()


def does_the_table_tell_the_row_at_the_playhead(page: Page) -> None:
    page.get_by_text("Numbers at this epoch").click()
    table = page.get_by_role("table", name="Numbers at this epoch")
    rows = dict(
        zip(table.get_by_role("rowheader").all_inner_texts(), table.get_by_role("cell").all_inner_texts(), strict=True)
    )
    assert rows["Right"] == "512 of 512"
    assert rows["Loss"] == "not measured"
    assert rows["Live fraction"] == "0%"
    type_into(page, number(page, "Bias"), "-30")
    numbers = linear_weights("by_hand", 432)
    numbers[9] = -30
    highest = np.delete(outputs(numbers, "hard_sigmoid"), 432).max()
    expect(table.get_by_role("row", name="Highest other output")).to_contain_text(f"{highest:.3f}")
    expect(table.get_by_role("row", name="Epoch")).to_contain_text("weights changed by hand")


# ---------------------------------------------------------------- locks and softmax


def test_does_a_locked_weight_keep_its_value_in_training(open_page: OpenPage) -> None:
    page = open_page("?labels=aligned&head=sigmoid&loss=binary_crossentropy&epochs=20")
    button(page, "Lock weights").click()
    kernel(page, 0).click()
    number(page, "Bias").click()
    expect(page.locator("#told")).to_have_text("Locked: training keeps its value.")
    button(page, "Lock weights").click()
    expect(page.get_by_role("spinbutton", name=re.compile(", locked$"))).to_have_count(2)
    type_into(page, kernel(page, 0), "-7.5")
    page.get_by_label("Speed", exact=True).select_option("all at once")
    sidebar_train(page).click()
    study = page.get_by_text("Study: Your settings, 2 locked, epoch 20 of 20")
    expect(study).to_be_visible()
    before = {i: kernel(page, i).get_attribute("aria-valuenow") for i in range(9)}
    assert before[0] == "-7.50"
    button(page, "Rewind").click()
    expect(page.get_by_text(re.compile("epoch 0 of 20"))).to_be_visible()
    after = {i: kernel(page, i).get_attribute("aria-valuenow") for i in range(9)}
    assert after[0] == "-7.50"
    assert any(before[i] != after[i] for i in range(1, 9)), "the others learn"
    expect(number(page, "Bias, locked")).to_have_attribute("aria-valuenow", "-35.000")


def test_is_an_edited_softmax_shown_and_trained_as_it_stands(open_page: OpenPage) -> None:
    page = open_page("?head=softmax&loss=categorical_crossentropy&batch_size=512&epochs=3")
    for step in (
        has_a_softmax_two_rows_that_can_be_changed_one_by_one,
        does_training_go_on_from_an_edited_softmax_as_it_stands,
    ):
        step(page)
        take_back(page)


def has_a_softmax_two_rows_that_can_be_changed_one_by_one(page: Page) -> None:
    type_into(page, number(page, "Weight of the 1x1 convolution, not a corner"), "2")
    expect(page.locator("#l0Z")).to_have_text("+10")
    expect(page.locator("#l1Z")).to_have_text("+5")
    expect(page.locator("#lZ")).to_have_text("−5")
    type_into(page, number(page, "Bias of the 1x1 convolution, corner"), "7")
    expect(page.locator("#l1Z")).to_have_text("+12")
    expect(caption(page)).to_contain_text("z +2 ")
    button(page, "Sum").click()
    expect(page.locator("#sumText")).to_contain_text("z₀ = 5 × 2 + 0 = 10")
    expect(page.locator("#sumText")).to_contain_text("z₁ = 5 × 1 + 7 = 12")


def does_training_go_on_from_an_edited_softmax_as_it_stands(page: Page) -> None:
    type_into(page, number(page, "Weight of the 1x1 convolution, not a corner"), "2")
    type_into(page, number(page, "Bias of the 1x1 convolution, not a corner"), "-1")
    page.get_by_label("Speed", exact=True).select_option("all at once")
    button(page, "Train from your weights").click()
    expect(page.get_by_text(re.compile("epoch 3 of 3"))).to_be_visible()
    button(page, "Rewind").click()
    for name, value in (("Weight", "2.000"), ("Bias", "-1.000")):
        cell = number(page, f"{name} of the 1x1 convolution, not a corner")
        expect(cell).to_have_attribute("aria-valuenow", value)


# ---------------------------------------------------------------- by finger, finely, on a phone


def centre(where: Locator) -> tuple[float, float]:
    box = where.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def does_a_finger_paint_and_the_page_stay_where_it_is(page: Page) -> None:
    pixel(page, 6).scroll_into_view_if_needed()
    before = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop")
    finger = page.context.new_cdp_session(page)
    (x0, y0), (x1, y1) = centre(pixel(page, 0)), centre(pixel(page, 6))
    points = [(x0 + (x1 - x0) * i / 10, y0 + (y1 - y0) * i / 10) for i in range(11)]
    for i, (x, y) in enumerate(points):
        kind = "touchMove" if i else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(caption(page)).to_contain_text(f"pattern {432 + 1 + 8 + 64} ")
    assert page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop") == before


def does_shift_make_a_drag_ten_times_finer(page: Page) -> None:
    type_into(page, kernel(page, 4), "0")
    values = []
    for fine in (False, True):
        x, y = centre(kernel(page, 4))
        page.mouse.move(x, y)
        if fine:
            page.keyboard.down("Shift")
        page.mouse.down()
        page.mouse.move(x + 50, y, steps=5)
        page.mouse.up()
        stands_still(page)
        values.append(float(kernel(page, 4).get_attribute("aria-valuenow") or "nan"))
        button(page, "Undo").click()
        expect(kernel(page, 4)).to_have_attribute("aria-valuenow", "0.00")
    page.keyboard.up("Shift")
    coarse, fine_one = (np.log1p(v) for v in values)
    assert coarse == pytest.approx(1.0, rel=0.05)  # 0.02 per pixel along log(1 + v)
    assert fine_one == pytest.approx(0.1, rel=0.1)


def test_is_the_bench_at_hand_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(viewport=(390, 844), has_touch=True, is_mobile=True)
    for step in (
        are_bench_button_and_curve_within_two_scrolls_on_a_phone,
        does_a_finger_paint_and_the_page_stay_where_it_is,
    ):
        step(page)


def are_bench_button_and_curve_within_two_scrolls_on_a_phone(page: Page) -> None:
    ends = []
    for where in (button(page, "Train"), page.locator("#tools"), page.locator("#curve")):
        box = where.bounding_box()
        assert box is not None
        ends.append(box["y"] + box["height"])
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert ends[0] < 844, "the button is on the first screen"
    assert max(ends) < 844 * 2, f"the curve ends at {max(ends):.0f} px"
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390


def type_keys(page: Page, text: str) -> None:
    """Press a key for each sign, also those that Playwright's own keyboard lacks."""
    keyboard = page.context.new_cdp_session(page)
    for sign in text:
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": sign, "text": sign})
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": sign})


@pytest.mark.parametrize("name", ["Kernel, row 1, column 2", "Bias"])
def test_does_a_number_typed_with_the_pages_own_minus_sign_count(open_page: OpenPage, name: str) -> None:
    page = open_page()
    number = page.get_by_role("spinbutton", name=name, exact=True)
    before = number.get_attribute("aria-valuenow")
    number.focus()
    shown = number.inner_text()
    assert shown[0] == "\N{MINUS SIGN}", "what the page shows is what can be typed"
    type_keys(page, f"{shown[0]}7")  # the first key opens the editor
    expect(page.get_by_label("New value", exact=True)).to_have_value("\N{MINUS SIGN}7")
    page.keyboard.press("Enter")
    expect(number).to_have_text(re.compile("^\N{MINUS SIGN}7(\\.0+)?$"))
    expect(number).to_have_attribute("aria-valuenow", re.compile(r"^-7(\.0*)?$"))
    assert float(before or "nan") != -7
    page.keyboard.press("F2")  # as the editor itself writes it
    expect(page.get_by_label("New value", exact=True)).to_have_value("\N{MINUS SIGN}7")
    page.keyboard.press("End")
    type_keys(page, ".25")
    page.keyboard.press("Enter")
    expect(number).to_have_attribute("aria-valuenow", re.compile(r"^-7\.250*$"))
