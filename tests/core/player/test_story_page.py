"""The story as a file: what the app says at every step, every run once, and a way to train each of them again."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from corner_lab.cli import commands
from corner_lab.cli.progress import Show
from corner_lab.cli.sigint import Interrupts
from corner_lab.export.share_link import read
from corner_lab.player import story_page
from corner_lab.plots.theme import LIGHT
from corner_lab.story.pictures import figures
from corner_lab.story.steps import STEPS, sentences
from corner_lab.story.trained_runs import EXPERIMENTS, TOLD
from corner_lab.training.outcome import outcome
from corner_lab.training.run import Run
from tests.core.player.test_player import Reader, allowed, columns_of, headers, never, unfolded

APP = "https://lab.example.org/corner/"


@pytest.fixture(scope="module")
def file(story_runs: dict[str, Run]) -> Reader:
    return Reader(story_page(story_runs, APP, "index.html"))


def attributes(file: Reader, tag: str, kind: str) -> list[dict[str, str | None]]:
    return [attrs for found, attrs, _ in file.elements if found == tag and kind in (attrs.get("class") or "").split()]


def test_says_every_step_what_the_app_says(file: Reader, story_runs: dict[str, Run]) -> None:
    steps = [text for tag, attrs, text in file.elements if tag == "section" and attrs["class"] != "panel"]
    for step, text in zip(STEPS, steps, strict=True):
        said = [step.headline(), *sentences(step, story_runs)]
        assert text.strip().startswith("\n".join(said)), step.id
        assert not re.search(r"[*`<]", "".join(said)), "what Markdown would change stands in the file as it is"
        assert len(said) == 2 + (step.then is not None)
    notes = [attrs for attrs in attributes(file, "aside", "panel") if attrs["data-panel"] == "notes"]
    assert [note["data-step"] for note in notes] == [str(number) for number in range(1, len(STEPS) + 1)]
    assert file.all("aside", data_panel="notes") == [step.notes for step in STEPS]


def test_has_it_every_run_once_and_names_the_record_of_every_picture(file: Reader, story_runs: dict[str, Run]) -> None:
    shown = headers(file)
    played = ["Set by hand", *dict.fromkeys(story_runs[name].id for step in STEPS for name in step.shows)]
    assert len(shown) == len(played) == 8 and len({str(header["title"]) for header in shown}) == 8
    assert len({str(header["run"]) for header in shown}) == 8
    assert all(header["guest"] and header["at"] is None and header["scene"] is None for header in shown)
    blocks = file.all("script", class_="record")
    for step, attrs in zip(STEPS, attributes(file, "section", "step"), strict=True):
        about = [TOLD[int(number)] for number in (attrs["data-runs"] or "").split()]
        assert about == list(dict.fromkeys((*step.shows, *step.needs)))
    boxes = [attrs["data-record"] for attrs in attributes(file, "div", "picture") if "data-record" in attrs]
    assert [int(box or 0) for box in boxes] == [0, 1, 3, 5, 6, 7]
    assert [shown[0]["parts"], shown[1]["parts"]] == [["bench", "atlas"], ["atlas", "curves", "move"]]
    switched = [int(attrs["data-shows"] or 0) for attrs in attributes(file, "button", "show")]
    names = [name for step in STEPS if len(step.shows) > 1 for name in step.shows]
    for number, name in zip(switched, names, strict=True):
        history = story_runs[name].history
        assert history is not None
        columns = list(shown[number]["columns"])  # type: ignore[call-overload]
        lost = columns_of(unfolded(blocks[number]))[columns.index("loss")]
        assert (lost == history.column("loss")).all(), name


def test_leads_every_run_back_to_a_training_that_ends_the_same(file: Reader, story_runs: dict[str, Run]) -> None:
    links = [attrs["href"] or "" for tag, attrs, _ in file.elements if tag == "a" and "href" in attrs]
    opened = [link for link in links if link.startswith(APP) and "?" in link]
    found = [read(link) for link in opened]
    assert not any(errors for _, errors in found)
    trained = {link.experiment for link, _ in found}
    assert trained == {*EXPERIMENTS.values(), *(step.opens for step in STEPS)}
    for name in ("as asked", "oversample", "the short way"):
        (run,) = [Run(e).train() for e in trained if e == EXPERIMENTS[name]]
        assert outcome(run) == outcome(story_runs[name])
    tries = [attrs["data-opens"] for attrs in attributes(file, "section", "step")]
    assert [link for link in tries if link and "?" not in link] == [f"{APP}autopsy", f"{APP}pictures"]
    scripts = file.all("pre")
    assert len(scripts) == len(TOLD) and all("keras" in script for script in scripts)
    told = [text for text in file.all("code") if text.startswith("python -m corner_lab train")]
    assert len(told) == len(STEPS) + len(TOLD)


def test_are_its_figures_those_of_the_app_as_still_pictures(file: Reader, story_runs: dict[str, Run]) -> None:
    stills = {step.id: figures(step, story_runs, LIGHT) for step in STEPS if step.picture in ("bar", "pairs", "scenes")}
    named = [attrs["aria-label"] or "" for attrs in attributes(file, "svg", "still")]
    assert len(named) == 7
    for figure in (*stills["reject"], *stills["rectangles"]):
        assert figure.layout.title.text.replace("<br>", " ") in named
    assert named[0] == "evaluate: 0.0037841796875. printed: 9.3703e-04"
    assert named[3].startswith("learned kernel × w₂. −")
    assert named[4] == "matched filter. −1, −1, −1; −1, +1, +1; −1, +1, +1"
    drawn = [json.loads(unfolded(text)) for text in file.all("script", class_="drawing")]
    assert [one["kind"] for one in drawn] == ["sheet", "sums2", "code"]
    assert len(drawn[0]["items"]) == 512 and drawn[2]["say"] == f"QR code of {APP}"


def test_may_nothing_run_but_what_stands_in_it(file: Reader) -> None:
    policy = allowed(file)
    assert policy["default-src"] == ["'none'"] and len(policy["script-src"]) == len(policy["style-src"]) == 2
    assert not [name for _, attrs, _ in file.elements for name in attrs if name.startswith("on") or name == "style"]
    assert not [attrs["src"] for _, attrs, _ in file.elements if "src" in attrs]


def test_has_it_no_qr_code_of_a_place_that_nobody_else_can_open(story_runs: dict[str, Run]) -> None:
    alone = Reader(story_page(story_runs))
    assert "QR code" not in alone.all("button") and len(alone.all("script", class_="drawing")) == 2
    assert "All runs" not in alone.all("a")
    with pytest.raises(ValueError, match="runs that are not there: the short way"):
        story_page({name: run for name, run in story_runs.items() if name != "the short way"})


def test_writes_the_command_the_file_and_says_how_large_it_is(
    story_runs: dict[str, Run], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def trained(run: Run, interrupts: Interrupts, show: Show) -> None:
        (name,) = [name for name, e in EXPERIMENTS.items() if e == run.experiment]
        asked.append(name)
        run.__dict__.update(story_runs[name].__dict__)

    monkeypatch.setattr(commands, "_trained", trained)
    output = tmp_path / "story.html"
    assert commands.main(["story", "--output", str(output), "--base", APP.rstrip("/")]) == 0
    size = output.stat().st_size
    assert capsys.readouterr().out == f"{output}: 12 steps, 8 runs, {size / 1000:,.0f} kB\n" and size < 500_000
    assert asked == [*TOLD]
    assert headers(Reader(output.read_text()))[1]["last"] == 100 and f"{APP}?" in output.read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["story", "--output", "{folder}/none/story.html"], "no such file or directory"),
        (["story", "--output", "{folder}/story.html", "--base", "lab.example.org"], "is no address of a page"),
        (["story"], "the following arguments are required: --output"),
        (["site", "--output", "{folder}/site", "--base", "javascript:alert(1)"], "is no address of a page"),
        (["site", "--output", "{folder}"], "holds 'notes.txt', which is no part of a site; name an empty folder"),
    ],
)
def test_is_what_cannot_be_refused_before_anything_is_trained(
    words: Sequence[str],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(commands, "_trained", never)
    (tmp_path / "notes.txt").write_text("mine")
    assert commands.main([word.format(folder=tmp_path) for word in words]) == 2
    out, err = capsys.readouterr()
    (line,) = err.splitlines()
    assert out == "" and line.startswith("error: ") and said in line
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]
