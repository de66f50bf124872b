"""Stored results: they come back as they were, with where they come from, and whatever is wrong with a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from corner_lab.analysis.ablation import CASES, SEEDS, VERTICES
from corner_lab.analysis.ablation_study import Causes
from corner_lab.analysis.stored_results import SHIPPED, Provenance, StoredResults
from corner_lab.training import seed_sweep
from corner_lab.training.seed_sweep import Many, Tally, many_for

OLD = Provenance("3.0.0", "2.0.0", "an old machine", "2001-02-03", "abc1234")
CASE = CASES["101"]
TALLY = Tally((7, None), right=1, epoch=1000, status="finished")
QUICK = {key: CASES[key] for key in ("As asked: binary cross-entropy",)}  # refused at once


@pytest.fixture(autouse=True)
def measured_by_nobody(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(seed_sweep, "_known", {})
    yield


def test_does_a_result_come_back_from_its_file_and_count_more_than_the_one_behind_it(tmp_path: Path) -> None:
    mine, shipped = tmp_path / "a folder" / "mine.sqlite", tmp_path / "shipped.sqlite"
    assert StoredResults(shipped).keep(CASE.experiment, TALLY, OLD)
    stored = StoredResults(mine, shipped)
    found = stored.of(CASE.experiment, 2)
    assert found is not None and (found.tally, found.provenance) == (TALLY, OLD)
    assert stored.of(CASE.experiment, 3) is None and stored.of(CASES["000"].experiment, 2) is None
    newer = Tally((8, 9), right=2, epoch=1000, status="finished")
    here = Provenance.here()
    assert stored.keep(CASE.experiment, newer, here) and str(here).startswith("Keras 3.")
    for again in (stored, StoredResults(mine, shipped)):
        assert (found := again.of(CASE.experiment, 2)) is not None and (found.tally, found.provenance) == (newer, here)
    with pytest.raises(ValueError, match="still grows"):
        stored.keep(CASE.experiment, Tally((None,), status="running"), here)


def test_is_a_wrong_file_one_without_results_and_does_one_that_cannot_be_written_say_so(tmp_path: Path) -> None:
    broken, other, here = tmp_path / "broken", tmp_path / "other", Provenance.here()
    broken.write_bytes(b"no database" * 100)
    with sqlite3.connect(other) as file:
        file.execute("CREATE TABLE tallies (query, seeds, tally, provenance)")
        file.execute("INSERT INTO tallies VALUES ('', 2, '{\"solved_at\": 3}', '{}')")
    file.close()
    for path in (broken, other, tmp_path, tmp_path / "missing"):
        assert StoredResults(path).of(CASE.experiment, 2) is None
    stored = StoredResults(broken)
    assert not stored.keep(CASE.experiment, TALLY, here) and broken.read_bytes().startswith(b"no database")
    found = stored.of(CASE.experiment, 2)
    assert found is not None and found.tally == TALLY, "it counts as long as the program runs"


def test_has_a_user_without_a_home_what_is_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    assert StoredResults.of_this_machine().of(many_for(CASES["000"].experiment, SEEDS).experiment, SEEDS) is not None


def test_does_a_measurement_show_what_is_stored_and_measure_what_is_not_or_all_of_it_again(tmp_path: Path) -> None:
    stored = StoredResults(tmp_path / "mine.sqlite")
    (case,) = QUICK.values()
    causes = Causes(2, QUICK, stored)
    assert causes.provenance is None and causes.current == case
    while causes.current is not None:
        causes.advance(case)
    assert causes.provenance is None, "it was measured just now"
    again = StoredResults(tmp_path / "mine.sqlite").of(case.experiment, 2)
    assert again is not None and again.tally.status == "refused_by_keras"
    seed_sweep._known.clear()  # as after a restart
    later = Causes(2, QUICK, StoredResults(tmp_path / "mine.sqlite"))
    assert later.current is None and later.provenance == Provenance.here()
    assert later.tally(case) == again.tally and "same rank" in later.refusal(case)
    later.measure_again()
    assert later.current == case and later.provenance is None and later.tally(case).status == "waiting"


def test_is_every_case_shipped_with_where_it_comes_from_and_as_it_is_measured_here() -> None:
    shipped = StoredResults(SHIPPED)
    causes = Causes(SEEDS, stored=shipped)
    assert causes.current is None and causes.provenance is not None and causes.provenance.commit
    asked, solved = VERTICES["000"].experiment, VERTICES["101"].experiment
    assert causes.tally(VERTICES["000"]).solved == 0
    # One of them anew: rounding may move an epoch, but a seed that is solved within a tenth of the time stays so.
    found = shipped.of(Many(solved, SEEDS).experiment, SEEDS)
    assert found is not None and asked.labels == "as_asked"
    assert Many(solved, SEEDS).train().tally.solved == found.tally.solved == SEEDS
