"""The atlas in a real browser, against NumPy: card, choice, scores, nearest patterns, the second view."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from corner_lab.formatting import signed
from corner_lab.network import metrics
from corner_lab.network.numpy_model import outputs, pre_activations, slopes
from corner_lab.pictures import scene
from tests.browser.seen import OpenPage, button, sidebar_train, stands_still, take_back

TARGET = (432,)
BY_HAND = np.array([-100, -100, -100, -100, 10, 10, -100, 10, 10, -35, 1, 0], dtype=np.float32)
ROOT = "[...document.querySelectorAll('*')].find(e => e.shadowRoot?.querySelector('.lab')).shadowRoot"
# Where pattern `i` is drawn, on the page; at rest.
PLACE = """i => {
  const host = [...document.querySelectorAll('*')].find(e => e.shadowRoot?.querySelector('.lab'));
  const at = host._placeOf(i), box = host.shadowRoot.querySelector('#pick').getBoundingClientRect();
  return [box.left + at[0], box.top + at[1]];
}"""


def atlas(page: Page) -> Locator:
    return page.get_by_role("slider", name="Pattern on the bench, chosen in the atlas")


def card(page: Page) -> Locator:
    return page.locator("#card")


def opened(open_page: OpenPage, path: str = "/", **context: Any) -> Page:
    page = open_page(path, **context)
    expect(page.locator("#say")).to_have_text(re.compile("right"))
    expect(page.locator("#sAccuracy")).not_to_be_empty()
    stands_still(page)
    return page


def as_opened(page: Page) -> None:
    take_back(page)
    page.mouse.move(10, 10)
    page.evaluate(f"{ROOT}.activeElement?.blur()")
    expect(card(page)).to_be_hidden()
    stands_still(page)


def place(page: Page, pattern: int) -> tuple[float, float]:
    x, y = page.evaluate(PLACE, pattern)
    return x, y


def percent(share: float) -> str:
    return f"{100 * share:.1f}".removesuffix(".0") + "%"


def weights_on_the_bench(page: Page) -> NDArray[np.float32]:
    numbers = [
        page.get_by_role("spinbutton", name=f"Kernel, row {1 + i // 3}, column {1 + i % 3}", exact=True)
        for i in range(9)
    ]
    numbers += [page.locator(f"#{name}") for name in ("lB", "lW", "lC")]
    return np.array([float(n.get_attribute("aria-valuenow") or "nan") for n in numbers], dtype=np.float32)


def type_weight(page: Page, name: str, text: str) -> None:
    page.get_by_role("spinbutton", name=name, exact=True).press("Enter")
    page.get_by_label("New value", exact=True).fill(text)
    page.get_by_label("New value", exact=True).press("Enter")


def assert_card_is_true(page: Page, pattern: int, weights: NDArray[np.float32], head: str = "hard_sigmoid") -> None:
    z = pre_activations(weights)[pattern]
    output, slope = outputs(weights, head)[pattern], slopes(weights, head)[pattern]
    right = (z > 0) == (pattern in TARGET)
    expect(card(page)).to_be_visible()
    expect(page.locator("#cardTitle")).to_have_text(f"pattern {pattern}")
    expect(page.locator("#cardZ")).to_have_text(signed(z))
    expect(page.locator("#cardOutput")).to_have_text(f"{output:.3f}")
    expect(page.locator("#cardGradient")).to_have_text("gradient exactly 0" if slope == 0 else "gradient alive")
    expect(page.locator("#cardShould")).to_have_text(f"should be: {'corner' if pattern in TARGET else 'not a corner'}")
    expect(page.locator("#cardRight")).to_have_text("right" if right else "wrong")
    on = page.locator("#card path").first.get_attribute("d") or ""
    assert on.count("M") == bin(pattern).count("1")


def assert_scores_are_true(page: Page, weights: NDArray[np.float32]) -> None:
    z = pre_activations(weights)
    counts = metrics.confusion_counts(z, TARGET, 0)
    for cell, count in (("cTp", counts.tp), ("cFn", counts.fn), ("cFp", counts.fp), ("cTn", counts.tn)):
        expect(page.locator(f"#{cell}")).to_have_text(str(count))
    expect(page.locator("#sRecall")).to_have_text(percent(counts.recall))
    expect(page.locator("#sPrecision")).to_have_text(
        "none called" if counts.precision is None else percent(counts.precision)
    )
    expect(page.locator("#sBalanced")).to_have_text(percent(counts.balanced_accuracy))
    expect(page.locator("#sAccuracy")).to_have_text(percent(counts.right / 512))
    expect(page.locator("#sTrap")).to_have_text("rejecting all scores 99.8%")
    expect(page.locator("#sGap")).to_have_text(signed(metrics.separation_gap(z, TARGET)))
    shown = (page.locator("#sMargin").text_content() or "").replace("−", "-")
    assert float(shown) == pytest.approx(metrics.margin(weights, TARGET), abs=6e-4)


def nearest(page: Page) -> list[int]:
    thumbs = page.get_by_role("group", name="Nearest to the wrong side").get_by_role("button")
    return [int(thumb.get_attribute("data-pattern") or -1) for thumb in thumbs.all()]


def nearest_by_numpy(weights: NDArray[np.float32]) -> list[int]:
    z = pre_activations(weights)
    left = np.where(np.isin(np.arange(512), TARGET), z, -z)
    order: list[int] = np.argsort(np.round(left, 9), kind="stable")[:10].tolist()
    return order


# ---------------------------------------------------------------- the card and the choice


def test_does_the_atlas_tell_the_truth_of_the_bench(open_page: OpenPage) -> None:
    page = opened(open_page)
    for step in (
        does_the_card_tell_the_truth_about_what_is_under_the_pointer,
        does_the_card_show_with_the_keyboard_and_do_the_arrows_move,
        does_a_click_put_exactly_that_point_on_the_bench,
        do_the_scores_follow_the_weights,
        are_the_nearest_in_numpys_order_and_one_click_away,
        where_on_the_curve_do_all_512_live,
        do_scores_and_nearest_follow_a_drag_in_the_same_frame,
    ):
        step(page)
        as_opened(page)


def does_the_card_tell_the_truth_about_what_is_under_the_pointer(page: Page) -> None:
    expect(card(page)).to_be_hidden()
    for pattern in (432, 433, 0, 511):
        page.mouse.move(*place(page, pattern))
        assert_card_is_true(page, pattern, BY_HAND)
        x, y = place(page, pattern)
        box = card(page).bounding_box()
        assert box is not None
        assert not (box["x"] <= x <= box["x"] + box["width"] and box["y"] <= y <= box["y"] + box["height"])
    page.mouse.move(10, 10)
    expect(card(page)).to_be_hidden()
    type_weight(page, "Kernel, row 1, column 1", "200")
    stands_still(page)
    page.mouse.move(*place(page, 433))
    edited = BY_HAND.copy()
    edited[0] = 200
    assert_card_is_true(page, 433, edited)
    expect(card(page)).to_contain_text("wrong")


def does_the_card_show_with_the_keyboard_and_do_the_arrows_move(page: Page) -> None:
    button(page, "in a picture").focus()
    page.keyboard.press("Tab")
    expect(atlas(page)).to_be_focused()
    assert_card_is_true(page, 432, BY_HAND)
    page.keyboard.press("ArrowRight")
    expect(atlas(page)).not_to_have_attribute("aria-valuenow", "432")
    chosen = int(atlas(page).get_attribute("aria-valuenow") or -1)
    assert bin(chosen ^ 432).count("1") == 1
    assert_card_is_true(page, chosen, BY_HAND)
    z = signed(pre_activations(BY_HAND)[chosen])
    expect(atlas(page)).to_have_attribute(
        "aria-valuetext",
        f"pattern {chosen}, distance 1, z {z}, output 0.000, gradient exactly 0, should be: not a corner, right",
    )
    expect(page.locator("#index")).to_have_value(str(chosen))
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    page.keyboard.press("Home")
    expect(page.locator("#index")).to_have_value("432")


def does_a_click_put_exactly_that_point_on_the_bench(page: Page) -> None:
    for pattern in (0, 303, 511, 79):
        page.mouse.click(*place(page, pattern))
        expect(page.locator("#index")).to_have_value(str(pattern))
    expect(page.get_by_text(re.compile("^On the bench: pattern 79 "))).to_be_visible()


# ---------------------------------------------------------------- scores and nearest patterns


def do_the_scores_follow_the_weights(page: Page) -> None:
    assert_scores_are_true(page, BY_HAND)
    expect(page.get_by_role("row", name="targets")).to_contain_text("1")
    edited = BY_HAND.copy()
    type_weight(page, "Kernel, row 1, column 1", "90")
    edited[0] = 90
    assert_scores_are_true(page, edited)
    stands_still(page)
    assert nearest(page) == nearest_by_numpy(edited)
    type_weight(page, "Bias", "-500")
    edited[9] = -500
    assert_scores_are_true(page, edited)
    expect(page.locator("#sPrecision")).to_have_text("none called")


def are_the_nearest_in_numpys_order_and_one_click_away(page: Page) -> None:
    assert nearest(page) == nearest_by_numpy(BY_HAND)
    type_weight(page, "Kernel, row 1, column 1", "23.5")
    type_weight(page, "Kernel, row 2, column 2", "7.25")
    edited = BY_HAND.copy()
    edited[0], edited[4] = 23.5, 7.25
    stands_still(page)
    assert nearest(page) == nearest_by_numpy(edited)
    z = pre_activations(edited)
    for pattern in (nearest(page)[0], nearest(page)[9]):
        right = "right" if (z[pattern] > 0) == (pattern in TARGET) else "wrong"
        target = ", target" if pattern in TARGET else ""
        button(page, f"pattern {pattern}{target}, z {signed(z[pattern])}, {right}: put on the bench").click()
        expect(page.locator("#index")).to_have_value(str(pattern))


def do_scores_and_nearest_follow_a_drag_in_the_same_frame(page: Page) -> None:
    page.route("**/*", lambda route: None)  # the server does not answer
    page.evaluate(
        f"""() => {{
          const root = {ROOT}, text = at => root.querySelector(at).textContent;
          const listed = () => [...root.querySelectorAll('#near button')].map(b => b.dataset.pattern);
          const look = () => [text('#kernel .num'), text('#cFp'), listed()].join('|');
          const cell = root.querySelector('#kernel .cell'), box = cell.getBoundingClientRect();
          const send = (type, x) => cell.dispatchEvent(new PointerEvent(type,
            {{ clientX: box.left + 10 + x, clientY: box.top + 10, button: 0, pointerId: 1, bubbles: true }}));
          cell.setPointerCapture = () => {{}};
          window.seen = [look()];
          send('pointerdown', 0);
          let way = 0;
          const step = () => {{
            way += 100; send('pointermove', way);
            requestAnimationFrame(() => {{                // the stage's frame was asked for before this one
              window.seen.push(look());
              if (way < 500) step(); else {{ send('pointerup', way); window.done = true; }}
            }});
          }};
          step();
        }}"""
    )
    page.wait_for_function("() => window.done")
    seen = [text.split("|") for text in page.evaluate("window.seen")]
    assert len({kernel for kernel, _, _ in seen}) == 6  # every move was shown in its frame
    for kernel, false_positives, listed in seen:
        weights = BY_HAND.copy()
        weights[0] = float(kernel.replace("−", "-"))
        z = pre_activations(weights)
        assert int(false_positives) == metrics.confusion_counts(z, TARGET, 0).fp
        assert [int(p) for p in listed.split(",")] == nearest_by_numpy(weights)
    assert seen[0][1] == "0" and int(seen[-1][1]) > 0
    page.unroute("**/*")


# ---------------------------------------------------------------- the second view


def zones(weights: NDArray[np.float32], head: str) -> list[int]:
    z, slope = pre_activations(weights), slopes(weights, head)
    still = slope == 0 if head == "hard_sigmoid" else slope < 0.0025
    return [int((still & (z < 0)).sum()), int((~still).sum()), int((still & (z >= 0)).sum())]


def shown_zones(page: Page) -> list[int]:
    label = page.locator("#atlas").get_attribute("aria-label") or ""
    return [int(n) for n in re.findall(r"(\d+) patterns?:", label)]


def where_on_the_curve_do_all_512_live(page: Page) -> None:
    button(page, "on the curve").click()
    expect(button(page, "on the curve")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#atlas")).to_have_attribute("aria-label", re.compile("511 patterns: gradient exactly 0"))
    assert shown_zones(page) == zones(BY_HAND, "hard_sigmoid") == [511, 0, 1]  # all 512 dead
    stands_still(page)
    for pattern in (432, 0, 511):
        page.mouse.move(*place(page, pattern))
        assert_card_is_true(page, pattern, BY_HAND)
    page.mouse.click(*place(page, 511))
    expect(page.locator("#index")).to_have_value("511")
    type_weight(page, "Kernel, row 1, column 1", "30")
    edited = BY_HAND.copy()
    edited[0] = 30
    low, live, high = zones(edited, "hard_sigmoid")
    expect(page.locator("#atlas")).to_have_attribute("aria-label", re.compile(f"{low} patterns: .*{high} patterns?: "))
    assert shown_zones(page) == [low, live, high]
    in_a_picture(page)
    button(page, "by distance").click()
    expect(page.locator("#atlas")).to_have_attribute("aria-label", re.compile("separation gap"))


def in_a_picture(page: Page) -> None:
    """Whoever has drawn nothing sees the page's first scene, with what the weights on the bench find in it."""
    button(page, "in a picture").click()
    expect(page.locator("#atlas")).to_have_attribute(
        "aria-label", re.compile("^Your weights, in a picture of 32 by 32: ")
    )
    type_weight(page, "Kernel, row 1, column 1", "-100")
    expect(page.locator("#atlas")).to_have_attribute("aria-label", re.compile("4 of 4 right, 0 missed, 0 false"))
    corner = scene("filled", 0).corners[0]
    page.locator("#pick").focus()
    for key, index in (("Home", 432), ("ArrowRight", 504)):
        page.keyboard.press(key)
        expect(page.locator("#index")).to_have_value(str(index))
    field = page.locator("#pick").bounding_box()
    assert field is not None
    cell = field["height"] / 32
    page.mouse.click(field["x"] + (corner.column + 0.5) * cell, field["y"] + (corner.row + 0.5) * cell)
    expect(page.locator("#index")).to_have_value("432")


@pytest.mark.parametrize("head", ["hard_sigmoid", "sigmoid"])
def test_where_on_the_curve_do_they_live_after_training(open_page: OpenPage, head: str) -> None:
    cured = "?head=sigmoid&labels=aligned&loss=binary_crossentropy&epochs=300"
    page = opened(open_page, cured if head == "sigmoid" else "/")
    button(page, "on the curve").click()
    page.get_by_label("Speed", exact=True).select_option("all at once")
    sidebar_train(page).click()
    expect(page.locator("#say")).to_have_text(
        "512 of 512 right: solved at epoch 180"
        if head == "sigmoid"
        else "511 of 512 right, and the one that matters is wrong"
    )
    expect(button(page, "on the curve")).to_have_attribute("aria-pressed", "true")  # the view is remembered
    words = "only vanishing: slope under 1% of the largest" if head == "sigmoid" else "gradient exactly 0"
    expect(page.locator("#atlas")).to_have_attribute("aria-label", re.compile(words))
    stands_still(page)
    weights = weights_on_the_bench(page)  # to two or three digits: a point on the very edge may differ
    assert np.abs(np.array(shown_zones(page)) - zones(weights, head)).max() <= 2
    assert sum(shown_zones(page)) == 512


# ---------------------------------------------------------------- sizes


SIZES = ((1440, 900), (1280, 800), (1920, 1080))


def test_does_the_whole_stage_fit_the_first_screen(open_page: OpenPage) -> None:
    page = opened(open_page, viewport=SIZES[0])
    for size in SIZES:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        stands_still(page)
        fits(page, size)


def fits(page: Page, size: tuple[int, int]) -> None:
    bottoms = page.evaluate(
        f"""() => {{
          const bottom = at => {ROOT}.querySelector(at).getBoundingClientRect().bottom;
          const near = bottom('#near button:last-child');
          return {{ stage: bottom('.stage'), atlas: bottom('.atlas'), near, field: bottom('.field') }};
        }}"""
    )
    assert bottoms["stage"] <= size[1]
    assert max(bottoms["near"], bottoms["field"]) <= bottoms["atlas"]
    hidden = page.evaluate(
        f"""() => [...{ROOT}.querySelectorAll('.scores :not(.sr), .tool, .head .bar .define')]
          .filter(e => e.scrollWidth > e.clientWidth && e.clientWidth).map(e => e.className || e.id || e.tagName)"""
    )
    assert hidden == []


def test_does_the_phone_show_scores_and_both_views(open_page: OpenPage) -> None:
    page = opened(open_page, viewport=(390, 844), has_touch=True, is_mobile=True)
    button(page, "on the curve").tap()
    expect(button(page, "on the curve")).to_have_attribute("aria-pressed", "true")
    inside = f"""() => [...{ROOT}.querySelectorAll(
      '.atlas button, .atlas canvas, .scores td, .scores dd, .scores th')]
      .map(e => [e, e.getBoundingClientRect()])
      .filter(([, box]) => !box.width || box.left < 0 || box.right > innerWidth)
      .map(([e]) => e.id || e.className || e.tagName)"""
    assert page.evaluate(inside) == []
    thumb = page.get_by_role("group", name="Nearest to the wrong side").get_by_role("button").first
    box = thumb.bounding_box()
    assert box is not None and min(box["width"], box["height"]) >= 44
    thumb.tap()
    expect(page.locator("#index")).to_have_value(str(nearest_by_numpy(BY_HAND)[0]))
    button(page, "by distance").tap()
    button(page, "z by distance from the corner").tap()
    expect(page.locator("#explain")).to_contain_text("Hamming distance: ")
    button(page, "z by distance from the corner").tap()
    stands_still(page)
    atlas(page).evaluate("e => e.scrollIntoView({ block: 'center' })")  # not under the transport, which stays in view
    page.touchscreen.tap(*place(page, 511))
    expect(page.locator("#index")).to_have_value("511")
    expect(card(page)).to_be_hidden()  # a tap selects
