"""A button of the stage on a busy server."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.seen import KERAS, OpenPage

# The whole page is drawn anew for another setting; meanwhile a button is pressed, and then the stage asks for news.
PRESSED_BEFORE_A_QUESTION = """after => {
  const root = [...document.querySelectorAll('*')].find(e => e._stats && e.shadowRoot).shadowRoot;
  const learn = [...root.querySelectorAll('button')].find(e => e.textContent === 'Let Keras learn it');
  [...document.querySelectorAll('[role=radio]')].find(e => e.textContent === 'Aligned').click();
  setTimeout(() => learn.click(), after);
  setTimeout(() => root.cornerLab.asks.heard(0), after + 5);
}"""


@pytest.mark.parametrize("after", range(10, 30, 5))
def test_does_a_pressed_button_count_where_a_question_follows_it(open_page: OpenPage, after: int) -> None:
    page = open_page()
    page.get_by_label("Speed", exact=True).select_option("all at once")
    expect(page.get_by_role("radio", name="Aligned")).to_be_visible()
    page.evaluate(PRESSED_BEFORE_A_QUESTION, after)
    expect(page.locator("#say")).to_have_text(re.compile("^511 of 512 right"), timeout=KERAS)
