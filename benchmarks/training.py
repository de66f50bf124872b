"""Training: the engine, cold and warm, beside plain `model.fit` and a NumPy loop.

Each experiment is measured in a process of its own, so that cold means cold: `python -m benchmarks.training QUERY`
prints the seconds as JSON.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import numpy_loop
from benchmarks.report import Line, faster
from corner_lab.experiment.data.label_shapes import label_array
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.parsing import from_query
from corner_lab.network.keras_model import keras_model, load_keras
from corner_lab.network.patterns import all_patterns, is_target
from corner_lab.training.run import Run

ASKED = Experiment(
    head="softmax",
    loss="categorical_crossentropy",
    learning_rate=0.001,
    batch_size=512,
    epochs=10_000,
)
BATCH_32 = Experiment(epochs=1_000)
ROUNDS, RUNS = 3, 3  # warm runs in each round
WARM_UP, FITTED = 5, 100  # epochs of `fit`: not timed; timed, in each round


@dataclass(frozen=True)
class Seconds:
    """For all epochs of the experiment; `fit` is extrapolated, `numpy` is there only for softmax."""

    cold: float
    warm: float
    fit: float
    numpy: float | None
    losses: dict[str, float]


def asked() -> list[Line]:
    s = measured(ASKED)
    what = f"the asker's {ASKED.epochs:,} epochs"
    assert s.numpy is not None
    return [
        faster(f"{what}, engine warm", s.warm, s.fit, f"model.fit (extrapolated from {FITTED})", 1000),
        faster(f"{what}, engine cold (build and compile)", s.cold, s.fit, "model.fit (the same)", 100),
        faster(f"{what}, engine warm", s.warm, s.numpy, f"NumPy ({_same_loss(s)}, records nothing)"),
    ]


def batch_32() -> list[Line]:
    s = measured(BATCH_32)
    what = f"as asked, batch 32, {BATCH_32.epochs:,} epochs"
    return [
        faster(f"{what}, engine warm", s.warm, s.fit, f"model.fit (extrapolated from {FITTED})"),
        faster(f"{what}, engine cold (build and compile)", s.cold, s.fit, "model.fit (the same)"),
    ]


def _same_loss(s: Seconds) -> str:
    """The NumPy loop must train the same thing, or its seconds mean nothing."""
    ours, numpy = s.losses["engine"], s.losses["numpy"]
    return "same loss" if abs(ours - numpy) <= 0.01 * ours else f"loss {numpy:.3g} instead of {ours:.3g}!"


def measured(e: Experiment) -> Seconds:
    """Measure in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.training", e.query]
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return Seconds(**json.loads(done.stdout.splitlines()[-1]))


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def _measure(e: Experiment) -> Seconds:
    load_keras()
    import tensorflow as tf  # noqa: F401  importing is not what is measured

    cold, run = timed(Run(e).train)
    assert run.status == "finished", run.message
    fit = _fit(e)
    fit(WARM_UP)
    numpy = _numpy(e) if e.head == "softmax" else None
    warm_times, fit_times, numpy_times = [], [], []
    losses = {"engine": float(run.history.rows[-1, 0])}
    for _ in range(ROUNDS):
        warm_times += [timed(Run(e).train)[0] for _ in range(RUNS)]
        fit_times.append(fit(FITTED))
        if numpy:
            took, losses["numpy"] = timed(numpy)
            numpy_times.append(took)
    return Seconds(
        cold,
        statistics.median(warm_times),
        statistics.median(fit_times) * e.epochs,
        statistics.median(numpy_times) if numpy else None,
        losses,
    )


def _start(e: Experiment) -> Any:
    return e.initial_weights()


def _fit(e: Experiment) -> Callable[[int], float]:
    """Seconds per epoch of `fit` with nothing around it: no progress bar, arrays in memory, the compiled train step.

    Counted from the end of the first epoch to that of the last: what a call of `fit` costs once is left out.
    """
    import keras

    keras.utils.set_random_seed(e.seed)
    model = keras_model(e.head, e.labels, e.second_conv)
    model.compile(optimizer=keras.optimizers.Adam(e.learning_rate), loss=e.loss)
    x, y = all_patterns(), label_array(is_target(e.target), e.labels, e.two_outputs)

    def seconds_per_epoch(epochs: int) -> float:
        ends: list[float] = []
        note = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter()))
        model.fit(x, y, batch_size=e.batch_size, epochs=epochs, verbose=0, callbacks=[note])
        return (ends[-1] - ends[0]) / (epochs - 1)

    return seconds_per_epoch


def _numpy(e: Experiment) -> Callable[[], float]:
    x = all_patterns().reshape(-1, 9).astype(np.float32)
    y = label_array(is_target(e.target), e.labels, e.two_outputs).reshape(-1, 2)
    return lambda: numpy_loop.train(_start(e), x, y, e.learning_rate, e.epochs)[1]


if __name__ == "__main__":
    experiment, errors = from_query(sys.argv[1])
    assert not errors, errors
    print(json.dumps(_measure(experiment).__dict__))
