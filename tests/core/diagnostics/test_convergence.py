"""Are speeds and turns those of the run?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from corner_lab.diagnostics import findings, of_code
from corner_lab.experiment.initializers import initial_weights
from corner_lab.network.parameters import ParameterLayout
from corner_lab.training.run import Run
from tests import oracle
from tests.core.diagnostics.records import LOGISTIC, STRUCTURES, arrays, recorded


def test_is_the_way_that_is_left_extrapolated_from_the_runs_own_speed() -> None:
    run = Run(replace(LOGISTIC, learning_rate=0.1, epochs=14)).train()
    assert run.history is not None and not run.history.solved()
    finding = of_code(findings(run), "too_few_updates")
    assert finding.status == "issue"
    positive = oracle.is_positive(run.experiment)
    zs = np.array([oracle.pre_activations(arrays(run, row)) for row in range(15)])
    lowest, highest = zs[:, positive].min(axis=1), zs[:, ~positive].max(axis=1)
    left = lowest - highest if lowest[-1] < highest[-1] else -np.maximum(-lowest, highest)
    window = finding.evidence["epochs"]
    speed = (left[-1] - left[-1 - window]) / window
    assert finding.evidence["reached_at"] == pytest.approx(14 + np.ceil(-left[-1] / speed), abs=1)
    assert finding.remedy is not None and finding.remedy.experiment.epochs >= finding.evidence["reached_at"]
    solved = Run(replace(run.experiment, epochs=200)).train()
    assert of_code(findings(solved), "too_few_updates").status == "passed"


def test_is_a_target_that_jumps_called_oscillating_and_a_calm_one_not() -> None:
    rng = np.random.default_rng(1)
    size = ParameterLayout.of(False, True).size
    base = initial_weights("zeros", seed=0, head="linear", second_conv=True, target=(432,))
    for swing, wanted in ((6.0, "issue"), (0.01, "passed")):
        weights = []
        for row in range(16):
            w = base + rng.normal(0, 0.001, size).astype(np.float32)
            w[11] = -20 + swing * (-1) ** row  # the last bias: every z
            weights.append(w)
        run = recorded(STRUCTURES["hinge"], weights)
        finding = of_code(findings(run), "too_fast")
        z = np.array([oracle.pre_activations(arrays(run, row))[432] for row in range(16)])
        turns = sum((z[i] - z[i - 1]) * (z[i + 1] - z[i]) < 0 for i in range(1, 15))
        assert (finding.evidence["turns"], finding.status) == (turns, wanted)
        assert finding.evidence["mean_move"] == pytest.approx(np.abs(np.diff(z)).mean(), rel=1e-3)
