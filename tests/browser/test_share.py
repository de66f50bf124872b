"""Can a run be taken along, and weights be brought, by a visitor?"""

from __future__ import annotations

import csv
import json
import re
from html import escape
from pathlib import Path

from playwright.sync_api import Locator, Page, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from corner_lab.diagnostics.explanation import sentences
from corner_lab.experiment.experiment import Experiment
from corner_lab.export.keras_script import script_of
from corner_lab.network.weights_json import weights_to_json
from corner_lab.training.run import Run
from tests.browser.conftest import PATIENCE
from tests.browser.seen import OpenPage, button, stats


def downloaded(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as download:
        button(page, name).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_is_everything_of_a_run_to_be_had(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("?labels=aligned&epochs=4&v=1&epoch=2")
    page.locator(".st-key-take summary").click()
    expect(page.get_by_test_id("stCode").get_by_text("keras.utils.PyDataset")).to_be_visible()
    run = Run(Experiment(labels="aligned", epochs=4)).train()
    assert run.history is not None
    expect(page.get_by_test_id("stCode").get_by_text("- Accuracy hides the failure: ")).to_be_visible()
    assert downloaded(page, "Keras script", tmp_path).read_text() == script_of(run, lambda: sentences(run))
    weights = json.loads(downloaded(page, "Weights (JSON)", tmp_path).read_text())["weights"]
    assert weights == weights_to_json(run.history.shape, run.history.weights_at(2))
    rows = list(csv.DictReader(downloaded(page, "History (CSV)", tmp_path).read_text().splitlines()))
    assert [row["epoch"] for row in rows] == ["0", "1", "2", "3", "4"]
    assert downloaded(page, "Network (.keras)", tmp_path).read_bytes()[:2] == b"PK"
    figures = downloaded(page, "Figures (HTML)", tmp_path).read_text()
    assert figures.count('class="plotly-graph-div"') == 3 and 'src="http' not in figures
    player = downloaded(page, "Player (HTML)", tmp_path).read_text()
    origin = page.evaluate("location.origin")
    assert f'href="{origin}/?labels=aligned&amp;epochs=4&amp;v=1&amp;pixels=432&amp;epoch=2"' in player
    assert player.count('class="record"') == 1 and escape(sentences(run)[0].split(": ", 1)[1]) in player


def pictured(page: Page, chart: Locator) -> str:
    chart.hover()
    with page.expect_download() as download:
        chart.locator('[data-title*="ownload"]').click()
    return str(download.value.suggested_filename)


def test_does_the_camera_save_pictures(open_page: OpenPage) -> None:
    """Also where Why went out of sight in the moment of the choice: the browser sends both as one message."""
    one_message = OneMessage()
    page = open_page(
        "?labels=aligned&head=sigmoid&loss=binary_crossentropy&init=by_hand&epochs=2&v=1&epoch=2",
        socket=one_message.connect,
    )
    page.get_by_role("link", name="Study", exact=True).click()  # Why comes into sight in the same moment
    # Nothing comes any more that would move what is pressed: there are findings, and no remedy to try.
    expect(page.get_by_text(re.compile(r"^\d+ checks passed$"))).to_be_visible()
    chart = page.get_by_test_id("stPlotlyChart").first
    chart.wait_for()
    assert pictured(page, chart).endswith(".png")
    one_message.of_first = True
    page.locator(".st-key-take summary").click()
    for _ in range(PATIENCE // 50):
        if one_message.joined:
            break
        page.wait_for_timeout(50)
    assert one_message.joined
    page.get_by_role("radio", name="SVG").click()
    expect(page.get_by_role("radio", name="SVG")).to_be_checked()
    page.wait_for_function(CAMERA_SAVES, arg="svg")  # the figures have been told of the choice
    assert pictured(page, chart).endswith(".svg")


CAMERA_SAVES = """format => {
  const figure = document.querySelector('[data-testid="stPlotlyChart"] .js-plotly-plot');
  return figure?._context.toImageButtonOptions.format === format;
}"""


class OneMessage:
    """Stands between page and server. From when `of_first` is set on, only what is asked for the fragment of the first
    message goes through: what another one had to tell, Streamlit's next message tells too."""

    def __init__(self) -> None:
        self.of_first, self.joined = False, 0
        self._fragment = ""

    def connect(self, browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()

        def said(message: str | bytes) -> None:
            assert isinstance(message, bytes)
            fragment = BackMsg.FromString(message).rerun_script.fragment_id
            self._fragment = self._fragment or (fragment if self.of_first else "")
            if fragment and self._fragment and fragment != self._fragment:
                self.joined += 1
            else:
                server.send(message)

        browser.on_message(said)


def test_are_weights_brought_to_the_bench_and_wrong_files_refused(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps({"kernel": [[0, 0, 0]] * 3, "bias": 1.5, "second_kernel": [2], "second_bias": [0.25]}))
    bad.write_bytes(b"\x80\x04\x95 not json")
    page.get_by_text("Weights from a file").click()
    page.locator('input[type="file"]').set_input_files(bad)
    expect(page.get_by_text("bad.json: not a JSON file")).to_be_visible()
    assert not stats(page)["edited"]
    page.locator('input[type="file"]').set_input_files(good)
    expect(page.get_by_text("The bench shows the weights of good.json")).to_be_visible()
    expect(page.get_by_text("z +3.25").first).to_be_visible()
    page.wait_for_function("() => location.search.includes('weights=0,0,0,0,0,0,0,0,0,1.5,2,0.25')")
