"""Trains anew what the package ships: `python -m tools.measure causes`, some minutes, or `... story`."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

from corner_lab.analysis.ablation_study import Causes, progress
from corner_lab.analysis.stored_results import SHIPPED, Provenance, StoredResults
from corner_lab.story.stored_runs import StoredRuns
from corner_lab.story.trained_runs import EXPERIMENTS
from corner_lab.training.run import Run
from corner_lab.training.seed_sweep import many_for


def measure_causes(provenance: Provenance) -> None:
    causes, told = Causes(), ""
    while (case := causes.current) is not None:
        causes.advance(case)
        now = progress(causes, case).partition(",")[0]
        if now != told:
            print(told := now, flush=True)
    _empty("tallies")
    stored = StoredResults(SHIPPED)
    for case in causes.cases.values():
        for experiment in filter(None, (case.experiment, case.refused)):
            many = many_for(experiment, causes.seeds)
            assert many.tally.status != "failed", many.tally.message
            assert stored.keep(many.experiment, many.tally, provenance)


def train_story(provenance: Provenance) -> None:
    runs = [Run(experiment).train() for experiment in EXPERIMENTS.values()]
    _empty("runs")
    stored = StoredRuns(SHIPPED)
    for run in runs:
        assert stored.keep(run, provenance), run


def _empty(table: str) -> None:
    with closing(sqlite3.connect(SHIPPED)) as file:
        file.execute(f"DROP TABLE IF EXISTS {table}")
        file.execute("VACUUM")


WHAT = {"causes": measure_causes, "story": train_story}


def main(wanted: list[str]) -> None:
    if not wanted or {*wanted} - {*WHAT}:
        sys.exit(f"say what: {' or '.join(WHAT)}")
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
    for name in wanted:
        WHAT[name](Provenance.here(commit.stdout.strip()))


if __name__ == "__main__":
    main(sys.argv[1:])
