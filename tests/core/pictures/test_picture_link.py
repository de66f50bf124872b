"""A picture in a link: what is written is read back, and whatever else comes is refused with what is allowed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corner_lab.pictures import KINDS
from corner_lab.pictures.picture_link import (
    SceneWord,
    drawing_text,
    read_drawing,
    read_map,
    read_network,
    read_scene,
    read_tolerance,
)

SIDES = st.integers(3, 256)


@given(SIDES, SIDES, st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_is_a_drawing_read_back(height: int, width: int, share: float, seed: int) -> None:
    picture = (np.random.default_rng(seed).random((height, width)) < share).astype(np.uint8)
    text = drawing_text(picture)
    assert np.array_equal(read_drawing(text), picture)
    assert set(text.partition(":")[2]) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_are_the_runs_written_as_the_docstring_says() -> None:
    assert drawing_text(np.zeros((3, 3))) == "3x3:J"  # nine zeros
    assert drawing_text(np.ones((3, 3))) == "3x3:AJ"  # none, then nine ones
    assert drawing_text(np.eye(3)) == "3x3:ABDBDB"
    assert drawing_text(np.zeros((8, 8))) == "8x8:gC"  # 64 = 0 + 32 * 2, more follows


JUNK = ["", "x", "32x32", "2x8:Q", "257x8:A", "8x8:", "8x8:A", "8x8:gCB", "8x8:________", "8x8:g", "8x8:é", "8x8: g"]


@pytest.mark.parametrize("text", JUNK)
def test_is_junk_no_drawing(text: str) -> None:
    with pytest.raises(ValueError, match="drawing"):
        read_drawing(text)


@given(st.text(max_size=40))
def test_does_any_text_end_in_a_sentence(text: str) -> None:
    for read in (read_drawing, read_scene, read_network):
        try:
            read(text)
        except ValueError as error:
            assert "\n" not in str(error).replace(repr(text), "")


@pytest.mark.parametrize("kind", KINDS)
def test_is_a_scene_read_back(kind: str) -> None:
    word = SceneWord(kind, 2**31 - 1, 256)
    assert read_scene(str(word)) == word


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stars:0:32", "kinds are filled"),
        ("filled:0", "kind, seed and side"),
        ("filled:-1:32", "kind, seed and side"),
        ("filled:0:32:1", "kind, seed and side"),
        ("filled:2147483648:32", "from 0 to 2,147,483,647"),
        ("filled:0:7", "from 8 to 256"),
        ("filled:0:257", "from 8 to 256"),
    ],
)
def test_is_another_scene_refused_with_what_is_allowed(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_scene(text)


def test_is_an_unknown_network_refused() -> None:
    assert [read_network(word) for word in ("bench", "run", "by_hand", "matched")] == [
        *("bench", "run", "by_hand", "matched")
    ]
    with pytest.raises(ValueError, match="allowed are bench, run, by_hand, matched"):
        read_network("BENCH")


def test_is_an_unknown_map_refused() -> None:
    assert [read_map(word) for word in ("none", "z", "output")] == ["none", "z", "output"]
    with pytest.raises(ValueError, match="map 'Z': allowed are none, z, output"):
        read_map("Z")


def test_is_a_tolerance_read_and_none_that_no_match_allows() -> None:
    assert [read_tolerance(text) for text in ("0", "2", "16")] == [0, 2, 16]
    for text in ("17", "-1", "1.5", "", "٣", "1 "):
        with pytest.raises(ValueError, match="from 0 to 16"):
            read_tolerance(text)
