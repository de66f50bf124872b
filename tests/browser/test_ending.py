"""Does Ctrl+C end the server soon and without a word while it loads TensorFlow, and while it trains?

While it trains it also tells an operator what it is doing.
"""

from __future__ import annotations

import json
import urllib.request

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import PATIENCE
from tests.browser.seen import STATS, button
from tests.processes import ROOT, ended, free_port, healthy, serving, started, wait_for

# With one button that trains, and enough to do.
LONG = "?labels=aligned&head=sigmoid&loss=binary_crossentropy&epochs=100000&batch_size=1"


@pytest.mark.parametrize("moment", ["loading", "training"])
def test_does_it_end(browser: Browser, moment: str) -> None:
    port, context = free_port(), browser.new_context()
    with started(serving(port), ROOT) as process:
        wait_for(lambda: healthy(port))
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"http://localhost:{port}/{LONG}")
        page.wait_for_function(f"() => ({STATS})().pixels !== undefined")  # the stage; TensorFlow loads from now on
        if moment == "training":
            button(page, "Train").click()
            page.wait_for_function(f"() => ({STATS})().epoch > 0")
            with urllib.request.urlopen(f"http://localhost:{port}/healthz") as answer:
                told = json.load(answer)
            assert answer.status == 200 and (told["status"], told["problem"]) == ("ok", "")
            assert told["workers"] >= 1 and told["version"]
            with urllib.request.urlopen(f"http://localhost:{port}/metrics") as answer:
                lines = answer.read().decode().splitlines()
            totals = "runs_started_total 1", "worker_restarts_total 0"
            for line in ("visitors_total 1", "visitors 1", "sessions 1", *totals, 'runs{phase="training"} 1'):
                assert f"corner_lab_{line}" in lines
        code, told = ended(process)
    context.close()
    assert code == 130
    assert "Traceback" not in told and "Aborted" not in told, told  # TensorFlow says what its processor can do
