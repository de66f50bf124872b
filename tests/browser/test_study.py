"""The study's figures, in a real browser: drawn for whoever looks, in the places that were kept for them."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.seen import OpenPage, button, stands_still

CHARTS = '[data-testid="stPlotlyChart"] .js-plotly-plot'
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"
# Where on the page each heading of the study is, and where it ends.
PLACES = """() => {
  const study = document.querySelector('.st-key-study'), top = study.getBoundingClientRect().top;
  return [...study.querySelectorAll('h5'), study].map(e => Math.round(e.getBoundingClientRect().bottom - top));
}"""


def rests(page: Page, epoch: int) -> None:
    expect(page.get_by_role("heading", name=re.compile(f"^Study: .*, epoch {epoch} of 20$"))).to_have_count(1)
    stands_still(page)


def test_are_figures_drawn_for_who_looks_and_for_nobody_else(open_page: OpenPage) -> None:
    page = open_page("?labels=aligned&epochs=20")
    page.get_by_label("Speed", exact=True).select_option("all at once")
    charts = page.locator(CHARTS)
    button(page, "Train").click()
    rests(page, 20)
    # What is known of the causes has come, and with it every reason to draw the page again.
    expect(page.locator(".st-key-why").get_by_text(re.compile("^This alone: ")).first).to_be_visible()
    expect(charts).to_have_count(0)
    before = page.evaluate(PLACES)
    page.get_by_role("link", name="Study", exact=True).press("Enter")  # as somebody without a mouse comes there
    expect(charts).to_have_count(3)
    assert page.evaluate(SCROLLED) > 0 and page.evaluate(PLACES) == before, "nothing moves for them"

    page.set_viewport_size({"width": 1440, "height": 1900})  # a screen on which stage and study are seen together
    button(page, "Step back").click()
    rests(page, 19)
    expect(charts).to_have_count(3)
    button(page, "Train").click()  # another run: its figures come by themselves
    rests(page, 20)
    expect(charts).to_have_count(3)

    page.set_viewport_size({"width": 1440, "height": 900})
    page.evaluate(f"{SCROLLED} = 0")
    button(page, "Train").click()
    rests(page, 20)
    expect(page.locator(".st-key-why h5").first).to_be_attached()
    expect(charts).to_have_count(0)  # a new run that nobody has looked at
    page.mouse.move(720, 450)
    page.mouse.wheel(0, 700)
    expect(charts).to_have_count(3)
