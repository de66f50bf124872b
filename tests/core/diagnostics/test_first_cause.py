"""Experiments that are broken on purpose in one way each: does the first finding name it?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from corner_lab.diagnostics import findings
from corner_lab.diagnostics.explanation import SYMPTOMS, Explanation, headline
from corner_lab.diagnostics.remedies import solves
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.training.run import Run

ASKED = Experiment()
OVERSAMPLED = Experiment(labels="aligned", balance="oversample")  # these four are solved
LOGISTIC = replace(OVERSAMPLED, head="sigmoid", loss="binary_crossentropy")
PATIENT = replace(LOGISTIC, balance="none", epochs=300)
HINGE = replace(OVERSAMPLED, head="linear", loss="hinge")
SOFTMAX = replace(OVERSAMPLED, head="softmax", loss="categorical_crossentropy")
AS_ASKED: dict[str, Any] = {"labels": "as_asked", "loss": "mse"}

# What is wrong (any of these codes), and the experiment. The first ones are those that `make test` trains.
BROKEN: list[tuple[str, Experiment]] = [
    ("rank_mismatch", replace(LOGISTIC, **AS_ASKED)),
    ("too_slow", replace(LOGISTIC, learning_rate=1e-5)),
    ("too_few_updates", replace(LOGISTIC, epochs=12)),
    ("nothing_moves", replace(LOGISTIC, init="zeros")),
    ("separability", replace(LOGISTIC, target=(186, 325))),
    ("first_steps", replace(OVERSAMPLED, learning_rate=1000.0)),
    ("first_steps", replace(ASKED, learning_rate=1000.0)),
    ("loss_head", replace(HINGE, loss="mse")),
    ("rank_mismatch", replace(LOGISTIC, batch_size=512, **AS_ASKED)),
    ("rank_mismatch", replace(PATIENT, **AS_ASKED)),
    ("rank_mismatch", replace(PATIENT, batch_size=512, **AS_ASKED)),
    ("rank_mismatch", replace(OVERSAMPLED, labels="as_asked")),
    ("rank_mismatch", replace(HINGE, labels="as_asked")),
    ("rank_mismatch", replace(HINGE, labels="as_asked", loss="squared_hinge")),
    ("rank_mismatch", replace(PATIENT, labels="as_asked")),
    ("rank_mismatch batch_weights", replace(ASKED, balance="class_weight")),
    ("first_steps too_fast", replace(LOGISTIC, optimizer="sgd", learning_rate=1000.0)),
    ("first_steps too_fast", replace(HINGE, optimizer="momentum", learning_rate=30.0)),
    ("too_slow", replace(OVERSAMPLED, learning_rate=1e-5)),
    ("too_slow", replace(HINGE, learning_rate=1e-5)),
    ("too_slow", replace(PATIENT, learning_rate=1e-5)),
    ("too_slow", replace(SOFTMAX, learning_rate=1e-5)),
    ("too_slow", replace(PATIENT, batch_size=512, learning_rate=1e-4, epochs=100)),
    ("too_slow", replace(PATIENT, batch_size=512, optimizer="sgd", epochs=100)),
    ("too_slow", replace(PATIENT, batch_size=512, optimizer="adagrad", epochs=100)),
    ("saturation imbalance", replace(ASKED, labels="aligned")),
    ("saturation", replace(LOGISTIC, loss="mse", balance="none", epochs=300)),
    ("imbalance too_few_updates", replace(PATIENT, epochs=60)),
    ("imbalance too_few_updates", replace(PATIENT, epochs=120)),
    ("imbalance too_few_updates", replace(LOGISTIC, balance="none", target=tuple(range(511)), epochs=50)),
    ("too_few_updates", replace(OVERSAMPLED, epochs=25)),
    ("too_few_updates", replace(HINGE, epochs=10)),
    ("nothing_moves", replace(PATIENT, init="zeros")),
    ("nothing_moves", replace(ASKED, init="zeros")),
    ("loss_head", replace(HINGE, loss="mse", balance="none")),
    ("loss_head", replace(OVERSAMPLED, loss="hinge")),
    ("loss_head", replace(LOGISTIC, loss="hinge")),
    ("loss_head saturation", replace(ASKED, labels="aligned", loss="binary_crossentropy")),
    ("separability", replace(PATIENT, target=(27, 54, 216, 432))),
    ("separability", replace(HINGE, target=(1, 510))),
]
IN_EVERY_RUN = 8


def first_cause(run: Run) -> str:
    return next((f.code for f in findings(run) if f.status == "issue" and f.code not in SYMPTOMS), "")


def cases() -> list[Any]:
    grid = pytest.mark.oracle_grid
    return [
        pytest.param(codes, e, id=f"{number}-{codes}", marks=grid if number >= IN_EVERY_RUN else ())
        for number, (codes, e) in enumerate(BROKEN)
    ]


@pytest.mark.parametrize(("codes", "e"), cases())
def test_does_the_first_finding_name_what_is_broken(codes: str, e: Experiment) -> None:
    run = Run(e).train()
    assert run.history is not None and not run.history.solved()
    assert first_cause(run) in codes.split()


@pytest.mark.oracle_grid
def test_does_what_is_to_be_tried_next_solve_what_can_be_solved() -> None:
    solved = []
    for _, e in BROKEN:
        explanation = Explanation(Run(e).train()).finished()
        solved.append(explanation.next is not None and solves(explanation.next[1]))
    assert len(BROKEN) == 40 and sum(solved) >= 38, solved


def test_does_the_headline_quote_the_first_cause() -> None:
    run = Run(replace(ASKED, learning_rate=1000.0)).train()
    found = findings(run)
    sentence, reason = headline(run, found)
    assert sentence == "1 of 512 right: 511 patterns are wrongly called a corner"
    cause = next(f for f in found if f.code == "first_steps")
    assert reason == cause.sentence and "learning rate 1000" in reason
    lost = Run(replace(ASKED, init="matched")).train()
    assert headline(lost, findings(lost)) == (
        "511 of 512 right, and the one that matters is wrong",
        "All 512 were right at the start; at epoch 100 it is 511. Every output meets every label: rejecting everything "
        "costs 0.00195 here, and a perfect network would cost 0.00378.",
    )


def test_is_what_was_lost_again_told_once_and_what_settles_it_offered() -> None:
    short = Run(replace(SCENARIOS["the short way"].experiment, stop="never", epochs=12)).train()
    explanation = Explanation(short).finished()
    assert explanation.findings is not None and explanation.next is not None and solves(explanation.next[1])
    assert explanation.next[0].experiment == replace(short.experiment, epochs=100)
    _, reason = headline(short, explanation.findings)
    told = "All 512 were right at epoch 11; at epoch 12 it is 377."
    assert reason.startswith(told) and reason.count(told) == 1 and "ended at 12, after 12 updates" in reason


def test_does_what_no_kernel_can_do_come_before_what_could_be_mended() -> None:
    assert first_cause(Run(replace(ASKED, target=(186, 341))).train()) == "separability"


def test_does_a_run_that_is_on_its_way_say_so_before_its_rare_targets() -> None:
    weighed = Experiment(
        labels="aligned", balance="class_weight", optimizer="sgd", learning_rate=0.1, seed=5, epochs=300
    )
    run = Run(weighed).train()
    codes = [f.code for f in findings(run) if f.status == "issue" and f.code not in SYMPTOMS]
    assert codes.index("too_few_updates") < codes.index("rare_targets") and codes[0] == "too_few_updates"
    solved = Run(replace(weighed, epochs=3000, stop="solved")).train()
    assert solved.history is not None and solved.history.solved() and solved.history.last > 300
