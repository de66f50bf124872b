"""Do the still pictures show what the figures do? Counted in the SVG, as whoever looks at it would."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from corner_lab.network.patterns import CORNER
from corner_lab.pictures.corners import Corner
from corner_lab.pictures.scenes import scene
from corner_lab.plots.still import round_ticks, stills
from corner_lab.plots.story import kernels, pairs_figure, printed_figure, scene_figure
from corner_lab.plots.theme import DARK, LIGHT, Palette
from corner_lab.story.exhibits import perfect, rejecting

STYLE = Path(__file__).resolve().parents[3] / "ui/components/player"


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def numbers(node: ElementTree.Element, *names: str) -> list[float]:
    return [float(node.attrib[name]) for name in names]


def cells(picture: ElementTree.Element, side: float) -> float:
    """How many cells of a panel 480 wide, `side` of them abreast, are coloured."""
    filled = [node for node in picture.iter("rect") if node.attrib["fill"] != "none"]
    return sum(np.prod(numbers(node, "width", "height")) for node in filled) / (480 / side) ** 2


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_has_a_picture_the_pixels_of_its_scene_and_a_mark_on_each_corner(palette: Palette) -> None:
    made, found = scene("filled", seed=3), [Corner(4, 7, "top-left"), Corner(20, 11, "top-left")]
    (svg,) = stills(scene_figure("filled", made, found, palette), palette)
    picture = drawn(svg)
    assert cells(picture, 32) == pytest.approx(made.picture.sum(), rel=0.01)
    marks = [node for node in picture.iter("rect") if node.get("stroke") == "var(--accent)"]
    frame = next(node for node in picture.iter("rect") if node.get("stroke") == "var(--line)")
    left, top = numbers(frame, "x", "y")
    centres = [[(y + 9 - top) / 15 - 0.5, (x + 9 - left) / 15 - 0.5] for x, y in (numbers(m, "x", "y") for m in marks)]
    np.testing.assert_allclose(centres, [[4, 7], [20, 11]], atol=0.02)


def test_has_it_a_cell_for_each_pair_that_costs_something() -> None:
    for name, a, costly in (("one", perfect(), 62), ("other", rejecting(), 32)):
        (svg,) = stills(pairs_figure(name, a, LIGHT), LIGHT)
        assert cells(drawn(svg), 32) == pytest.approx(costly, rel=0.01)
        assert f"{costly} of 1,024 pairs cost something" in svg


def test_are_the_kernels_numbers_and_colours_those_of_the_network() -> None:
    learned = np.array([-2, 1, 0.5, 0, -1, 2, 0.25, 0.1, -0.5, 0, 1, 0], dtype=np.float32)
    first, second = stills(kernels(learned, CORNER, LIGHT), LIGHT)
    told = [node.text for node in drawn(first).iter("text") if node.get("class") == "cell"]
    assert [float((text or "").replace("−", "-")) for text in told] == pytest.approx(learned[:9].tolist())
    coloured = [(node.get("fill"), float(node.get("fill-opacity", 0))) for node in drawn(first).iter("rect")]
    expected = [(f"var(--{'positive' if w > 0 else 'negative'})", abs(w) / 2) for w in learned[:9].tolist() if w]
    assert coloured == [(colour, pytest.approx(strength)) for colour, strength in expected]
    assert drawn(second).attrib["aria-label"].startswith("matched filter. ")


def test_do_the_lines_end_where_the_numbers_say() -> None:
    (svg,) = stills(printed_figure(perfect(), LIGHT), LIGHT)
    picture = drawn(svg)
    ticks = [node for node in picture.iter("text") if node.get("text-anchor") == "end"]
    heights = {node.text: numbers(node, "y")[0] - 7 for node in ticks}
    unit = (heights["0"] - heights["0.004"]) / 0.004
    lines = [node.attrib["d"] for node in picture.iter("path") if node.get("stroke") == "var(--accent)"]
    accent = next(line for line in lines if "L" in line)
    last = float(re.findall(r"[\d.]+", accent)[-1])
    assert (heights["0"] - last) / unit == pytest.approx(perfect().evaluated, abs=2e-5)


@pytest.mark.parametrize("high", [1e-5, 0.0045, 0.0399, 1.0, 7.3, 1234.0])
def test_are_ticks_few_and_round(high: float) -> None:
    ticks = round_ticks(high)
    step = ticks[1]
    assert 2 <= len(ticks) - 1 <= 4 and ticks[0] == 0 and ticks[-1] <= high < ticks[-1] + step
    assert f"{step:e}"[0] in "125"


def test_has_the_page_every_colour_that_a_picture_asks_for() -> None:
    pictures = [*stills(kernels(None, CORNER, LIGHT), LIGHT), *stills(printed_figure(perfect(), LIGHT), LIGHT)]
    pictures += stills(pairs_figure("one", perfect(), LIGHT), LIGHT)
    asked = set(re.findall(r"var\((--\w+)\)", "".join(pictures)))
    style = "".join((STYLE / name).read_text() for name in ("page.css", "story.css"))
    assert {"--accent", "--ink", "--negative"} < asked <= set(re.findall(r"(--[\w-]+):", style))
    assert not re.search("#[0-9A-Fa-f]{6}", "".join(pictures))
