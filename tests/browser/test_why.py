"""Why, in a real browser: findings come by themselves, and a remedy is one press away."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.seen import OpenPage, button, sidebar_train, stats


def test_does_a_remedy_come_tried_and_train_when_it_is_pressed(open_page: OpenPage) -> None:
    page = open_page("?head=sigmoid&labels=aligned&loss=binary_crossentropy&epochs=300")
    sidebar_train(page).click()
    page.wait_for_function("() => [...document.querySelectorAll('*')].some(e => e._stats?.playing)")
    page.get_by_label("Speed", exact=True).focus()
    expect(page.get_by_role("heading", name="Why")).to_have_count(0)
    page.keyboard.press("End")
    # Nobody asks for these: they are worked out and appear. A remedy is tried for who looks.
    expect(page.get_by_text("512 of 512 right first at epoch 180, after 2,880 updates.")).to_be_visible()
    expect(page.get_by_text("Solved, but not confident")).to_be_visible()
    expect(page.get_by_text(re.compile("^This alone"))).to_have_count(0)
    page.get_by_role("heading", name="Why").scroll_into_view_if_needed()
    effect = page.get_by_text(re.compile("^This alone: confident at epoch [0-9,]+"))
    expect(effect).to_be_visible()
    (promised,) = re.findall("confident at epoch ([0-9,]+)", effect.inner_text())
    first = stats(page)["run"]
    button(page, "Train 1,200 epochs").click()
    page.wait_for_function(
        "was => { const s = [...document.querySelectorAll('*')].find(e => e._stats && e.shadowRoot)?._stats;"
        " return s && s.run !== was; }",
        arg=first,
    )
    expect(page.get_by_label("Epochs", exact=True)).to_have_count(1)  # the sidebar's new one instead of the old
    expect(page.get_by_label("Epochs", exact=True)).to_have_value("1200")
    expect(page.get_by_text("512 of 512 right first at epoch 180")).to_be_visible()
    expect(page.get_by_text("Solved, but not confident")).to_have_count(0)
    assert 180 < int(promised.replace(",", "")) <= 1200
    page.get_by_text(re.compile(r"^\d+ checks passed$")).click()
    expect(page.get_by_text(re.compile("^Confident"))).to_be_visible()
