"""Several kernels on the bench, in a real browser: chosen, changed, locked, trained, summed up, shown as one."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.seen import STAGE, OpenPage, button, sidebar_train, stands_still, stats, visit
from tests.browser.test_access import TAPPED
from tests.browser.test_bench import caption, centre, evaluated, kernel, number, type_into

RNG = np.random.default_rng(32)
#: Of four kernels: 36 weights, four biases, four w2, b2. Some kernels are cut off, of some w2 is negative.
NUMBERS = (np.round(RNG.normal(0, 1, 45), 2) + 0.0).astype(np.float32)  # no -0
FOUR = "?kernels=4&hidden=relu&head=sigmoid&v=1&weights=" + ",".join(f"{value:g}" for value in NUMBERS)
LINEAR = FOUR.replace("hidden=relu", "hidden=none")
ALL_NUMBERS = f"() => [...{STAGE}.view.weights]"


def z_of(numbers: Any, pattern: int, kernels: int = 4, relu: bool = True) -> float:
    """The network written out the long way, in float64."""
    z = float(numbers[11 * kernels])
    for k in range(kernels):
        lit = [float(numbers[9 * k + i]) for i in range(9) if pattern >> i & 1]
        total = sum(lit) + float(numbers[9 * kernels + k])
        z += (max(total, 0.0) if relu else total) * float(numbers[10 * kernels + k])
    return z


def small(page: Page, k: int) -> Locator:
    """The small kernel of that number, from 1."""
    return page.get_by_role("radio", name=re.compile(f"^Kernel {k}: "))


def cell(page: Page, k: int, i: int) -> Locator:
    """A weight of the large kernel, which is kernel `k`."""
    name = re.compile(f"^Kernel {k}, row {i // 3 + 1}, column {i % 3 + 1}(, locked)?$")
    return page.get_by_role("spinbutton", name=name)


def shown(page: Page, k: int) -> None:
    """Kernel `k` is the chosen one, and large."""
    expect(small(page, k)).to_be_checked()
    for i in range(9):
        expect(cell(page, k, i)).to_have_attribute("aria-valuenow", f"{NUMBERS[9 * (k - 1) + i]:.2f}")


def test_is_a_small_kernel_chosen_by_click_and_keyboard_and_remembered(open_page: OpenPage) -> None:
    page = open_page(FOUR)
    expect(page.get_by_role("radio", name=re.compile("^Kernel "))).to_have_count(4)
    shown(page, 1)
    small(page, 3).click()
    shown(page, 3)
    for key, k in (("ArrowRight", 4), ("ArrowRight", 1), ("End", 4), ("Home", 1), ("ArrowDown", 2)):
        page.keyboard.press(key)
        expect(small(page, k)).to_be_focused()
        shown(page, k)
    expect(button(page, "Undo")).to_be_disabled()  # to look at another kernel changes nothing
    expect(page.locator("#kernelRow [tabindex='0']")).to_have_count(1)
    page.reload()
    shown(page, 2)
    pages = page.get_by_test_id("stTopNav")
    pages.get_by_role("link", name="Pictures").click()
    expect(page.get_by_role("application", name=re.compile("^Picture of "))).to_be_visible()
    pages.get_by_role("link", name="Play").click()
    shown(page, 2)


def test_is_a_weight_of_the_third_kernel_changed_locked_and_taken_back(open_page: OpenPage) -> None:
    page = open_page(FOUR)
    stands_still(page)
    assert stats(page)["z"] == pytest.approx(z_of(NUMBERS, 432), abs=1e-12)
    small(page, 3).click()
    x, y = centre(cell(page, 3, 4))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=6)
    page.mouse.up()
    stands_still(page)
    numbers = page.evaluate(ALL_NUMBERS)
    assert [i for i in range(45) if numbers[i] != NUMBERS[i]] == [9 * 2 + 4]
    z = z_of(numbers, 432)
    assert stats(page)["z"] == pytest.approx(z, abs=1e-12)
    expect(caption(page)).to_contain_text(f"z {z:+.2f} ".replace("-", "−"))  # Python says the same
    cell(page, 3, 0).focus()
    page.keyboard.press("l")
    number(page, "Weight of kernel 3 in the 1x1 convolution").focus()
    page.keyboard.press("l")
    number(page, "Bias of the 1x1 convolution").focus()
    page.keyboard.press("l")
    expect(page).to_have_url(re.compile(r"[?&]locks=k2\.0,w2\.2,b2(&|$)"))
    small(page, 2).click()
    locked = page.get_by_role("spinbutton", name=re.compile(", locked$"))
    expect(locked).to_have_count(1)  # b2, which belongs to all of them
    small(page, 3).click()
    expect(locked).to_have_count(3)
    for left in (2, 1, 0):
        button(page, "Undo").click()
        expect(locked).to_have_count(left)
    button(page, "Undo").click()
    shown(page, 3)
    assert page.evaluate(ALL_NUMBERS) == [float(value) for value in NUMBERS]
    for _ in range(2):
        button(page, "Redo").click()
    expect(page).to_have_url(re.compile(r"[?&]locks=k2\.0(&|$)"))
    page.reload()
    expect(cell(page, 3, 4)).to_have_attribute("aria-valuenow", f"{numbers[22]:.2f}")
    expect(locked).to_have_count(1)
    button(page, "Undo").click()
    expect(locked).to_have_count(0)


def test_does_the_sum_go_through_all_kernels_and_say_what_relu_cuts_off(open_page: OpenPage) -> None:
    page = open_page(FOUR)
    stands_still(page)
    sums = [sum(float(NUMBERS[9 * k + i]) for i in (4, 5, 7, 8)) + float(NUMBERS[36 + k]) for k in range(4)]
    assert min(sums) < 0 < max(sums), "both are to be seen"
    for k, total in enumerate(sums):
        part = max(total, 0) * float(NUMBERS[40 + k])
        told = "cut off" if total < 0 else f"{part:+.2f}".replace("-", "−")
        expect(small(page, k + 1)).to_contain_text(told)
        small(page, k + 1).click()
        expect(page.locator("#lS")).to_have_text(re.compile("cut off" if total < 0 else r"\+"))
    expect(page.locator("#sZ")).to_have_text(f"{z_of(NUMBERS, 432):+.2f}".replace("-", "−"))
    button(page, "Sum").click()
    lines = page.locator("#sumText").inner_text().splitlines()
    assert len(lines) == 2 * 4 + 2
    for line in lines:
        _, *sides = line.removesuffix(", cut off").replace("−", "-").split(" = ")
        values = [evaluated(side) for side in sides]
        assert values == pytest.approx([values[-1]] * len(values), rel=1e-5, abs=1e-6), line
    assert sum("cut off" in line for line in lines) == sum(total < 0 for total in sums)


def test_can_linear_kernels_be_seen_and_changed_as_the_one_that_they_are(open_page: OpenPage) -> None:
    page = open_page(LINEAR)
    small(page, 2).click()
    button(page, "Effective kernel").click()
    kernels, w2 = NUMBERS[:36].reshape(4, 9).astype(float), NUMBERS[40:44].astype(float)
    one = w2 @ kernels
    effective = page.get_by_role("spinbutton", name=re.compile("^Effective kernel, row "))
    for i in range(9):
        expect(effective.nth(i)).to_have_attribute("aria-valuenow", f"{one[i]:.2f}")
    expect(page.locator("#lZ")).to_have_text(f"{z_of(NUMBERS, 432, relu=False):+.2f}".replace("-", "−"))
    type_into(page, effective.nth(4), "2.5")
    expect(effective.nth(4)).to_have_attribute("aria-valuenow", "2.50")
    numbers = page.evaluate(ALL_NUMBERS)
    assert [i for i in range(45) if numbers[i] != NUMBERS[i]] == [9 + 4]
    assert stats(page)["z"] == pytest.approx(z_of(numbers, 432, relu=False), abs=1e-9)
    type_into(page, page.get_by_role("spinbutton", name="Bias of the effective kernel", exact=True), "-1")
    numbers = np.array(page.evaluate(ALL_NUMBERS))
    assert numbers[36:40] @ numbers[40:44] + numbers[44] == pytest.approx(-1, abs=1e-6)
    button(page, "Effective kernel").click()
    type_into(page, number(page, "Weight of kernel 2 in the 1x1 convolution"), "0")
    button(page, "Effective kernel").click()
    type_into(page, effective.nth(4), "7")
    expect(page.locator("#told")).to_contain_text("w₂ of kernel 2 is too near 0")


def test_does_training_move_all_kernels_but_what_is_locked(open_page: OpenPage) -> None:
    page = open_page("?kernels=4&hidden=relu&labels=aligned&head=sigmoid&loss=binary_crossentropy&epochs=20")
    small(page, 3).click()
    type_into(page, page.get_by_role("spinbutton", name=re.compile("^Kernel 3, row 1, column 1")), "0.75")
    page.get_by_role("spinbutton", name=re.compile("^Kernel 3, row 1, column 1")).focus()
    page.keyboard.press("l")
    page.get_by_label("Speed", exact=True).select_option("all at once")
    sidebar_train(page).click()
    expect(page.get_by_text(re.compile("epoch 20 of 20"))).to_be_visible()
    stands_still(page)
    after = np.array(page.evaluate(ALL_NUMBERS))
    assert stats(page)["z"] == pytest.approx(z_of(after, 432), abs=1e-9)
    expect(small(page, 3)).to_be_checked()
    paints = page.locator(".mini").evaluate_all("minis => minis.map(m => [...m.children].map(i => i.style.background))")
    button(page, "Rewind").click()
    stands_still(page)
    before = np.array(page.evaluate(ALL_NUMBERS))
    assert before[18] == after[18] == 0.75
    changed = (before != after)[:36].reshape(4, 9)
    assert changed.any(axis=1).all(), "every kernel learns"
    again = page.locator(".mini").evaluate_all("minis => minis.map(m => [...m.children].map(i => i.style.background))")
    assert all(now != then for now, then in zip(again, paints, strict=True)), "and each small one is painted anew"


def test_is_what_was_done_to_one_kernel_undone_among_several(open_page: OpenPage) -> None:
    page = open_page()
    type_into(page, kernel(page, 4), "3")
    type_into(page, kernel(page, 4), "4")
    kernel(page, 8).focus()
    page.keyboard.press("l")
    visit(page, "?kernels=4&hidden=none")
    expect(small(page, 1)).to_be_checked()
    button(page, "Undo").click()
    expect(cell(page, 1, 8)).to_have_attribute("aria-label", re.compile(", locked$"))
    button(page, "Undo").click()
    expect(cell(page, 1, 8)).not_to_have_attribute("aria-label", re.compile(", locked$"))
    button(page, "Undo").click()
    expect(cell(page, 1, 4)).to_have_attribute("aria-valuenow", "3.00")
    numbers = page.evaluate(ALL_NUMBERS)
    assert len(numbers) == 45 and numbers[41:44] == [0, 0, 0]
    expect(caption(page)).to_contain_text("z −2 ")


def test_does_a_phones_row_of_kernels_scroll_and_answer_to_a_finger(open_page: OpenPage) -> None:
    page = open_page("?kernels=8&hidden=relu&head=sigmoid", viewport=(390, 844), has_touch=True, is_mobile=True)
    row = page.locator("#kernelRow")
    wide, seen = row.evaluate("row => [row.scrollWidth, row.clientWidth]")
    assert seen < wide
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    for k in range(1, 9):
        box = small(page, k).bounding_box()
        assert box is not None and box["width"] >= 44 and box["height"] >= 44
    assert not {"part", "relu", "w2", "b2"} & set(page.evaluate(TAPPED))
    small(page, 2).tap()
    expect(small(page, 2)).to_be_checked()
    small(page, 2).focus()
    page.keyboard.press("End")
    expect(small(page, 8)).to_be_checked()
    expect(page.locator("#kernelName")).to_have_text("Kernel 8")
    right, edge = (where.evaluate("e => e.getBoundingClientRect().right") for where in (small(page, 8), row))
    assert right <= edge + 1, "the chosen one is in sight"
    assert row.evaluate("row => row.scrollLeft") > 0
