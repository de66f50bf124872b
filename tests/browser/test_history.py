"""The browser's back and forward: do they lead to run, playhead, bench and step as they were?"""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.seen import STATS, OpenPage, button
from tests.browser.test_address import comes, pixel, shows, words


def test_do_back_and_forward_restore_the_run_the_playhead_the_bench_and_the_step(open_page: OpenPage) -> None:
    page = open_page("?epochs=20")
    page.get_by_label("Speed", exact=True).select_option("all at once")
    button(page, "Train").click()
    shows(page, "s.epoch === 20 && s.still")
    comes(page, epochs="20", v="1", epoch="20")
    button(page, "Step back").click()
    pixel(page, 1, 1)
    page.get_by_role("spinbutton", name="Bias", exact=True).press("ArrowUp")
    page.wait_for_function("() => location.search.includes('weights=')")
    left = words(page)
    assert (left["epochs"], left["epoch"], left["pixels"]) == ("20", "19", "433")
    page.get_by_role("link", name="Story", exact=True).click()
    page.wait_for_function("() => document.body.dataset.storyStep === '1'")
    for step in ("2", "3"):
        page.keyboard.press("PageDown")
        page.wait_for_function(
            "step => location.search === '?step=' + step && document.body.dataset.storyStep === step", arg=step
        )
    # The page's own link back to Play makes one entry, in which the run stands again.
    page.get_by_role("link", name="Leave the story").click()
    shows(page, "s.edited && s.epoch === 19 && s.pixels === 433")
    comes(page, **left)
    page.go_back()
    page.wait_for_function("() => document.body.dataset.storyStep === '3'")
    expect(page).to_have_url(re.compile(r"/story\?step=3$"))
    page.go_back()
    page.wait_for_function("() => document.body.dataset.storyStep === '2'")
    page.go_back()
    page.wait_for_function("() => document.body.dataset.storyStep === '1'")
    page.go_back()
    shows(page, "s.edited && s.epoch === 19 && s.pixels === 433 && !s.playing")
    comes(page, **left)
    page.reload()
    shows(page, "s.edited && s.epoch === 19 && s.pixels === 433")
    # The run has an entry of its own: before it there is the bench of the link.
    page.go_back()
    shows(page, "s.run.startsWith('set-') && !s.edited")
    comes(page, epochs="20")
    page.go_forward()
    shows(page, "s.edited && s.epoch === 19 && s.pixels === 433")
    comes(page, **left)  # an address that is still being written would end the way forward
    for step in ("1", "2", "3"):
        page.go_forward()
        page.wait_for_function("step => document.body.dataset.storyStep === step", arg=step)
    page.go_forward()
    shows(page, "s.edited && s.epoch === 19 && s.pixels === 433")


def test_does_a_run_that_is_left_while_it_plays_come_back(open_page: OpenPage) -> None:
    page = open_page("?labels=aligned&epochs=20")
    page.get_by_label("Speed", exact=True).select_option("1 epoch/s")
    button(page, "Train").click()
    page.wait_for_function(f"() => ({STATS})().playing && ({STATS})().epoch >= 1")
    page.get_by_role("link", name="Autopsy", exact=True).click()
    expect(page.get_by_text("The autopsy of 9.3703e-04")).to_be_visible()
    comes(page, labels="aligned", epochs="20")
    page.go_back()  # to Play at once: the page's address is one entry
    expect(page).to_have_url(re.compile(r"/\?labels=aligned&epochs=20&v=1&epoch=\d+$"))
    shows(page, "s.epoch >= 1 && !s.playing && !s.run.startsWith('set-')")
