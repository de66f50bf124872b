"""Scenes: are the corners where the pixels say, and is a scene the same everywhere?"""

from __future__ import annotations

import hashlib
from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray

from corner_lab.pictures import KINDS, ORIENTATIONS, Corner, scene

OUTER = {"top_left": (-1, -1), "top_right": (-1, 1), "bottom_right": (1, 1), "bottom_left": (1, -1)}


def corners_seen(picture: NDArray[np.uint8]) -> set[Corner]:
    """Pixels that are set while their two neighbours on the outer sides are not."""
    around = np.pad(picture, 1)
    return {
        Corner(row, column, word)
        for row, column in np.argwhere(picture).tolist()
        for word, (y, x) in OUTER.items()
        if not around[row + 1 + y, column + 1] and not around[row + 1, column + 1 + x]
    }


@pytest.mark.parametrize("kind", ["filled", "thin", "border"])
@pytest.mark.parametrize("size", [(32, 32), (8, 8), (12, 70)])
def test_are_the_corners_of_rectangles_apart_those_that_the_pixels_show(kind: str, size: tuple[int, int]) -> None:
    for seed in range(30):
        one = scene(kind, seed, *size)
        assert one.picture.shape == size and set(np.unique(one.picture)) == {0, 1}
        assert set(one.corners) == corners_seen(one.picture) and list(one.corners) == sorted(one.corners)


def test_are_there_four_rectangles_with_room_around_each() -> None:
    for seed in range(300):
        one = scene("filled", seed)
        assert Counter(corner.orientation for corner in one.corners) == dict.fromkeys(ORIENTATIONS, 4)
        assert not one.picture[[0, -1]].any() and not one.picture[:, [0, -1]].any()
        for row, column in ((c.row, c.column) for c in one.corners if c.orientation == "top_left"):
            assert not one.picture[row - 1, column - 1 : column + 2].any(), (seed, row, column)


def test_do_kinds_that_differ_in_one_respect_share_their_rectangles() -> None:
    for seed in range(10):
        filled, outlined, noisy = (scene(kind, seed) for kind in ("filled", "outlined", "noisy"))
        assert filled.corners == outlined.corners == noisy.corners
        around = np.pad(filled.picture, 1)
        inner = np.min([around[y : y + 32, x : x + 32] for y in range(3) for x in range(3)], axis=0)
        np.testing.assert_array_equal(outlined.picture, filled.picture - inner)
    flipped = np.mean([scene("noisy", seed).picture != scene("filled", seed).picture for seed in range(100)])
    assert 0.018 < flipped < 0.022


def test_is_every_corner_that_overlapping_rectangles_show_one_of_theirs_and_are_some_hidden() -> None:
    hidden = 0
    for seed in range(50):
        one = scene("overlapping", seed)
        assert corners_seen(one.picture) <= set(one.corners)
        hidden += len(set(one.corners) - corners_seen(one.picture))
    assert hidden > 50


def test_do_touching_rectangles_lie_side_by_side() -> None:
    for seed in range(50):
        one = scene("touching", seed)
        edges = {word: [c for c in one.corners if c.orientation == word] for word in ORIENTATIONS}
        assert {len(corners) for corners in edges.values()} == {4}
        assert corners_seen(one.picture) < set(one.corners), "where two touch, a corner has a neighbour"
        # Nothing is covered twice: the corners alone give the area, the sum of (bottom + 1)(right + 1) and so on.
        sign = {"top_left": 1, "bottom_right": 1, "top_right": -1, "bottom_left": -1}
        area = sum(
            sign[c.orientation]
            * (c.row + c.orientation.startswith("bottom"))
            * (c.column + c.orientation.endswith("right"))
            for c in one.corners
        )
        assert one.picture.sum() == area


def test_are_the_corners_of_a_turned_rectangle_its_farthest_pixels() -> None:
    for seed in range(20):
        one = scene("turned", seed)
        for corner in one.corners:
            assert one.picture[corner.row, corner.column]
        assert Counter(c.orientation for c in one.corners) == dict.fromkeys(ORIENTATIONS, 4)
        around = np.pad(one.picture, 1)
        neighbours = [
            int(around[c.row : c.row + 3, c.column : c.column + 3].sum()) - 1 for c in one.corners
        ]  # a straight side has 5, the inside 8
        assert max(neighbours) <= 4


def test_do_disks_and_letters_have_no_corners_of_their_own() -> None:
    more = 0
    for seed in range(20):
        one = scene("distractors", seed)
        assert Counter(corner.orientation for corner in one.corners) == dict.fromkeys(ORIENTATIONS, 2)
        assert set(one.corners) <= corners_seen(one.picture)
        more += len(corners_seen(one.picture) - set(one.corners))
    assert more > 100


@pytest.mark.parametrize("kind", KINDS)
def test_is_a_scene_there_at_every_size_and_the_same_again(kind: str) -> None:
    for size in ((8, 8), (8, 256), (256, 8), (256, 256)):
        one, again, other = scene(kind, 7, *size), scene(kind, 7, *size), scene(kind, 8, *size)
        assert one.corners == again.corners and one.picture.tobytes() == again.picture.tobytes()
        assert one.picture.tobytes() != other.picture.tobytes() or size == (8, 8)
        assert {corner.orientation for corner in one.corners} == set(ORIENTATIONS)
        with pytest.raises(ValueError, match="read-only"):
            one.picture[0, 0] = 1


def test_is_a_scene_the_same_on_this_machine_as_where_it_was_written_down() -> None:
    drawn = b"".join(scene(kind, seed).picture.tobytes() for kind in KINDS for seed in range(5))
    assert hashlib.sha256(drawn).hexdigest()[:16] == "cdecf05725bb67c8"


@pytest.mark.parametrize(
    ("kind", "seed", "height", "width", "said"),
    [
        ("round", 0, 32, 32, "kind 'round': allowed are 'filled', 'outlined'"),
        ("filled", -1, 32, 32, "seed -1: allowed are whole numbers from 0 to 2,147,483,647"),
        ("filled", 0, 7, 32, "height 7: allowed are whole numbers from 8 to 256"),
        ("filled", 0, 32, 257, "width 257: allowed are whole numbers from 8 to 256"),
        ("filled", 0.5, 32, 32, "seed 0.5: allowed are whole numbers"),
    ],
)
def test_does_a_refusal_name_what_is_allowed(kind: str, seed: int, height: int, width: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        scene(kind, seed, height, width)
