"""Sharing the machine: a short run while two long ones go."""

from __future__ import annotations

import statistics
import time
from dataclasses import replace

from benchmarks.report import Line, seconds
from corner_lab.experiment.experiment import MAX_EPOCHS, Experiment
from corner_lab.training.engine import warm
from corner_lab.training.run import Run
from corner_lab.workers.pool import Pool

SHORT = Experiment()  # the question as asked, 100 epochs
LONG = replace(SHORT, epochs=MAX_EPOCHS)
ROUNDS = 5


def short_run() -> list[Line]:
    warm(SHORT)
    pool = Pool()
    alone = statistics.median(_until_over(pool) for _ in range(ROUNDS))
    long = [pool.submit(Run(replace(LONG, seed=seed))) for seed in (1, 2)]
    while any(run.history is None for run in long):
        time.sleep(0.01)
    beside_long = []
    for _ in range(ROUNDS):
        if any(run.over for run in long):
            break
        beside_long.append(_until_over(pool))
    still_going = not any(run.over for run in long)
    for run in long:
        run.stop()
    while not all(run.over for run in long):
        time.sleep(0.01)
    if not beside_long or not still_going:
        return [Line("a warm 100-epoch run, two of 100,000 going", "the long runs ended too early to tell")]
    took = statistics.median(beside_long)
    ratio = f"{took / alone:.1f}x"
    what = "a warm 100-epoch run, two of 100,000 going"
    return [Line(what, seconds(took), f"{seconds(alone)} alone", ratio, took, ("<=", 2.0, "2 s"))]


def _until_over(pool: Pool) -> float:
    run, start = Run(SHORT), time.perf_counter()
    pool.submit(run)
    while not run.over:
        time.sleep(0.001)
    assert run.status == "finished", run.message
    return time.perf_counter() - start
