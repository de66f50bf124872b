"""What is pressed while the page asks for news."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from corner_lab.story.steps import STEPS
from tests.browser.seen import STATS, OpenPage, button, sidebar_train, stats

# The whole page is drawn anew for another setting; meanwhile a button is pressed, and then the stage asks for news.
PRESSED_BEFORE_A_QUESTION = """([labels, after]) => {
  const root = [...document.querySelectorAll('*')].find(e => e._stats && e.shadowRoot).shadowRoot;
  const learn = [...root.querySelectorAll('button')].find(e => e.textContent === 'Train');
  const radios = [...document.querySelectorAll('[role=radio]')];
  radios.find(e => e.textContent === labels).click();
  setTimeout(() => learn.click(), after);
  setTimeout(() => root.cornerLab.asks.heard(0), after + 5);
}"""


LABELS = ("Aligned", "As asked", "Aligned", "As asked")


def test_does_a_pressed_button_count_where_a_question_follows_it(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_label("Speed", exact=True).select_option("all at once")
    expect(page.get_by_role("radio", name="Aligned")).to_be_visible()
    for labels, after in zip(LABELS, range(10, 30, 5), strict=True):
        before = stats(page).get("run")
        page.evaluate(PRESSED_BEFORE_A_QUESTION, [labels, after])
        page.wait_for_function(f"run => ({STATS})().run !== run && ({STATS})().still", arg=before)
        expect(page.locator("#say")).to_have_text(re.compile("^511 of 512 right"))


def test_is_the_whole_page_drawn_for_no_training_of_what_the_sidebar_shows(open_page: OpenPage) -> None:
    page, drawn = open_page(), []

    def note(data: str | bytes) -> None:
        message = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
        if message.WhichOneof("type") == "new_session":
            drawn.append([*message.metadata.run.fragment_ids])

    page.on("websocket", lambda socket: socket.on("framereceived", note))
    page.reload()
    expect(sidebar_train(page)).to_be_visible()
    page.get_by_label("Speed", exact=True).select_option("all at once")
    page.wait_for_function(f"() => !({STATS})().waits")
    assert [] in drawn, "so a run of the whole page would be known"
    drawn.clear()
    for press in (button(page, "Train"), sidebar_train(page)):
        before = stats(page).get("run")
        press.click()
        page.wait_for_function(f"run => ({STATS})().run !== run && ({STATS})().still", arg=before)
        expect(page.get_by_role("heading", name="Why")).to_be_visible()
        expect(page.get_by_role("button", name="Train longer")).to_be_enabled()
    assert drawn and all(drawn)


# Streamlit answers what is sent in one moment with one fragment, the stage's or the story's question.
CHOSEN_WITH_A_QUESTION = """() => {
  const root = [...document.querySelectorAll('*')].find(e => e._stats && e.shadowRoot).shadowRoot;
  root.cornerLab.toStreamlit('ask', Date.now());
  [...document.querySelectorAll('[role=radio]')].find(e => e.textContent === 'Aligned').click();
}"""
QUESTION_WITH_THE_NEXT_KEY = """() => {
  const root = [...document.querySelectorAll('*')].find(e => e._stats && e.shadowRoot).shadowRoot;
  const ask = () => root.cornerLab.toStreamlit('ask', Date.now());
  document.addEventListener('keydown', ask, { capture: true, once: true });
}"""
TURNED_WITH_A_QUESTION = """() => {
  const all = [...document.querySelectorAll('*')].map(e => (e.shadowRoot ?? e).cornerLabPolling).filter(Boolean);
  all[0].toStreamlit('ask', Date.now());
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'PageDown', bubbles: true, composed: true }));
}"""

# With each answer Streamlit gives the component its means to ask anew.
HAS_AN_ANSWER = """() => {
  const all = [...document.querySelectorAll('*')].map(e => (e.shadowRoot ?? e).cornerLabPolling).filter(Boolean);
  if (!all.length) return false;
  const S = all[0], ask = S.toStreamlit;
  if (!window.asking) S.toStreamlit = window.asking = (name, value) => ask(name, value);
  return !S.asking || S.toStreamlit !== window.asking;
}"""


def is_the_page_drawn_for_a_setting_chosen_with_a_question(page: Page) -> None:
    expect(page.get_by_role("radio", name="Aligned")).to_be_visible()
    page.evaluate(CHOSEN_WITH_A_QUESTION)
    expect(page).to_have_url(re.compile(r"\?labels=aligned$"))


def test_are_a_choice_and_its_refusal_heard_that_come_with_a_question(open_page: OpenPage) -> None:
    page = open_page()
    for step in (
        is_a_refusal_told_that_comes_with_a_question,
        is_the_page_drawn_for_a_setting_chosen_with_a_question,
    ):
        step(page)


def is_a_refusal_told_that_comes_with_a_question(page: Page) -> None:
    box = page.get_by_role("combobox", name="Target")
    box.fill("999")
    page.evaluate(QUESTION_WITH_THE_NEXT_KEY)
    box.press("Enter")
    expect(page.get_by_test_id("stToast")).to_contain_text("pattern indices 0..511")


def test_is_the_page_turned_by_a_key_that_comes_with_a_question(open_page: OpenPage) -> None:
    page = open_page("story", settle=False)
    page.wait_for_function("() => document.body.dataset.storyStep !== undefined")
    page.wait_for_function(HAS_AN_ANSWER)
    page.evaluate(TURNED_WITH_A_QUESTION)
    expect(page.get_by_text(f"2 of {len(STEPS)}", exact=True)).to_be_visible()


def test_does_a_button_stay_what_it_is_when_another_comes_before_it(open_page: OpenPage) -> None:
    """Next comes once the findings are known: whoever has pressed the mouse on a button releases it on the same."""
    page = open_page("?learning_rate=0.02&epochs=5")
    page.get_by_label("Speed", exact=True).select_option("all at once")
    button(page, "Train").click()
    page.wait_for_function(f"() => ({STATS})().epoch === 5 && ({STATS})().still")
    asked = button(page, "The question, as asked").element_handle()
    button(page, "Train").focus()
    expect(page.get_by_role("button", name=re.compile("^Next: "))).to_be_visible()
    assert asked.text_content() == "The question, as asked" and asked.is_visible()
    expect(button(page, "Train")).to_be_focused()
    first = stats(page)["run"]
    page.keyboard.press("Enter")  # Stop comes in its place, and goes
    page.wait_for_function(f"run => ({STATS})().run !== run && ({STATS})().still", arg=first)
    focused = "e => e.getRootNode().activeElement?.closest('#acts') !== null"
    assert page.locator("#acts").evaluate(focused)


# A press of one of the stage's buttons: after how many frames does it show?
PRESSED = """async name => {
  const root = [...document.querySelectorAll('*')].find(e => e._stats && e.shadowRoot).shadowRoot;
  const button = [...root.querySelectorAll('#acts button')].find(e => e.textContent === name);
  let frames = 0;
  button.click();
  for (; button.getAttribute('aria-busy') !== 'true'; frames++) await new Promise(requestAnimationFrame);
  return frames;
}"""


def test_does_a_press_without_an_answer_say_what_goes_on_until_it_comes(open_page: OpenPage) -> None:
    held: list[tuple[Any, Any]] = []
    holding = False

    def between(page_side: WebSocketRoute) -> None:
        server = page_side.connect_to_server()
        page_side.on_message(server.send)
        server.on_message(lambda said: held.append((page_side, said)) if holding else page_side.send(said))

    page = open_page("?epochs=5", socket=between)
    page.get_by_label("Speed", exact=True).select_option("all at once")
    stage = page.get_by_role("region", name="Stage", exact=True)
    before = stage.bounding_box()
    holding = True
    assert page.evaluate(PRESSED, "Train") <= 2
    notice = page.locator("#notice")
    expect(notice).to_have_text(
        "The server has not answered yet. It may be busy training for others; your press is kept."
    )
    expect(page.locator("#elapsed")).to_have_text(re.compile(r"^[3-9] s$"))
    expect(page.get_by_role("progressbar", name="Training", exact=True)).to_be_visible()
    assert stage.bounding_box() == before, "the page has moved for it"
    holding = False
    for page_side, said in held:
        page_side.send(said)
    page.wait_for_function(f"() => ({STATS})().epoch === 5 && ({STATS})().still")
    expect(notice).to_be_empty()
    expect(page.locator("#elapsed")).to_be_empty()
    expect(page.locator("#progress")).to_be_hidden()
    expect(button(page, "Train")).to_have_attribute("aria-busy", "false")
