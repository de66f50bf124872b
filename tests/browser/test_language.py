"""Every page in Chinese, chosen by browser, address or switch; and no English sentence is left on it."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from corner_lab.language import speaking, tr
from tests.browser.seen import SETTLED, OpenPage, stands_still

# What a page says to eye and ear, line by line, in shadow trees too; code, links and what is not shown left out.
SAID = """() => {
  const said = new Set();
  const attributes = ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext', 'aria-description'];
  const look = { visibilityProperty: true, opacityProperty: true };
  const shown = e => getComputedStyle(e).display === 'contents' || e.checkVisibility(look);
  const add = text => text?.split(/\\n/).map(t => t.trim()).filter(Boolean).forEach(t => said.add(t));
  const walk = node => {
    if (node.nodeType === Node.TEXT_NODE) return add(node.data);
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (/^(SCRIPT|STYLE|CODE|PRE|NOSCRIPT|TEXTAREA)$/.test(node.tagName) || !shown(node)) return;
      if (node.matches('[lang]:not([lang^=zh]), [data-testid=stIconMaterial], [translate=no]')) return;
      for (const name of attributes) add(node.getAttribute(name));
      if (node.shadowRoot) walk(node.shadowRoot);
    }
    for (const child of node.childNodes) walk(child);
  };
  walk(document.body);
  return [...said];
}"""
ENGLISH = re.compile(r"[A-Za-z][a-z]+[,;:]? [a-z]+[,;:]? [a-z]+")
# Names of books and papers, and what Streamlit and Plotly say, which speak English alone.
NAMES = re.compile(
    r"^(Skip to main content|Keyboard shortcuts|Main menu|View fullscreen|Download plot as|Toggle spike lines)"
    r"|et al\.|\(\d{4}\)|The Elements of"
)
CHINESE = {"locale": "zh-CN"}
GRAVE = ("serious", "critical")


def english(page: Page) -> list[str]:
    """What a page says in English, three words and more."""
    said: list[str] = page.evaluate(SAID)
    assert len(said) > 10
    return [text for text in said if ENGLISH.search(text) and not NAMES.search(text)]


def violations(page: Page) -> list[str]:
    """What axe-core calls serious or critical."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {node['target']}" for one in found if one["impact"] in GRAVE for node in one["nodes"]]


def ready(page: Page) -> None:
    page.get_by_role("button", name="English", exact=True).wait_for()
    assert page.evaluate("() => document.documentElement.lang") == "zh-Hans"


@pytest.mark.parametrize("name", ["", "story", "tasks", "causes", "autopsy", "landscape", "pictures", "glossary"])
def test_is_every_page_said_in_chinese(open_page: OpenPage, name: str) -> None:
    page = open_page(name, settle=name in ("", "story"), **CHINESE)
    if name != "story":  # whose screen has no room for the switch
        ready(page)
    page.wait_for_function("() => document.documentElement.lang === 'zh-Hans'")
    page.wait_for_selector(SETTLED)
    page.locator("[data-testid=stSkeleton]").first.wait_for(state="detached")
    if name in ("", "story"):
        stands_still(page)
    assert english(page) == []
    assert violations(page) == []


def test_is_a_run_said_in_chinese_from_the_press_to_what_is_wrong(open_page: OpenPage) -> None:
    page = open_page("?epochs=40", **CHINESE)
    ready(page)
    page.locator("#speed").select_option(index=page.locator("#speed option").count() - 1)
    page.locator("#acts button").last.click()
    expect(page.locator("#say")).to_contain_text("512")
    expect(page.locator(".st-key-why")).to_be_visible()
    page.locator(".st-key-why").scroll_into_view_if_needed()
    expect(page.locator(".st-key-why [class*=st-key-remedy-] button").first).to_be_visible()
    stands_still(page)
    assert english(page) == []


def test_the_switch_changes_the_language_and_nothing_else_and_is_remembered(open_page: OpenPage) -> None:
    page = open_page("?epochs=7&loss=hinge&pixels=16")
    assert page.evaluate("() => document.documentElement.lang") == "en"
    page.get_by_role("button", name="简体中文", exact=True).click()
    ready(page)
    expect(page.locator("#acts")).to_contain_text(in_chinese("Train"))
    expect(page.locator("input[type=number]").filter(visible=True).first).to_be_visible()
    assert {"epochs=7", "loss=hinge", "pixels=16"} <= set(page.url.partition("?")[2].split("&"))
    assert "lang=" not in page.url
    again = open_page("glossary", settle=False)
    ready(again)
    again.get_by_role("button", name="English", exact=True).click()
    again.get_by_role("button", name="简体中文", exact=True).wait_for()
    assert again.evaluate("() => document.documentElement.lang") == "en"


def test_an_address_asks_for_a_language_and_a_frame_has_no_switch(open_page: OpenPage) -> None:
    page = open_page("?lang=zh")
    ready(page)
    page.get_by_role("button", name="English", exact=True).click()
    page.get_by_role("button", name="简体中文", exact=True).wait_for()
    page.wait_for_function("() => location.search.includes('lang=en')")
    framed = open_page("?embed=true&show=bench&lang=zh", settle=False)
    framed.wait_for_function("() => document.documentElement.lang === 'zh-Hans'")
    expect(framed.locator(".languages button")).to_have_count(0)


def in_chinese(text: str) -> str:
    with speaking("zh"):
        said = tr(text)
    assert said != text
    return said
