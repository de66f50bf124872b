"""For everyone: axe-core on what is open, all by keyboard in a sensible order, canvases that speak."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.seen import STATS, OpenPage, button, sidebar_train, stands_still

# What of axe's rules can come out otherwise in another colour scheme.
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
ALL = {"resultTypes": ["violations"]}
ROOT = "[...document.querySelectorAll('*')].find(e => e.shadowRoot?.querySelector('.lab')).shadowRoot"


def serious(page: Page) -> list[str]:
    """What axe-core calls serious or critical, with where it is, in light and in dark."""
    found = []
    for scheme, rules in (("light", ALL), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"scheme => {ROOT}.querySelector('.lab').dataset.theme === scheme", arg=scheme)
        stands_still(page)  # all of it is drawn in the colours
        found += [
            f"{violation['id']} in {scheme}: {node['target']}"
            for violation in Axe().run(page, options=rules).response["violations"]
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]
    page.emulate_media(color_scheme="light")
    return found


def press(page: Page, name: str) -> None:
    button(page, name).click()


def test_has_axe_nothing_serious_to_say(open_page: OpenPage) -> None:
    page = open_page()
    sidebar_train(page).wait_for()
    assert serious(page) == []
    page.get_by_label("Speed", exact=True).select_option("all at once")
    press(page, "Train")
    expect(page.locator("#say")).to_have_text(re.compile("^511 of 512 right"))
    press(page, "on the curve")
    press(page, "Sum")
    press(page, "Lock weights")
    page.get_by_role("spinbutton", name="Bias", exact=True).click()
    page.get_by_text("Numbers at this epoch").click()
    expect(page.get_by_text(re.compile("^Study: "))).to_be_visible()
    assert serious(page) == []
    press(page, "Help")
    expect(page.get_by_role("dialog", name="Help")).to_be_visible()
    assert serious(page) == []


def test_does_every_canvas_speak_and_is_everything_reached_by_keyboard_in_reading_order(open_page: OpenPage) -> None:
    page = open_page("?epochs=5&batch_size=512")
    page.get_by_label("Speed", exact=True).select_option("all at once")
    sidebar_train(page).click()
    expect(page.get_by_text("epoch 5 of 5")).to_be_visible()
    press(page, "The question, as asked")
    expect(page.locator("#say")).to_have_text(re.compile("^511 of 512 right"))
    every_canvas_speaks(page)
    button(page, "Train").focus()
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => { const root = document.activeElement.shadowRoot, e = root?.activeElement; if (!e) return null;
              const style = getComputedStyle(e);
              return [e.id || e.getAttribute('aria-label') || e.textContent, style.outlineStyle, e.className]; }"""
        )
        if at is None:
            break
        assert at[1] != "none", f"nothing shows that {at[0]} has the focus"
        seen.append(at[0])
    reading = ("index", "lB", "toTarget", "pick", "upperField", "lowerField", "rewind", "scrub")
    at_which = [seen.index(name) for name in reading]
    assert at_which == sorted(at_which), seen
    assert {"help", "sumShow", "lock", "play", "speed"} <= set(seen)
    assert len(seen) == len(set(seen)), "nothing is passed twice"


def every_canvas_speaks(page: Page) -> None:
    labels = page.evaluate(
        """() => { const root = [...document.querySelectorAll('*')].find(e => e._stats && e.shadowRoot).shadowRoot;
          return [...root.querySelectorAll('canvas')].map(e => [e.id, e.getAttribute('aria-label') ?? '',
            e.getAttribute('aria-valuetext') ?? '', e.getAttribute('aria-hidden')]); }"""
    )
    for name, label, value, hidden in labels:
        assert hidden == "true" or re.search(r"\d", label + value), f"{name} says nothing"
    assert len(labels) >= 5


def test_do_the_pictures_speak_of_a_run_that_has_only_begun_to_play(open_page: OpenPage) -> None:
    page = open_page()
    atlas = page.locator("canvas#atlas")
    by_hand = atlas.get_attribute("aria-label")
    assert by_hand
    page.get_by_label("Speed", exact=True).select_option("1 epoch/s")
    press(page, "Train")
    expect(atlas).not_to_have_attribute("aria-label", by_hand)
    assert page.evaluate("[...document.querySelectorAll('*')].find(e => e._stats)._stats.playing")


# The terms that are explained where they stand, and whether a tap on one of their places says what it is.
TAPPED = """() => {
  const root = [...document.querySelectorAll('*')].find(e => e._stats && e.shadowRoot).shadowRoot;
  const [seen, tapped] = [new Set(), new Set()];
  for (const host of root.querySelectorAll('[data-term]')) {
    const { width, height } = host.getBoundingClientRect();
    const taps = host.matches('.define, [data-tap]') || host.querySelector('.define');
    seen.add(host.dataset.term);
    if (taps && Math.min(width, height) > 4 && getComputedStyle(host).visibility !== 'hidden')
      tapped.add(host.dataset.term);
  }
  return [...seen].filter(term => !tapped.has(term));
}"""


def test_is_every_word_that_is_explained_explained_to_a_finger_on_a_phone(open_page: OpenPage) -> None:
    page = open_page("?labels=aligned&epochs=60", viewport=(390, 844), has_touch=True, is_mobile=True)
    page.get_by_label("Speed", exact=True).select_option("all at once")
    press(page, "Train")
    page.wait_for_function(f"() => ({STATS})().epoch === 60 && ({STATS})().still")
    page.get_by_text("Numbers at this epoch").tap()
    expect(button(page, "The corner's gradient died")).to_be_visible()
    assert page.evaluate(TAPPED) == ["part"]  # what one of several kernels adds: see test_kernels.py
    for name, said in (
        ("The corner's gradient died", "Gradient died: "),
        ("z by distance from the corner", "Hamming distance: "),
        ("Kernel times w₂", "Kernel × w₂: "),
    ):
        button(page, name).tap()
        expect(page.locator("#explain")).to_contain_text(said)
    assert page.locator("#explain").get_by_role("link", name="Glossary").is_visible()


def test_does_a_word_say_what_it_comes_to_by_pointer_keyboard_and_finger(open_page: OpenPage) -> None:
    page = open_page("?init=matched", viewport=(390, 844), has_touch=True)
    tip, recall = page.locator("#explain"), page.get_by_role("button", name="recall", exact=True)
    before = page.locator(".lab").bounding_box()
    said = "Recall: The share of the targets that are called corner: 1 of 1, 100%."

    def beside(word: Locator) -> None:
        """It is in sight, says so to a screen reader, and covers nothing of what it explains."""
        expect(tip).to_be_visible()
        expect(word).to_have_attribute("aria-describedby", "explain")
        at, of = tip.bounding_box(), word.bounding_box()
        assert at and of and at["x"] >= 0 and at["x"] + at["width"] <= 390
        assert at["y"] >= of["y"] + of["height"] or at["y"] + at["height"] <= of["y"]

    recall.hover()
    expect(tip).to_contain_text(said)
    beside(recall)
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    expect(recall).not_to_have_attribute("aria-describedby", "explain")

    # A cell lights up under the pointer, so frames are drawn meanwhile; nothing of its grid is covered.
    page.get_by_role("spinbutton", name="Kernel, row 1, column 1").hover()
    expect(tip).to_contain_text("Drag, arrow keys or type")
    below, grid = tip.bounding_box(), page.locator("#kernel").bounding_box()
    assert below and grid
    assert below["y"] >= grid["y"] + grid["height"] or below["y"] + below["height"] <= grid["y"]
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()

    page.get_by_role("button", name="Pixels", exact=True).focus()
    page.keyboard.press("ArrowRight")  # of many words Tab reaches one, arrows the others
    expect(tip).to_contain_text("Kernel: The nine weights of the 3x3 convolution, coloured from −1, orange")
    beside(page.get_by_role("button", name="Kernel", exact=True))
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()

    recall.tap()
    expect(tip).to_contain_text(said)
    beside(recall)
    pixels = page.get_by_role("button", name="Pixel, row 1, column 1")
    expect(tip.get_by_role("link", name="Glossary")).to_have_attribute("href", "glossary#recall")
    recall.tap()  # again: it closes
    expect(tip).to_be_hidden()
    recall.tap()
    pixels.tap()  # elsewhere: it closes, and the rest of the numbers has changed
    expect(tip).to_be_hidden()
    recall.tap()
    assert page.locator(".lab").bounding_box() | {"y": 0} == before | {"y": 0}, "nothing jumps"
    assert serious(page) == []
