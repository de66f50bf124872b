"""The page of pictures in a real browser: a run that plays, drawing by mouse, keys and finger, files, the link."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

from corner_lab.pictures import scene
from corner_lab.pictures.files import read, write_png
from corner_lab.pictures.picture_link import drawing_text, read_drawing
from tests.browser.seen import OpenPage, button

SEEN = "([...document.querySelectorAll('*')].find(e => e._picture)?._picture ?? {})"
RUN = "labels=aligned&head=sigmoid&loss=binary_crossentropy&learning_rate=0.1&epochs=300"


def seen(page: Page) -> dict[str, Any]:
    """What the picture says of itself: text, found, right, missed, falses, epoch, network, the times of its frames."""
    found: dict[str, Any] = page.evaluate(f"() => {SEEN}")
    return found


def shows(page: Page, condition: str) -> None:
    """Wait until this is so of the picture, `s`, and of the address, `at`."""
    page.wait_for_function(f"() => {{ const s = {SEEN}, at = location.search; return s.text && {condition}; }}")


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """With the mouse, between places in the picture as shares of its sides."""
    box = page.locator("canvas").bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=8)
    page.mouse.up()


def test_do_corners_appear_while_a_run_plays_and_is_drawn_into_what_it_sees(open_page: OpenPage) -> None:
    page = open_page(f"pictures?{RUN}&v=1&epoch=300&network=run&scene=filled:3:256", settle=False)
    shows(page, "s.epoch === 300 && s.right === 4 && s.missed === 0 && s.falses === 0 && s.network === 'run'")
    slider = page.get_by_role("slider", name="Epoch")
    slider.fill("0")
    shows(page, "s.epoch === 0 && s.right < 4 && at.includes('epoch=0')")
    page.evaluate(f"() => {{ {SEEN}.frames.length = 0; }}")
    button(page, "Play").click()
    shows(page, "s.epoch === 300 && s.still && s.right === 4 && s.falses === 0")
    assert len(seen(page)["frames"]) > 1, "it has played"  # how long one takes: benchmarks/picture_frames.py
    slider.press("ArrowLeft")
    shows(page, "s.epoch === 299")
    draws_and_undoes(page)
    draws_by_keyboard(page)
    slides_the_kernel(page)
    takes_files(page)
    drags_a_weight(page)
    puts_a_patch_on_the_bench(page)


def draws_and_undoes(page: Page) -> None:
    page.get_by_label("Size").select_option("32")
    shows(page, "s.scene?.side === 32 && at.includes('scene=filled:3:32')")
    before = read_drawing(seen(page)["text"])
    drag(page, (4.5 / 32, 20.5 / 32), (9.5 / 32, 28.5 / 32))
    wanted = before.copy()
    wanted[20:29, 4:10] = 1
    text = drawing_text(wanted)
    shows(page, f"s.text === '{text}' && s.scene === null && at.includes('drawing={text}')")
    page.get_by_label("Tolerance").select_option("2 pixels")
    page.get_by_role("radio", name="z", exact=True).check(force=True)
    shows(page, "at.includes('tolerance=2&map=z')")
    button(page, "Undo").click()
    shows(page, "s.scene?.seed === 3 && s.right === 4")
    button(page, "Redo").click()
    shows(page, f"s.text === '{text}' && at.includes('drawing={text}')")
    page.reload()
    shows(page, f"s.text === '{text}' && s.network === 'run' && s.epoch === 299")
    expect(page.get_by_label("Tolerance")).to_have_value("2")
    expect(page.get_by_role("radio", name="z", exact=True)).to_be_checked()


def draws_by_keyboard(page: Page) -> None:
    button(page, "Clear").click()
    shows(page, "!s.found")
    canvas = page.locator("canvas")
    canvas.focus()
    for _ in range(32):
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowLeft")
    for key in ("ArrowDown", "ArrowRight", "Space", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "Space"):
        page.keyboard.press(key)  # a rectangle from the first space to the second
    wanted = np.zeros((32, 32), dtype=np.uint8)
    wanted[1:4, 1:4] = 1
    shows(page, f"s.text === '{drawing_text(wanted)}' && s.found === 1")
    summary = "in a picture of 32 by 32: 1 corner found. Found: top-left corner at row 2, column 2."
    expect(page.get_by_text(summary)).to_have_count(1)
    page.get_by_role("radio", name="Pencil").check(force=True)
    canvas.focus()
    page.keyboard.press("Space")
    wanted[3, 3] = 0
    shows(page, f"s.text === '{drawing_text(wanted)}'")
    expect(page.get_by_text("row 4, column 4, off")).to_have_count(1)


def slides_the_kernel(page: Page) -> None:
    button(page, "Slide").click()
    shows(page, "!s.still")
    for name in ("Slower", "Slower", "Slower", "Slower"):
        button(page, name).click()
    expect(page.get_by_text("4 patches a second")).to_be_visible()
    button(page, "Hold").click()
    shows(page, "s.still")
    button(page, "Slide").click()
    shows(page, "!s.still")
    button(page, "Stop").click()
    shows(page, "s.still")
    expect(page.get_by_text("patches a second")).to_have_count(0)


def takes_files(page: Page) -> None:
    page.get_by_text("Beside other corner detectors").click()
    expect(page.get_by_role("cell", name="overlapping")).to_be_visible()
    page.get_by_text("Upload a picture").click()
    files = page.locator("input[type=file]")
    before = seen(page)["text"]
    files.set_input_files({"name": "bad.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(page.get_by_test_id("stAlert").filter(has_text="bad.png: this is no picture")).to_be_visible()
    assert seen(page)["text"] == before
    made = scene("outlined", 1, 20, 30).picture
    files.set_input_files({"name": "good.png", "mimeType": "image/png", "buffer": write_png(made)})
    shows(page, f"s.text === '{drawing_text(made)}'")
    with page.expect_download() as download:
        button(page, "Download PNG").click()
    assert np.array_equal(read(download.value.path().read_bytes()), made)


def drags_a_weight(page: Page) -> None:
    """The run's weights become the bench's own; what is found follows, and is undone with them."""
    page.goto(page.url.split("?")[0] + f"?{RUN}&v=1&epoch=300&network=run&scene=filled:3:32")
    shows(page, "s.network === 'run' && s.epoch === 300 && s.right === 4 && s.falses === 0")
    bias = page.get_by_role("spinbutton", name="Bias of the 1x1 convolution", exact=True)
    trained, learned = bias.inner_text(), float(bias.get_attribute("aria-valuenow") or "nan")
    box = bias.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 9, box["y"] + 9)
    page.mouse.down()
    page.mouse.move(box["x"] - 191, box["y"] + 9, steps=5)
    shows(page, "s.network === 'bench' && s.missed === 4")  # before the hand rests
    expect(page.get_by_text("The weights of epoch 300 are on the bench, and yours to change.")).to_be_visible()
    page.mouse.up()
    shows(page, "at.includes('weights=') && !at.includes('network=')")
    moved = bias.inner_text()
    assert moved != trained
    page.get_by_role("button", name="Pixel, row 2, column 2").click()
    shows(page, "s.scene === null")
    button(page, "Undo").click()
    shows(page, "s.scene !== null && s.missed === 4")
    button(page, "Undo").click()
    expect(bias).to_have_text(trained)
    shows(page, "s.missed === 0 && !at.includes('weights=')")
    button(page, "Redo").click()
    expect(bias).to_have_text(moved)
    shows(page, "at.includes('weights=')")
    # A key that comes before the frame in which the run's weights show again counts from them.
    bias.evaluate(
        """bias => {
            bias.getRootNode().querySelector("input[name=network][value=run]").click();
            bias.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", shiftKey: true, bubbles: true }));
        }"""
    )
    expect(bias).not_to_have_text(moved)
    assert abs(float(bias.get_attribute("aria-valuenow") or "nan") - learned - 1) < 0.002
    button(page, "Undo").click()
    expect(bias).to_have_text(moved)


def puts_a_patch_on_the_bench(page: Page) -> None:
    page.get_by_role("radio", name="To the bench").check(force=True)
    bias = page.get_by_role("spinbutton", name="Bias of the 1x1 convolution", exact=True)
    was = bias.inner_text()
    bias.press("Shift+ArrowUp")
    expect(bias).not_to_have_text(was)
    moved = bias.inner_text()
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.5, box["y"] + 0.5)
    expect(page.get_by_text("is on the bench of Play")).to_be_visible()
    button(page, "Play with it").click()
    expect(page.get_by_role("textbox", name="Pattern index")).to_have_value("0")
    expect(bias).to_have_text(moved)
    button(page, "in a picture").click()  # the one that was last drawn
    said = "Your weights, in a picture of 32 by 32: 0 corners found, 0 of 4 right, 4 missed, 0 false. Missed: "
    expect(page.locator("#atlas")).to_have_attribute("aria-label", re.compile(re.escape(said)))


def test_is_it_drawn_with_a_finger_on_a_phone_and_does_the_kernel_go_by_rows(open_page: OpenPage) -> None:
    phone = {"viewport": (390, 844), "has_touch": True, "reduced_motion": "reduce", "color_scheme": "dark"}
    page = open_page("pictures?drawing=8x8:gC&network=by_hand&scene=junk", settle=False, **phone)
    shows(page, "s.text === '8x8:gC' && s.network === 'by_hand'")
    expect(page.get_by_test_id("stAlert").filter(has_text="The link says scene 'junk'")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for node in page.locator(".pic").locator("button, select, .choice, input[type=text], input[type=range]").all():
        box = node.bounding_box()
        assert box is None or (box["height"] >= 44 and box["width"] >= 44), node.evaluate("e => e.outerHTML")
    page.get_by_role("radio", name="Pencil").check(force=True)
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] * 2.5 / 8, box["y"] + box["height"] * 1.5 / 8)
    wanted = np.zeros((8, 8), dtype=np.uint8)
    wanted[1, 2] = 1
    shows(page, f"s.text === '{drawing_text(wanted)}' && at.includes('drawing={drawing_text(wanted)}')")
    button(page, "Next row").click()
    expect(page.get_by_text("The window at row 2, column 1")).to_be_visible()
    button(page, "Stop").click()
    shows(page, "s.still")
