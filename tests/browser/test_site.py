"""A static site opened from the disk with the network off: the list, the story by the keys of a talk, a player."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from corner_lab.experiment.experiment import ExperimentError
from corner_lab.player.site import INDEX, STORY_FILE, file_name, site_files
from corner_lab.story.steps import STEPS, sentences, step_number
from corner_lab.story.trained_runs import EXPERIMENTS
from corner_lab.training.run import Run
from tests.browser.seen import STATS, stands_still, stats
from tests.browser.test_access import serious
from tests.browser.test_story import SIZES, SMALLEST

FEW = 12  # epochs of those that have to move; the others are as they begin, which compiles nothing
MOVING = ("as asked", "a perfect start, as asked", "a perfect start, aligned", "shapes fixed")
APP = "https://lab.example.org/"


def short_runs() -> dict[str, Run]:
    return {name: Run(replace(e, epochs=FEW if name in MOVING else 0)).train() for name, e in EXPERIMENTS.items()}


def written(folder: Path, runs: dict[str, Run]) -> Path:
    for name, text in site_files(runs, APP).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / INDEX


def unreadable(page: Page) -> Sequence[object]:
    return [(text, size) for text, size in page.evaluate(SIZES) if size < SMALLEST]


def test_does_a_site_tell_the_story_and_play_its_runs_without_server_and_network(
    browser: Browser, tmp_path: Path
) -> None:
    runs = short_runs()
    folder = tmp_path / "a folder" / "site"
    folder.mkdir(parents=True)
    index = written(folder, runs)
    context = browser.new_context(offline=True, viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    problems: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(index.as_uri())
    expect(page.get_by_role("listitem")).to_have_count(len(runs))
    page.get_by_role("link", name="The story").click()

    # Every step by the keys: what the app says, in letters that a room can read, on one screen.
    for number, step in enumerate(STEPS, 1):
        expect(page.get_by_role("heading", level=1)).to_have_text(step.headline())
        expect(page.locator("#at")).to_have_text(f"{number} of {len(STEPS)}")
        for sentence in sentences(step, runs):
            expect(page.get_by_text(sentence, exact=True)).to_be_visible()
        if step.picture in ("bench", "stage"):
            page.wait_for_function(f"() => ({STATS})().run")
        assert not unreadable(page), step.id
        size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert size == [1920, 1080], step.id
        page.keyboard.press("PageDown" if number % 2 else "ArrowRight")
    assert page.url == f"{(folder / STORY_FILE).as_uri()}#{len(STEPS)}"

    # Notes by their key, back by a key, a step by its number, the browser's own button.
    page.keyboard.press("n")
    expect(page.get_by_text(STEPS[-1].notes)).to_be_visible()
    page.keyboard.press("PageUp")
    expect(page.get_by_text(STEPS[-2].notes)).to_be_visible()
    page.keyboard.press("N")
    expect(page.get_by_text(STEPS[-2].notes)).to_be_hidden()
    with pytest.raises(ExperimentError) as wrong:
        step_number("13")
    page.evaluate("location.hash = '13'")
    expect(page.get_by_role("alert")).to_have_text(f"The link says {wrong.value}. The story begins at its first step.")
    page.go_back()
    expect(page.locator("#at")).to_have_text("11 of 12")
    expect(page.get_by_role("alert")).to_be_hidden()

    # The moment of the talk: one switch. The arrows belong to whoever uses them, Page Down never does.
    page.evaluate("location.hash = '5'")
    page.get_by_label("Speed").select_option("all at once")
    page.wait_for_function(f"() => ({STATS})().still && ({STATS})().epoch === {FEW}")
    first = stats(page)["run"]
    page.get_by_role("button", name="Aligned").click()
    page.wait_for_function(f"first => ({STATS})().run !== first", arg=first)
    expect(page.get_by_role("link", name="Try it")).to_have_attribute(
        "href", f"{APP}?labels=aligned&epochs={FEW}&init=matched&v=1&epoch={FEW}"
    )
    page.get_by_role("slider", name=re.compile("epoch", re.IGNORECASE)).first.press("ArrowLeft")
    expect(page.locator("#at")).to_have_text("5 of 12")
    page.get_by_role("button", name="Runs", exact=True).click()
    expect(page.get_by_text("trains nothing").locator("visible=true").first).to_be_visible()
    expect(page.locator(".run:visible")).to_have_count(2)
    page.get_by_role("button", name="QR code").click()
    expect(page.get_by_role("img", name=f"QR code of {APP}")).to_be_visible()
    page.keyboard.press("PageUp")
    expect(page.get_by_role("img", name=f"QR code of {APP}")).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    for _ in STEPS[3:]:
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.keyboard.press("PageDown")
    page.keyboard.press("n")
    expect(page.get_by_text(STEPS[-1].notes)).to_be_in_viewport()
    page.keyboard.press("n")

    # Back to the list, and one of its runs.
    page.get_by_role("link", name="All runs").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator(f"a[href='{file_name('as asked')}']").click()
    expect(page.locator("#say")).to_contain_text("of 512 right")
    stands_still(page)
    page.get_by_role("link", name="Corner Lab").click()
    expect(page).to_have_url(index.as_uri())
    assert problems == []
    assert all(url.startswith(folder.as_uri()) for url in requests)
    context.close()

    # Everybody can use it. (axe is a script that no policy of the files knows.)
    context = browser.new_context(offline=True, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{(folder / STORY_FILE).as_uri()}#5")
    page.get_by_role("button", name="Runs", exact=True).click()
    page.locator(".run:visible summary", has_text="Keras script").first.click()
    assert serious(page) == []
    page.goto(index.as_uri())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        assert not [found["id"] for found in violations if found["impact"] in ("serious", "critical")]
    context.close()
