"""Exported scripts, run one after another in a process that knows Keras alone."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from corner_lab.experiment.experiment import Experiment
from corner_lab.export.keras_script import script_of
from corner_lab.network.parameters import Vector
from corner_lab.training.run import Run
from tests.processes import as_users_compile

# Runs each script whose path it reads in a namespace of its own, and prints its weights and what it raised. The
# process knows keras and the scripts, and nothing of corner_lab.
DRIVER = """
import json, runpy, sys, traceback, warnings
import keras
warnings.simplefilter("error")
out, sys.stdout = sys.stdout, open(sys.argv[1], "w")
for line in sys.stdin:
    keras.utils.clear_session()
    result = {}
    try:
        model = runpy.run_path(line.strip(), run_name="__main__")["model"]
        result["weights"] = [array.ravel().tolist() for array in model.get_weights()]
    except Exception:
        result["raised"] = traceback.format_exc()
    print(json.dumps(result), file=out, flush=True)
assert not any(name.startswith("corner_lab") for name in sys.modules)
"""

Result = dict[str, Any]  # the weights of a script's model, or what it raised


class Scripts:
    """Runs scripts one after another in one process of plain Keras."""

    def __init__(self, folder: Path) -> None:
        environment = {name: value for name, value in as_users_compile().items() if name != "PYTHONPATH"}
        command = [sys.executable, "-c", DRIVER, str(folder / "printed")]
        self._folder, self._count = folder, itertools.count()
        self._process = subprocess.Popen(command, env=environment, stdin=-1, stdout=-1, text=True)

    def __enter__(self) -> Scripts:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            self._process.kill()

    def result(self, text: str, xla: bool = True) -> Result:
        """What a script came to. Without XLA what is compiled for `fit` is not optimized, which costs a second."""
        if not xla:
            text = text.replace("    jit_compile=True,", "    jit_compile=False,")
        path = self._folder / f"script_{next(self._count)}.py"
        path.write_text(text, encoding="utf-8")
        assert self._process.stdin and self._process.stdout
        print(path, file=self._process.stdin, flush=True)
        result: Result = json.loads(self._process.stdout.readline())
        return result

    def comes_to_the_end_of(self, run: Run, xla: bool = True) -> None:
        """Fails unless the run's script ends as the run did, with the same weights."""
        result = self.result(script_of(run), xla)
        assert "raised" not in result, result["raised"]
        if run.status != "diverged":
            assert run.history is not None
            assert largest_difference(run.history.weights_at(-1), np.concatenate(result["weights"])) <= 1e-5


def start_of(e: Experiment, scale: float = 1.0) -> Vector:
    """Weights drawn for this experiment, where it does not draw them itself."""
    size = e.layout.size
    return np.random.default_rng(e.seed).normal(scale=scale, size=size).astype(np.float32)


def largest_difference(one: Vector, other: Vector) -> float:
    """As a share of the weight where that is beyond 1."""
    return float(np.max(np.abs(one - other) / np.maximum(1, np.abs(one))))
