"""The first minute, in a real browser: the bench, the failure, the cures, the perfect start."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.seen import OpenPage, button, stands_still, take_back

FAILURE = "511 of 512 right, and the one that matters is wrong"
# Writes down every sentence that the stage says from now on, with what it shows at that moment.
WATCH = """() => {
  const host = [...document.querySelectorAll('*')].find(e => e.shadowRoot?.querySelector('.lab'));
  const root = host.shadowRoot, say = root.querySelector('#say');
  window.heard = [];
  const note = () => window.heard.push({ say: say.textContent, when: root.querySelector('#when')?.textContent,
    label: root.querySelector('#play')?.getAttribute('aria-label') });
  new MutationObserver(note).observe(say, { childList: true, characterData: true, subtree: true });
}"""


def sentence(page: Page) -> Locator:
    """What the stage says."""
    return page.locator("#say")


def pixel(page: Page, row: int, column: int) -> Locator:
    return button(page, f"Pixel, row {row}, column {column}")


def kernel(page: Page, row: int, column: int) -> Locator:
    return page.get_by_role("spinbutton", name=f"Kernel, row {row}, column {column}", exact=True)


def weight(page: Page, name: str) -> Locator:
    return page.get_by_role("spinbutton", name=name, exact=True)


def verdict(page: Page) -> Locator:
    return page.locator("#verdict")


def caption(page: Page) -> Locator:
    """What Python says of the bench."""
    return page.get_by_text(re.compile("^On the bench: pattern"))


def pressed(page: Page) -> list[int]:
    """The pixels that are on, by number 0 to 8, once all is drawn."""
    stands_still(page)
    cells = [pixel(page, 1 + i // 3, 1 + i % 3) for i in range(9)]
    return [i for i, cell in enumerate(cells) if cell.get_attribute("aria-pressed") == "true"]


def centre(where: Locator) -> tuple[float, float]:
    box = where.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# ---------------------------------------------------------------- the bench


def test_is_the_bench_right_as_it_opens_and_painted_by_mouse_and_keys(open_page: OpenPage) -> None:
    page = open_page()
    for step in (
        does_the_page_open_on_hand_set_weights_that_are_right,
        does_a_click_on_a_pixel_change_the_verdict_and_reach_python,
        does_a_stroke_paint_every_pixel_that_it_crosses,
        can_pixels_be_toggled_with_the_keyboard_alone,
        can_a_pattern_be_chosen_by_its_index,
        can_a_pattern_be_chosen_in_the_atlas,
    ):
        step(page)
        take_back(page)


def does_the_page_open_on_hand_set_weights_that_are_right(page: Page) -> None:
    expect(sentence(page)).to_have_text("Set by hand: 512 of 512 right")
    expect(verdict(page)).to_have_text("corner")
    expect(page.get_by_role("group", name="Pre-activation")).to_contain_text("= z+5")
    assert pressed(page) == [4, 5, 7, 8]
    expect(kernel(page, 1, 1)).to_have_attribute("aria-valuenow", "-100.00")
    expect(kernel(page, 2, 2)).to_have_attribute("aria-valuenow", "10.00")
    expect(button(page, "Train")).to_be_enabled()
    expect(page.get_by_label("Epoch", exact=True)).to_be_disabled()
    expect(caption(page)).to_have_text("On the bench: pattern 432 · z +5 · output 1.000 · corner")


def does_a_click_on_a_pixel_change_the_verdict_and_reach_python(page: Page) -> None:
    pixel(page, 1, 1).click()
    expect(pixel(page, 1, 1)).to_have_attribute("aria-pressed", "true")
    expect(verdict(page)).to_have_text("not a corner")
    expect(caption(page)).to_have_text("On the bench: pattern 433 · z −95 · output 0.000 · not a corner")
    pixel(page, 1, 1).click()
    expect(verdict(page)).to_have_text("corner")
    expect(caption(page)).to_contain_text("pattern 432")


def does_a_stroke_paint_every_pixel_that_it_crosses(page: Page) -> None:
    page.mouse.move(*centre(pixel(page, 1, 1)))
    page.mouse.down()
    page.mouse.move(*centre(pixel(page, 1, 3)), steps=8)
    page.mouse.move(*centre(pixel(page, 2, 3)), steps=8)  # is on already and stays on
    page.mouse.up()
    assert pressed(page) == [0, 1, 2, 4, 5, 7, 8]
    expect(caption(page)).to_contain_text(f"pattern {432 + 7}")
    page.mouse.move(*centre(pixel(page, 2, 2)))
    page.mouse.down()
    page.mouse.move(*centre(pixel(page, 3, 2)), steps=8)
    page.mouse.up()
    assert pressed(page) == [0, 1, 2, 5, 8]
    page.mouse.move(*centre(pixel(page, 1, 1)))  # the stroke is over: moving paints no more
    assert pressed(page) == [0, 1, 2, 5, 8]


def can_pixels_be_toggled_with_the_keyboard_alone(page: Page) -> None:
    pixel(page, 1, 1).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(pixel(page, 2, 2)).to_be_focused()
    page.keyboard.press("Space")
    expect(caption(page)).to_contain_text("pattern 416")
    page.keyboard.press("Enter")
    expect(caption(page)).to_contain_text("pattern 432")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")  # there is nothing further left
    expect(pixel(page, 2, 1)).to_be_focused()


def can_a_pattern_be_chosen_by_its_index(page: Page) -> None:
    box = page.get_by_label("Pattern index", exact=True)
    box.fill("27")
    box.press("Enter")
    expect(caption(page)).to_contain_text("pattern 27 ")
    assert pressed(page) == [0, 1, 3, 4]
    for bad in ("512", "-1", "x", ""):
        box.fill(bad)
        box.press("Enter")
        expect(page.get_by_text("A pattern index is a whole number from 0 to 511. The old one stays.")).to_be_visible()
        expect(box).to_have_value("27")
        assert pressed(page) == [0, 1, 3, 4]
        box.fill("27")
        box.press("Enter")


def can_a_pattern_be_chosen_in_the_atlas(page: Page) -> None:
    atlas = page.get_by_role("slider", name="Pattern on the bench, chosen in the atlas")
    expect(atlas).to_have_attribute("aria-valuenow", "432")
    atlas.focus()
    page.keyboard.press("ArrowRight")
    expect(atlas).not_to_have_attribute("aria-valuenow", "432")
    chosen = atlas.get_attribute("aria-valuenow")
    expect(caption(page)).to_contain_text(f"pattern {chosen} ")
    page.keyboard.press("Home")
    expect(caption(page)).to_contain_text("pattern 432 ")
    box = atlas.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.6)
    expect(caption(page)).not_to_contain_text("pattern 432 ")


def test_are_weights_dragged_typed_and_stepped(open_page: OpenPage) -> None:
    page = open_page()
    for step in (
        does_dragging_a_kernel_cell_change_it_and_offer_to_train_from_it,
        can_a_weight_be_typed_beyond_the_questions_range,
        does_bad_text_keep_the_old_weight_and_say_why,
        do_the_arrow_keys_step_the_other_weights,
    ):
        step(page)
        take_back(page)


def does_dragging_a_kernel_cell_change_it_and_offer_to_train_from_it(page: Page) -> None:
    x, y = centre(kernel(page, 2, 2))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y, steps=6)
    page.mouse.up()
    expect(kernel(page, 2, 2)).not_to_have_attribute("aria-valuenow", "10.00")
    value = float(kernel(page, 2, 2).get_attribute("aria-valuenow") or "nan")
    assert 0 < value < 10, "dragging to the left makes it smaller"
    expect(sentence(page)).to_have_text(re.compile("^Your weights: "))
    expect(button(page, "Train from your weights")).to_be_enabled()
    expect(caption(page)).not_to_contain_text("z +5 ")
    button(page, "Undo my changes").click()
    expect(kernel(page, 2, 2)).to_have_attribute("aria-valuenow", "10.00")
    expect(sentence(page)).to_have_text("Set by hand: 512 of 512 right")
    expect(caption(page)).to_contain_text("z +5 ")


def can_a_weight_be_typed_beyond_the_questions_range(page: Page) -> None:
    kernel(page, 1, 1).focus()
    page.keyboard.press("Enter")
    editor = page.get_by_label("New value", exact=True)
    editor.fill("-250")
    editor.press("Enter")
    expect(editor).to_have_count(0)
    expect(kernel(page, 1, 1)).to_have_attribute("aria-valuenow", "-250.00")
    expect(kernel(page, 1, 1)).to_have_text("−250")
    pixel(page, 1, 1).click()
    expect(caption(page)).to_contain_text("z −245 ")


def does_bad_text_keep_the_old_weight_and_say_why(page: Page) -> None:
    kernel(page, 1, 1).focus()
    page.keyboard.press("Enter")
    editor = page.get_by_label("New value", exact=True)
    for bad in ("abc", "1e99", "--1", ""):
        editor.fill(bad)
        editor.press("Enter")
        expect(page.get_by_role("status").filter(has_text="Not a number")).to_be_visible()
        expect(editor).to_have_attribute("aria-invalid", "true")
    editor.press("Escape")
    expect(editor).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="Not a number")).to_have_count(0)
    expect(kernel(page, 1, 1)).to_have_attribute("aria-valuenow", "-100.00")
    expect(kernel(page, 1, 1)).to_be_focused()
    expect(sentence(page)).to_have_text("Set by hand: 512 of 512 right")


def do_the_arrow_keys_step_the_other_weights(page: Page) -> None:
    for name, before, after, z in (
        ("Bias", "-35.000", "-34.900", "z +5.10 "),
        ("Weight of the 1x1 convolution", "1.000", "1.100", "z +5.50 "),
        ("Bias of the 1x1 convolution", "0.000", "0.100", "z +5.10 "),
    ):
        expect(weight(page, name)).to_have_attribute("aria-valuenow", before)
        weight(page, name).focus()
        page.keyboard.press("ArrowUp")
        expect(weight(page, name)).to_have_attribute("aria-valuenow", after)
        expect(caption(page)).to_contain_text(z)
        page.keyboard.press("Shift+ArrowDown")
        expect(weight(page, name)).to_have_attribute("aria-valuenow", f"{float(after) - 1:.3f}")
        for _ in range(2):
            page.keyboard.press("Control+z")
        expect(caption(page)).to_contain_text("z +5 ")


def test_does_training_from_edited_weights_start_at_them(open_page: OpenPage) -> None:
    page = open_page("?labels=aligned&epochs=20")
    kernel(page, 3, 1).focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Control+z")
    expect(kernel(page, 3, 1)).to_have_attribute("aria-valuenow", "-99.90")
    expect(button(page, "Redo")).to_be_enabled()
    page.get_by_label("Speed", exact=True).select_option("all at once")
    button(page, "Train from your weights").click()
    expect(page.get_by_text("Study: From your weights, with a fresh optimizer, epoch 20 of 20")).to_be_visible()
    expect(button(page, "Redo")).to_be_disabled()  # what was undone was of before the run
    button(page, "Rewind").click()
    expect(kernel(page, 3, 1)).to_have_attribute("aria-valuenow", "-99.90")


# ---------------------------------------------------------------- the failure and its cures


def test_does_the_first_minute_lead_from_the_failure_to_solved(open_page: OpenPage) -> None:
    page = open_page()
    expect(sentence(page)).to_have_text("Set by hand: 512 of 512 right")
    page.evaluate(WATCH)
    button(page, "Train").click()
    expect(button(page, "Pause")).to_be_visible()
    expect(sentence(page)).to_have_text("The question, as asked")
    expect(button(page, "Continue from here")).to_have_count(1)  # the sidebar's; none on the stage while it plays
    expect(sentence(page)).to_have_text(FAILURE)
    expect(
        page.get_by_text("Every output meets every label: rejecting everything costs 0.00195 here, ")
    ).to_be_visible()
    heard = page.evaluate("() => window.heard")
    assert [h["say"] for h in heard].count(FAILURE) == 1
    for h in heard:
        if h["say"] == FAILURE:
            assert (h["when"].replace(" ", ""), h["label"]) == ("epoch100/100", "Play"), "the ending was told early"
    expect(verdict(page)).to_have_text("not a corner")
    expect(page.get_by_text("1 wrong")).to_be_visible()
    expect(page.get_by_text("Study: The question, as asked, epoch 100 of 100")).to_be_visible()

    speed = page.get_by_label("Speed", exact=True)
    speed.select_option("all at once")
    button(page, "Next (1 of 4): fix the label shapes").click()
    expect(sentence(page)).to_have_text(FAILURE)
    why = re.compile(r"The corner's gradient is exactly 0 from epoch \d+ on: its z is −[\d.]+ now")
    expect(page.locator("#because")).to_have_text(why)  # and Why, once it is there
    expect(page).to_have_url(re.compile("labels=aligned"))

    button(page, "Next (2 of 4): a loss that never saturates").click()
    expect(sentence(page)).to_have_text("512 of 512 right: solved at epoch 180")
    expect(verdict(page)).to_have_text("corner")
    expect(page.get_by_text("0 wrong")).to_be_visible()


def test_does_a_perfect_start_share_its_opposite_fates(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_label("Speed", exact=True).select_option("all at once")
    button(page, "Train from perfect weights").click()
    expect(sentence(page)).to_have_text(FAILURE)
    expect(
        page.get_by_text("All 512 were right at the start; at epoch 100 it is 511. Every output meets every label")
    ).to_be_visible()
    expect(page.locator("#out")).to_have_text("0.031")
    button(page, "Next (4 of 4): the same start, shapes aligned").click()
    expect(sentence(page)).to_have_text("512 of 512 right after 100 epochs")
    expect(verdict(page)).to_have_text("corner")
    button(page, "Rewind").click()
    expect(page.locator("#out")).to_have_text("0.583")
