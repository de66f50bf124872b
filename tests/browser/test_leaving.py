"""What a component does when it is told that it was removed: that is not always true."""

from __future__ import annotations

from dataclasses import replace

from playwright.sync_api import Page, expect

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import linear_weights
from corner_lab.export.stage_record import packed, set_record
from tests.browser.conftest import OpenPage


def test_does_the_stage_stay_when_data_overtake_each_other_and_end_with_its_page(lab: Page) -> None:
    record = set_record(Experiment(), linear_weights("by_hand", 432), "Set by hand")
    header = replace(record.header, session="a")
    got = lab.evaluate(
        """bytes => {
            const host = document.body.appendChild(document.createElement("div"));
            const root = host.attachShadow({ mode: "open" });
            const call = () => lab.stage({
                parentElement: root, data: new Uint8Array(bytes), setStateValue() {}, setTriggerValue() {},
            });
            const overtaken = call(), last = call(), first = root.querySelector(".lab");
            overtaken();                                   // as Streamlit does, with the newer data already drawn
            const stayed = first !== null && root.querySelector(".lab") === first;
            host.remove();
            last();
            return [stayed, root.querySelector(".lab"), globalThis.cornerLab.session];
        }""",
        list(packed(vars(header), record.columns)),
    )
    assert got == [True, None, "a"]


def test_does_the_stage_end_when_somebody_opens_another_page(open_page: OpenPage) -> None:
    page = open_page("/")
    assert page.evaluate("globalThis.cornerLab") is None
    page.get_by_role("link", name="Autopsy").click()
    expect(page.get_by_text("Autopsy", exact=False).first).to_be_visible()
    page.wait_for_function("() => globalThis.cornerLab?.session")
