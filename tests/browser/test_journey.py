"""A first visit in ten steps, by keyboard alone and by touch alone: after each, what shows and where the focus is."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from corner_lab.story.steps import STEPS
from tests.browser.seen import OpenPage, button, sidebar_train

FAILURE = "511 of 512 right, and the one that matters is wrong"
SOLVED = re.compile("^512 of 512 right: solved at epoch 180$")
NEXT = ("Next (1 of 4): fix the label shapes", "Next (2 of 4): a loss that never saturates")
CAUSE = "Every output meets every label"
PLAYING = "() => [...document.querySelectorAll('*')].some(e => e._stats?.playing)"
IN_MAIN = "e => e.getBoundingClientRect().top + document.querySelector('[data-testid=stMain]').scrollTop"
STOPS = 120  # more than the page has for the keyboard


def tab_to(page: Page, where: Locator, key: str = "Tab") -> None:
    """Press Tab until it has the focus, as somebody would who has no mouse."""
    expect(where).to_be_visible()
    aim = where.element_handle()  # by its role it is sought in all of the page
    for _ in range(STOPS):
        page.keyboard.press(key)
        if aim.evaluate("e => e === e.getRootNode().activeElement"):
            break
    expect(where).to_be_focused()
    expect(where).to_be_in_viewport()


def says(page: Page, sentence: str | re.Pattern[str]) -> None:
    """The outcome is in view, and is this."""
    expect(page.locator("#say")).to_have_text(sentence)
    expect(page.locator("#say")).to_be_in_viewport()


def judges(page: Page, called: str, mark: str) -> None:
    """The verdict on the pattern on the bench is in view, and is this."""
    for where, text in (("#verdict", called), ("#mark", mark)):
        expect(page.locator(where)).to_have_text(text)
        expect(page.locator(where)).to_be_in_viewport(ratio=1)


def evidence(page: Page) -> Locator:
    """The first picture below the first cause."""
    return page.locator(".st-key-why-rank_mismatch .js-plotly-plot").first


def test_is_a_first_visit_made_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page()
    pixel, way = button(page, "Pixel, row 1, column 1"), page.get_by_role("navigation", name="Below the stage")
    says(page, "Set by hand: 512 of 512 right")  # 1: open
    expect(way).to_be_hidden()  # there is nothing below yet
    tab_to(page, pixel)  # 2: toggle a pixel
    page.keyboard.press("Space")
    expect(pixel).to_have_attribute("aria-pressed", "true")
    expect(pixel).to_be_focused()
    judges(page, "not a corner", "right")  # 3: read the verdict
    tab_to(page, page.get_by_label("Speed", exact=True))
    page.keyboard.press("End")
    expect(page.get_by_label("Speed", exact=True)).to_have_value("once")
    tab_to(page, button(page, "Train"), "Shift+Tab")  # 4: train
    expect(page.get_by_role("link", name="Why?")).to_be_hidden()
    page.keyboard.press("Enter")
    says(page, FAILURE)  # 5: read the outcome
    expect(page.locator("#acts button:focus")).to_be_visible()  # the one pressed, or where it was
    for name in ("Study", "Why", "Take it along"):
        expect(way.get_by_role("link", name=name, exact=True)).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    tab_to(page, page.get_by_role("link", name="Why?"), "Shift+Tab")  # 6: why
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=CAUSE)).to_be_focused()
    expect(page.get_by_role("heading", name=CAUSE)).to_be_in_viewport(ratio=1)
    expect(evidence(page)).to_be_visible()
    # The way back up, and down again by the links at the stage's end.
    for name, leads in (
        ("Study", page.get_by_role("heading", name="Study: The question, as asked, epoch 100 of 100")),
        ("Why", page.get_by_role("heading", name="Why, after 100 epochs")),
        ("Take it along", page.locator(".st-key-take summary")),
    ):
        tab_to(page, way.get_by_role("link", name=name, exact=True), "Shift+Tab")
        page.keyboard.press("Enter")
        expect(leads).to_be_focused()
        expect(leads).to_be_in_viewport(ratio=1)
    expect(page.locator(".st-key-take").get_by_text("Plain Keras that trains the same network")).to_be_visible()
    for at, (name, ends) in enumerate(zip(NEXT, (FAILURE, SOLVED), strict=True)):  # 7: apply what comes next, twice
        if at == 0:
            tab_to(page, button(page, name), "Shift+Tab")
        was = page.evaluate("location.search")
        expect(button(page, name)).to_be_focused()  # the second is where the first was
        page.keyboard.press("Enter")
        page.wait_for_function("was => location.search !== was", arg=was)
        says(page, ends)  # 8: solved
    tab_to(page, page.get_by_label("Epoch", exact=True))  # 9: scrub
    page.keyboard.press("ArrowLeft")
    says(page, re.compile("^Epoch 299: 512 of 512 right"))
    expect(page.get_by_role("link", name="Why?")).to_be_hidden()
    tab_to(page, page.get_by_role("link", name="Story"), "Shift+Tab")  # 10: the story
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/story\b"))
    expect(page.get_by_role("heading", name=STEPS[0].headline())).to_be_in_viewport()


def test_is_a_first_visit_made_by_touch_alone(open_page: OpenPage) -> None:
    page = open_page(viewport=(390, 844), has_touch=True, is_mobile=True)
    sidebar = page.get_by_test_id("stSidebarUserContent")
    says(page, "Set by hand: 512 of 512 right")  # 1: open
    before, at = page.locator("#px").bounding_box(), page.locator("#px").evaluate(IN_MAIN)
    for called, mark, on in (("not a corner", "right", "true"), ("corner", "right", "false")):
        button(page, "Pixel, row 1, column 1").tap()  # 2: toggle a pixel
        expect(button(page, "Pixel, row 1, column 1")).to_have_attribute("aria-pressed", on)
        judges(page, called, mark)  # 3: read the verdict, where the pixels are
        expect(button(page, "Pixel, row 1, column 1")).to_be_in_viewport(ratio=1)
        assert page.locator("#px").bounding_box() == before, "nothing moves under the finger"
    page.get_by_test_id("stExpandSidebarButton").tap()  # 4: train, where the settings are
    sidebar_train(page).tap()
    expect(sidebar).not_to_be_in_viewport()
    page.wait_for_function(PLAYING)
    says(page, FAILURE)  # 5: read the outcome
    judges(page, "not a corner", "wrong")
    assert page.locator("#px").evaluate(IN_MAIN) == at, "whatever the lines above say"
    page.get_by_role("link", name="Why?").tap()  # 6: why
    expect(page.get_by_role("heading", name=CAUSE)).to_be_focused()
    expect(page.get_by_role("heading", name=CAUSE)).to_be_in_viewport(ratio=1)
    expect(evidence(page)).to_be_visible()
    page.locator(".st-key-why-rank_mismatch").get_by_role("button", name="Align the label shapes").tap()  # 7: apply it
    expect(page.locator("#say")).to_be_focused()
    says(page, FAILURE)
    button(page, NEXT[1]).tap()
    says(page, SOLVED)  # 8: solved
    judges(page, "corner", "right")
    scrub = page.get_by_label("Epoch", exact=True)  # 9: scrub
    expect(scrub).to_be_in_viewport(ratio=1)
    box = scrub.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 12, box["y"] + box["height"] / 2)
    says(page, re.compile("^Epoch 0: "))
    page.get_by_test_id("stExpandSidebarButton").tap()  # 10: the story
    page.get_by_role("link", name="Story").tap()
    expect(page).to_have_url(re.compile(r"/story\b"))
    expect(page.get_by_test_id("stSidebar")).not_to_be_in_viewport()
    expect(page.get_by_role("heading", name=STEPS[0].headline())).to_be_in_viewport()
