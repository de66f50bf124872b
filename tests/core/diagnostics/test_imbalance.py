"""Are the pulls of targets and others those of plain Keras?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from tests import oracle
from tests.core.diagnostics.records import Record, arrays


def test_are_the_pulls_those_of_plain_keras(records: list[Record]) -> None:
    judged = 0
    for record in records:
        e, finding, name, run = record.e, record["imbalance"], record.name, record.run
        if "ratio" not in finding.evidence:
            continue
        if e.balance == "class_weight":  # weighed: `test_measurements` compares those norms with Keras
            continue
        targets, others = pulls_by_keras(e, arrays(run, 0))
        norms = [np.linalg.norm(part) for part in (targets, others)]
        assert finding.evidence["ratio"] == pytest.approx(norms[1] / norms[0], rel=2e-3), name
        if finding.status == "issue":
            judged += 1
            assert norms[1] >= 9.9 * norms[0]
            clear = np.minimum(np.abs(targets), np.abs(others)) > 1e-6
            opposed = (targets * others < 0) & clear
            assert abs(finding.evidence["opposed_weights"] - opposed.sum()) <= (~clear).sum()
            if e.balance != "oversample":
                t, o = pulls_by_keras(replace(e, balance="oversample"), arrays(run, 0))
                wanted = np.linalg.norm(o) / np.linalg.norm(t)
                assert finding.evidence["ratio_oversampled"] == pytest.approx(wanted, rel=2e-3)
    assert judged >= 5


def pulls_by_keras(e: Any, weights: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The gradient of an epoch's mean loss from its target samples and from its others, each flat."""
    model, order = oracle.network(e), oracle.in_order(e)
    model.set_weights(weights)
    with tf.GradientTape(persistent=True) as tape:
        losses = tf.reshape(oracle.loss_object(e, None)(oracle.labels(e)[order], model(oracle.X[order])), (-1,))
        positive = oracle.is_positive(e)[order]
        parts = [tf.reduce_sum(tf.boolean_mask(losses, mask)) / len(order) for mask in (positive, ~positive)]
    flat = [np.concatenate([g.numpy().ravel() for g in tape.gradient(p, model.trainable_variables)]) for p in parts]
    return flat[0], flat[1]
