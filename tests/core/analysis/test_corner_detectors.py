"""The look-up beside other detectors: what stands in the table, and that ours is measured."""

from __future__ import annotations

import numpy as np
import pytest

from corner_lab.analysis import corner_detectors
from corner_lab.analysis.corner_detectors import HARRIS, HIT_OR_MISS, KINDS, comparison, measured_look_up
from corner_lab.network.patterns import pixels
from corner_lab.pictures import Corner, scene
from corner_lab.pictures.corners import CORNER_PATTERNS


def hit_or_miss(picture: np.ndarray) -> list[Corner]:
    """The definition, pixel by pixel: exactly this pattern, zeros outside for what is to be 0."""
    wide = np.pad(picture, 1)
    patches = np.lib.stride_tricks.sliding_window_view(wide, (3, 3))
    shapes = {word: pixels(pattern).reshape(3, 3) for word, pattern in CORNER_PATTERNS.items()}
    return [
        Corner(int(row), int(column), word)
        for word, shape in shapes.items()
        for row, column in np.argwhere((patches == shape).all(axis=(2, 3)))
    ]


@pytest.mark.parametrize("kind", ["overlapping", "distractors"])
def test_is_what_the_page_says_of_hit_or_miss_what_its_definition_gives(kind: str) -> None:
    assert corner_detectors.figures(hit_or_miss, kind) == HIT_OR_MISS[kind]
    picture = scene(kind, 0).picture
    assert set(corner_detectors.look_up(picture)) <= set(hit_or_miss(picture))  # which looks at the border, too


def test_has_the_table_a_row_for_each_kind_with_ours_measured() -> None:
    ours = measured_look_up()
    assert set(ours) == set(KINDS) == set(HARRIS) == set(HIT_OR_MISS)
    assert ours["filled"] == (1.0, 1.0, 1.0) and ours["outlined"] == (None, 0.0, 0.0)
    table, note = comparison()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    assert [len(row) for row in rows] == [4] * (len(KINDS) + 3)
    for row, kind in zip(rows[2:], KINDS, strict=False):
        assert row[0] == kind
        for text, found in zip(row[1:], (ours[kind], HARRIS[kind], HIT_OR_MISS[kind]), strict=True):
            read = tuple(None if part == "–" else float(part) for part in text.split(" · "))
            assert read == found
    assert rows[-1][1].endswith(" ms") and "make bench" in note
