"""Does each check speak where its question arises, and only there, in plain data?"""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from corner_lab.diagnostics import CHECKS, findings, of_code
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.initializers import initial_weights
from corner_lab.plots.theme import LIGHT
from corner_lab.training.run import Run
from tests.core.diagnostics.records import ALIGNED, LOGISTIC, Record, recorded


def test_do_the_records_reach_every_verdict(records: list[Record]) -> None:
    met = {(f.code, f.status) for record in records for f in record.found}
    # Of runs that are longer than these, or of none, or of steps as long: see test_convergence, test_first_cause
    # and test_several_kernels.
    trained = {("too_fast", "issue"), ("too_few_updates", "issue"), ("too_fast", "passed"), ("first_steps", "issue")}
    trained |= {("too_slow", "issue"), ("too_slow", "passed")}
    trained |= {("labels_shuffled", "issue"), ("labels_shuffled", "passed")}  # see test_label_shapes
    trained |= {(code, status) for code in ("one_kernel", "dead_kernels", "settled") for status in ("issue", "passed")}
    trained |= {("best_of_patches", "issue"), ("best_of_patches", "passed")}  # see test_scenes
    trained |= {("first_steps", "not_applicable"), ("nothing_moves", "not_applicable")}
    never = {(code, "not_applicable") for code in ("accuracy_trap", "loss_head", "rank_mismatch", "separability")}
    wanted = {(code, status) for code in CHECKS for status in ("issue", "passed", "not_applicable")}
    assert wanted - met <= trained | never


def test_is_everything_plain_data_with_figures_that_draw(records: list[Record]) -> None:
    drawn = set()
    for record in records:
        assert [f.code for f in record.found] == list(CHECKS)
        for finding in record.found:
            json.dumps(finding.to_json(), allow_nan=False)
            assert finding.sentence.endswith(".") and "nan" not in finding.sentence and "-" not in finding.sentence[:1]
            if finding.figure is not None and (finding.code, finding.status) not in drawn:
                drawn.add((finding.code, finding.status))
                assert finding.figure(LIGHT).data
            if finding.remedy is not None:
                assert finding.status == "issue" and finding.remedy.experiment != record.e
    assert {code for code, _ in drawn} >= {"rank_mismatch", "batch_weights", "saturation", "imbalance", "separability"}


def test_can_every_kind_of_run_be_explained() -> None:
    small = replace(LOGISTIC, learning_rate=0.1)
    held = Run(replace(small, epochs=12), held={0: 2.5, 11: -1.0}).train()
    stopped = Run(replace(small, epochs=100, stop="solved")).train()
    cut = recorded(ALIGNED, [initial_weights("matched", seed=0, head="hard_sigmoid", second_conv=True, target=(432,))])
    huge = np.full(12, 1e18, dtype=np.float32)
    diverged = recorded(replace(ALIGNED, head="linear"), [huge], "diverged")
    assert not np.isfinite(diverged.history.rows[0]).all()  # type: ignore[union-attr]
    grown = Run(replace(small, epochs=40))
    while grown.history is None or grown.history.last < 1:
        grown.step()
    for run in (held, stopped, cut, diverged, grown):
        for finding in findings(run):
            json.dumps(finding.to_json(), allow_nan=False)
            assert finding.figure is None or finding.figure(LIGHT).data
            if finding.remedy is not None and run is held:
                assert finding.remedy.held == ((0, 2.5), (11, -1.0))
                assert finding.remedy.run().held == {0: 2.5, 11: -1.0}
    assert of_code(findings(diverged), "too_fast").title == "The start is not finite"
    assert of_code(findings(stopped), "solved").sentence.startswith("512 of 512 right first at epoch")
    assert findings(Run(small)) == []


@pytest.mark.parametrize("code", list(CHECKS))
def test_is_a_check_one_entry_that_says_what_it_asks(code: str) -> None:
    check = CHECKS[code]
    assert check.code == code and check.question.endswith("?") and check.title


def test_does_a_check_answer_exactly_where_its_question_arises(records: list[Record]) -> None:
    for record in records:
        case = Case.of(record.run)
        for code, check in CHECKS.items():
            finding, why = record[code], check.why_silent(case)
            assert finding.code == code
            if why:
                assert (finding.status, finding.title, finding.sentence) == ("not_applicable", check.title, str(why))
            elif finding.status == "not_applicable":  # what an answer itself can come to
                assert finding.title in ("Not solved", "No steady approach", "Long first steps")


def test_do_only_checks_of_shapes_and_targets_speak_of_a_run_that_keras_refused() -> None:
    found = findings(Run(replace(LOGISTIC, labels="as_asked")).train())
    assert [f.code for f in found] == list(CHECKS)
    assert {f.code for f in found if f.status != "not_applicable"} == {"rank_mismatch", "separability"}
    silent = of_code(found, "too_few_updates")
    assert (silent.title, silent.sentence) == (
        "Too few updates",
        "Keras refused these shapes, so nothing was trained.",
    )
