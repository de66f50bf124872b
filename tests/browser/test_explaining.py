"""The pages that explain the loss, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.seen import OpenPage, button


def go(page: Page, name: str) -> None:
    """Follow a link of the navigation."""
    page.get_by_role("link", name=name, exact=True).click()


def test_does_the_autopsy_come_to_nothing_once_the_shapes_align(open_page: OpenPage) -> None:
    page = open_page()
    go(page, "Autopsy")
    figures = page.get_by_test_id("stMetricValue")
    expect(figures).to_have_text(["0.0037841796875", "9.3703e-04", "0"])
    expect(page.get_by_text("All its 1,024 pairs count; 62 cost something")).to_be_visible()
    expect(page.locator(".js-plotly-plot .hm image, .js-plotly-plot .heatmaplayer")).not_to_have_count(0)
    aligned = page.get_by_role("radio", name="(n,1,1,1)")
    aligned.focus()
    aligned.press("Space")
    expect(figures).to_have_text(["0", "0.0000e+00", "0"])
    expect(page.get_by_text("The shapes match: each output meets its own label")).to_be_visible()


def test_does_the_landscape_compare_and_show_a_run_trained_from_it(open_page: OpenPage) -> None:
    page = open_page()
    go(page, "Landscape")
    expect(page.get_by_text("the corner's output goes from 0.583 to 0.031")).to_be_visible()
    page.get_by_role("radio", name="Aligned").click()
    expect(page.get_by_text("the corner's output goes from 0.583 to 1.000")).to_be_visible()
    button(page, "Train this on Play").click()
    expect(page).to_have_url(re.compile(r"/\?labels=aligned$"))
    expect(page.get_by_text("epoch 100 of 100")).to_be_visible()
    go(page, "Landscape")
    expect(page.get_by_text(re.compile("^The run goes from scale .* in 100 epochs"))).to_be_visible()
    expect(page.locator(".legendtext", has_text="the run's shadow")).to_be_visible()
    box = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)
    told = page.get_by_text(re.compile("^On the bench now: scale .* of 512 are right, the loss is"))
    expect(told).to_be_visible()
    expect(page.locator(".legendtext", has_text="on the bench")).to_be_visible()
    right = re.search(r"(\d+) of 512", told.inner_text())
    button(page, "Play with them").click()
    expect(page.get_by_text(f"Your weights: {right[1] if right else ''} of 512 right")).to_be_visible()
