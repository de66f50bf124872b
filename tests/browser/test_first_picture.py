"""What a visitor sees first: the stage alone, which stays where it is when navigation and settings follow."""

from __future__ import annotations

import pytest
from playwright.sync_api import Response, expect

from tests.browser.conftest import READY, OpenPage
from tests.browser.seen import sidebar_train

NOTE = """
window.places = [];
(function look() {
  const hosts = [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')];
  const host = hosts.find(found => found.shadowRoot?.querySelector(".pixel"));
  if (host) {
    const { left, top, width } = host.getBoundingClientRect();
    const links = document.querySelectorAll('[data-testid="stTopNavLink"]').length;
    places.push({ place: [left, top, width].join(" "), links });
  }
  setTimeout(look, 15); // not by frame: these pages have ten a second
})();
"""


@pytest.mark.parametrize("viewport", [(1440, 900), (390, 844)])
def test_do_navigation_and_settings_follow_the_stage_without_moving_it(
    open_page: OpenPage, viewport: tuple[int, int]
) -> None:
    page = open_page(viewport=viewport, init=NOTE)
    expect(sidebar_train(page)).to_have_count(1)
    if viewport[0] > 700:
        names = ["Play", "Story", "Tasks", "Causes", "Autopsy", "Landscape", "Pictures", "Glossary"]
        expect(page.get_by_test_id("stTopNavLink")).to_have_text(names)
    page.wait_for_function("() => places.length > 2")
    seen = page.evaluate("places")
    assert seen[0]["links"] == 0 and len({frame["place"] for frame in seen}) == 1


def test_does_another_page_come_with_its_navigation_and_keep_it(open_page: OpenPage) -> None:
    page = open_page("landscape", settle=False)
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(8)
    page.evaluate(NOTE)
    page.get_by_role("link", name="Play").click()
    expect(sidebar_train(page)).to_be_visible()
    assert {frame["links"] for frame in page.evaluate("places")} == {8}


NOTE_LOADED = """
(function look() {
  const hosts = [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')];
  if (!hosts.some(host => host.shadowRoot?.querySelector(".pixel"))) return setTimeout(look, 5);
  window.loaded = performance.getEntriesByType("resource").map(entry => [entry.name, entry.initiatorType]);
})();
"""


def test_is_all_that_the_first_picture_needs_named_by_the_page_and_compressed(open_page: OpenPage) -> None:
    page = open_page("?lang=zh", init=NOTE_LOADED)
    loaded = [(name.rpartition("/")[2], how) for name, how in page.evaluate("loaded") if name.endswith(".js")]
    assert {"BidiComponent", "Html", "stage_zh"} < {name.partition(".")[0] for name, _ in loaded}
    (first,) = [name for name, how in loaded if how == "script"]
    assert first.startswith("index."), "all others are told of in links"
    sizes = page.evaluate(
        """() => performance.getEntriesByType("resource").filter(e => /static.*[.](js|css)$/.test(e.name))
          .reduce((all, e) => [all[0] + e.encodedBodySize, all[1] + e.decodedBodySize], [0, 0])"""
    )
    assert 0 < 3 * sizes[0] < sizes[1]


def test_does_a_components_code_come_once_and_not_with_its_data(open_page: OpenPage) -> None:
    page = open_page()
    modules: list[Response] = []
    messages: list[int] = []
    page.on("response", lambda response: modules.append(response) if "/modules/stage." in response.url else None)
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: messages.append(len(data))))
    page.reload()
    page.wait_for_function(READY)
    assert [response.status for response in modules] == [200]
    assert len(modules[0].body()) > 100_000 and max(messages) < 20_000
