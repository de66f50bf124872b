"""Are verdicts those of Keras's predictions, and claims of separability proved?"""

from __future__ import annotations

import numpy as np

from corner_lab.analysis.separability import separation
from corner_lab.diagnostics import findings, of_code
from corner_lab.diagnostics.remedies import verify
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.training.run import Run
from tests import oracle
from tests.core.diagnostics.records import Record


def test_are_accuracy_confidence_and_solved_those_of_keras_predictions(
    records: list[Record],
) -> None:
    for record in records:
        outputs, positive, wrong, name = record.outputs, oracle.is_positive(record.e), record.wrong, record.name
        trap = record["accuracy_trap"]
        assert trap.evidence["accuracy"] == (~wrong).mean(), name
        assert trap.evidence["recall"] == (~wrong)[positive].mean()
        assert (trap.status == "issue") == ((~wrong).mean() >= 0.9 and bool(wrong[positive].any()))
        assert (record["solved"].status == "passed") == (not wrong.any())
        high, low = (1, -1) if name == "hinge" else (0.9, 0.1)
        sure = outputs[positive].min() > high and outputs[~positive].max() < low
        wanted = "not_applicable" if wrong.any() else "passed" if sure else "issue"
        assert record["confidence"].status == wanted


def test_is_every_claim_of_separability_proved() -> None:
    rng, met = np.random.default_rng(0), {True: 0, False: 0}
    sets = [(i,) for i in range(512)] + [tuple(sorted(rng.choice(512, 2, False).tolist())) for _ in range(150)]
    sets += [(i, i ^ 1 << int(rng.integers(9))) for i in range(0, 512, 7)]
    for _ in range(150):  # what some kernel picks, so that larger sets are separable too
        z = oracle.PATTERNS @ rng.integers(-4, 5, 9) + rng.integers(-12, 6) + 0.5
        sets += [tuple(np.flatnonzero(z > 0).tolist())] if 0 < (z > 0).sum() < 512 else []
    for target in sets:
        proof, positive = separation(target), np.isin(np.arange(512), target)
        if proof.weights is not None:
            z = oracle.PATTERNS @ np.array(proof.weights[:9]) + proof.weights[9]
            assert (z[positive] > 0).all() and (z[~positive] < 0).all()
        else:
            assert proof.clash is not None, "undecided"
            a, b, c, d = proof.clash
            assert positive[[a, b]].all() and not positive[[c, d]].any()
            assert (oracle.PATTERNS[a] + oracle.PATTERNS[b] == oracle.PATTERNS[c] + oracle.PATTERNS[d]).all()
        met[proof.clash is None] += 1
        if len(target) == 2:
            assert (proof.clash is None) == (bin(target[0] ^ target[1]).count("1") == 1)
    assert min(met.values()) > 100


def test_does_the_short_way_say_that_it_does_not_last_and_what_makes_it_confident() -> None:
    run = Run(SCENARIOS["the short way"].experiment).train()
    finding = of_code(findings(run), "confidence")
    assert finding.status == "issue" and finding.remedy is not None and finding.remedy.goal == "confident"
    longer = finding.remedy.run().train().history
    assert longer is not None and longer.confident()
    right = {epoch: longer.counts(epoch).right for epoch in range(11, longer.confident_at or 0)}
    worst = min(right.values())
    assert right[11] == 512 > worst
    effect = str(verify(finding.remedy))
    told = f"this alone: confident at epoch {longer.confident_at}, but {worst} of 512 right at epoch "
    assert effect.startswith(told) and effect.endswith("on the way")
