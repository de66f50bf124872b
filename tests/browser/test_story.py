"""The story as a speaker has it: a remote's keys, a projector, and a room that has to read everything."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from benchmarks.story import STANDS, what_stands
from corner_lab.story.steps import STEPS
from tests.browser.seen import STATS, OpenPage, button

SMALLEST = 18.0  # px

# The component that hears the keys follows the page by a moment.
LISTENS = "() => document.body.dataset.storyStep !== undefined"
# Every visible text with its size; canvases by the stage's scale, whose smallest text is 12 px times it.
SIZES = """() => {
  const found = [];
  const walk = root => {
    for (const e of root.querySelectorAll('*')) {
      if (e.shadowRoot) walk(e.shadowRoot);
      const style = getComputedStyle(e), box = e.getBoundingClientRect();
      const unseen = style.visibility === 'hidden' || style.opacity === '0' || e.closest('.sr');
      if (unseen || box.width < 3 || box.height < 3) continue;
      if (e.matches('.stage')) found.push(['canvas', 12 * Number(style.getPropertyValue('--k'))]);
      const own = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent.trim()).join(' ').trim();
      if (own && !e.matches('style, script, option, title')) found.push([own.slice(0, 40), parseFloat(style.fontSize)]);
    }
  };
  walk(document.body);
  return found;
}"""


RUN = f"({STATS})().run"


def listens(page: Page, number: int) -> None:
    """Wait until the component that hears the keys knows the step that stands: it follows the page by a moment."""
    page.wait_for_function("number => document.body.dataset.storyStep === String(number)", arg=number)


def turn(page: Page, key: str, number: int) -> None:
    """Press a key; the step it leads to comes (`benchmarks/story.py` measures how soon)."""
    page.keyboard.press(key)
    page.wait_for_function(STANDS, arg=what_stands(STEPS[number - 1]))
    expect(page.get_by_text(f"{number} of {len(STEPS)}", exact=True)).to_be_visible()
    listens(page, number)


def assert_readable_and_whole(page: Page, number: int) -> None:
    expect(page.locator(".stage").nth(1)).to_have_count(0)  # that of the step before goes a moment later
    texts = page.evaluate(SIZES)
    assert len(texts) > 8 and [text for text, _ in texts if text == "Leave the story"] == ["Leave the story"]
    assert not [(text, size) for text, size in texts if size < SMALLEST], f"step {number}"
    main = page.get_by_test_id("stMain")
    assert main.evaluate("e => [e.scrollWidth, e.scrollHeight]") == [1920, 1080], f"step {number}"
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    expect(page.locator("#filmNote")).to_be_hidden()  # there is no filmstrip for it to be under


def open_at(page: Page, word: str) -> None:
    """As the browser's own buttons do."""
    page.evaluate(
        "to => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate')); }", f"/story?step={word}"
    )


def test_does_a_remote_lead_through_the_story(open_page: OpenPage) -> None:
    page = open_page(viewport=(1920, 1080))
    page.get_by_role("link", name="Story", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(STEPS[0].headline())
    open_at(page, "9")
    expect(page.get_by_text(re.compile("^Solved at epoch 11, after 11 updates"))).to_be_visible()
    listens(page, 9)
    for number in range(8, 0, -1):
        turn(page, "PageUp", number)
        assert_readable_and_whole(page, number)
    expect(page).to_have_url(re.compile(r"/story\?step=1$"))
    button(page, "Notes").click()
    expect(page.get_by_text(STEPS[0].notes)).to_be_visible()
    assert_readable_and_whole(page, 1)
    page.keyboard.press("n")
    expect(page.get_by_text(STEPS[0].notes)).to_have_count(0)
    for number in range(2, 13):
        turn(page, "PageDown" if number % 2 else "ArrowRight", number)
    assert_readable_and_whole(page, 12)
    expect(page).to_have_url(re.compile(r"/story\?step=12$"))
    page.keyboard.press("PageDown")
    page.go_back()
    expect(page.get_by_text("11 of 12", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/story\?step=11$"))
    listens(page, 11)
    open_at(page, "9")
    listens(page, 9)
    page.wait_for_function(f"() => {RUN} !== undefined")
    trained = page.evaluate(RUN)
    page.keyboard.press("n")
    expect(page.get_by_text(re.compile("^The runs: trained with Keras 3"))).to_be_visible()
    assert_readable_and_whole(page, 9)
    button(page, "Train them again here").click()
    expect(button(page, "Train them again here")).to_have_count(0)
    page.wait_for_function(f"was => ![undefined, was].includes({RUN})", arg=trained)
    expect(page.get_by_text(re.compile("^Solved at epoch 11, after 11 updates"))).to_be_visible()


def test_does_the_story_leave_the_playground_as_it_was_and_open_what_it_shows(open_page: OpenPage) -> None:
    page = open_page("?labels=aligned")
    button(page, "Pixel, row 1, column 1").click()
    expect(page.get_by_text("On the bench: pattern 433 ")).to_be_visible()
    page.get_by_role("link", name="Story", exact=True).click()
    pixel = button(page, "Pixel, row 2, column 2")
    pixel.click()
    expect(page.locator("#verdict")).to_have_text("not a corner")
    page.keyboard.press("ArrowRight")  # the pixels' own
    expect(page.get_by_text("1 of 12", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/story$"))
    open_at(page, "13")
    expect(page.get_by_text("The link says step '13': the story has steps 1 to 12.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(STEPS[0].headline())
    button(page, "QR code").click()
    expect(page.get_by_text("The audience cannot open this page: it runs on localhost")).to_be_visible()
    page.get_by_role("link", name="Leave the story").click()
    expect(page.get_by_text("On the bench: pattern 433 ")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/\?labels=aligned&v=1&pixels=433$"))
    page.get_by_role("link", name="Story", exact=True).click()
    expect(page.get_by_text("1 of 12", exact=True)).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    for number in range(2, 7):
        page.wait_for_function(LISTENS)
        page.keyboard.press("PageDown")
        expect(page.get_by_text(f"{number} of 12", exact=True)).to_be_visible()
        expect(page.get_by_test_id("stMain")).to_have_js_property("scrollWidth", 390)
    page.set_viewport_size({"width": 1440, "height": 900})
    button(page, "Try it").click()
    expect(page).to_have_url(re.compile(r"/\?labels=aligned"))
    expect(page.locator("#say")).to_contain_text("511 of 512 right")
