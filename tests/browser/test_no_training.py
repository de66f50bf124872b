"""A server that cannot train, and may keep nothing: every page says so, and the bench works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PATIENCE, RESULTS, free_port, served
from tests.browser.seen import STATS, button

LOG = RESULTS / "no-training.log"
WHY = re.compile(
    r"TensorFlow did not load \(ImportError: libtensorflow\.so: no such file\); the bench works, training does not\. "
    r"Who runs this server: install what requirements\.txt lists, and start the server again\."
)


def test_do_pages_say_that_nothing_can_be_trained_and_why_and_does_the_bench_work(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "tensorflow"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('libtensorflow.so: no such file')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("HOME", "/proc/nowhere")  # where nothing can be written
    monkeypatch.setenv("CORNER_LAB_WORKERS", "1")
    with served(free_port(), LOG, XDG_CACHE_HOME="/proc/nowhere") as url:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(url)
        expect(page.locator("#notice")).to_have_text(WHY)
        button(page, "Pixel, row 1, column 1").click()
        page.wait_for_function(f"() => ({STATS})().pixels === 433")
        expect(page.get_by_text(re.compile("^On the bench: pattern 433 "))).to_be_visible()
        button(page, "Train").click()
        expect(page.get_by_text("The run failed: ImportError: libtensorflow.so: no such file")).to_be_visible()
        page.goto(f"{url}/story?step=9")
        expect(page.get_by_text("Solved at epoch 11, after 11 updates")).to_be_visible()
        page.wait_for_function(f"() => ({STATS})().epoch === 11")
        button(page, "Notes").click()
        expect(page.get_by_text(re.compile("^The runs: trained with Keras 3"))).to_be_visible()  # as they were before
        expect(page.get_by_role("button", name="Train them again here")).to_be_disabled()
        page.goto(f"{url}/story?step=all")
        expect(page.get_by_role("button", name="Print")).to_be_enabled()
        for path in ("landscape", "causes"):
            page.goto(f"{url}/{path}")
            expect(page.get_by_text(WHY)).to_be_visible()
        expect(page.get_by_text("The shapes alone solve 2 of 40")).to_be_visible()  # as it was measured before
        expect(page.get_by_role("button", name="Measure again here")).to_be_disabled()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        page.close()
    assert "TensorFlow did not load: ImportError" in LOG.read_text()
