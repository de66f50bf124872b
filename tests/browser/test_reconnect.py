"""A server that is killed and started again, with a page open."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE, READY, RESULTS, free_port, served
from tests.browser.seen import STATS, button, stats

LOG = RESULTS / "restarted.log"
AGAIN = re.compile("The server was started again")


@pytest.mark.parametrize("running", [False, True], ids=["at rest", "mid-run"])
def test_does_a_page_come_back_when_its_server_was_killed(browser: Browser, running: bool) -> None:
    """Not with `open_page`: that the server is away is an error in the browser's console."""
    port, context = free_port(), browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    with served(port, LOG) as url:
        page.goto(f"{url}/?labels=aligned&head=sigmoid&epochs={100_000 if running else 5}")
        page.wait_for_function(READY)
        page.get_by_label("Speed", exact=True).select_option("all at once")
        button(page, "Train").click()
        page.wait_for_function(f"() => ({STATS})().epoch >= 5")
        button(page, "Pixel, row 1, column 1").click()
        if not running:
            edit_the_bias(page)
        before = stats(page)
    with served(port, LOG):
        expect(page.get_by_role("status").filter(has_text=AGAIN)).to_be_visible()
        page.wait_for_function(f"run => ({STATS})().run !== run && ({STATS})().epoch >= 5", arg=before["run"])
        expect(page).to_have_url(re.compile(r"labels=aligned&head=sigmoid&epochs=\d+"))
        expect(page.get_by_role("radio", name="Aligned", checked=True)).to_have_count(1)
        after = stats(page)
        assert after["pixels"] == before["pixels"] == 433
        if running:
            expect(button(page, "Stop")).to_be_visible()
        else:
            expect(page.get_by_role("spinbutton", name="Bias", exact=True)).to_have_attribute("aria-valuenow", "-7.250")
            assert after["edited"] and after["right"] == before["right"]
        button(page, "Pixel, row 1, column 1").click()
        page.wait_for_function(f"() => ({STATS})().pixels === 432")
        expect(page.get_by_text(re.compile("^On the bench: pattern 432 "))).to_be_visible()
    context.close()


def test_does_another_page_come_back_at_its_place(browser: Browser) -> None:
    port, context = free_port(), browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    with served(port, LOG) as url:
        page.goto(f"{url}/story?step=3")
        page.wait_for_function("document.body.dataset.storyStep === '3'")
    with served(port, LOG):
        expect(page.get_by_role("status").filter(has_text=AGAIN)).to_be_visible()
        page.wait_for_function("document.body.dataset.storyStep === '3'")
        page.keyboard.press("PageDown")  # it answers
        page.wait_for_function("document.body.dataset.storyStep === '4'")
    context.close()


def edit_the_bias(page: Page) -> None:
    page.get_by_role("spinbutton", name="Bias", exact=True).press("Enter")
    page.get_by_label("New value", exact=True).fill("-7.25")
    page.get_by_label("New value", exact=True).press("Enter")
    expect(page).to_have_url(re.compile(r"weights="))
