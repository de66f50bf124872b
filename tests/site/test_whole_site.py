"""The whole static site, as `make site` writes it, each file opened from the disk with the network off."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, expect

from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.player.site import INDEX, STORY_FILE, file_name
from corner_lab.story.steps import STEPS
from tests.browser.seen import stands_still

ROOT = Path(__file__).resolve().parents[2]


def test_opens_every_file_from_the_disk_and_says_what_the_list_says(browser: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    command = [sys.executable, "-m", "corner_lab", "site", "--output", str(folder), "--base", "https://lab.example.org"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{folder / INDEX}: {len(SCENARIOS) + 2} files, ")
    assert {file.name for file in folder.iterdir()} == {INDEX, STORY_FILE, *map(file_name, SCENARIOS)}
    assert sum(file.stat().st_size for file in folder.iterdir()) < 6e6

    context = browser.new_context(offline=True, reduced_motion="reduce")
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    for name, scenario in SCENARIOS.items():
        page.goto((folder / INDEX).as_uri())
        item = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=scenario.title, exact=True))
        said = item.locator("strong").inner_text().removesuffix(".")
        page.get_by_role("link", name=scenario.title, exact=True).click()
        expect(page).to_have_url((folder / file_name(name)).as_uri())
        expect(page.locator("#say")).to_have_text(said)
        stands_still(page)
    page.goto((folder / STORY_FILE).as_uri())
    for step in STEPS:
        expect(page.get_by_role("heading", level=1)).to_have_text(step.headline())
        page.keyboard.press("PageDown")
    assert problems == []
    context.close()
