"""Are speeds and turns those of the run?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from corner_lab.diagnostics import findings, of_code
from corner_lab.diagnostics.explanation import causes
from corner_lab.experiment.initializers import initial_weights
from corner_lab.network.parameters import ParameterLayout
from corner_lab.training.run import Run
from tests import oracle
from tests.core.diagnostics.records import ASKED, LOGISTIC, STRUCTURES, arrays, gradients_of_z, is_wrong, recorded


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


@pytest.mark.parametrize("epochs", [1, 3])
def test_is_a_run_that_has_hardly_begun_out_of_updates(epochs: int) -> None:
    e = replace(ASKED, labels="aligned", balance="oversample", epochs=epochs)
    run = Run(e).train()
    found = findings(run)
    assert [f.code for f in causes(found)] == ["too_few_updates"]
    finding = of_code(found, "too_few_updates")
    correct = int((~is_wrong(e, oracle.pre_activations(arrays(run)) / 6 + 0.5)).sum())
    updates = epochs * -(-1022 // 32)  # 511 others and as many corners, in batches of 32
    assert f"{updates} updates, with {correct} of 512 right" in finding.sentence
    assert finding.remedy is not None and finding.remedy.experiment == replace(e, epochs=100)
    cured = finding.remedy.run().train().history
    assert cured is not None and cured.solved()


def test_is_a_run_that_hardly_began_not_short_of_updates_where_these_are_no_use() -> None:
    dead = Run(replace(ASKED, labels="aligned", epochs=1), np.full(12, 9.0, np.float32)).train()
    for run in (dead, Run(replace(ASKED, epochs=1)).train(), Run(replace(ASKED, labels="aligned", epochs=0)).train()):
        assert of_code(findings(run), "too_few_updates").status == "not_applicable"


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


def test_is_it_noticed_that_nothing_moves_and_why() -> None:
    by_hand = Run(replace(ASKED, init="by_hand", epochs=3)).train()
    finding = of_code(findings(by_hand), "nothing_moves")
    assert (finding.status, finding.title) == ("issue", "Nothing moves")
    assert not gradients_of_z(by_hand.experiment, oracle.pre_activations(arrays(by_hand))).any()
    assert finding.sentence.endswith("The head has a slope for none of them.")
    assert finding.remedy is not None and finding.remedy.experiment.init == "glorot_uniform"
    assert finding.remedy.run().experiment == replace(by_hand.experiment, init="glorot_uniform")
    locked = Run(replace(LOGISTIC, epochs=2), held=dict.fromkeys(range(12), 0.5)).train()
    assert of_code(findings(locked), "nothing_moves").sentence.startswith("12 of the bench's numbers are locked")
    tiny = Run(replace(LOGISTIC, epochs=2, optimizer="sgd", learning_rate=1e-12), np.ones(12, np.float32)).train()
    slower = of_code(findings(tiny), "nothing_moves")
    assert slower.remedy is not None and slower.remedy.experiment.learning_rate == 1e-9
    even = recorded(replace(LOGISTIC, balance="half_batch"), [np.zeros(12, np.float32)] * 3)
    cancelled = of_code(findings(even), "nothing_moves")
    assert cancelled.sentence.endswith("are equally large and opposite, so they cancel and no step is made.")
    assert cancelled.remedy is not None and cancelled.remedy.experiment.init == "glorot_uniform"
    assert of_code(findings(Run(replace(ASKED, init="by_hand", epochs=0)).train()), "nothing_moves").status == (
        "not_applicable"
    )


def test_is_a_start_at_zero_that_cannot_be_left_told_from_one_that_can() -> None:
    zero = replace(LOGISTIC, init="zeros", epochs=20)
    stuck = Run(zero).train()
    assert stuck.history is not None and not stuck.history.linear()[:, :9].any(), "the kernel never moves"
    finding = of_code(findings(stuck), "nothing_moves")
    assert finding.title == "A start that cannot leave zero"
    assert np.ptp(oracle.pre_activations(arrays(stuck))) == 0
    free = Run(replace(zero, second_conv=False)).train()
    assert of_code(findings(free), "nothing_moves").status == "passed", "with one convolution zero is a start like any"


@pytest.mark.parametrize(("rate", "status"), [(1000.0, "issue"), (0.01, "passed")])
def test_are_first_steps_measured_by_what_they_make_of_z(rate: float, status: str) -> None:
    run = Run(replace(ASKED, learning_rate=rate, epochs=2)).train()
    finding = of_code(findings(run), "first_steps")
    before, after = (np.abs(oracle.pre_activations(arrays(run, row))).max() for row in (0, 1))
    assert finding.status == status
    assert (finding.evidence["before"], finding.evidence["after"]) == pytest.approx((before, after), rel=1e-5)
    if status == "issue":
        assert finding.remedy is not None and finding.remedy.experiment.learning_rate == 0.1


@pytest.mark.parametrize(("rate", "status"), [(1e-4, "issue"), (0.1, "passed")])
def test_is_a_run_too_slow_whose_z_stay_where_they_were_but_for_what_they_share(rate: float, status: str) -> None:
    run = Run(replace(LOGISTIC, learning_rate=rate, batch_size=512, epochs=20)).train()
    finding = of_code(findings(run), "too_slow")
    way = oracle.pre_activations(arrays(run)) - oracle.pre_activations(arrays(run, 0))
    assert finding.status == status
    assert finding.evidence["furthest_z"] == pytest.approx(np.abs(way - way.mean()).max(), rel=1e-4)


def test_is_a_gap_that_goes_on_growing_called_out_of_updates() -> None:
    weighed = replace(LOGISTIC, balance="class_weight", batch_size=512, epochs=100)
    run = Run(weighed).train()
    finding = of_code(findings(run), "too_few_updates")
    assert (finding.status, finding.title) == ("issue", "Apart, and out of updates")
    z = [oracle.pre_activations(arrays(run, epoch)) for epoch in (67, -1)]
    gaps = [values[432] - np.delete(values, 432).max() for values in z]
    assert 0 < gaps[0] < gaps[1]
    assert [finding.evidence["from"], finding.evidence["to"]] == pytest.approx(gaps, abs=1e-4)
    assert np.delete(z[1], 432).max() > 0, "the threshold is not between them"
    assert finding.remedy is not None and finding.remedy.experiment == replace(weighed, epochs=1000)


def test_is_no_run_called_on_its_way_to_what_its_loss_or_its_start_rules_out() -> None:
    fit = Run(replace(LOGISTIC, head="linear", loss="mse", epochs=60)).train()
    x = np.c_[np.arange(512)[:, None] >> np.arange(9) & 1, np.ones(512)]
    y = (np.arange(512) == 432).astype(float)
    best = x @ np.linalg.lstsq(x, y, rcond=None)[0]
    assert best[432] < 0.5, "the best fit rejects the corner"
    stuck = Run(replace(LOGISTIC, head="hard_sigmoid", loss="mse", balance="oversample", init="zeros")).train()
    for run in (fit, stuck):
        assert of_code(findings(run), "too_few_updates").status == "not_applicable"


@pytest.mark.parametrize("optimizer", ["sgd", "adagrad"])
def test_are_small_steps_that_all_go_one_way_told_and_made_longer(optimizer: str) -> None:
    e = replace(LOGISTIC, optimizer=optimizer)
    run = Run(e).train()
    z = [oracle.pre_activations(arrays(run, epoch))[432] for epoch in range(80, 101)]
    assert len(set(np.sign(np.diff(z)))) == 1, "it goes one way"
    finding = of_code(findings(run), "too_few_updates")
    assert (finding.status, finding.title) == ("issue", "Small steps, and out of updates")
    assert finding.evidence["mean_move"] == pytest.approx(np.abs(np.diff(z)).mean(), rel=1e-3)
    assert finding.remedy is not None and finding.remedy.experiment == replace(e, learning_rate=1.0)
    faster = finding.remedy.run().train().history
    assert faster is not None and faster.solved()


def test_are_turns_and_long_first_steps_never_denied() -> None:
    e = replace(ASKED, labels="aligned", balance="class_weight", optimizer="sgd", learning_rate=0.1, seed=5, epochs=300)
    turning = of_code(findings(Run(e).train()), "too_fast")
    assert turning.evidence["turns"] >= 10 and (turning.status, turning.title) == ("passed", "Small oscillation")
    run = Run(replace(ASKED, labels="aligned", balance="hard_negatives", optimizer="sgd", learning_rate=10.0)).train()
    assert np.abs(oracle.pre_activations(arrays(run, 1))).max() > 40
    assert of_code(findings(run), "first_steps").status == "not_applicable"


def test_is_a_run_that_was_solved_in_passing_still_asked_whether_it_is_on_its_way() -> None:
    start = np.full(12, 3.0, np.float32)
    start[9] = -40.0
    e = replace(LOGISTIC, target=(27,), balance="class_weight", learning_rate=0.1, batch_size=512, epochs=300)
    run = Run(e, start).train()
    assert run.history is not None and run.history.solved_at is not None and run.history.solved_at < 100
    zs = [oracle.pre_activations(arrays(run, row)) for row in (200, 300)]
    assert [is_wrong(e, z + 0.5).any() for z in zs] == [True, True]
    lacks = [float(z[~oracle.is_positive(e)].max()) for z in zs]
    finding = of_code(findings(run), "too_few_updates")
    assert finding.title == "On its way, and out of updates"
    assert -finding.evidence["from"] == pytest.approx(lacks[0]) and -finding.evidence["to"] == pytest.approx(lacks[1])
    assert finding.remedy is not None and finding.remedy.run().train().history.solved()  # type: ignore[union-attr]


def test_is_a_run_out_of_updates_whose_loss_alone_still_falls() -> None:
    e = replace(LOGISTIC, learning_rate=0.0005, epochs=300, target=(54,), seed=469)
    run = Run(e).train()
    assert run.history is not None
    finding, losses = of_code(findings(run), "too_few_updates"), run.history.column("loss")
    assert finding.title == "Still falling, and out of updates" and finding.evidence["epochs"] == 100
    assert finding.evidence["earlier"] == pytest.approx(losses[201:251].mean())
    assert finding.evidence["later"] == pytest.approx(losses[251:301].mean())
    assert finding.remedy is not None and finding.remedy.experiment == replace(e, epochs=3000)
