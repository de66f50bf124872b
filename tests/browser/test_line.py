"""The bench's direct line: a click is answered without Streamlit, and through it where the line is cut."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.browser.seen import OpenPage, button
from ui.components import stage
from ui.server import js_modules


def test_does_a_click_reach_python_without_a_run_of_the_script(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate("""() => {
        window.runs = 0;
        const app = document.querySelector('[data-testid="stApp"]');
        new MutationObserver(() => { window.runs++; }).observe(app, { attributeFilter: ["data-test-script-state"] });
    }""")
    for pixels, cell in ((433, "row 1, column 1"), (435, "row 1, column 2"), (434, "row 1, column 1")):
        button(page, f"Pixel, {cell}").click()
        expect(page.get_by_text(f"On the bench: pattern {pixels} ")).to_be_visible()
    assert page.evaluate("window.runs") == 0
    page.get_by_role("radio", name="Aligned").click()  # the page is drawn again: what the line has brought stays
    expect(page).to_have_url(re.compile("labels=aligned"))
    expect(page.get_by_text("On the bench: pattern 434 ")).to_be_visible()


def test_is_the_bench_reported_through_streamlit_where_something_else_answers(open_page: OpenPage) -> None:
    page = open_page()
    page.route("**/corner-lab/bench", lambda route: route.fulfill(body="<html>Please log in</html>"))
    button(page, "Pixel, row 1, column 1").click()
    expect(page.get_by_text("On the bench: pattern 433 ")).to_be_visible()
    page.unroute("**/corner-lab/bench")  # two ways at once could bring what is out of date: it stays with Streamlit
    button(page, "Pixel, row 1, column 2").click()
    expect(page.get_by_text("On the bench: pattern 435 ")).to_be_visible()


def test_is_an_older_sentence_not_put_over_a_newer_one(browser: Browser) -> None:
    page = browser.new_context().new_page()
    source = js_modules.joined(js_modules.sources(stage.SENTENCE)).replace("export default ", "")
    page.set_content("<!doctype html><title>says</title>")
    page.add_script_tag(content=f"{source}\nwindow.lab = {{ says, say }};\n", type="module")
    page.wait_for_function("() => window.lab !== undefined")
    got = page.evaluate(
        """() => {
            const root = document.body.appendChild(document.createElement("div")), seen = [];
            const data = (says, heard, session = "a") => {
                lab.says({ parentElement: root, data: { says, heard, session } });
                seen.push(root.textContent);
            };
            data("opened", 0);
            lab.say({ says: "one", heard: 1 }); lab.say({ says: "two", heard: 2 });
            seen.push(root.textContent);
            data("run begun before the second click", 1);
            data("run begun after it", 2);
            data("another session", 0, "b");
            return seen;
        }"""
    )
    page.context.close()
    assert got == ["opened", "two", "two", "run begun after it", "another session"]
