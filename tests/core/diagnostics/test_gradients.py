"""Is a gradient called dead, vanishing or alive where plain Keras says so?"""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from corner_lab.diagnostics.checks.gradients import died_for_good
from tests import oracle
from tests.core.diagnostics.records import Record, arrays, gradients_of_z


def slope_of_sigmoid(z: np.ndarray) -> np.ndarray:
    """Keras's own derivative, in float32: exactly 0 from about z = 17 on."""
    score = tf.constant(z.astype(np.float32))
    with tf.GradientTape() as tape:
        tape.watch(score)
        output = keras.activations.sigmoid(score)
    return np.asarray(tape.gradient(output, score), dtype=np.float64)


def test_is_a_gradient_called_dead_only_where_keras_gives_none(records: list[Record]) -> None:
    for record in records:
        e, finding, z, wrong, name = record.e, record["saturation"], record.z, record.wrong, record.name
        gradient = gradients_of_z(e, z)
        if e.head == "hard_sigmoid":
            stuck = wrong & (gradient == 0)
            positive = oracle.is_positive(e)
            assert finding.evidence["stuck_targets"] == (stuck & positive).sum(), name
            assert finding.evidence["stuck_others"] == (stuck & ~positive).sum(), name
            assert (finding.status == "issue") == stuck.any(), name
        elif e.head == "sigmoid" and e.loss == "mse":
            slope = slope_of_sigmoid(z)
            assert (finding.status == "issue") == (wrong & (slope < 0.01)).any()
            if finding.status == "issue":
                assert slope[finding.evidence["pattern"]] == pytest.approx(finding.evidence["slope"], rel=1e-3)
                assert finding.evidence["vanishing_patterns"] == (wrong & (slope < 0.01)).sum()
        elif name == "logistic":  # "a wrong pattern's gradient never vanishes"
            assert finding.status == "passed" and np.abs(gradient[wrong]).min(initial=1) >= 0.499
        else:
            assert finding.status == "not_applicable"


def test_is_the_epoch_of_each_death_the_last_change(records: list[Record]) -> None:
    for record in records:
        run = record.run
        if record.e.head != "hard_sigmoid":
            continue
        assert run.history is not None
        zs = np.array([oracle.pre_activations(arrays(run, row)) for row in range(run.history.last + 1)])
        live = (zs > -3) & (zs < 3)
        died = died_for_good(run.history, run.history.last)
        wanted = np.zeros(512, int)
        for row, alive in enumerate(live):
            wanted[alive] = row + 1
        assert (died == np.where(live[-1], -1, wanted)).all()
        assert record["saturation"].evidence["live"] == live[-1].sum()
