"""Runs that were trained before: they come back bit for bit, with where they come from, and whatever is wrong with a
file."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from corner_lab.analysis.stored_results import SHIPPED, Provenance
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.export.stage_record import run_record
from corner_lab.story.stored_runs import StoredRuns, packed, unpacked
from corner_lab.story.trained_runs import TOLD, Rehearsal
from corner_lab.training import run as run_module
from corner_lab.training.run import Run
from corner_lab.workers import WorkerEnded

ROOT = Path(__file__).resolve().parents[3]
OLD = Provenance("3.0.0", "2.0.0", "an old machine", "2001-02-03", "abc1234")
NEW = replace(OLD, date="2004-05-06")
WORDS = '{"columns": 15, "seconds": {"warm_up": 1, "train": 2}, "costs": {}}'
QUICK = replace(SCENARIOS["as asked"].experiment, epochs=3)
SOLVED = SCENARIOS["the short way"].experiment


@given(arrays("<u4", array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40), elements=st.integers(0, 2**32 - 1)))
def test_do_numbers_come_back_bit_for_bit(bits: np.ndarray) -> None:
    values = bits.view("<f4")  # any: infinite ones and no numbers too
    found = unpacked(packed(values), values.shape[1])
    assert found.shape == values.shape and (found.view("<u4") == bits).all()


@pytest.mark.parametrize("e", [QUICK, SOLVED], ids=["all its epochs", "its stop rule"])
def test_does_a_run_come_back_as_it_was(e: Experiment, tmp_path: Path) -> None:
    run = Run(e).train()
    assert StoredRuns(tmp_path / "a folder" / "mine.sqlite").keep(run, OLD)
    found = StoredRuns(tmp_path / "a folder" / "mine.sqlite").of(e)
    assert found is not None and found.provenance == OLD
    again = found.run(e)
    assert again.id != run.id and again.over
    for name in ("experiment", "status", "reason", "message", "seconds", "updates"):
        assert getattr(again, name) == getattr(run, name), name
    was, is_now = run_record(run, "title"), run_record(again, "title", found.costs)
    assert asdict(is_now.header) == asdict(was.header) | {"run": again.id}
    for name, column in was.columns.items():
        assert is_now.columns[name].tobytes() == column.tobytes(), name


def test_counts_what_was_trained_here_more_than_what_is_shipped(tmp_path: Path) -> None:
    run, mine, shipped = Run(QUICK).train(), tmp_path / "mine", tmp_path / "shipped"
    assert StoredRuns(shipped).keep(run, OLD)
    stored = StoredRuns(mine, shipped)
    assert stored.of(replace(QUICK, epochs=4)) is None
    for provenance in (OLD, NEW):
        found = stored.of(QUICK)
        assert found is not None and found.provenance == provenance
        assert stored.keep(run, NEW)
    found = StoredRuns(mine, shipped).of(QUICK)
    assert found is not None and found.provenance == NEW


def test_is_no_run_kept_that_did_not_come_to_its_own_end(tmp_path: Path) -> None:
    stopped, begun, nothing = Run(QUICK), Run(QUICK), Run(replace(QUICK, epochs=0)).train()
    stopped.step()
    stopped.stop()
    stopped.train()
    begun.step()
    for run in (stopped, begun, nothing, Run(QUICK)):
        with pytest.raises(ValueError, match="to its own end"):
            StoredRuns(tmp_path / "mine").keep(run, OLD)


def test_is_a_wrong_file_one_without_runs_and_does_one_that_cannot_be_written_say_so(tmp_path: Path) -> None:
    run = Run(QUICK).train()
    broken, good = tmp_path / "broken", tmp_path / "good"
    broken.write_bytes(b"no database" * 100)
    assert StoredRuns(good).keep(run, OLD)
    wrong = {
        "told": [
            "{}",
            "[]",
            "[" * 100_000,
            "no JSON",
            WORDS.replace("1", "1" + 400 * "0"),
            WORDS.replace("1", "NaN"),
            '{"columns": 14, "seconds": {}, "costs": {}}',
            '{"columns": 0}',
        ],
        "rows": [b"", b"no LZMA", packed(np.zeros((3, 15), np.float32)), packed(np.full((4, 15), np.nan, np.float32))],
        "gradients": [b"", packed(np.zeros((3, 2), np.float32))],
        "provenance": [
            "{}",
            '{"who": 1}',
            json.dumps(asdict(OLD) | {"date": 5}),
            json.dumps(asdict(OLD) | {"processors": "2"}),
        ],
    }
    files = [broken, tmp_path, tmp_path / "missing"]
    for column, values in wrong.items():
        for number, value in enumerate(values):
            files.append(tmp_path / f"{column}-{number}")
            files[-1].write_bytes(good.read_bytes())
            with closing(sqlite3.connect(files[-1])) as file, file:
                file.execute(f"UPDATE runs SET {column} = ?", (value,))
    for path in files:
        assert StoredRuns(path).of(QUICK) is None, path
    stored = StoredRuns(broken)
    assert not stored.keep(run, OLD) and broken.read_bytes().startswith(b"no database")
    assert stored.of(QUICK) is not None, "it counts as long as the program runs"
    for epochs, columns in ((3, 13), (2, 15)):  # another network's, and fewer epochs
        rows, gradients = (packed(np.zeros((epochs + 1, count), np.float32)) for count in (columns, 2))
        told = json.dumps({"columns": columns, "seconds": asdict(run.seconds), "costs": {}})
        with closing(sqlite3.connect(good)) as file, file:
            file.execute("UPDATE runs SET told = ?, rows = ?, gradients = ?", (told, rows, gradients))
        assert StoredRuns(good).of(QUICK) is None


def test_is_all_of_the_story_shipped_as_it_is_trained_here() -> None:
    shipped, here = Rehearsal(stored=StoredRuns(SHIPPED)), Rehearsal()
    (provenance,) = shipped.provenances()
    assert shipped.whole and shipped.current is None and provenance.commit
    while here.step():
        pass
    for name, run in here.runs.items():
        before = shipped.runs[name]
        assert (before.status, before.reason, before.message) == (run.status, run.reason, run.message), name
        assert before.history is not None and run.history is not None
        assert before.history.last == run.history.last
        assert (before.history.weights[0] == run.history.weights[0]).all(), "the same start"
        # As far as processors that round otherwise let training go apart.
        np.testing.assert_allclose(before.history.weights[-1], run.history.weights[-1], atol=2e-3, err_msg=name)


def test_stays_what_was_trained_before_until_it_is_trained_again_and_is_then_kept(tmp_path: Path) -> None:
    few = {"as asked": QUICK, "the short way": SOLVED}
    assert StoredRuns(tmp_path / "mine").keep(Run(QUICK).train(), OLD)
    made = Rehearsal(few, StoredRuns(tmp_path / "mine"))
    assert made.provenances() == [OLD] and not made.provenances(["the short way"])
    assert [*made.runs] == ["as asked"] and not made.whole and made.current == "the short way"
    before = made.record("as asked")
    made.train_again()
    made.train_again()  # as another visitor may
    assert made.record("as asked") is before and made.provenances() == [OLD] and made.current == "as asked"
    while made.step():
        pass
    again = made.record("as asked")
    assert made.whole and not made.provenances() and before and again and again.header.run != before.header.run
    (kept,) = Rehearsal(few, StoredRuns(tmp_path / "mine")).provenances()
    assert replace(kept, date="") == replace(Provenance.here(), date="")
    made.train_again()
    assert made.current is None, "they were trained here"


def test_stays_what_was_trained_before_where_it_cannot_be_trained_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(*args: object) -> None:
        raise WorkerEnded("the worker process 5 ended: SIGKILL")

    assert StoredRuns(tmp_path / "mine").keep(Run(QUICK).train(), OLD)
    made = Rehearsal({"as asked": QUICK}, StoredRuns(tmp_path / "mine"))
    before = made.record("as asked")
    made.train_again()
    with monkeypatch.context() as patch:
        patch.setattr(run_module, "train", ends)
        while made.step():
            pass
    assert [*made.problems] == ["as asked"] and made.current is None
    assert made.whole and made.record("as asked") is before and made.provenances() == [OLD]
    monkeypatch.setattr(StoredRuns, "keep", ends)
    made.again()
    while made.step():
        pass
    assert not made.problems and not made.provenances(), "it is there, if it cannot be kept"


def test_is_the_story_told_before_there_is_keras() -> None:
    code = """
import sys
sys.modules["keras"] = sys.modules["tensorflow"] = None
from corner_lab.analysis.stored_results import SHIPPED
from corner_lab.story.steps import STEPS, sentences
from corner_lab.story.stored_runs import StoredRuns
from corner_lab.story.trained_runs import Rehearsal
from corner_lab.workers import elsewhere

class Nobody:
    def call(self, function, *args, **kwargs):
        raise AssertionError("a worker was asked")

elsewhere.use(Nobody())
made = Rehearsal(stored=StoredRuns(SHIPPED))
print([step.id for step in STEPS if len(sentences(step, made.runs)) < 1 + (step.then is not None)])
print([name for name in made.runs if made.record(name) is None], len(made.runs))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout == f"[]\n[] {len(TOLD)}\n", done.stderr
