"""The static site: a list, the story and a player for each scenario, in a folder that holds nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from corner_lab.cli import commands
from corner_lab.cli.progress import Show
from corner_lab.cli.sigint import Interrupts
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.export.share_link import read
from corner_lab.export.weights_file import FileError
from corner_lab.player.site import INDEX, STORY_FILE, check_folder, file_name, site_files
from corner_lab.training.outcome import outcome
from corner_lab.training.run import Run
from tests.core.player.test_player import Reader, headers

APP = "https://lab.example.org/"


def test_has_every_scenario_a_file_of_its_own_in_the_site_that_the_command_makes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: dict[str, Run] = {}

    def written(path: str, runs: Mapping[str, Run], base: str) -> str:
        made.update(runs)
        return f"{path} {base}"

    monkeypatch.setattr(commands, "_trained", lambda run, interrupts, show: None)
    monkeypatch.setattr(commands, "site_folder", written)
    assert commands.main(["site", "--output", str(tmp_path / "site"), "--base", APP]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'site'} {APP}\n"
    assert {name: run.experiment for name, run in made.items()} == {n: s.experiment for n, s in SCENARIOS.items()}
    names = [file_name(name) for name in SCENARIOS]
    assert len({*names, INDEX, STORY_FILE}) == len(SCENARIOS) + 2
    assert file_name("the asker's fix") == "the-askers-fix.html"


def test_lists_the_index_what_came_of_each_run_and_how_to_train_it_again(story_runs: dict[str, Run]) -> None:
    files = site_files(story_runs, APP)
    assert set(files) == {INDEX, STORY_FILE, *map(file_name, story_runs)}
    index = Reader(files[INDEX])
    links = [attrs["href"] or "" for tag, attrs, _ in index.elements if tag == "a"]
    inside, outside = [[link for link in links if link.startswith(APP) == out] for out in (False, True)]
    in_order = [name for name in SCENARIOS if name in story_runs]
    assert inside == [STORY_FILE, *map(file_name, in_order)] and not any("/" in link for link in inside)
    for name, item, link in zip(in_order, index.all("li"), outside, strict=False):
        run, (asked, errors) = story_runs[name], read(link)
        assert not errors and asked.experiment == SCENARIOS[name].experiment
        last = run.history.last if run.history is not None else None
        assert asked.epoch == last and link in item
        assert SCENARIOS[name].text in item and f'--scenario "{name}"' in item
        shown = Reader(files[file_name(name)])
        assert [header["last"] for header in headers(shown)] == [last]
        assert next(attrs["href"] for tag, attrs, _ in shown.elements if tag == "a") == INDEX
        assert shown.all("article")[0].split("\n")[2].strip() in item
    (of_asked,) = [item for name, item in zip(in_order, index.all("li"), strict=True) if name == "as asked"]
    assert outcome(story_runs["as asked"])[0] in of_asked
    size = sum(len(text.encode()) for text in files.values())
    assert f"These 10 files take {size / 1e6:.1f} MB" in index.all("main")[0]
    assert not index.all("script")


def test_is_a_site_written_over_and_nothing_else(tmp_path: Path, story_runs: dict[str, Run]) -> None:
    folder = tmp_path / "new" / "site"
    check_folder("--output", str(folder))
    assert not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in site_files(story_runs).items():
        (folder / name).write_text(text)
    check_folder("--output", str(folder))
    for name, text in {"index.html": "<title>mine</title>", "notes.txt": ""}.items():
        before = (folder / name).read_text() if (folder / name).exists() else None
        (folder / name).write_text(text)
        with pytest.raises(FileError, match=f"holds '{name}', which is no part of a site; name an empty folder"):
            check_folder("--output", str(folder))
        (folder / name).unlink() if before is None else (folder / name).write_text(before)
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="not a directory"):
        check_folder("--output", str(tmp_path / "file"))


def test_does_ctrl_c_leave_no_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(run: Run, interrupts: Interrupts, show: Show) -> None:
        interrupts.seen = 1

    monkeypatch.setattr(commands, "_trained", pressed)
    (tmp_path / "empty").mkdir()
    for folder in ("new", "empty"):
        assert commands.main(["site", "--output", str(tmp_path / folder)]) == 130
        assert "interrupted, and nothing was written" in capsys.readouterr().err
    assert [*tmp_path.rglob("*")] == [tmp_path / "empty"]
