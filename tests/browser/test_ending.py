"""Does Ctrl+C end the server soon and without a word while it loads TensorFlow, and while it trains?"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.seen import STATS, button
from tests.processes import ROOT, ended, free_port, healthy, serving, started, wait_for

# With one button that trains, and enough to do.
LONG = "?labels=aligned&head=sigmoid&loss=binary_crossentropy&epochs=100000"


@pytest.mark.parametrize("moment", ["loading", "training"])
def test_does_it_end(browser: Browser, moment: str) -> None:
    port, context = free_port(), browser.new_context()
    with started(serving(port), ROOT) as process:
        wait_for(lambda: healthy(port))
        page = context.new_page()
        page.goto(f"http://localhost:{port}/{LONG}")
        page.wait_for_function(f"() => ({STATS})().pixels !== undefined")  # the stage; TensorFlow loads from now on
        if moment == "training":
            button(page, "Train").click()
            page.wait_for_function(f"() => ({STATS})().epoch > 0")
        code, told = ended(process)
    context.close()
    assert code == 130
    assert "Traceback" not in told and "Aborted" not in told, told  # TensorFlow says what its processor can do
