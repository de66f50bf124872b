"""A task from the page to the strip, on the bench and over a reload, to the file that the command line grades."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from corner_lab.cli import commands
from tests.browser.seen import SETTLED, OpenPage
from tests.browser.test_access import ALL, COLOURS, serious

SOLUTION = "(JSON.parse(localStorage.getItem('corner-lab-tasks') ?? '{}').solved?.corner_right ?? '')"


def axe_on_a_page_without_stage(page: Page) -> list[str]:
    """As `serious`, where no stage says in which colours it is drawn."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.wait_for_function(
            "scheme => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme", arg=scheme
        )
        rules = COLOURS if scheme == "dark" else ALL
        found += [
            f"{violation['id']} in {scheme}: {node['target']}"
            for violation in Axe().run(page, options=rules).response["violations"]
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]
    page.emulate_media(color_scheme="light")
    return found


def test_is_a_task_solved_on_the_bench_kept_over_a_reload_and_graded(
    open_page: OpenPage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = open_page("tasks", settle=False)
    expect(page.get_by_text("0 of 15 reached")).to_be_visible()
    page.wait_for_selector(SETTLED)
    page.get_by_text("Answer", exact=True).first.click()
    answer = page.get_by_role("link", name="Open the answer").first
    expect(answer).to_be_visible()
    assert axe_on_a_page_without_stage(page) == []
    page.get_by_role("button", name="Take", exact=True).first.click()

    # The page was never there before: its settings come with it, and not empty.
    for name, value in {"Learning rate": "0.01", "Epochs": "100", "Seed": "0", "Kernels": "1"}.items():
        expect(page.get_by_label(name, exact=True).first).to_have_value(value)
    strip = page.get_by_role("region", name="Task")
    expect(strip).to_contain_text("Task 1: Make the corner right with the mouse")
    state = strip.get_by_role("status")
    expect(state).to_have_text("Not yet. 511 of 512 are right: 1 target rejected.")
    bias = page.get_by_role("spinbutton", name="Bias", exact=True)
    bias.focus()
    for _ in range(5):
        bias.press("Shift+ArrowUp")
    expect(bias).to_have_attribute("aria-valuenow", "-40.000")  # a tie
    expect(state).to_contain_text("(1 pattern exactly on the threshold, which is wrong for either)")
    bias.press("ArrowUp")
    expect(state).to_have_text("Reached. All 512 are right.")
    bias.press("ArrowDown")
    expect(state).to_contain_text("Reached before. Now: 511 of 512 are right")
    assert serious(page) == []

    page.reload()
    expect(state).to_contain_text("Reached before. Now: ")
    strip.get_by_role("button", name="All tasks").click()
    expect(page.get_by_text("1 of 15 reached")).to_be_visible()
    expect(page.get_by_text("A kernel that copies the template needs one more number").first).to_be_visible()
    expect(page.get_by_role("link", name="Your solution")).to_have_attribute("href", "./?" + solution(page))
    with page.expect_download() as download:
        page.get_by_role("button", name="Save progress").click()
    file = tmp_path / "mine.json"
    download.value.save_as(file)
    assert json.loads(file.read_text())["solved"] == {"corner_right": solution(page)}
    assert commands.main(["grade", str(file)]) == 0
    head, row = capsys.readouterr().out.splitlines()
    assert head.split()[2] == "1" and row.split()[1:3] == ["1/15", "yes"]
    page.get_by_role("button", name="Progress link").click()
    link = page.locator("code").get_by_text(re.compile("^http")).inner_text()
    assert commands.main(["grade", link]) == 0
    assert capsys.readouterr().out.splitlines()[1].split()[2:4] == ["1/15", "yes"]
    page.keyboard.press("Escape")
    sizes = "nodes => nodes.map(node => parseFloat(getComputedStyle(node).fontSize))"
    assert min(page.locator(".st-key-tasks p code").evaluate_all(sizes)) >= 13
    page.get_by_role("button", name="Forget all").click()
    expect(page.get_by_text("0 of 15 reached")).to_be_visible()
    page.wait_for_function(f"() => {SOLUTION} === ''")
    page.reload()
    expect(page.get_by_text("0 of 15 reached")).to_be_visible()
    page.wait_for_selector(SETTLED)
    assert solution(page) == ""

    page.goto(link)  # what was saved, as somebody's
    expect(page.get_by_text("This is somebody's progress: 1 of 15 reached")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="Their solution")).to_be_visible()
    page.wait_for_selector(SETTLED)
    assert axe_on_a_page_without_stage(page) == [] and solution(page) == ""
    page.get_by_role("button", name="Take these over").click()
    expect(page.get_by_role("link", name="Your solution")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/tasks$"))
    page.wait_for_function("() => localStorage.getItem('corner-lab-tasks')?.includes('corner_right')")


def solution(page: Page) -> str:
    """The link that the browser keeps of the first task."""
    return str(page.evaluate(SOLUTION))
