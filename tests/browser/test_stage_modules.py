"""The stage's modules that need a page but not the app; tests/stage has all others."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page


@pytest.mark.parametrize(
    ("html", "space", "arrow"),
    [
        ("<i id=x></i>", False, False),
        ("<button id=x></button>", True, False),
        ("<div role=group><button id=x></button></div>", True, True),  # the pixels
        ("<div role=spinbutton><i id=x></i></div>", False, True),
        ("<div role=slider id=x></div>", False, True),  # the atlas
        ("<div role=slider data-time id=x></div>", False, False),
        ("<input type=range data-time id=x>", False, False),
        ("<input id=x>", True, True),
        ("<select id=x></select>", True, True),
        ("<dialog open><i id=x></i></dialog>", True, True),
    ],
)
def test_does_what_has_the_focus_keep_its_own_keys(lab: Page, html: str, space: bool, arrow: bool) -> None:
    used = lab.evaluate(
        """html => { const box = document.createElement("div"); box.innerHTML = html;
          return [" ", "ArrowLeft"].map(key => lab.usesKey(box.querySelector("#x"), key)); }""",
        html,
    )
    assert used == [space, arrow]


@pytest.mark.parametrize(("wide", "high"), [(0, 0), (300, 0), (0, 200), (300, 200)])
def test_does_a_picture_without_room_draw_nothing_and_not_fail(lab: Page, wide: int, high: int) -> None:
    drawn = lab.evaluate(
        """([W, H]) => {
            const canvas = document.createElement("canvas"), P = lab.readPalette(document.body);
            canvas.box = { W, H };
            const pen = lab.penOn(canvas, 1, P);
            pen.blit(lab.layerOf(canvas, "still", "a", pen, still => still.g.fillRect(0, 0, 10, 10)));
            return W > 0 && H > 0 && pen.g.getImageData(5, 5, 1, 1).data[3] === 255;
        }""",
        [wide, high],
    )
    assert drawn == (wide > 0 and high > 0)
