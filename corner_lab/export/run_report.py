"""The one JSON document about a run: what `python -m corner_lab train --json` prints. Never NaN: null."""

import math
from typing import Any

import numpy as np

from corner_lab.export.share_link import query_of, words_of
from corner_lab.language import tr
from corner_lab.network.parameters import ParameterLayout
from corner_lab.network.weights_json import weights_to_json
from corner_lab.training.history import METRICS
from corner_lab.training.outcome import on_its_scenes
from corner_lab.training.run import Run


def report(run: Run, import_seconds: float = 0.0) -> dict[str, Any]:
    """A run that has begun as JSON-ready data, in the fields of the contract; of a run on scenes also how it does
    on its own and on fresh ones, beside the best there is."""
    history, e = run.history, run.experiment
    if history is None:
        raise ValueError(tr("the run has not begun"))
    counts, end, found = history.counts(), np.array([history.last]), on_its_scenes(run)
    return {
        "experiment": e.to_json(),
        "link": query_of(words_of(e, run)),
        "status": run.status,
        "message": run.message,
        "epochs": history.last,
        "updates": run.updates,
        "solved": history.solved(),
        "solved_at": history.solved_at,
        "confident": history.confident(),
        "confident_at": history.confident_at,
        "loss": number(history.column("loss", end)[0]),
        "corner_output": number(history.column("corner_output", end)[0]),
        "worst_other_output": number(history.column("worst_other_output", end)[0]),
        "tp": counts.tp,
        "fp": counts.fp,
        "fn": counts.fn,
        "tn": counts.tn,
        "recall": counts.recall,
        "precision": counts.precision,
        "balanced_accuracy": counts.balanced_accuracy,
        "live_fraction": number(history.column("live_fraction", end)[0]),
        **({"scenes": {"own": found[0].to_json(), "fresh": found[1].to_json()}} if found else {}),
        "weights": weights_to_json(history.shape, history.weights_at(-1)),
        "seconds": {"import": import_seconds, "warm_up": run.seconds.warm_up, "train": run.seconds.train},
    }


def history_table(run: Run) -> tuple[list[str], list[list[float | int | None]]]:
    """Every row of a run's history for a file: the column names, and epoch, updates, metrics and all weights per
    row."""
    history = run.history
    if history is None:
        raise ValueError(tr("the run has not begun"))
    updates = run.experiment.plan.updates
    names = [
        "epoch",
        "updates",
        *METRICS,
        "separation_gap",
        *(["f1_on_scenes"] if run.experiment.scenes else []),
        *weight_names(history.shape),
    ]
    rows: list[list[float | int | None]] = []
    on_scenes = [history.f1_on_scenes()] if run.experiment.scenes else []
    metrics = np.stack([*(history.column(name) for name in METRICS), history.gap(), *on_scenes], axis=1)
    for epoch, (row, weights) in enumerate(zip(metrics, history.weights, strict=True)):
        rows.append([epoch, epoch * updates, *map(number, row), *map(number, weights)])
    return names, rows


def weight_names(shape: ParameterLayout) -> list[str]:
    """Column names in the flat order of `parameters.ParameterLayout`; class 0 is "other", 1 "corner", and several
    kernels are counted from 0."""
    classes = ["_other", "_corner"]
    suffixes = [""] if shape.filters == 1 else [f"_{k}" for k in range(shape.kernels)] if shape.seconds else classes
    names = [f"kernel_{i // 3}{i % 3}{suffix}" for i in range(9) for suffix in suffixes]
    names += [f"bias{suffix}" for suffix in suffixes]
    ends = classes if shape.seconds == 2 else [""] * shape.seconds
    second = [f"second_kernel{suffix}{end}" for suffix in suffixes for end in ends]
    return names + second + [f"second_bias{end}" for end in ends]


def number(value: float) -> float | None:
    """A float for JSON: the shortest that gives the same float32, or None for what is not finite."""
    return float(str(value)) if math.isfinite(value) else None
