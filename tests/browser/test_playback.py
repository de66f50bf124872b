"""The transport in a real browser: a finished run is paused, stepped, scrubbed and studied; a long one is stopped."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.seen import STAGE, STATS, OpenPage, button, sidebar_train, stats

SOLVED = re.compile("512 of 512 right: solved at epoch 180")
STOPPING = "Stopping…"
CURED = "?head=sigmoid&labels=aligned&loss=binary_crossentropy&epochs=300"


def epoch_is(page: Page, epoch: int, last: int) -> None:
    expect(page.locator("#when")).to_have_text(re.compile(rf"epoch\s*{epoch:,}\s*/\s*{last:,}"))


def train(page: Page) -> None:
    sidebar_train(page).click()


def scrubber(page: Page) -> Locator:
    return page.get_by_role("slider", name="Epoch", exact=True)


def cured(open_page: OpenPage) -> Page:
    """A page on which a run of 300 epochs has been played to its end."""
    page = open_page(CURED)
    page.get_by_label("Speed", exact=True).select_option("all at once")
    train(page)
    expect(page.locator("#say")).to_have_text(SOLVED)
    epoch_is(page, 300, 300)
    return page


def can_a_run_be_paused_stepped_rewound_and_scrubbed(page: Page) -> None:
    page.get_by_label("Speed", exact=True).select_option("10 epochs/s")
    button(page, "Play").click()  # at the end: starts again
    expect(button(page, "Pause")).to_be_visible()
    page.wait_for_function(f"() => ({STATS})().epoch >= 2")
    button(page, "Pause").click()
    expect(button(page, "Play")).to_be_visible()
    at = int(stats(page)["epoch"])
    assert 2 <= at < 300
    epoch_is(page, at, 300)
    expect(page.locator("#say")).to_have_text(re.compile(f"^Epoch {at}: "))
    expect(page.get_by_text(f"Study: Shapes fixed, sigmoid and cross-entropy, epoch {at} of 300")).to_be_visible()

    button(page, "Step forward").click()
    epoch_is(page, at + 1, 300)
    button(page, "Step back").click()
    button(page, "Step back").click()
    epoch_is(page, at - 1, 300)
    expect(page.get_by_text(f"epoch {at - 1} of 300")).to_be_visible()  # the study follows

    button(page, "Rewind").click()
    epoch_is(page, 0, 300)
    expect(button(page, "Rewind")).to_be_disabled()
    expect(button(page, "Step back")).to_be_disabled()

    scrubber(page).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    epoch_is(page, 1, 300)
    expect(scrubber(page)).to_have_attribute("aria-valuetext", "epoch 1 of 300")
    page.keyboard.press("End")
    epoch_is(page, 300, 300)
    expect(page.locator("#say")).to_have_text(SOLVED)
    expect(button(page, "Step forward")).to_be_disabled()
    scrubber(page).fill("0")
    epoch_is(page, 0, 300)
    scrubber(page).fill("1000")
    epoch_is(page, 300, 300)


def do_the_filmstrip_and_the_markers_lead_to_their_epochs(page: Page) -> None:
    film = page.locator("#film")
    box = film.bounding_box()
    assert box is not None
    film.click(position={"x": 24, "y": box["height"] / 2})
    page.wait_for_function(f"() => ({STATS})().epoch < 3")
    film.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    middle = stats(page)["epoch"]
    page.wait_for_function(f"() => ({STATS})().epoch > 10 && ({STATS})().epoch < 150")
    assert middle < 150
    button(page, "solved, epoch 180").click()
    epoch_is(page, 180, 300)
    expect(page.locator("#say")).to_have_text("Epoch 180: 512 of 512 right")
    button(page, "Step back").click()
    expect(page.locator("#say")).to_have_text("Epoch 179: 511 of 512 right, the corner rejected")


def does_the_end_of_a_run_stay_secret_until_it_is_reached(page: Page) -> None:
    button(page, "Rewind").click()
    expect(page.locator("#say")).not_to_have_text(SOLVED)
    page.evaluate(
        """() => {
          const root = [...document.querySelectorAll('*')].find(e => e.shadowRoot?.querySelector('.lab')).shadowRoot;
          window.early = [];
          new MutationObserver(() => {
            const say = root.querySelector('#say')?.textContent, now = root.querySelector('#when b')?.textContent;
            window.looked = (window.looked ?? 0) + 1;
            if (say?.includes('solved at') && now !== '300') window.early.push([say, now]);
          }).observe(root, { childList: true, characterData: true, subtree: true });
        }"""
    )
    page.get_by_label("Speed", exact=True).select_option("100 epochs/s")
    button(page, "Play").click()
    expect(button(page, "Pause")).to_be_visible()
    expect(page.locator("#say")).to_have_text(SOLVED)
    epoch_is(page, 300, 300)
    assert page.evaluate("() => window.early") == []
    assert page.evaluate("() => window.looked") > 20


def test_does_continue_from_here_start_in_the_middle(open_page: OpenPage) -> None:
    page = cured(open_page)
    scrubber(page).fill("500")
    page.wait_for_function(f"() => ({STATS})().epoch < 300")
    at = int(stats(page)["epoch"])
    assert 0 < at < 180
    cell = page.get_by_role("spinbutton", name="Kernel, row 1, column 1", exact=True)
    before = cell.get_attribute("aria-valuenow")
    page.get_by_role("region", name="Stage").locator("xpath=..").get_by_role(
        "button", name="Continue from here", exact=True
    ).click()
    title = f"From epoch {at}, with a fresh optimizer"
    expect(page.get_by_text(f"Study: {title}, epoch 300 of 300")).to_be_visible()
    button(page, "Rewind").click()
    epoch_is(page, 0, 300)
    expect(cell).to_have_attribute("aria-valuenow", before or "")
    expect(page).to_have_url(re.compile(re.escape(CURED) + r"&start=[-.,%C\d]+(&v=1&epoch=\d+)?$"))


def test_is_a_run_paused_stepped_studied_and_played_again(open_page: OpenPage) -> None:
    page = cured(open_page)
    for step in (
        can_a_run_be_paused_stepped_rewound_and_scrubbed,
        does_the_study_appear_at_rest_with_its_figures,
        do_the_filmstrip_and_the_markers_lead_to_their_epochs,
        does_the_end_of_a_run_stay_secret_until_it_is_reached,
        does_train_longer_play_on_from_the_end,
    ):
        step(page)


def does_the_study_appear_at_rest_with_its_figures(page: Page) -> None:
    page.get_by_role("link", name="Study", exact=True).click()
    charts = page.locator('[data-testid="stPlotlyChart"] .main-svg')
    page.wait_for_function(
        "() => document.querySelectorAll('[data-testid=\"stPlotlyChart\"] .js-plotly-plot').length === 3"
    )
    assert charts.count() >= 3
    metric = page.get_by_test_id("stMetric").filter(has_text="Right")
    expect(metric).to_contain_text("512 of 512")
    page.get_by_label("Speed", exact=True).select_option("1 epoch/s")
    button(page, "Play").click()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(0)  # nothing below while it moves
    button(page, "Pause").click()
    page.get_by_role("link", name="Study", exact=True).click()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(3)


def does_train_longer_play_on_from_the_end(page: Page) -> None:
    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill("50")
    epochs.press("Enter")
    expect(page).to_have_url(re.compile("epochs=50"))
    expect(button(page, "Train longer")).to_have_count(1)  # the page was drawn anew, whole
    button(page, "Train longer").click()
    epoch_is(page, 350, 350)
    expect(page.locator("#say")).to_have_text(SOLVED)


def test_is_a_run_of_100_000_epochs_stopped(open_page: OpenPage) -> None:
    # There is nothing to mend in this: no remedy is tried, each as long as the run.
    page = open_page("?labels=aligned&head=sigmoid&loss=binary_crossentropy&epochs=100000&batch_size=1")
    for step in (
        can_a_run_of_100_000_epochs_be_stopped,
        does_stop_answer_at_once_and_can_it_be_pressed_again,
    ):
        step(page)


def can_a_run_of_100_000_epochs_be_stopped(page: Page) -> None:
    train(page)
    stop = button(page, "Stop")
    expect(stop).to_be_visible()
    page.wait_for_function(f"() => ({STATS})().epoch > 5")
    stop.click()
    expect(stop).to_have_count(0)
    page.get_by_label("Speed", exact=True).select_option("all at once")
    expect(page.get_by_text(re.compile(r"Study: Your settings, epoch [\d,]+ of [\d,]+"))).to_be_visible()
    last = int(stats(page)["epoch"])
    assert 5 < last < 100_000
    expect(button(page, "Play")).to_be_visible()


def does_stop_answer_at_once_and_can_it_be_pressed_again(page: Page) -> None:
    train(page)
    expect(button(page, "Stop")).to_be_visible()
    page.evaluate(f"{STAGE}.press = () => {{}}")  # Python does not hear of it, as for seconds on a busy machine
    button(page, "Stop").click()
    told = page.evaluate(f"new Promise(done => requestAnimationFrame(() => done({STAGE}.ui.acts.textContent)))")
    assert told == STOPPING
    last = page.evaluate(f"{STAGE}.record.header.last")
    page.wait_for_function(f"last => {STAGE}.record.header.last > last", arg=last)
    expect(button(page, STOPPING)).to_be_visible()  # the run goes on, and so does the wish
    page.evaluate(f"{STAGE}.press = id => {STAGE}.trigger('press', id)")
    button(page, STOPPING).click()
    page.wait_for_function(f"() => !{STAGE}.record.header.growing")
    expect(button(page, STOPPING)).to_have_count(0)


def test_is_streamlits_own_stop_out_of_reach(open_page: OpenPage) -> None:
    # It comes for scripts that take longer than half a second, and would leave the page half drawn.
    routed: list[WebSocketRoute] = []
    held: list[bytes] = []
    holds = False

    def connect(browser: WebSocketRoute) -> None:
        def answer(message: str | bytes) -> None:
            assert isinstance(message, bytes)
            status = ForwardMsg.FromString(message)
            ends = status.HasField("session_status_changed") and not status.session_status_changed.script_is_running
            if holds and (held or ends):
                held.append(message)
            else:
                browser.send(message)

        browser.connect_to_server().on_message(answer)
        routed.append(browser)

    page = open_page(socket=connect)
    holds = True
    page.get_by_role("radio", name="Aligned").click()
    expect(page.get_by_test_id("stStatusWidgetRunningIcon")).to_be_visible()
    expect(button(page, "Stop")).to_have_count(0)
    holds = False
    for message in held:
        routed[-1].send(message)
    expect(page.get_by_test_id("stStatusWidgetRunningIcon")).to_have_count(0)


def test_does_a_page_that_prefers_less_motion_still_get_to_the_end(open_page: OpenPage) -> None:
    page = open_page("?labels=aligned", reduced_motion="reduce")
    train(page)
    expect(page.locator("#say")).to_have_text("511 of 512 right, and the one that matters is wrong")
