"""What is said of a run on the patches of scenes, and is the bound it is held to the best there is?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from corner_lab.diagnostics import CHECKS, findings, of_code
from corner_lab.diagnostics.explanation import headline
from corner_lab.diagnostics.remedies import effect, fails, solves
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import linear_weights
from corner_lab.export.run_report import history_table
from corner_lab.network.numpy_model import pre_activations
from corner_lab.plots.theme import LIGHT
from corner_lab.training.outcome import on_its_scenes, outcome, reached, scores_on_scenes
from corner_lab.training.run import Run
from tests import oracle
from tests.core.diagnostics.records import LOGISTIC, recorded

OVERLAPPING = replace(LOGISTIC, data="scenes:overlapping", balance="class_weight", batch_size=512)


def with_bias(e: Experiment, raised: float) -> Run:
    """A run that ends with the matched filter, its bias raised: from 1 on it calls more than the template."""
    numbers = linear_weights("matched", e.target[0])
    numbers[9] += raised
    return recorded(e, [np.zeros_like(numbers), numbers])


@pytest.mark.parametrize("raised", [0.0, 1.0, 9.0])
def test_are_the_figures_those_of_counting_patch_by_patch(raised: float) -> None:
    run = with_bias(OVERLAPPING, raised)
    found = on_its_scenes(run)
    assert found is not None and run.history is not None
    patterns, positive = oracle.patches("overlapping", range(20), (432,))
    called = (pre_activations(run.history.linear()[-1]) > 0)[patterns]
    own = found[0]
    names, rows = history_table(run)
    assert [row[names.index("f1_on_scenes")] for row in rows] == pytest.approx([0, own.f1])
    assert (own.scores.tp, own.scores.fp) == ((called & positive).sum(), (called & ~positive).sum())
    assert own.scores.fn == (~called & positive).sum() and own.of.corners == positive.sum()
    assert own.accuracy == pytest.approx((called == positive).mean())
    majority = sum(max((here := positive[patterns == pattern]).sum(), (~here).sum()) for pattern in np.unique(patterns))
    assert own.of.best_accuracy == pytest.approx(majority / len(patterns)) and own.f1 <= own.best_f1


def test_is_a_run_below_the_bound_told_so_and_what_is_missing() -> None:
    run = with_bias(OVERLAPPING, 4.0)
    found = findings(run)
    finding = of_code(found, "best_of_patches")
    assert (finding.status, finding.title) == ("issue", "Below what 3x3 patches allow") and not reached(run)
    assert "carry both labels, so not every patch can be right: the bar is the best there is." in finding.sentence
    assert finding.remedy is not None and finding.figure is not None and finding.figure(LIGHT).data
    assert finding.remedy.experiment == replace(run.experiment, balance="none")
    sentence, reason = headline(run, found)
    assert sentence.startswith("F1 0.") and "no classifier of 3x3 patches is above 0." in sentence
    assert reason == finding.reason and reason.startswith("A balanced loss weighs a corner as ")
    assert fails(effect(run)) and not solves(effect(run))
    speaking = {f.code for f in found if f.status != "not_applicable"}
    assert speaking == {"best_of_patches", "rank_mismatch", "nothing_moves"}, "the others are about the 512 patterns"
    assert [f.code for f in found] == list(CHECKS)
    for remedy, missing in (
        ({"balance": "none"}, "8 kernels with relu between"),
        ({"head": "hard_sigmoid"}, "Use a cross-entropy that never saturates"),
        ({"head": "linear", "loss": "mse"}, "Use a cross-entropy that never saturates"),
    ):
        other = of_code(findings(with_bias(replace(OVERLAPPING, **remedy), 4.0)), "best_of_patches").remedy
        assert other is not None and other.label == missing


def test_is_a_run_at_the_bound_as_good_as_can_be_though_not_all_512_are_right() -> None:
    run = with_bias(replace(OVERLAPPING, data="scenes:filled"), 0.75)
    assert run.history is not None and not run.history.solved()
    finding = of_code(findings(run), "best_of_patches")
    assert (finding.status, finding.title) == ("passed", "As good as 3x3 patches allow") and reached(run)
    assert outcome(run)[0] == "All 80 corners of its 20 scenes found, and nothing else"
    told = scores_on_scenes(run)
    assert told.startswith(
        "On its 20 scenes: precision 1.000, recall 1.000, F1 1.000 of at most 1.000; on 100 fresh ones"
    )
    assert scores_on_scenes(run, 0).startswith("On its 20 scenes: precision none, recall 0.000, F1 0.000 of at most")
    assert scores_on_scenes(Run(Experiment())) == ""
    assert solves(effect(run)) and not fails(effect(run)) and "bar" not in finding.sentence
