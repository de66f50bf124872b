"""Training in processes of their own: what comes back is what training here gives, whatever becomes of a process."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corner_lab.analysis.landscape_plane import plane_for
from corner_lab.analysis.loss_landscape import landscape
from corner_lab.diagnostics import findings
from corner_lab.experiment.experiment import Experiment, ExperimentError
from corner_lab.export.keras_script import script_of
from corner_lab.export.stage_record import run_record
from corner_lab.training import run as run_module
from corner_lab.training.engine_state import RefusedByKeras
from corner_lab.training.run import Run
from corner_lab.training.seed_sweep import Many
from corner_lab.training.shuffling import Orders
from corner_lab.training.trainer import train
from corner_lab.workers import WorkerEnded, WorkerProcess

ROOT = Path(__file__).parents[3]
CURED = Experiment(labels="aligned", head="sigmoid", loss="binary_crossentropy", epochs=400)


@pytest.fixture(scope="module")
def process() -> Iterator[WorkerProcess]:
    found = WorkerProcess()
    yield found
    found.kill()


def raises(which: str) -> None:
    """Raise something of this name, as functions of the core do."""
    raise {"field": ExperimentError("epochs", 3, "too few"), "keras": RefusedByKeras("no")}[which]


def end() -> None:
    os._exit(7)


def test_does_a_process_answer_calls_and_raise_what_they_raise(process: WorkerProcess) -> None:
    assert process.alive and process.call(os.getpid) == process.pid != os.getpid()
    assert process.call(sorted, [3, 1, 2], reverse=True) == [3, 2, 1]
    assert process.call(os.getpgid, 0) == process.pid, "Ctrl+C in a terminal does not reach it"
    chosen = Path(f"/proc/{process.pid}/oom_score_adj")
    assert not chosen.exists() or int(chosen.read_text()) > 0, "where memory runs out it goes before its parent"
    with pytest.raises(RefusedByKeras, match=r"^no$"):
        process.call(raises, "keras")
    with pytest.raises(Exception, match=r"epochs.*too few"):  # of another class, where it cannot be pickled
        process.call(raises, "field")
    with pytest.raises(RuntimeError, match="cannot pickle"):
        process.call(open, os.devnull)  # what it gives does not go through a pipe
    assert process.call(os.getpid) == process.pid, "and it goes on"


def test_is_a_process_that_ends_before_it_answers_told_from_one_that_raises() -> None:
    process = WorkerProcess()
    with pytest.raises(WorkerEnded, match="code 7"):
        process.call(end)
    assert not process.alive
    with pytest.raises(WorkerEnded):
        process.call(os.getpid)
    process.kill()


def test_are_a_runs_orders_drawn_on_from_chunk_to_chunk_and_not_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    skipped: list[int] = []
    monkeypatch.setattr(Orders, "skip", lambda orders, epochs: skipped.append(epochs))
    monkeypatch.setattr(run_module, "train", lambda training, *rest: train(pickle.loads(pickle.dumps(training)), *rest))
    run = Run(replace(CURED, epochs=2000)).train()
    assert run.history is not None and run.history.last == 2000 and not skipped


IN_PROCESSES = """
import json, sys, time
from corner_lab import logs
from corner_lab.analysis.landscape_plane import plane_for
from corner_lab.analysis.loss_landscape import landscape
from corner_lab.diagnostics.explanation import Explanation
from corner_lab.experiment.experiment import Experiment
from corner_lab.export.keras_script import script_of
from corner_lab.export.stage_record import run_record
from corner_lab.export.weights_file import keras_file
from corner_lab.training.run import Run
from corner_lab.training.seed_sweep import Many
from corner_lab.workers import Pool, elsewhere

def until(done):
    while not done():
        time.sleep(0.01)

e = Experiment(labels="aligned", head="sigmoid", loss="binary_crossentropy", epochs=400)
logs.set_up("WARNING")
pool = Pool(workers=1, processes=True)
elsewhere.use(pool)
run, long = pool.submit(Run(e)), Run(Experiment(epochs=100_000))
until(lambda: run.over)
pool.submit(long)
until(lambda: long.history is not None and long.history.last > 0)
pool.workers[0].process.kill()
until(lambda: long.taken_over_at is not None)
long.stop()
until(lambda: long.over)
why, many = Explanation(run), pool.submit(Many(e, 3))
while why.findings is None:
    why.step()
until(lambda: many.tally.over)
told = {
    "rows": run.history.rows.tolist(), "status": run.status,
    "gradients": run.history.column("gradient_targets").tolist(),
    "findings": [str(finding) for finding in why.findings],
    "many": list(many.tally.solved_at),
    "taken over": long.taken_over_at, "long": long.history.rows[long.taken_over_at + 1].tolist(),
    "restarts": pool.restarts,
    "file": keras_file(run)[:2].decode(), "record": len(run_record(run, "a title").columns),
    "script": script_of(run),
    "height": float(landscape(e, plane_for(e)).loss[0, 0]),
    "imported": sorted({"keras", "tensorflow"} & set(sys.modules)),
}
print(json.dumps(told))
"""


def test_is_what_processes_train_and_tell_the_same_as_here_and_nothing_of_keras_in_the_server() -> None:
    command = [sys.executable, "-c", IN_PROCESSES]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("another one takes over") == 1, "the log has it"
    told = json.loads(done.stdout)
    assert told["imported"] == [] and told["status"] == "finished" and told["restarts"] == 1
    run = Run(CURED).train()
    assert run.history is not None
    np.testing.assert_array_equal(np.array(told["rows"], np.float32), run.history.rows)
    np.testing.assert_array_equal(np.array(told["gradients"], np.float32), run.history.column("gradient_targets"))
    assert told["findings"] == [str(finding) for finding in findings(run)]
    assert told["many"] == list(Many(CURED, 3).train().tally.solved_at)
    assert (told["file"], told["script"], told["record"]) == ("PK", script_of(run), len(run_record(run, "").columns))
    assert told["height"] == float(landscape(CURED, plane_for(CURED)).loss[0, 0])
    # The run whose process was killed went on from where it stood, with the orders that it would have had.
    at = told["taken over"]
    asked = Run(Experiment(epochs=at + 1)).train()
    assert at > 0 and asked.history is not None
    np.testing.assert_array_equal(np.array(told["long"], np.float32), asked.history.rows[at + 1])
