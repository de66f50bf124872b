"""Are claims about shapes, batch weights and logits true in plain Keras?"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from corner_lab.diagnostics import findings, of_code
from corner_lab.diagnostics.explanation import Explanation, headline
from corner_lab.formatting import quoted
from corner_lab.plots.theme import LIGHT
from corner_lab.training.run import Run
from tests import oracle
from tests.core.diagnostics.records import ASKED, LOGISTIC, Record, gradients_of_z, recorded


def test_are_logits_called_lost_only_where_kerass_clip_leaves_no_gradient(
    records: list[Record],
) -> None:
    met = set()
    for record in records:
        e, finding = record.e, record["softmax_order"]
        if e.head != "softmax":
            assert finding.status == "not_applicable"
            continue
        lost = record.wrong & (gradients_of_z(e, record.z) == 0)
        assert finding.evidence["targets_lost"] + finding.evidence["others_lost"] == lost.sum()
        assert (finding.status == "issue") == lost.any()
        met.add(finding.status)
    assert met == {"issue", "passed"}


@pytest.mark.parametrize("batch_size", [1, 32, 512])
def test_does_the_rank_mismatch_quote_what_keras_says(batch_size: int) -> None:
    e = replace(ASKED, batch_size=batch_size, epochs=0)
    finding = of_code(findings(Run(e).train()), "rank_mismatch")
    if batch_size == 1:
        assert finding.status == "passed", "one output meets one label"
        return
    y, output = oracle.labels(e)[:batch_size], oracle.network(e)(oracle.X[:batch_size])
    assert finding.evidence["pairs"] == np.prod(np.broadcast_shapes(y.shape, output.shape))
    assert f"labels have shape {y.shape}, the outputs {tuple(output.shape)}" in finding.sentence
    by_hand = [np.where(oracle.PATTERNS[432] == 1, 10, -100).reshape(3, 3, 1, 1), [-35], [[[[1]]]], [0]]
    silent = [np.zeros((3, 3, 1, 1)), [0], [[[[0]]]], [-100]]
    for name, weights in (("perfect_cost", by_hand), ("reject_cost", silent)):
        keras_says = oracle.evaluate(e, [np.array(w, np.float32) for w in weights])
        assert finding.evidence[name] == pytest.approx(keras_says, abs=1e-8)


def test_is_a_refusal_the_one_issue_with_what_keras_said() -> None:
    run = Run(replace(ASKED, head="sigmoid", loss="binary_crossentropy")).train()
    found = findings(run)
    assert [f.code for f in found if f.status == "issue"] == ["rank_mismatch"]
    finding = of_code(found, "rank_mismatch")
    assert finding.evidence["message"] == run.message and "must have the same rank" in run.message
    assert finding.remedy is not None and finding.remedy.experiment.labels == "aligned"


@pytest.mark.parametrize("batch_size", [32, 512])
def test_do_class_weights_as_asked_scale_whole_batches_as_claimed(batch_size: int) -> None:
    e = replace(ASKED, balance="class_weight", batch_size=batch_size, epochs=0)
    finding = of_code(findings(Run(e).train()), "batch_weights")
    assert finding.status == "issue"
    loss, rng = keras.losses.MeanSquaredError(), np.random.default_rng(0)
    weights = oracle.sample_weights(e)
    assert weights is not None
    for number, mean in enumerate(finding.evidence["batch_means"]):
        part = slice(number * batch_size, (number + 1) * batch_size)
        y, output = oracle.labels(e)[part], rng.uniform(size=(batch_size, 1, 1, 1)).astype(np.float32)
        scaled, plain = float(loss(y, output, sample_weight=weights[part])), float(loss(y, output))
        assert scaled / plain == pytest.approx(mean, rel=1e-4)


def test_are_shuffled_labels_the_first_cause_where_shapes_match_and_is_what_they_teach_true() -> None:
    e = replace(LOGISTIC, labels_shuffled=True, epochs=12)
    run = Run(e).train()
    found = findings(run)
    first = next(f for f in found if f.status == "issue")
    assert first.code == "labels_shuffled" and first.remedy is not None
    assert first.remedy.experiment == replace(e, labels_shuffled=False)
    spoken = {f.code for f in found if f.status == "issue"}
    assert spoken <= {"labels_shuffled", "accuracy_trap"}, "nothing else is blamed"
    batches = list(oracle.shuffled_batches(e, oracle.orders(e, 3000)))
    patterns, of = np.concatenate([b for b, _ in batches]), np.concatenate([o for _, o in batches])
    corner = patterns == 432
    assert first.evidence["own_label"] == pytest.approx((of == patterns).mean(), rel=0.02)
    assert first.evidence["taught_target"] == pytest.approx((of[corner] == 432).mean(), rel=0.3)
    assert first.evidence["taught_other"] == pytest.approx((of[~corner] == 432).mean(), rel=0.05)
    assert "is taught the label 0.0312 and another pattern 0.0019, not 1 and 0." in first.sentence
    assert headline(run, found)[1].startswith("Labels change places inside every batch of 32")


def test_are_shuffled_labels_no_cause_where_every_output_meets_every_label() -> None:
    found = findings(Run(replace(ASKED, labels_shuffled=True, epochs=3)).train())
    assert of_code(found, "labels_shuffled").status == "passed"
    mismatch = of_code(found, "rank_mismatch")
    assert mismatch.status == "issue" and mismatch.remedy is not None
    assert mismatch.remedy.experiment == replace(ASKED, labels="aligned", epochs=3), "both are mended"
    assert of_code(findings(Run(replace(ASKED, epochs=3)).train()), "labels_shuffled").status == "not_applicable"


def test_are_patterns_that_no_batch_holds_left_out_of_what_is_taught() -> None:
    most = replace(
        LOGISTIC, labels_shuffled=True, balance="half_batch", target=tuple(range(511)), batch_size=64, epochs=2
    )
    assert len(np.unique(oracle.in_order(most))) < 512
    weights = np.ones(most.layout.size, np.float32)
    finding = of_code(findings(recorded(most, [weights] * 3)), "labels_shuffled")
    assert finding.evidence["taught_target"] == pytest.approx(0.5) == finding.evidence["taught_other"]


@pytest.mark.parametrize("fields", [{}, {"labels_shuffled": True}, {"head": "sigmoid", "balance": "class_weight"}])
def test_is_the_mismatch_proved_by_training_with_shuffled_labels(fields: dict[str, Any]) -> None:
    e = replace(ASKED, epochs=40, **fields)
    explanation = Explanation(Run(e).train()).finished()
    proof = explanation.proofs["rank_mismatch"]
    histories = [Run(replace(e, labels_shuffled=flag)).train().history for flag in (False, True)]
    one, other = (history.rows for history in histories if history is not None)
    apart = np.abs(one[:, 3:] - other[:, 3:])
    assert proof.evidence["largest_weight_difference"] == apart.max() < 1e-6
    assert proof.evidence["largest_loss_difference"] == np.abs(one[:, 0] - other[:, 0]).max() < 1e-6
    told = f"for 40 epochs: the largest difference of any weight is {quoted(apart[-1].max())}"
    assert f"{told} at the end" in proof.sentence if apart.any() else f"{told}, at every epoch." in proof.sentence
    drawn = proof.figure(LIGHT).data
    assert {trace.name for trace in drawn} == {"labels in place", "labels shuffled"}
    document = next(f for f in explanation.to_json() if f["code"] == "rank_mismatch")
    assert document["proof"] == json.loads(json.dumps(proof.to_json()))
    assert f"proof: {proof.sentence}" in explanation.to_text()


def test_is_nothing_proved_that_is_not_claimed() -> None:
    for e in (
        replace(LOGISTIC, epochs=2),
        replace(ASKED, epochs=0),
        replace(ASKED, balance="hard_negatives", epochs=2),
    ):
        assert all(f.twin is None for f in findings(Run(e).train()))
