"""Does the address carry the whole state, and do links, reload and the browser's back and forward lead to it?"""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.seen import STATS, OpenPage, button, visit


def words(page: Page) -> dict[str, str]:
    return {name: text for name, [text] in parse_qs(urlsplit(page.url).query).items()}


def comes(page: Page, **wanted: str) -> None:
    """Wait until the address says this and nothing else."""
    page.wait_for_function(
        """wanted => { const said = Object.fromEntries(new URLSearchParams(location.search));
            return JSON.stringify(Object.entries(said).sort()) === JSON.stringify(Object.entries(wanted).sort()); }""",
        arg=wanted,
    )


def shows(page: Page, condition: str) -> None:
    """Wait until this is so of what the stage says of itself, `s`."""
    page.wait_for_function(f"() => {{ const s = ({STATS})(); return {condition}; }}")


def pixel(page: Page, row: int, column: int) -> None:
    button(page, f"Pixel, row {row}, column {column}").click()


def test_do_pixels_weights_and_locks_stand_in_the_address_and_come_back(open_page: OpenPage) -> None:
    page = open_page()
    assert words(page) == {}
    pixel(page, 1, 1)
    comes(page, v="1", pixels="433")
    page.get_by_role("spinbutton", name="Kernel, row 1, column 1", exact=True).press("ArrowUp")
    page.keyboard.press("l")
    page.wait_for_function("() => location.search.includes('locks=')")
    said = words(page)
    numbers = said["weights"].split(",")
    assert (len(numbers), numbers[1], numbers[9], said["locks"]) == (12, "-100", "-35", "k0") and numbers[0] != "-100"
    other = open_page("?" + urlsplit(page.url).query)
    shows(other, "s.edited && s.pixels === 433")
    comes(other, **said)
    pixel(other, 1, 1)
    comes(other, **{name: text for name, text in said.items() if name != "pixels"})
    other.reload()
    shows(other, "s.edited && s.pixels === 432")


def test_does_a_link_with_an_epoch_train_and_rest_there(open_page: OpenPage) -> None:
    said = {"labels": "aligned", "epochs": "20", "seed": "3", "v": "1", "pixels": "431"}
    page = open_page("?" + "&".join(f"{name}={text}" for name, text in said.items()) + "&epoch=7")
    shows(page, "s.epoch === 7 && !s.playing && s.pixels === 431")
    comes(page, **said, epoch="7")
    button(page, "Step forward").click()
    comes(page, **said, epoch="8")


def test_do_back_and_forward_lead_through_the_experiments(open_page: OpenPage) -> None:
    page = open_page()
    pixel(page, 3, 3)
    comes(page, v="1", pixels="176")
    page.get_by_role("radio", name="Aligned").click()
    comes(page, labels="aligned", v="1", pixels="176")
    page.go_back()
    expect(page.get_by_role("radio", name="Aligned", checked=True)).to_have_count(0)
    comes(page, v="1", pixels="176")
    page.go_forward()
    expect(page.get_by_role("radio", name="Aligned", checked=True)).to_have_count(1)
    comes(page, labels="aligned", v="1", pixels="176")
    shows(page, "s.pixels === 176")


def test_does_another_page_keep_the_state_back_and_forth(open_page: OpenPage) -> None:
    page = open_page()
    pixel(page, 2, 1)
    page.get_by_role("radio", name="Aligned").click()
    comes(page, labels="aligned", v="1", pixels="440")
    page.get_by_role("link", name="Autopsy", exact=True).click()
    comes(page, labels="aligned")
    expect(page.get_by_text("The autopsy of 9.3703e-04")).to_be_visible()
    page.go_back()
    comes(page, labels="aligned", v="1", pixels="440")
    shows(page, "s.pixels === 440")
    expect(page.get_by_role("radio", name="Aligned", checked=True)).to_have_count(1)


# The others are opened so in tests of their own.
HEADINGS = {
    "causes?head=sigmoid": "The three causes",
    "autopsy": "The autopsy of 9.3703e-04",
    "glossary#margin": "Margin",
}


@pytest.mark.parametrize("address", HEADINGS)
def test_is_a_page_opened_by_its_own_address_without_a_detour(open_page: OpenPage, address: str) -> None:
    page = open_page(address, settle=False)  # fails on any error in the console, the browser's own of a 404 among them
    expect(page.get_by_role("heading", name=HEADINGS[address])).to_be_visible()
    assert page.url.endswith("/" + address)


def test_does_copy_link_copy_the_address_and_offer_parts_of_the_page(open_page: OpenPage) -> None:
    page = open_page()
    pixel(page, 1, 2)
    button(page, "Link").click()
    expect(page.get_by_text("The link is copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith("/?v=1&pixels=434")

    # And beside it parts of the page, for a slide.
    offered = page.get_by_role("dialog", name="Parts of this in a slide or a page")
    offered.get_by_label("transport").check()
    button(page, "Copy address").click()
    expect(offered.get_by_role("status")).to_have_text("The address is copied.")
    words = "?embed=true&show=bench,atlas,transport&v=1&pixels=434"
    assert page.evaluate("navigator.clipboard.readText()").endswith("/" + words)
    button(page, "Copy frame").click()
    expect(offered.get_by_role("status")).to_have_text("The frame is copied.")
    frame = page.evaluate("navigator.clipboard.readText()")
    assert escape(words) in frame and frame.startswith("<iframe ") and frame.endswith("</iframe>")
    for part in ("bench", "atlas", "transport"):
        offered.get_by_label(part).uncheck()
    expect(offered.get_by_role("status")).to_have_text("Choose at least one part.")
    expect(button(page, "Copy frame")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(offered).to_be_hidden()
    expect(button(page, "Link")).to_be_focused()

    # That address shows them, and goes on saying so.
    part = open_page(words, settle=False)
    shows(part, "s.still && s.pixels === 434")
    expect(part.get_by_test_id("stSidebar")).to_have_count(0)
    expect(part.get_by_role("heading", name="Curves")).to_be_hidden()
    pixel(part, 1, 2)
    comes(part, embed="true", show="bench,atlas,transport")


def test_does_each_of_several_hostile_links_say_what_is_wrong_with_it(open_page: OpenPage) -> None:
    page = open_page()
    for name in ("head", "loss", "optimizer"):
        visit(page, f"/?{name}=none_such&epochs=7")
        warning = page.get_by_test_id("stAlert").filter(has_text="The link says")
        expect(warning).to_contain_text(f"The link says {name} 'none_such': allowed are")
        expect(warning).to_have_count(1)
    page.go_back()
    expect(warning).to_contain_text("The link says loss 'none_such'")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?v=1&pixels=512", "pixels '512': a whole number from 0 to 511"),
        ("?weights=1,2,x", "weights '1,2,x': 12 finite numbers separated by commas"),
        ("?start=%00%ff<script>alert(1)</script>", "12 finite numbers"),
    ],
)
def test_is_a_hostile_link_one_sentence_and_a_working_page(open_page: OpenPage, query: str, said: str) -> None:
    page = open_page(query)
    expect(page.get_by_test_id("stAlert").filter(has_text=said)).to_be_visible()
    pixel(page, 1, 1)
    comes(page, v="1", pixels="433")
