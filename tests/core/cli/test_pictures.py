"""`detect` and `scenes`: what they print and write, and what they refuse."""

from __future__ import annotations

import csv
import json
import shlex
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from corner_lab.cli import commands
from corner_lab.network.patterns import CORNER
from corner_lab.pictures import KINDS, Corner, scene, wanted
from corner_lab.pictures.files import read, write_png
from tests.core.cli.test_commands import process, strict_json


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With three scenes in it: filled-0.png to filled-2.png."""
    monkeypatch.chdir(tmp_path)
    for seed in range(3):
        Path(f"filled-{seed}.png").write_bytes(write_png(scene("filled", seed).picture))


def as_json(corners: tuple[Corner, ...]) -> list[dict[str, Any]]:
    return [{"row": c.row, "column": c.column, "orientation": c.orientation} for c in corners]


def test_are_the_corners_of_real_files_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(shlex.split("detect filled-0.png filled-1.png filled-2.png --weights by_hand --json")) == 0
    printed = capsys.readouterr()
    assert printed.err == "" and strict_json(printed.out) == {
        "pictures": [
            {
                "file": f"filled-{seed}.png",
                "size": [32, 32],
                "corners": as_json(wanted(scene("filled", seed).corners, (CORNER,))),
            }
            for seed in range(3)
        ]
    }
    assert commands.main(shlex.split("detect filled-1.png --weights matched --target top_right_corner")) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    assert first == "filled-1.png: 32 × 32, 4 corners"
    true = wanted(scene("filled", 1).corners, (216,))
    assert lines == [f"  row {corner.row}, column {corner.column}: top right" for corner in true]


def test_are_all_four_corners_found_by_the_one_network_turned(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(shlex.split("detect filled-0.png --weights by_hand --orientations --json")) == 0
    corners = strict_json(capsys.readouterr().out)["pictures"][0]["corners"]
    assert corners == as_json(tuple(sorted(scene("filled", 0).corners))) and len(corners) == 16


def test_do_training_and_the_weights_it_saved_find_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    scenario = '--scenario "sigmoid and cross-entropy" --seed 3'
    assert commands.main(shlex.split(f"detect filled-0.png {scenario} --json")) == 0
    trained = strict_json(capsys.readouterr().out)
    assert trained["pictures"][0]["corners"] == as_json(wanted(scene("filled", 0).corners, (CORNER,)))
    assert commands.main(shlex.split(f"train {scenario} --save w.json")) == 0
    fields = "--head sigmoid --labels aligned --loss binary_crossentropy"
    assert commands.main(shlex.split(f"detect filled-0.png --weights w.json {fields}")) == 0
    assert commands.main(shlex.split("detect filled-0.png --link epochs=2")) == 0
    said = capsys.readouterr().out
    assert "\nfilled-0.png: 32 × 32, 4 corners\n" in said
    assert "\ntrained: not solved: " in said and said.endswith("filled-0.png: 32 × 32, 0 corners\n"), said


def test_are_rows_and_columns_those_of_the_file_however_large_dark_or_close_to_the_border(
    capsys: pytest.CaptureFixture[str],
) -> None:
    picture = np.full((500, 700), 230, dtype=np.uint8)
    picture[400:480, 300:650] = picture[0:60, 0:50] = 40
    Image.fromarray(picture).save("dark.jpg", quality=95)
    places = []
    for padding in ("valid", "same"):
        assert commands.main(shlex.split(f"detect dark.jpg --weights by_hand --invert --padding {padding} --json")) == 0
        (found,) = strict_json(capsys.readouterr().out)["pictures"]
        assert found["size"] == [500, 700]
        places.append([(corner["row"], corner["column"]) for corner in found["corners"]])
    assert places == [[(400, 300)], [(0, 0), (400, 300)]]


def test_are_table_and_overlay_of_the_same_corners() -> None:
    assert commands.main(shlex.split("detect filled-0.png --weights by_hand --csv c.csv --overlay o.png")) == 0
    true = wanted(scene("filled", 0).corners, (CORNER,))
    with open("c.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["file", "row", "column", "orientation"]
    assert rows[1:] == [["filled-0.png", str(c.row), str(c.column), c.orientation] for c in true]
    with Image.open("o.png") as image:
        drawn = np.asarray(image).astype(int)
    coloured = (drawn.max(axis=2) != drawn.min(axis=2)).reshape(32, 8, 32, 8).any(axis=(1, 3))
    assert np.argwhere(coloured).tolist() == [[c.row, c.column] for c in true]


REFUSED = {
    "detect none.png --weights by_hand": "picture 'none.png': no such file",
    "detect filled-0.png no.txt --weights by_hand": "picture 'no.txt': this is no picture",
    "detect no.txt --scenario oversample": "picture 'no.txt': this is no picture",
    "detect --weights by_hand": "PICTURE",
    "detect filled-0.png": "--weights --scenario --link is required",
    "detect filled-0.png --weights by_hand --link seed=1": "not allowed with",
    "detect filled-0.png --weights none.json": "no such file; allowed are zeros, by_hand, matched",
    "detect filled-0.png --weights by_hand --epochs 5": "epochs 5: is for training",
    "detect filled-0.png --weights by_hand --from w.json": "leave one out",
    "detect filled-0.png --weights matched --target four_corners": "one target",
    "detect filled-0.png --weights by_hand --brightness 1.5": "from 0 to 1",
    "detect filled-0.png --weights by_hand --brightness nan": "from 0 to 1",
    "detect filled-0.png --weights by_hand --padding full": "valid",
    "detect filled-0.png --scenario oversample --orientations --target X": "turns a network that is for one corner",
    "detect filled-0.png --weights by_hand --csv corners.txt": "must end in .csv",
    "detect filled-0.png --weights by_hand --csv none/c.csv": "no such file",
    "detect filled-0.png --weights by_hand --overlay ./filled-0.png": "is a picture to look at",
    "detect filled-0.png filled-1.png --weights by_hand --overlay o.png": "shows one picture, and there are 2",
    "scenes --kind round --out s": "--kind 'round': allowed are 'filled'",
    "scenes --count 0 --out s": "--count 0: allowed are whole numbers from 1",
    "scenes --seed -1 --out s": "--seed -1: allowed",
    "scenes --seed 2147483647 --count 2 --out s": "--seed 2147483648: allowed",
    "scenes --size 32x --out s": "--size '32x': allowed are pixels a side",
    "scenes --size 32x300 --out s": "--size: width 300: allowed",
    "scenes --kind filled": "--out",
    "scenes --out no.txt": "--out 'no.txt': file exists",
}


@pytest.mark.parametrize("line", REFUSED)
def test_is_what_cannot_be_one_line_and_nothing_written(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("no.txt").write_text("row,column\n")
    before = sorted(Path().iterdir())
    assert commands.main(shlex.split(line)) == 2
    printed = capsys.readouterr()
    (said,) = printed.err.splitlines()
    assert printed.out == "" and said.startswith("error: ") and REFUSED[line] in said
    assert sorted(Path().iterdir()) == before


def test_needs_a_look_up_no_keras(tmp_path: Path) -> None:
    """In a process of its own, whose stderr would show what TensorFlow or a warning says."""
    picture = str(tmp_path / "filled-0.png")
    done = process("detect", picture, "--weights", "by_hand", "--json", PYTHONPROFILEIMPORTTIME="1")
    assert done.returncode == 0 and strict_json(done.stdout)["pictures"][0]["file"] == picture
    assert "numpy" in done.stderr and "tensorflow" not in done.stderr and "plotly" not in done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_are_scenes_written_with_their_truth(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(shlex.split(f"scenes --kind {kind} --count 3 --seed 9 --size 20x40 --out deep/folder")) == 0
    assert capsys.readouterr().out == "3 scenes and truth.json in deep/folder\n"
    truth = json.loads(Path("deep/folder/truth.json").read_text())
    assert (truth["kind"], truth["seed"], len(truth["pictures"])) == (kind, 9, 3)
    for seed, told in enumerate(truth["pictures"], start=9):
        one = scene(kind, seed, 20, 40)
        np.testing.assert_array_equal(read(Path("deep/folder") / told["file"]), one.picture)
        assert told["size"] == [20, 40] and told["corners"] == as_json(one.corners)


def test_is_progress_told_by_the_picture(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    assert not sys.stderr.isatty()
    assert commands.main(shlex.split("scenes --count 12 --out s")) == 0
    assert capsys.readouterr().err.splitlines() == [f"drawing: scene {i} of 12" for i in (1, 6, 11)]
