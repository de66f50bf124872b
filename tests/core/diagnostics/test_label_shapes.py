"""Are claims about shapes, batch weights and logits true in plain Keras?"""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
import pytest

from corner_lab.diagnostics import findings, of_code
from corner_lab.training.run import Run
from tests import oracle
from tests.core.diagnostics.records import ASKED, Record, gradients_of_z


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
