"""What comes out of the printer: Play on one page, the Story as a handout of a page a step, light and still."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdf
from playwright.sync_api import Page, expect

from corner_lab.export.share_link import read
from corner_lab.story.steps import STEPS
from tests.browser.seen import STAGE, OpenPage, button, stands_still, stats

FORMATS = ("A4", "Letter")
CANVASES = f"() => {STAGE}.ui.canvases.map(canvas => [canvas.width, canvas.height, canvas.toDataURL()])"


def printed(page: Page, folder: Path, kind: str) -> list[pypdf.PageObject]:
    path = folder / f"{kind}.pdf"
    page.pdf(path=path, format=kind)
    return list(pypdf.PdfReader(path).pages)


def text(page: pypdf.PageObject) -> str:
    """Without blanks: letters that stand apart a little are read as words, and some in pairs as one sign."""
    found = page.extract_text().replace("ﬀ", "ff").replace("ﬁ", "fi").replace("ﬂ", "fl").replace("ﬃ", "ffi")
    return "".join(found.split())


def squeezed(words: str) -> str:
    return "".join(words.split())


def brightness(page: pypdf.PageObject) -> list[float]:
    """Of each picture on a page, over white where it is seen through: 0 to 255."""
    found = []
    for image in page.images:
        picture: Any = image.image
        pixels = picture.convert("RGBA")
        white = pixels.copy()
        white.paste((255, 255, 255, 255), (0, 0, *pixels.size))
        white.alpha_composite(pixels)
        (histogram,) = [white.convert("L").histogram()]
        found.append(sum(value * count for value, count in enumerate(histogram)) / sum(histogram))
    return found


def test_does_play_print_on_one_light_page_with_setting_findings_link_and_code(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page("?init=matched&batch_size=64&v=1&pixels=7&epoch=100", color_scheme="dark")
    expect(page.locator("#say")).to_contain_text("511 of 512 right")
    expect(page.get_by_text("Every output meets every label").first).to_be_visible()
    stands_still(page)
    before = page.evaluate(CANVASES)
    for kind in FORMATS:
        (sheet,) = printed(page, tmp_path, kind)
        said = text(sheet)
        for words in (
            *("511 of 512 right", "Pixels", "Kernel", "Loss", "Outputs", "Batch size: 64", "Loss: mean squared error"),
            *("Labels: As asked", "Optimizer: Adam", "Why, after 100 epochs", "Every output meets every label."),
        ):
            assert squeezed(words) in said, words
        for words in ("Scenario", "Continue from here", "Glossary", "Clear", "Take it along", "Train longer"):
            assert squeezed(words) not in said, words
        (link,) = {note.get_object()["/A"]["/URI"] for note in sheet["/Annots"]}
        assert squeezed(link) in said
        found, errors = read(link)
        assert not errors and (found.pixels, found.epoch, found.experiment.batch_size) == (7, 100, 64)
        assert len(brightness(sheet)) >= 4 and min(brightness(sheet)) > 150
    stands_still(page)
    page.wait_for_function(f"before => JSON.stringify(({CANVASES})()) === JSON.stringify(before)", arg=before)
    assert stats(page)["epoch"] == 100

    # As a browser shows it before it prints: the code is there, and gone with it.
    page.emulate_media(media="print")
    code = page.get_by_role("img", name="QR code of ")
    expect(code).to_be_visible()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(button(page, "Play")).to_be_hidden()
    assert page.evaluate(f"getComputedStyle({STAGE}.lab).getPropertyValue('--bg')") == "#FFFFFF"
    page.emulate_media(media="screen")
    expect(code).to_have_count(0)
    expect(button(page, "Play")).to_be_visible()


def test_is_the_handout_a_page_a_step_with_its_notes(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("story?step=12", color_scheme="dark", settle=False)
    button(page, "Handout").click()
    expect(page.get_by_text(f"{len(STEPS)} pages, A4 or Letter.")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_enabled()
    stages = "document.querySelectorAll('[class*=st-key-handout-stage]')"
    still = "[...stage.querySelectorAll('*')].some(e => e._stats?.still)"
    page.wait_for_function(f"() => {stages}.length === 8 && [...{stages}].every(stage => {still})")
    page.wait_for_function("() => document.querySelectorAll('.st-key-handout .main-svg').length >= 6")
    for kind in FORMATS:
        sheets = printed(page, tmp_path, kind)
        assert len(sheets) == len(STEPS)
        for number, (step, sheet) in enumerate(zip(STEPS, sheets, strict=True), 1):
            said = text(sheet)
            for words in (f"{number} of {len(STEPS)}", step.headline(), step.first(), f"Notes. {step.notes}"):
                assert squeezed(words) in said, (number, words)
            assert "Backtothestory" not in said and min(brightness(sheet), default=255) > 150, number
    button(page, "Back to the story").click()
    expect(page.get_by_text("12 of 12", exact=True)).to_be_visible()
