"""Equal trainings are trained once: what runs share changes nothing of what each of them is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from corner_lab.experiment.experiment import Experiment
from corner_lab.export.rounding import sensitivity
from corner_lab.training import run as run_module
from corner_lab.training.run import Run
from corner_lab.training.trainer import Chunk
from corner_lab.workers import recordings
from corner_lab.workers.recordings import Recording, Recordings

CURED = Experiment(labels="aligned", head="sigmoid", loss="binary_crossentropy", epochs=60)


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many epochs each chunk had that was really trained, where runs share."""
    chunks: list[int] = []
    train = run_module.train

    def counted(*args: object) -> Chunk:
        chunk = train(*args)  # type: ignore[arg-type]
        chunks.append(len(chunk.rows))
        return chunk

    monkeypatch.setattr(run_module, "train", counted)
    recordings.share(Recordings())
    yield chunks
    recordings.share(None)


def rows_of(run: Run) -> np.ndarray:
    assert run.history is not None
    return run.history.rows


def test_is_the_same_trained_once_and_something_else_anew(trained: list[int]) -> None:
    recordings.share(None)
    alone, longer = Run(CURED).train(), Run(replace(CURED, epochs=100)).train()
    assert sum(trained) == 160
    recordings.share(Recordings())
    trained.clear()
    first, second = Run(CURED).train(), Run(CURED).train()
    assert sum(trained) == 60 and first.id != second.id
    for run in (first, second):
        np.testing.assert_array_equal(rows_of(run), rows_of(alone))
        assert (run.status, run.reason, run.history.solved_at) == ("finished", "all_epochs", alone.history.solved_at)
    # Trained longer it goes on as if it had been asked for all at first, and so does the next that asks for it.
    second.extend(40)
    np.testing.assert_array_equal(rows_of(second.train()), rows_of(longer))
    np.testing.assert_array_equal(rows_of(Run(longer.experiment).train()), rows_of(longer))
    assert sum(trained) == 100 and len(rows_of(first)) == 61
    others = [replace(CURED, seed=1), replace(CURED, learning_rate=0.02), replace(CURED, stop="solved")]
    for number, e in enumerate(others, 1):
        Run(e, held=None).train()
        assert sum(trained) == 100 + 60 * number
    Run(CURED, held={0: 0.5}).train()
    Run(CURED, alone.history.weights_at(3)).train()
    assert sum(trained) == 100 + 60 * 5


def test_does_a_run_that_is_stopped_leave_the_others_alone_and_a_twin_of_other_roundings_train_by_itself(
    trained: list[int],
) -> None:
    e = replace(CURED, epochs=5000)
    stopped, other = Run(e), Run(e)
    while stopped.history is None or not stopped.history.last:
        stopped.step()
    stopped.stop()
    assert not stopped.step() and stopped.reason == "by_hand"
    assert other.train().status == "finished" and len(rows_of(stopped)) < 5001 == len(rows_of(other))
    assert sum(trained) == 5000
    assert 0 < sensitivity(Run(CURED).train()).spread < 1e-3, "its own roundings, not those of the run"


def test_are_as_many_recordings_kept_as_fit_the_oldest_ones_gone() -> None:
    rows = np.zeros((10, 25), np.float32)  # 1,000 bytes
    kept = Recordings(most=2500)
    for key in "abc":
        kept.of(key).add(0, rows, key)
    assert kept.of("a").begun, "the limit is looked at where one is asked for"
    assert [kept.of(key).begun for key in "cab"] == [True, True, False]
    few = Recordings(count=2)
    for key in "abac":
        few.of(key).add(0, rows, key)
    assert [few.of(key).begun for key in "acb"] == [True, True, False]
    one = Recording()
    one.add(0, rows[:4], "at 4")
    one.add(4, rows[:3], "at 7")
    one.add(4, rows[:9], "too late")
    found = [one.after(0, 100), one.after(0, 6), one.after(4, 3)]
    assert [(len(rows), state) for rows, state in filter(None, found)] == [(7, "at 7"), (4, "at 4"), (3, "at 7")]
    assert one.after(0, 3) is one.after(1, 9) is one.after(7, 9) is None


def test_is_nothing_kept_of_what_rows_are_cut_from() -> None:
    found, table = recordings.Recording(), np.zeros((1024, 13), dtype=np.float32)
    found.add(0, table[:3], None)
    ((rows, _),) = found._chunks.values()
    assert rows.base is None and rows.nbytes == found.size
