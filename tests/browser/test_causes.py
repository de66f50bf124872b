"""The cube of the three causes in a real browser: measured while one looks, and a way into the playground."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.seen import OpenPage, button


def test_is_a_vertex_measured_and_opened_in_the_playground(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_label("Speed", exact=True).select_option("all at once")
    page.get_by_role("link", name="Causes", exact=True).click()
    asked = page.get_by_role("button", name=re.compile(r"^The question as asked: 0 of 40 solved$"))
    expect(asked).to_be_visible()
    expect(asked).to_have_attribute("aria-pressed", "true")
    assert_whole_on_a_phone(page)
    vertex = page.get_by_role("button", name=re.compile("^Causes removed: label shapes, imbalance: "))
    vertex.focus()
    page.keyboard.press("Enter")
    expect(vertex).to_have_attribute("aria-pressed", "true")
    shapes, loss, balance = (
        page.get_by_role("switch", name=name)
        for name in ("Fix the label shapes", "A loss that never saturates", "Balance the batches")
    )
    expect(shapes).to_be_checked()
    expect(balance).to_be_checked()
    expect(loss).not_to_be_checked()
    button(page, "Open in the playground").click()
    expect(page.locator("#say")).to_contain_text(re.compile(r"solved at epoch \d+"))
    expect(page).to_have_url(re.compile(r"/\?labels=aligned&balance=half_batch&epochs=1000(&v=1&epoch=\d+)?$"))
    expect(page.get_by_role("spinbutton", name="Epochs")).to_have_value("1000")
    expect(page.get_by_role("radio", name="Aligned")).to_be_checked()
    expect(page.get_by_role("combobox", name="Balance")).to_have_value("half batches")


def assert_whole_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    vertices = page.locator("button[data-vertex]").all()
    for vertex in vertices:
        vertex.scroll_into_view_if_needed()
    expect(page.get_by_test_id("stApp")).to_have_js_property("scrollWidth", 390)
    boxes = [box for box in (vertex.bounding_box() for vertex in vertices) if box]
    assert len(boxes) == 8
    for box in boxes:
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390 and min(box["width"], box["height"]) >= 44
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert abs(a["x"] - b["x"]) >= a["width"] or abs(a["y"] - b["y"]) >= 60, "one vertex covers another"
    page.set_viewport_size({"width": 1440, "height": 900})
