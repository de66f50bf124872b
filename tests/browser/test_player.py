"""The player's file, opened from the disk with the network off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, expect

from corner_lab.diagnostics.explanation import Explanation, Wanted
from corner_lab.experiment.experiment import Experiment
from corner_lab.export.share_link import Link
from corner_lab.formatting import output_text
from corner_lab.network.numpy_model import outputs, pre_activations
from corner_lab.player import page as player_page
from corner_lab.player import played
from corner_lab.training.run import Run
from tests.browser.seen import STATS, stands_still, stats
from tests.browser.test_access import serious

LONG = "Three kernels, by a title that is too long for one line of a phone"
PATTERNS = (0, 16, 176, 432, 495, 511)
KERNELS = Experiment(kernels=3, hidden="relu", head="sigmoid", labels="aligned", loss="binary_crossentropy", epochs=12)


def bench_is_numpys(page: Page, run: Run, epoch: int) -> None:
    """For several patterns the bench shows what numpy's forward pass says of the weights of this epoch."""
    assert run.history is not None
    e = run.experiment
    numbers = e.layout.linear(run.history.weights_at(epoch))
    z, output = pre_activations(numbers, e.hidden), outputs(numbers, e.head, e.hidden)
    for pattern in PATTERNS:
        index = page.locator("#index")
        index.fill(str(pattern))
        index.press("Enter")
        page.wait_for_function(f"wanted => ({STATS})().pixels === wanted", arg=pattern)
        shown = stats(page)
        assert shown["epoch"] == epoch
        np.testing.assert_allclose([shown["z"], shown["output"]], [z[pattern], output[pattern]], rtol=1e-9, atol=1e-12)
        expect(page.locator("#out")).to_have_text(output_text(output[pattern]))


HELD_FRAMES = """(() => {
  const real = window.requestAnimationFrame.bind(window);
  const held = [];
  window.requestAnimationFrame = callback => window.frames_come ? real(callback) : held.push(callback);
  window.letFramesCome = () => { window.frames_come = true; held.forEach(callback => real(callback)); };
})();"""


def test_is_nothing_lost_that_is_pressed_before_the_next_frame(browser: Browser, tmp_path: Path) -> None:
    """Before the first frame, and before the one that shows another run with more kernels and another of them."""
    asked, kernels = Run(Experiment()).train(), Run(KERNELS).train()
    file = tmp_path / "file.html"
    file.write_text(player_page([played(asked), played(kernels)]), encoding="utf-8")
    context = browser.new_context()
    context.add_init_script(HELD_FRAMES)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(file.as_uri())
    bias = page.locator("#lB")
    assert asked.history is not None and kernels.history is not None

    bias.press("Shift+ArrowUp")
    page.evaluate("letFramesCome()")
    bias_was = asked.experiment.layout.linear(asked.history.weights_at(100))[9]
    page.wait_for_function(
        "now => Math.abs(document.querySelector('#stage').shadowRoot.querySelector('#lB')"
        ".getAttribute('aria-valuenow') - now) < 0.002",
        arg=float(bias_was) + 1,
    )

    page.evaluate("window.frames_come = false")
    page.locator(".choose").nth(1).click()
    page.locator("#kernelRow button").nth(2).press("Enter")
    cell = page.get_by_role("spinbutton", name="row 1, column 1")
    cell.press("Shift+ArrowUp")
    page.evaluate("letFramesCome()")
    third = kernels.experiment.layout.linear(kernels.history.weights_at(12))[18]
    expect(page.locator("#say")).to_contain_text("Your weights: ")
    page.wait_for_function(
        "now => Math.abs(document.querySelector('#stage').shadowRoot.querySelector("
        "'#kernel [role=spinbutton]').getAttribute('aria-valuenow') - now) < 0.006",
        arg=float(third) + 1,
    )
    assert problems == []
    context.close()


def test_does_a_file_play_its_runs_without_server_and_network(browser: Browser, tmp_path: Path) -> None:
    asked, kernels = Run(Experiment()).train(), Run(KERNELS).train()
    why = Explanation(asked, Wanted.FINDINGS).finished()
    runs = [played(asked, why=why), played(kernels, LONG, link=Link(KERNELS, pixels=27, epoch=5))]
    unknown = replace(runs[0], title="From tomorrow", issues=())
    unknown = replace(unknown, record=replace(unknown.record, header=replace(unknown.record.header, format=2)))
    file = tmp_path / "file with space.html"
    file.write_text(player_page([*runs, unknown]), encoding="utf-8")

    context = browser.new_context(offline=True, color_scheme="dark", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    problems: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri())

    # The first run, at its end: said as the app says it, with what was found.
    expect(page.locator("#say")).to_have_text("511 of 512 right, and the one that matters is wrong")
    for finding in why.issues:
        expect(page.locator(".finding").get_by_text(finding.sentence)).to_be_visible()
    bench_is_numpys(page, asked, 100)
    expect(page.locator(".lab")).to_have_attribute("data-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(page.locator(".lab")).to_have_attribute("data-theme", "light")

    # It plays, and rests where it is stopped.
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(f"() => {{ const s = ({STATS})(); return s.playing && s.epoch > 2 && s.epoch < 100; }}")
    page.get_by_role("button", name="Pause").click()
    stands_still(page)
    rested = stats(page)["epoch"]
    assert 2 < rested < 100
    bench_is_numpys(page, asked, rested)
    page.get_by_role("spinbutton", name="Kernel, row 1, column 1").press("ArrowUp")
    expect(page.locator("#say")).to_contain_text("Your weights: ")
    expect(page.locator("#acts button")).to_have_text(["Back to the run"])  # nothing that would need Keras
    page.keyboard.press("l")
    expect(page.locator("#told")).to_have_text("Weights are locked in the app, on Play, where they are trained.")
    for tool in ("#lock", "#makeTarget", "#alsoTarget", "#copyLink"):
        expect(page.locator(tool)).to_be_hidden()
    expect(page.get_by_text("trains nothing").locator("visible=true")).to_contain_text("python -m corner_lab train")

    # Another run, where its link says, and back; one of a format to come is refused.
    page.get_by_role("button", name="Three kernels").click()
    page.wait_for_function(f"() => ({STATS})().run === 'run-2'")
    stands_still(page)
    assert (stats(page)["epoch"], stats(page)["pixels"]) == (5, 27)
    bench_is_numpys(page, kernels, 5)
    page.get_by_role("button", name="From tomorrow").click()
    expect(page.get_by_role("alert")).to_have_text(
        "“The question, as asked” is a record of format 2, and this player reads format 1: "
        "make the file again with the Corner Lab that trained it."
    )
    expect(page.locator("#stage")).to_be_hidden()
    page.get_by_role("button", name="The question, as asked").click()
    stands_still(page)
    bench_is_numpys(page, asked, 100)
    expect(page.get_by_role("alert")).to_be_hidden()

    # On a phone nothing scrolls sideways.
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert requests == [file.as_uri()] and problems == []
    context.close()

    # Everybody can use it. (axe is a script that no policy of the file knows.)
    context = browser.new_context(offline=True, bypass_csp=True)
    page = context.new_page()
    page.goto(file.as_uri())
    page.locator(".run:visible summary", has_text="Keras script").click()
    assert serious(page) == []
    context.close()
