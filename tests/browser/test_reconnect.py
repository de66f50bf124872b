"""Pages that lose their server: it is killed and started again, the network goes, the machine sleeps."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import AT_REST, FEWER_FRAMES, PATIENCE, READY, RESULTS, served
from tests.browser.seen import STATS, button, stats
from tests.processes import free_port

LOG = RESULTS / "restarted.log"
# It is said for a few seconds on each page, maybe while another one is looked at.
NOTE_WHAT_IS_SAID = """setInterval(() => {
  const said = e => [...(e.shadowRoot?.querySelectorAll('[role=status]') ?? [])].map(line => line.textContent).join();
  const all = [...document.querySelectorAll('*')].map(said).join();
  window.saidAgain ||= all.includes('The server was started again');
}, 500)"""
# Stands between the page and the network. `cut()` closes its connections; a new one does not say which session it had
# once `forgets` is set, as where the server has dropped that. With `deaf` nothing goes or comes, and nobody is told, as
# after a sleep, and `slept` ms have gone by on the clock.
NETWORK = """(() => {
  const [Real, open, now] = [WebSocket, [], Date.now.bind(Date)];
  Object.assign(window, { forgets: false, deaf: false, slept: 0 });
  // As the browser tells it where there is no more network: at once, and not after a farewell.
  window.cut = () => {
    for (const socket of open.splice(0)) {
      socket.close();
      socket.dispatchEvent(new CloseEvent('close', { code: 1006 }));
      socket.addEventListener('close', ev => ev.stopImmediatePropagation(), { capture: true });
      socket.onclose = null;
    }
  };
  Date.now = () => now() + window.slept;
  window.WebSocket = class extends Real {
    constructor(url, protocols) {
      super(url, window.forgets ? protocols.slice(0, 2) : protocols);
      this.addEventListener('message', ev => window.deaf && ev.stopImmediatePropagation());
      open.push(this);
    }
    send(data) {
      if (!window.deaf) super.send(data);
    }
  };
})()"""
# Both servers compile what a page needs: there is nothing to mend in this, so no remedy is tried, and no cure follows.
SOLVED = "?labels=aligned&head=sigmoid&loss=binary_crossentropy&init=by_hand"
LONG = f"{SOLVED}&epochs=100000&batch_size=1"  # minutes of training
STEP = "step => document.body.dataset.storyStep === step"


def test_do_pages_come_back_when_their_server_was_killed_at_rest_and_mid_run(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not with `open_page`: that the server is away is an error in the browser's console."""
    monkeypatch.setenv("CORNER_LAB_WORKERS", "1")  # each imports TensorFlow, with every server anew
    port, context = free_port(), browser.new_context()
    with served(port, LOG) as url:
        at_rest = trained(context, f"{url}/{SOLVED}&epochs=5")
        edit_the_bias(at_rest)
        pressed = opened(context, f"{url}/?labels=aligned&epochs=7")
        pressed.wait_for_function(READY)
        replaced = opened(context, f"{url}/?labels=aligned&head=sigmoid&epochs=3")
        replaced.wait_for_function(READY)
        button(replaced, "The question, as asked").click()
        expect(button(replaced, "Undo settings")).to_be_visible()
        story = opened(context, f"{url}/story?step=3")
        story.wait_for_function(STEP, arg="3")
        mid_run = trained(context, f"{url}/{LONG}")
        before = stats(at_rest), stats(mid_run)
    button(pressed, "Train").click()
    expect(pressed.locator("#notice")).to_have_text(KEPT)
    with served(port, LOG):
        comes_back(mid_run, before[1])
        expect(button(mid_run, "Stop")).to_be_visible()
        answers(mid_run)
        button(mid_run, "Stop").click()  # what trains would take its time from the others
        for page in (at_rest, mid_run, story, pressed, replaced):
            page.wait_for_function("() => window.saidAgain")
        comes_back(at_rest, before[0])
        answers(at_rest)
        expect(number(at_rest, "Bias")).to_have_attribute("aria-valuenow", "-7.250")
        assert stats(at_rest)["edited"] and stats(at_rest)["right"] == before[0]["right"]
        button(replaced, "Undo settings").click()
        expect(replaced).to_have_url(
            re.compile(r"labels=aligned&head=sigmoid&epochs=3|head=sigmoid&labels=aligned&epochs=3")
        )
        pressed.wait_for_function(f"() => ({STATS})().epoch === 7")
        story.wait_for_function(STEP, arg="3")
        story.keyboard.press("PageDown")  # it answers
        story.wait_for_function(STEP, arg="4")
    context.close()


VISIT = "[...document.querySelectorAll('*')].map(e => e.shadowRoot?.cornerLabVisit).find(Boolean)"
KEPT = "The connection to the server is gone. Your press is kept, and sent once it is back."
AWAY = re.compile("^The connection to the server is gone. Bench and curves work without it;")


def test_do_pages_come_back_whose_session_the_server_has_dropped(browser: Browser, app_url: str) -> None:
    context = browser.new_context()
    at_rest = trained(context, f"{app_url}/{SOLVED}&epochs=5")
    edit_the_bias(at_rest)
    mid_run = trained(context, f"{app_url}/{LONG}")
    before = stats(mid_run), stats(at_rest)
    for page in (mid_run, at_rest):
        page.evaluate("window.forgets = true; window.cut()")
    for page, was in zip((mid_run, at_rest), before, strict=True):
        page.wait_for_function("() => window.saidAgain")
        comes_back(page, was)
    expect(number(at_rest, "Bias")).to_have_attribute("aria-valuenow", "-7.250")
    button(mid_run, "Stop").click()  # or it would train on beside the tests that follow
    expect(button(mid_run, "Stop")).to_have_count(0)
    context.close()


def test_do_pages_go_on_once_the_network_is_back_and_after_a_sleep(browser: Browser, app_url: str) -> None:
    """One thing after another on the same pages, of which one has a run that goes on until it is stopped."""
    context = browser.new_context()
    story = opened(context, f"{app_url}/story?step=3")
    story.wait_for_function(STEP, arg="3")
    story.wait_for_function(f"() => {VISIT}")
    at_rest = trained(context, f"{app_url}/{SOLVED}&epochs=5")
    mid_run = trained(context, f"{app_url}/{LONG}")
    do_they_go_on_once_the_network_is_back(at_rest, mid_run, story)
    for page in (story, mid_run):
        page.close()
    does_one_stay_after_a_sleep_that_its_connection_has_survived(at_rest)
    pressed = opened(context, f"{app_url}/?labels=aligned&head=sigmoid&epochs=7")
    do_they_come_back_from_a_sleep_that_left_their_connection_dead(at_rest, pressed)
    context.close()


def do_they_go_on_once_the_network_is_back(at_rest: Page, mid_run: Page, story: Page) -> None:
    """The server lives, and still knows them: nothing is opened anew."""
    context = story.context
    before = stats(at_rest), stats(mid_run)
    context.set_offline(True)
    for page in (at_rest, mid_run):
        # Which is when Streamlit lays a dialog of its own over the page.
        with page.expect_console_message(lambda said: "reaching server endpoint" in said.text):
            page.evaluate("window.stayed = true; window.cut()")
        expect(page.locator("#notice")).to_have_text(AWAY)
    story.evaluate("window.cut()")
    expect(story.get_by_text("The connection to the server is gone. The page goes on once it is back.")).to_be_visible()
    for page in (at_rest, mid_run):
        expect(page.get_by_role("dialog")).to_have_count(0)
    button(at_rest, "Pixel, row 1, column 1").click()
    edit_the_bias(at_rest)
    button(mid_run, "Pixel, row 1, column 2").click()
    button(mid_run, "Stop").click()
    expect(mid_run.locator("#notice")).to_have_text(KEPT)
    context.set_offline(False)
    expect(mid_run.locator("#notice")).to_be_empty()
    mid_run.wait_for_function(f"() => !({STATS})().waits || ({STATS})().still")
    expect(button(mid_run, "Stop")).to_have_count(0)  # it was stopped, once the press had come
    expect(at_rest.get_by_text(re.compile("^On the bench: pattern 432 "))).to_be_visible()
    expect(mid_run.get_by_text(re.compile("^On the bench: pattern 435 "))).to_be_visible()
    expect(number(at_rest, "Bias")).to_have_attribute("aria-valuenow", "-7.250")
    expect(story.get_by_text("The connection to the server is gone.")).to_be_hidden()
    story.keyboard.press("PageDown")
    story.wait_for_function(STEP, arg="4")
    for page, was in zip((at_rest, mid_run), before, strict=True):
        assert page.evaluate("window.stayed") and stats(page)["run"] == was["run"]
        expect(page.locator("#notice")).to_be_empty()


def does_one_stay_after_a_sleep_that_its_connection_has_survived(page: Page) -> None:
    asked = page.evaluate(f"({VISIT}).there.answered")
    page.evaluate("window.slept = 3_600_000")
    page.wait_for_function(f"asked => ({VISIT})?.there.answered > asked", arg=asked)
    assert page.evaluate("window.stayed")


def do_they_come_back_from_a_sleep_that_left_their_connection_dead(at_rest: Page, pressed: Page) -> None:
    pressed.wait_for_function(READY)
    pressed.wait_for_function(f"() => {VISIT}")
    button(at_rest, "Pixel, row 1, column 1").click()
    at_rest.wait_for_function(f"() => ({STATS})().pixels === 433")
    expect(at_rest.get_by_text(re.compile("^On the bench: pattern 433 "))).to_be_visible()
    before = stats(at_rest)
    for page in (at_rest, pressed):
        page.evaluate("Object.assign(window, { old: true, deaf: true, slept: 7_200_000 })")
    button(pressed, "Train").click()
    for page in (at_rest, pressed):
        page.wait_for_function("() => !window.old && window.saidAgain")  # it was opened anew
    comes_back(at_rest, before)
    expect(number(at_rest, "Bias")).to_have_attribute("aria-valuenow", "-7.250")
    pressed.wait_for_function(f"() => ({STATS})().epoch === 7")


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.add_init_script(NOTE_WHAT_IS_SAID)
    page.add_init_script(NETWORK)
    page.add_init_script(FEWER_FRAMES)
    page.add_init_script(AT_REST)
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    return page


def trained(context: BrowserContext, address: str) -> Page:
    """A page whose run has come to epoch 5, with another pattern on its bench."""
    page = opened(context, address)
    page.wait_for_function(READY)
    page.get_by_label("Speed", exact=True).select_option("all at once")
    button(page, "Train from the hand-set weights").click()
    page.wait_for_function(f"() => ({STATS})().epoch >= 5")
    button(page, "Pixel, row 1, column 1").click()
    expect(page.get_by_text(re.compile("^On the bench: pattern 433 "))).to_be_visible()
    page.wait_for_function(f"() => ({STATS})().pixels === 433")  # Python's answer may come before the next frame
    return page


def comes_back(page: Page, before: dict[str, Any]) -> None:
    page.wait_for_function(f"run => ({STATS})().run !== run && ({STATS})().epoch >= 5", arg=before["run"])
    expect(page).to_have_url(re.compile(re.escape(SOLVED) + r"&epochs=\d+(&batch_size=1)?"))
    expect(page.get_by_role("radio", name="Aligned", checked=True)).to_have_count(1)
    page.wait_for_function(f"pixels => ({STATS})().pixels === pixels", arg=before["pixels"])
    assert before["pixels"] == 433


def answers(page: Page) -> None:
    """Its bench, and Python."""
    button(page, "Pixel, row 1, column 1").click()
    page.wait_for_function(f"() => ({STATS})().pixels === 432")
    expect(page.get_by_text(re.compile("^On the bench: pattern 432 "))).to_be_visible()


def number(page: Page, name: str) -> Locator:
    return page.get_by_role("spinbutton", name=name, exact=True)


def edit_the_bias(page: Page) -> None:
    number(page, "Bias").press("Enter")
    page.get_by_label("New value", exact=True).fill("-7.25")
    page.get_by_label("New value", exact=True).press("Enter")
    expect(page).to_have_url(re.compile(r"weights="))
