"""Moving pictures: their time, what is refused, and the files. tests/browser/test_movie.py draws one."""

from __future__ import annotations

import base64
import io
import json
import os
import signal
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from PIL import Image, ImageSequence

from corner_lab.cli import commands, written_files
from corner_lab.cli.progress import Show
from corner_lab.cli.sigint import Interrupts
from corner_lab.movie import Made, Movie, MovieError, browser
from corner_lab.movie.camera import Picture
from corner_lab.movie.files import written
from corner_lab.movie.make import Told
from corner_lab.movie.page import html, records
from corner_lab.movie.request import FORMATS, PARTS
from corner_lab.movie.timing import durations, stage_time
from corner_lab.player import Played
from corner_lab.training.run import Run

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("seconds", [0.5, 1, 3.33, 8, 31.5, 60])
def test_is_it_as_long_as_asked_and_does_its_end_stay(seconds: float, format: str) -> None:
    unit = {"webp": 1, "gif": 10, "mp4": 40}[format]  # ms
    *moving, end = durations(seconds, format)
    assert all(ms % unit == 0 and ms > 0 for ms in (*moving, end))
    assert abs(sum(moving) + end - 1000 * seconds) <= unit / 2
    assert abs(end - (1500 if seconds >= 4.5 else 1000 * seconds / 3)) <= 1.5 * unit
    assert max(moving) - min(moving) <= unit
    fastest = 40 if format == "mp4" else 80
    assert min(moving) >= fastest - unit and len(moving) <= 30_000 / fastest


@pytest.mark.parametrize("last", [1, 7, 100, 10_000])
def test_does_time_pass_as_on_the_stage_s_axis_of_epochs(last: int) -> None:
    assert stage_time(0, last) == 0 and stage_time(last, last) == pytest.approx(5000)
    for epoch in {1, last // 3, last}:
        share = stage_time(epoch, last) / 5000
        assert 5 * ((1 + last / 5) ** share - 1) == pytest.approx(epoch)
    with pytest.raises(ValueError, match=f"epoch {last + 1} of a run of {last}"):
        stage_time(last + 1, last)


def never(*_: object) -> NoReturn:
    raise AssertionError("nothing is to be trained")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--output a.png", "--output 'a.png': the end of its name says what it is to be: .webp, .gif, .mp4"),
        ("--output webp", "the end of its name says"),
        ("--output none/a.webp", "--output 'none/a.webp': no such file or directory"),
        ("", "the following arguments are required: --output"),
        ("--output a.gif --seconds 0.4", "--seconds 0.4: allowed are 0.5 to 60"),
        ("--output a.gif --seconds 61", "--seconds 61: allowed are 0.5 to 60"),
        ("--output a.gif --seconds -8", "--seconds -8: allowed are 0.5 to 60"),
        ("--output a.gif --seconds inf", "--seconds inf: allowed are"),
        ("--output a.gif --seconds long", "--seconds 'long': not a number"),
        ("--output a.gif --size 1280", "--size '1280': expected is WIDTHxHEIGHT in pixels, as 1280x720"),
        ("--output a.gif --size 100x100", "--size 100x100: allowed are 320x180 to 1920x1200"),
        ("--output a.gif --size 9999x720", "--size 9999x720: allowed are"),
        ("--output a.mp4 --size 641x360", "--size 641x360: an MP4 needs an even width and an even height"),
        ("--output a.gif --show atlas,stars", "--show 'stars': allowed are outcome, bench, atlas, curves, transport"),
        ("--output a.gif --show ,", "--show: nothing is named: allowed are"),
        ("--output a.gif --scenario nonsense", "scenario 'nonsense': allowed are"),
        ("--output a.gif --link labels=wrong", "labels 'wrong'"),
        ("--output a.gif --link epochs=0", "epochs 0: nothing moves before the first epoch is over"),
        ("--output a.gif --link epoch=0", "epoch 0: nothing moves before the first epoch is over"),
    ],
)
def test_is_what_cannot_be_refused_in_a_sentence_before_anything_is_trained(
    words: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "_trained", never)
    monkeypatch.chdir(tmp_path)
    assert commands.main(["movie", *words.split()]) == 2
    out, err = capsys.readouterr()
    (line,) = err.splitlines()
    assert out == "" and line.startswith("error: ") and said in line
    assert list(tmp_path.iterdir()) == []


def in_a_process(code: str, *words: str, **environment: str) -> str:
    """What it says of what is wrong, in a line. A process of its own: Playwright leaves none of itself behind."""
    command = [sys.executable, "-c", code + "\nfrom corner_lab.__main__ import run\nrun()", *words]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=120)
    (line,) = done.stderr.splitlines()
    assert done.returncode == 2 and done.stdout == ""
    return line


def test_is_it_said_what_to_install_where_no_browser_starts(tmp_path: Path) -> None:
    words = ["movie", "--output", str(tmp_path / "a.webp")]
    none_starts = "from corner_lab.movie import browser\nbrowser._try = lambda *_, **way: None"
    said = in_a_process(none_starts, *words, CHROMIUM="")
    assert "no Chromium, Chrome or Edge found" in said and "python -m playwright install chromium" in said
    said = in_a_process("", *words, CHROMIUM=sys.executable)
    assert said == f"error: CHROMIUM '{sys.executable}': no Chromium, Chrome or Edge that starts"
    said = in_a_process("", *words, "--browser", "no-such-browser", CHROMIUM="")
    assert said == "error: --browser 'no-such-browser': no Chromium, Chrome or Edge that starts"
    assert list(tmp_path.iterdir()) == []


def test_is_it_said_what_to_install_where_a_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "find_spec", lambda name: None if name == "imageio_ffmpeg" else name)
    browser.check_tools("webp")
    with pytest.raises(MovieError, match=r"\(mp4\) needs imageio-ffmpeg: run `python -m pip install imageio-ffmpeg`"):
        browser.check_tools("mp4")
    monkeypatch.setattr(browser, "find_spec", lambda name: None)
    with pytest.raises(MovieError, match="pip install playwright`"):
        browser.check_tools("gif")


def header(record: str) -> dict[str, Any]:
    data = base64.b64decode(record)
    found: dict[str, Any] = json.loads(data[4 : 4 + struct.unpack("<I", data[:4])[0]])
    return found


def test_does_it_end_as_its_link_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Played, Movie, str | None]] = []

    def made(run: Played, movie: Movie, chosen: str | None, tell: object) -> Made:
        asked.append((run, movie, chosen))
        return Made([0, 3], [500, 500], 12_345)

    monkeypatch.setattr(commands, "check_movie", lambda movie, chosen: None)
    monkeypatch.setattr(written_files, "made", made)
    output = str(tmp_path / "a.GIF")
    weights = ",".join(map(str, range(12)))
    link = f"http://lab.example.org/?epochs=5&pixels=27&epoch=3&weights={weights}"
    more = ["--seconds", "1", "--size", "640×360", "--dark", "--show", "curves, bench", "--browser", "my-browser"]
    assert commands.main(["movie", "--link", link, "--output", output, *more]) == 0
    assert capsys.readouterr().out == f"{output}: 2 pictures, 1 s, 12 kB\n"
    ((run, movie, chosen),) = asked
    assert movie == Movie(output, 1, (640, 360), True, ("bench", "curves")) and movie.format == "gif"
    assert chosen == "my-browser"
    plays, rests = map(header, records(run))
    assert (plays["at"], plays["weights"], plays["autoplay"], plays["pixels"]) == (None, None, True, 27)
    assert (rests["at"], rests["weights"], rests["run"]) == (3, list(range(12)), plays["run"])
    assert rests["rev"] > plays["rev"] and plays["guest"] and plays["last"] == 5


@pytest.mark.parametrize("trained", [True, False])
def test_does_ctrl_c_end_the_drawing_and_leave_no_half_file(
    trained: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before that, in training, it ends the training alone: a moving picture of what is there by then is made."""

    def pressed(run: Run, interrupts: Interrupts, show: Show) -> None:
        run.train()
        interrupts.let_stop(run)
        if not trained:
            signal.raise_signal(signal.SIGINT)

    def made(run: Played, movie: Movie, chosen: str | None, tell: Told) -> Made:
        tell(1, 3)
        if trained:
            signal.raise_signal(signal.SIGINT)
            tell(2, 3)
        return Made([0, 2], [500, 500], 1000)

    monkeypatch.setattr(commands, "_trained", pressed)
    monkeypatch.setattr(commands, "check_movie", lambda movie, chosen: None)
    monkeypatch.setattr(written_files, "made", made)
    output = str(tmp_path / "a.webp")
    assert commands.main(["movie", "--link", "epochs=2", "--output", output]) == (130 if trained else 0)
    out, err = capsys.readouterr()
    assert (out == "", "error: interrupted" in err) == (trained, trained)
    assert list(tmp_path.iterdir()) == []


def test_has_the_page_the_font_of_the_app_and_the_parts() -> None:
    text = html(("bench", "curves"))
    assert "@font-face" in text and "font/woff2" in text
    assert 'data-film="bench curves"' in text and html(PARTS) != text


# ---------------------------------------------------------------- files


def scene(place: int) -> Image.Image:
    """Smooth grey with thousands of its own shades of blue, and a mark of 4 pixels in a colour of its own."""
    rows, columns = np.mgrid[:180, :320]
    levels = np.stack([rows, rows, 255 - columns // 2], axis=-1).astype(np.uint8)
    levels[100:, :] = (250, 250, 250)
    levels[120:122, place : place + 2] = (176, 36, 92)
    return Image.fromarray(levels)


def pictures(places: list[int]) -> list[Picture]:
    taken = []
    for place in places:
        file = io.BytesIO()
        scene(place).save(file, "PNG")
        taken.append(Picture(place, file.getvalue()))
    return taken


PLACES = [0, 40, 40, 80, 300]
TIMES = [80, 80, 120, 40, 1480]


@pytest.mark.parametrize("format", ["webp", "gif"])
def test_does_a_file_hold_its_pictures_and_their_times_for_ever(format: str) -> None:
    file = Image.open(io.BytesIO(written(format, pictures(PLACES), TIMES)))
    assert file.format == format.upper() and file.size == (320, 180) and file.info["loop"] == 0
    found = [(np.asarray(frame.convert("RGB"), dtype=int), frame.info["duration"]) for frame in frames(file)]
    assert [ms for _, ms in found] == [80, 200, 40, 1480]  # one picture that stands still is one
    for (levels, _), place in zip(found, [0, 40, 80, 300], strict=True):
        wanted = np.asarray(scene(place), dtype=int)
        assert np.abs(levels - wanted).max() <= 48  # 255 colours of thousands
        np.testing.assert_array_equal(levels[130:], wanted[130:])  # what most pixels have is kept to the letter
        np.testing.assert_allclose(levels[120:122, place : place + 2], wanted[120:122, place : place + 2], atol=24)


def frames(file: Image.Image) -> list[Image.Image]:
    """Each frame as it is shown, with its own time."""
    found = []
    for frame in ImageSequence.Iterator(file):
        shown = frame.convert("RGB")
        shown.info["duration"] = frame.info["duration"]
        found.append(shown)
    return found


def test_is_an_mp4_as_long_as_its_pictures_stand(tmp_path: Path) -> None:
    from imageio_ffmpeg import get_ffmpeg_exe

    path = tmp_path / "a.mp4"
    path.write_bytes(written("mp4", pictures(PLACES), TIMES))
    decoded = [get_ffmpeg_exe(), "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    done = subprocess.run(decoded, capture_output=True, check=True)
    said = done.stderr.decode()
    assert "h264" in said and "320x180" in said and "25 fps" in said and "Duration: 00:00:01.80" in said
    seen = np.frombuffer(done.stdout, np.uint8).reshape(-1, 180, 320, 3).astype(int)
    assert len(seen) == sum(TIMES) // 40
    for number, place in [(0, 0), (2, 40), (7, 80), (len(seen) - 1, 300)]:
        assert np.abs(seen[number] - np.asarray(scene(place), dtype=int)).mean() < 6
    index, data = (path.read_bytes().index(name) for name in (b"moov", b"mdat"))
    assert index < data  # it plays while it loads


def test_is_it_said_what_the_encoder_did_not_like() -> None:
    file = io.BytesIO()
    Image.new("RGB", (321, 181)).save(file, "PNG")
    with pytest.raises(OSError, match=r"ffmpeg ended with code \d+: \S+"):
        written("mp4", [Picture(0, file.getvalue())], [4000])
