"""Are the pulls of targets and others those of plain Keras?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from corner_lab.diagnostics import findings, of_code
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import initial_weights
from corner_lab.training.run import Run
from tests import oracle
from tests.core.diagnostics.records import ASKED, LOGISTIC, Record, arrays, recorded


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


@pytest.mark.parametrize(("target", "batch_size"), [((432,), 32), ((432, 27), 64), ((0, 511), 128)])
def test_in_how_many_updates_is_a_target_with_class_weights(target: tuple[int, ...], batch_size: int) -> None:
    e = replace(LOGISTIC, balance="class_weight", target=target, batch_size=batch_size, epochs=20)
    run = standing_still(e)
    finding = of_code(findings(run), "rare_targets")
    batches = [np.isin(order, target) for order in shuffled_epochs(e, 50)]
    seen = [sum(part.any() for part in np.split(of, range(batch_size, 512, batch_size))) for of in batches]
    assert finding.evidence["with_a_target"] == max(seen) and finding.evidence["updates"] == -(-512 // batch_size)
    assert run.history is not None and not run.history.solved()
    assert finding.status == ("issue" if 2 * len(target) < -(-512 // batch_size) else "passed")
    assert finding.remedy is None or finding.remedy.experiment == replace(run.experiment, balance="oversample")


def standing_still(e: Experiment) -> Run:
    """A run of these settings whose weights, drawn once, are the same in every row: how it trains is of no interest."""
    weights = np.random.default_rng(e.epochs).normal(size=e.layout.size).astype(np.float32)
    return recorded(e, [weights] * (e.epochs + 1))


def shuffled_epochs(e: Any, epochs: int) -> list[np.ndarray]:
    """The pattern indices of so many epochs, each in an order of its own."""
    rng = np.random.default_rng(3)
    return [rng.permutation(oracle.in_order(e)) for _ in range(epochs)]


def test_are_targets_rare_only_with_class_weights_that_weigh_samples() -> None:
    for e in (
        LOGISTIC,
        replace(ASKED, balance="class_weight"),
        replace(LOGISTIC, balance="class_weight", batch_size=512),
        replace(LOGISTIC, balance="class_weight", labels_shuffled=True),
    ):
        assert of_code(findings(standing_still(replace(e, epochs=3))), "rare_targets").status == "not_applicable"
    weighed = replace(LOGISTIC, balance="class_weight")
    untrained = standing_still(replace(weighed, epochs=0))
    assert of_code(findings(untrained), "rare_targets").sentence == "No epoch was trained."
    matched = initial_weights("matched", seed=0, head=weighed.head, second_conv=True, target=weighed.target)
    solved = recorded(weighed, [matched] * 2)
    assert of_code(findings(solved), "rare_targets").status == "passed"
