"""The page around the stage in a real browser: links, the sidebar, themes, the phone, the notice while loading."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from tests.browser.seen import SETTLED, STAGE, OpenPage, button, sidebar_train, visit

BACKGROUND = """() => {
  const root = [...document.querySelectorAll('*')].find(e => e.shadowRoot?.querySelector('.lab')).shadowRoot;
  const lab = root.querySelector('.lab');
  let node = lab, colour = '';
  while (node && !(colour && colour !== 'rgba(0, 0, 0, 0)')) {
    colour = getComputedStyle(node).backgroundColor;
    node = node.parentElement ?? node.getRootNode().host;
  }
  return { theme: lab.dataset.theme, light: Math.max(...colour.match(/\\d+/g).slice(0, 3).map(Number)) };
}"""


def choose(page: Page, field: str, option: str) -> None:
    page.get_by_role("combobox", name=field).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_does_the_address_bar_follow_and_restore_the_experiment(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("radio", name="Aligned").click()
    expect(page).to_have_url(re.compile(r"\?labels=aligned$"))
    choose(page, "Head", "sigmoid")
    expect(page).to_have_url(re.compile("head=sigmoid"))
    seed = page.get_by_role("spinbutton", name="Seed")
    seed.fill("7")
    seed.press("Enter")
    expect(page).to_have_url(re.compile("seed=7"))
    page.reload()
    expect(page.get_by_role("spinbutton", name="Seed")).to_have_value("7")
    expect(page.get_by_role("radio", name="Aligned")).to_be_checked()
    expect(page.get_by_role("combobox", name="Head")).to_have_value("sigmoid")
    assert sorted(page.url.split("?")[1].split("&")) == ["head=sigmoid", "labels=aligned", "seed=7"]


def test_does_a_wrong_link_say_what_is_wrong_and_work_all_the_same(open_page: OpenPage) -> None:
    page = open_page("?head=relu&colour=red&seed=1&seed=2&epochs=20")
    alerts = page.get_by_test_id("stAlert")
    expect(alerts).to_have_count(3)
    expect(alerts.filter(has_text="head 'relu': allowed are hard_sigmoid")).to_be_visible()
    expect(alerts.filter(has_text="unknown field 'colour'")).to_be_visible()
    expect(alerts.filter(has_text="seed '2': appears more than once")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?epochs=20$"))
    button(page, "Pixel, row 1, column 1").click()
    expect(page.get_by_text("On the bench: pattern 433 ")).to_be_visible()
    page.get_by_label("Speed", exact=True).select_option("all at once")
    sidebar_train(page).click()
    expect(page.get_by_text("epoch 20 of 20")).to_be_visible()


def test_is_what_a_link_says_nothing_but_text(open_page: OpenPage) -> None:
    odd = (
        "http://evil.example/x",
        ":smile: :material/home:",
        "x :red-badge[x] -> y -- z",
        "<b>&amp;</b> www.evil.example",
    )
    fields = ("labels", "head", "loss", "balance")
    page = open_page("?" + urlencode(dict(zip(fields, odd, strict=True))))
    alerts = page.get_by_test_id("stAlert")
    expect(alerts).to_have_count(4)
    said = "\n".join(alerts.all_inner_texts()).replace("\N{WORD JOINER}", "")
    assert [text for text in odd if text not in said] == [] and alerts.locator("a, img, b, svg[title]").count() == 0


def test_are_weights_kept_over_a_reload_that_only_the_address_has(open_page: OpenPage) -> None:
    """Those of a run to which the settings lead no more."""
    page = open_page("?epochs=20")
    page.get_by_label("Speed", exact=True).select_option("all at once")
    sidebar_train(page).click()
    expect(page.get_by_text("epoch 20 of 20")).to_be_visible()
    page.get_by_role("radio", name="Aligned").click()
    expect(page).to_have_url(re.compile(r"labels=aligned.*weights="))
    address, bias = page.url, page.get_by_role("spinbutton", name="Bias", exact=True).get_attribute("aria-valuenow")
    page.reload()
    expect(page.locator("#say")).to_have_text(re.compile("^Your weights: "))
    expect(page.get_by_role("spinbutton", name="Bias", exact=True)).to_have_attribute("aria-valuenow", str(bias))
    expect(page).to_have_url(address)


# As long as findings and their remedies make them.
WRAPPED = f"""() => {{
  const S = {STAGE};
  const {{ say, actions }} = S.record.header;
  say.start = ['512 of 512 right', 'The first epoch took the largest |z| from 0.711 to 39,600. '.repeat(3)];
  const text = 'Next: use a sigmoid and cross-entropy, for 300 epochs (tried: solved at epoch 180)';
  actions.start.unshift({{ id: 'next', text }});
  S.wake();
}}"""


def test_does_the_stage_stay_where_it_is_when_the_words_above_it_wrap(open_page: OpenPage) -> None:
    page = open_page()
    stage, line = page.get_by_role("region", name="Stage", exact=True), page.locator("#because")
    before, one_line = stage.bounding_box(), line.bounding_box()
    page.evaluate(WRAPPED)
    following = page.get_by_role("button", name=re.compile("^Next: use a sigmoid"))
    expect(following).to_be_visible()
    wrapped, button_box = line.bounding_box(), following.bounding_box()
    assert one_line and wrapped and button_box
    assert wrapped["height"] > 1.5 * one_line["height"] and button_box["height"] > 45, "both have wrapped"
    assert stage.bounding_box() == before


def test_does_a_click_count_while_the_page_still_loads(open_page: OpenPage) -> None:
    page = open_page(settle=False)
    button(page, "Pixel, row 1, column 1").click()
    page.get_by_label("Speed", exact=True).select_option("all at once")
    caption = page.get_by_text(re.compile("^On the bench: pattern 433 "))
    expect(caption).to_be_visible()
    page.wait_for_function("() => [...document.querySelectorAll('*')].some(e => e._stats && !e._stats.waits)")
    expect(caption).to_be_visible()
    expect(button(page, "Pixel, row 1, column 1")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Speed", exact=True)).to_have_value("once")


def does_choosing_softmax_say_that_the_loss_changes(page: Page) -> None:
    choose(page, "Head", "softmax")
    expect(page.get_by_test_id("stToast")).to_contain_text("It is categorical_crossentropy now.")
    expect(page.get_by_role("combobox", name="Loss")).to_have_value("categorical cross-entropy")
    expect(page.get_by_text(re.compile("^Not offered: binary cross-entropy, focal loss"))).to_be_visible()


def does_a_setting_that_is_emptied_keep_what_it_had(page: Page) -> None:
    visit(page, "?epochs=250")
    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill("")
    epochs.press("Enter")
    # The emptied one makes room for one that shows what it had.
    page.wait_for_function(
        """() => { const all = [...document.querySelectorAll('input[aria-label="Epochs"]')];
          return all.length === 1 && all[0].value === "250"; }"""
    )
    expect(page).to_have_url(re.compile(r"\?epochs=250$"))


def do_several_targets_open_and_train(page: Page) -> None:
    visit(page, "?target=432,433&labels=aligned&epochs=20")
    expect(page.locator("#say")).to_have_text("All zero: 0 of 512 right")
    page.get_by_label("Speed", exact=True).select_option("all at once")
    sidebar_train(page).click()
    expect(page.get_by_text("epoch 20 of 20")).to_be_visible()


def is_kerass_refusal_told_in_its_own_words(page: Page) -> None:
    visit(page, "?loss=binary_crossentropy")
    sidebar_train(page).click()
    expect(page.locator("#say")).to_have_text("Keras refuses to train this")
    expect(page.locator("#because")).to_contain_text("rank")


def test_are_settings_that_do_not_go_together_or_fail_told_of(open_page: OpenPage) -> None:
    page = open_page("?loss=hinge&head=linear&labels=aligned")
    for step in (
        does_choosing_softmax_say_that_the_loss_changes,
        does_a_setting_that_is_emptied_keep_what_it_had,
        do_several_targets_open_and_train,
        is_kerass_refusal_told_in_its_own_words,
    ):
        step(page)


def test_can_a_target_be_typed_and_is_a_bad_one_refused(open_page: OpenPage) -> None:
    page = open_page()
    box = page.get_by_role("combobox", name="Target")
    box.fill("999")
    box.press("Enter")
    expect(page.get_by_test_id("stToast")).to_contain_text("pattern indices 0..511")
    expect(box).to_have_count(1)  # while the page is drawn, the one that goes still stands beside the one that comes
    expect(box).to_have_value("top-left corner (432)")
    box.fill("100")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"\?target=100$"))
    expect(page.locator("#verdict")).to_have_text("not a target")  # 432 stays on the bench
    page.get_by_role("button", name="Draw a target", exact=True).press("Enter")
    for name in ("Row 1, column 1", "Row 3, column 3"):
        page.get_by_role("button", name=name, exact=True).click()
    page.get_by_role("button", name="Add pattern 257", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?target=100,257\b"))
    expect(box).to_have_value("100,257")
    page.get_by_role("button", name="Remove pattern 100", exact=True).press("Enter")
    expect(page).to_have_url(re.compile(r"\?target=257\b"))
    expect(page.get_by_role("button", name="Target: pattern 257", exact=True)).to_be_disabled()
    expect(page.get_by_role("button", name="Draw a target", exact=True)).to_be_focused()
    page.get_by_role("button", name="Also a target", exact=True).click()  # 432 is on the bench
    expect(page.get_by_role("button", name="A target", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Make target", exact=True).click()
    expect(box).to_have_value("top-left corner (432)")
    expect(page.locator("#verdict")).to_have_text("corner")
    expect(page.get_by_role("button", name="Make target", exact=True)).to_be_disabled()


def test_does_the_sidebar_keep_nothing_of_what_was_set_before(open_page: OpenPage) -> None:
    page = open_page("?epochs=20")
    choose(page, "Scenario", "A perfect start, as asked")
    undo = page.get_by_role("button", name="Undo settings")
    expect(undo).to_be_visible()
    expect(sidebar_train(page)).to_have_text("Train from the matched filter")
    page.get_by_role("spinbutton", name="Seed", exact=True).fill("5")
    page.keyboard.press("Enter")
    expect(undo).to_have_count(0)
    choose(page, "Start from", "zeros")
    expect(sidebar_train(page)).to_have_text("Train from zeros")
    shuffle = page.get_by_role("switch", name="Shuffle the labels")
    for gap in (5, 20, 40, 80, 5, 20, 40, 80):
        for _ in range(2):
            shuffle.evaluate("(box, gap) => new Promise(done => { box.click(); setTimeout(done, gap); })", gap)
    expect(shuffle).not_to_be_checked()
    page.wait_for_selector(SETTLED)
    expect(page).not_to_have_url(re.compile("labels_shuffled"))


def test_can_a_scenario_be_chosen_and_does_it_train(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_label("Speed", exact=True).select_option("all at once")
    choose(page, "Scenario", "The short way")
    expect(page.locator("#say")).to_have_text("512 of 512 right: solved at epoch 11")
    expect(page).to_have_url(re.compile("loss=hinge"))


# ---------------------------------------------------------------- looks


def test_does_the_stage_follow_the_systems_colour_scheme_and_a_change_of_theme(open_page: OpenPage) -> None:
    page = open_page()
    expect(page.locator("#say")).to_have_text("Set by hand: 512 of 512 right")
    for scheme in ("dark", "light"):  # the system's
        page.emulate_media(color_scheme=scheme)
        follows(page, scheme)
    page.get_by_test_id("stMainMenu").click()
    page.get_by_role("menuitemradio", name="Dark").or_(page.get_by_text("Dark", exact=True)).first.click()
    page.keyboard.press("Escape")
    follows(page, "dark")


def follows(page: Page, scheme: str) -> None:
    page.wait_for_function(f"scheme => ({BACKGROUND})().theme === scheme", arg=scheme)
    light = page.evaluate(BACKGROUND)["light"]
    assert light < 60 if scheme == "dark" else light > 240


def test_does_the_phone_show_everything_without_sideways_scrolling(open_page: OpenPage) -> None:
    page = open_page(viewport=(390, 844), has_touch=True, is_mobile=True)
    expect(page.locator("#say")).to_have_text("Set by hand: 512 of 512 right")
    overflow = page.evaluate(
        """() => [...document.querySelectorAll('html, body, [data-testid="stMain"]')]
          .map(e => e.scrollWidth - e.clientWidth)"""
    )
    assert max(overflow) <= 0, "the page scrolls sideways"
    outside = page.evaluate(
        """() => {
          const root = [...document.querySelectorAll('*')].find(e => e.shadowRoot?.querySelector('.lab')).shadowRoot;
          return [...root.querySelectorAll('button, input, select, canvas, .cell, .value')].filter(e => {
            const box = e.getBoundingClientRect(); return box.width && (box.left < -1 || box.right > innerWidth + 1);
          }).map(e => e.id || e.getAttribute('aria-label') || e.className);
        }"""
    )
    assert outside == []
    button(page, "Pixel, row 1, column 1").tap()
    expect(page.locator("#verdict")).to_have_text("not a corner")
    for result in ("#verdict", "#mark", "#out"):
        expect(page.locator(result)).to_be_in_viewport(ratio=1)  # without scrolling away from the pixels
    box = button(page, "Pixel, row 1, column 1").bounding_box()
    assert box is not None and min(box["width"], box["height"]) >= 24
    page.get_by_role("spinbutton", name="Kernel, row 1, column 1", exact=True).tap()
    page.get_by_label("New value", exact=True).fill("-1")
    page.get_by_label("New value", exact=True).press("Enter")
    expect(button(page, "Train from your weights")).to_be_visible()
    button(page, "Undo my changes").tap()
    page.get_by_label("Speed", exact=True).select_option("all at once")
    button(page, "Train").tap()
    expect(page.locator("#say")).to_have_text("511 of 512 right, and the one that matters is wrong")
    for name in ("Step back", "Play"):
        button(page, name).scroll_into_view_if_needed()
        expect(button(page, name)).to_be_in_viewport()
    button(page, "Step back").tap()
    expect(page.locator("#say")).to_have_text(re.compile("^Epoch 99: "))
