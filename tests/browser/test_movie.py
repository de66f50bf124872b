"""A moving picture of a run, drawn by a real browser."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import floor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.export.share_link import Link
from corner_lab.movie import Movie, MovieError, check, made
from corner_lab.movie.timing import durations
from corner_lab.player import played
from corner_lab.training.run import Run
from tools import chromium

PLAYED = 90  # the epoch of the link, of 100


def test_does_a_run_play_from_its_start_to_where_its_link_is(tmp_path: Path) -> None:
    e = SCENARIOS["a perfect start, as asked"].experiment
    run = Run(e).train()
    link = Link(e, pixels=16, epoch=PLAYED, weights=e.initial_weights())
    movie = Movie(str(tmp_path / "run.webp"), 0.5, (640, 360))
    # Playwright leads a browser of its own, and the tests' one has the loop of this thread.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(check, movie, chromium.find()).result()
        result = thread.submit(made, played(run, "", None, link), movie, chromium.find()).result()
        flat = replace(movie, output=str(tmp_path / "flat.gif"), size=(1920, 180))
        with pytest.raises(MovieError, match=r"--size 1920x180: too small for outcome, bench, .*; show fewer of them"):
            thread.submit(made, played(run), flat, chromium.find()).result()

    assert result.durations == durations(0.5, "webp") and len(result.epochs) == 5
    file = Image.open(movie.output)
    assert (file.n_frames, file.size, file.info["loop"]) == (5, movie.size, 0)  # type: ignore[attr-defined]
    assert [path.name for path in tmp_path.iterdir()] == ["run.webp"]
    assert Path(movie.output).stat().st_size == result.size
    shown = []
    for i, ms in enumerate(result.durations):
        file.seek(i)
        shown.append(np.asarray(file.convert("RGB"), dtype=int))
        assert file.info["duration"] == ms

    # Epochs are where the stage's axis has them, in equal steps; the last is where the link has the playhead.
    ends = np.log1p(PLAYED / 5)
    for i, epoch in enumerate(result.epochs):
        exact = 5 * np.expm1(ends * i / 4)
        assert floor(exact - 1e-3) <= epoch <= floor(exact + 1e-3)
    assert result.epochs[0] == 0 and result.epochs[-1] == PLAYED
    # The pictures show it: the line before the playhead grows to its share, the whole one is 1.
    played_lines = [longest_line(picture[300:]) for picture in shown]
    assert played_lines == sorted(played_lines) and played_lines[0] < 20 < played_lines[1]
    shares = np.log1p(np.array(result.epochs[1:]) / 5) / np.log1p(100 / 5)
    whole = played_lines[-1] / shares[-1]
    assert 400 < whole < 520
    np.testing.assert_allclose(played_lines[1:], whole * shares, atol=8)
    # The whole stage is in it, up to the border at its foot; nothing has the focus's ring.
    for picture in shown:
        assert (picture[:2] == 255).all() and (picture[-3:] == 255).all() and (picture[:, :4] == 255).all()
        assert picture[-40:].min() < 235


def longest_line(picture: np.ndarray) -> int:
    """The most pixels beside each other that are dark."""
    dark = (picture.max(axis=2) < 150).astype(int)  # (height, width)
    best = 0
    for row in dark:
        edges = np.flatnonzero(np.diff(np.concatenate([[0], row, [0]])))
        best = max([best, *(edges[1::2] - edges[::2])])
    return best
