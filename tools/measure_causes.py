"""Measures the three causes anew and writes what the package ships: `python tools/measure_causes.py`, some minutes."""

from __future__ import annotations

import subprocess

from corner_lab.analysis.ablation_study import Causes, progress
from corner_lab.analysis.stored_results import SHIPPED, Provenance, StoredResults
from corner_lab.training.seed_sweep import many_for


def main() -> None:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
    provenance, causes = Provenance.here(commit.stdout.strip()), Causes()
    told = ""
    while (case := causes.current) is not None:
        causes.advance(case)
        now = progress(causes, case).partition(",")[0]
        if now != told:
            print(told := now, flush=True)
    SHIPPED.unlink(missing_ok=True)
    stored = StoredResults(SHIPPED)
    for case in causes.cases.values():
        for experiment in filter(None, (case.experiment, case.refused)):
            many = many_for(experiment, causes.seeds)
            assert many.tally.status != "failed", many.tally.message
            assert stored.keep(many.experiment, many.tally, provenance)


if __name__ == "__main__":
    main()
