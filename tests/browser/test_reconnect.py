"""A server that is killed and started again, with a page open."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import PATIENCE, READY, RESULTS, free_port, served
from tests.browser.seen import STATS, button, stats

LOG = RESULTS / "restarted.log"
# It is said for a few seconds on each page, maybe while another one is looked at.
NOTE_WHAT_IS_SAID = """setInterval(() => {
  const said = e => [...(e.shadowRoot?.querySelectorAll('[role=status]') ?? [])].map(line => line.textContent).join();
  const all = [...document.querySelectorAll('*')].map(said).join();
  window.saidAgain ||= all.includes('The server was started again');
}, 500)"""
STEP = "step => document.body.dataset.storyStep === step"


def test_do_pages_come_back_when_their_server_was_killed_at_rest_and_mid_run(browser: Browser) -> None:
    """Not with `open_page`: that the server is away is an error in the browser's console."""
    port, context = free_port(), browser.new_context()
    with served(port, LOG) as url:
        at_rest = trained(context, f"{url}/?labels=aligned&head=sigmoid&epochs=5")
        edit_the_bias(at_rest)
        mid_run = trained(context, f"{url}/?labels=aligned&head=sigmoid&epochs=100000")
        story = opened(context, f"{url}/story?step=3")
        story.wait_for_function(STEP, arg="3")
        before = stats(at_rest), stats(mid_run)
    with served(port, LOG):
        for page in (at_rest, mid_run, story):
            page.wait_for_function("window.saidAgain")
        comes_back(at_rest, before[0])
        expect(number(at_rest, "Bias")).to_have_attribute("aria-valuenow", "-7.250")
        assert stats(at_rest)["edited"] and stats(at_rest)["right"] == before[0]["right"]
        comes_back(mid_run, before[1])
        expect(button(mid_run, "Stop")).to_be_visible()
        for page in (at_rest, mid_run):
            button(page, "Pixel, row 1, column 1").click()
            page.wait_for_function(f"() => ({STATS})().pixels === 432")
            expect(page.get_by_text(re.compile("^On the bench: pattern 432 "))).to_be_visible()
        story.wait_for_function(STEP, arg="3")
        story.keyboard.press("PageDown")  # it answers
        story.wait_for_function(STEP, arg="4")
    context.close()


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.add_init_script(NOTE_WHAT_IS_SAID)
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    return page


def trained(context: BrowserContext, address: str) -> Page:
    """A page whose run has come to epoch 5, with another pattern on its bench."""
    page = opened(context, address)
    page.wait_for_function(READY)
    page.get_by_label("Speed", exact=True).select_option("all at once")
    button(page, "Train").click()
    page.wait_for_function(f"() => ({STATS})().epoch >= 5")
    button(page, "Pixel, row 1, column 1").click()
    expect(page.get_by_text(re.compile("^On the bench: pattern 433 "))).to_be_visible()
    return page


def comes_back(page: Page, before: dict[str, Any]) -> None:
    page.wait_for_function(f"run => ({STATS})().run !== run && ({STATS})().epoch >= 5", arg=before["run"])
    expect(page).to_have_url(re.compile(r"labels=aligned&head=sigmoid&epochs=\d+"))
    expect(page.get_by_role("radio", name="Aligned", checked=True)).to_have_count(1)
    assert stats(page)["pixels"] == before["pixels"] == 433


def number(page: Page, name: str) -> Locator:
    return page.get_by_role("spinbutton", name=name, exact=True)


def edit_the_bias(page: Page) -> None:
    number(page, "Bias").press("Enter")
    page.get_by_label("New value", exact=True).fill("-7.25")
    page.get_by_label("New value", exact=True).press("Enter")
    expect(page).to_have_url(re.compile(r"weights="))
