"""Is what the findings claim true? Against plain Keras, brute force over 512 patterns, and their own certificates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from corner_lab.analysis.separability import separation
from corner_lab.diagnostics import CHECKS, Finding, findings, of_code
from corner_lab.diagnostics.gradients import died_for_good
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import initial_weights
from corner_lab.network.parameters import ParameterLayout
from corner_lab.plots.theme import LIGHT
from corner_lab.training.evaluate import epoch_loss
from corner_lab.training.history import History, row_of
from corner_lab.training.run import Run
from tests import oracle

ASKED = Experiment()
ALIGNED = replace(ASKED, labels="aligned")
LOGISTIC = replace(ALIGNED, head="sigmoid", loss="binary_crossentropy")
STRUCTURES = {
    "as asked": ASKED,
    "aligned": ALIGNED,
    "sigmoid": replace(ALIGNED, head="sigmoid"),
    "logistic": LOGISTIC,
    "logarithm of a hard sigmoid": replace(ALIGNED, loss="binary_crossentropy"),
    "hinge on a share": replace(ALIGNED, loss="hinge"),
    "hinge": replace(ALIGNED, head="linear", loss="hinge"),
    "softmax as asked": replace(ASKED, head="softmax", loss="categorical_crossentropy"),
    "class weights as asked": replace(ASKED, balance="class_weight"),
    "class weights": replace(ALIGNED, balance="class_weight"),
    "oversampled, one convolution": replace(ALIGNED, balance="oversample", second_conv=False),
}
TARGETS = ((432,), (27,), (432, 433), (27, 54, 216, 432))
RANDOM = 5  # records for each structure


def recorded(e: Experiment, weights: list[np.ndarray], status: str = "finished") -> Run:
    """A run whose rows are those of these flat weights, one after the other, with the losses that Keras gives them."""
    rows = [row_of(e, w, epoch_loss(e, w)) for w in weights]
    run = Run(replace(e, init="given", epochs=len(rows) - 1), weights[0])
    run.history = History(run.experiment, rows[0])
    run.history.append(np.array(rows[1:]).reshape(-1, len(rows[0])))
    run.status = status  # type: ignore[assignment]
    return run


def random_records() -> Iterator[tuple[str, Run]]:
    """Random walks of weights, some around a solution, small and far beyond the heads' flat parts."""
    rng = np.random.default_rng(7)
    for name, structure in STRUCTURES.items():
        for number in range(RANDOM):
            target = TARGETS[number % len(TARGETS)]
            e = replace(structure, target=target, seed=number)
            size = e.layout.size
            start = rng.normal(0, rng.choice([0.3, 2.0]), size)
            if len(target) == 1 and number % 3:
                solution = initial_weights("matched", seed=0, head=e.head, second_conv=e.second_conv, target=target)
                start = solution * rng.choice([1.0, 8.0]) + rng.normal(0, 0.02, size)
            steps = rng.normal(0, rng.choice([0.0, 0.3, 1.0]), (4, size)).cumsum(axis=0)
            yield name, recorded(e, [(start + step).astype(np.float32) for step in [0 * start, *steps]])


@dataclass
class Record:
    """A random run, what is found about it, and what plain Keras and NumPy say of its last row."""

    name: str
    run: Run
    found: list[Finding]
    z: np.ndarray
    outputs: np.ndarray
    wrong: np.ndarray

    def __getitem__(self, code: str) -> Finding:
        return of_code(self.found, code)

    @property
    def e(self) -> Experiment:
        return self.run.experiment


@pytest.fixture(scope="module")
def records() -> list[Record]:
    networks = {name: oracle.network(e) for name, e in STRUCTURES.items()}
    made = []
    for name, run in random_records():
        networks[name].set_weights(arrays(run))
        outputs = np.asarray(networks[name](oracle.X)).reshape(512, -1)[:, -1]  # the last of two is "corner"
        z, wrong = oracle.pre_activations(arrays(run)), is_wrong(run.experiment, outputs)
        made.append(Record(name, run, findings(run), z, outputs, wrong))
    return made


def arrays(run: Run, row: int = -1) -> list[np.ndarray]:
    history = run.history
    assert history is not None
    return history.shape.to_keras(history.weights_at(row))


def gradients_of_z(e: Any, z: np.ndarray) -> np.ndarray:
    """d loss_i / d z_i of every pattern with its own label, (512,), by Keras's head and loss on this z."""
    y = oracle.is_positive(e).astype(np.float32)
    score = tf.constant(z.astype(np.float32))
    loss = oracle.loss_object(e, None)
    with tf.GradientTape() as tape:
        tape.watch(score)
        if e.head == "softmax":
            two = tf.stack([tf.zeros_like(score), score], axis=1)[:, None, None, :]
            output = tf.reshape(keras.activations.softmax(two), (-1, 2))  # softmax, then reshape: as asked
            losses = loss(np.stack([1 - y, y], axis=1), output)
        else:
            losses = loss(y[:, None], keras.activations.get(e.head)(score[:, None]))
        total = tf.reduce_sum(losses)
    return tape.gradient(total, score).numpy()


def is_wrong(e: Any, outputs: np.ndarray) -> np.ndarray:
    threshold = 0.0 if "hinge" in e.loss and e.head == "linear" else 0.5
    return np.where(oracle.is_positive(e), ~(outputs > threshold), ~(outputs < threshold))


# ---------------------------------------------------------------- over random records


def test_do_the_records_reach_every_verdict(records: list[Record]) -> None:
    met = {(f.code, f.status) for record in records for f in record.found}
    trained = {("too_fast", "issue"), ("too_few_updates", "issue"), ("too_fast", "passed")}  # longer than these
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
            slope = np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))) ** 2
            assert (finding.status == "issue") == (wrong & (slope < 0.01)).any()
            if finding.status == "issue":
                assert slope[finding.evidence["pattern"]] == pytest.approx(finding.evidence["slope"], rel=1e-3)
                assert finding.evidence["vanishing_patterns"] == (wrong & (slope < 0.01)).sum()
        elif name == "logistic":  # "a wrong pattern's pull never fades"
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


def test_does_the_logarithm_meet_a_flat_head_where_it_is_said_to(records: list[Record]) -> None:
    for record in records:
        finding, name = record["loss_head"], record.name
        if name == "logarithm of a hard sigmoid":
            clipped = record.wrong & ((record.outputs == 0) | (record.outputs == 1))
            assert finding.evidence["clipped"] == clipped.sum()
            assert (finding.status == "issue") == clipped.any()
        else:
            assert (finding.status == "issue") == (name == "hinge on a share")


# ---------------------------------------------------------------- shapes


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


def test_no_share_costs_a_hinge_less_than_claimed() -> None:
    finding = of_code(findings(Run(replace(ALIGNED, loss="hinge", epochs=0)).train()), "loss_head")
    y = oracle.labels(ALIGNED)
    rng = np.random.default_rng(0)
    floor = finding.evidence["lowest_possible_loss"]
    assert float(keras.losses.Hinge()(y, y)) == pytest.approx(floor)
    for _ in range(50):
        share = rng.uniform(size=y.shape) ** rng.integers(1, 9)
        assert float(keras.losses.Hinge()(y, share.astype(np.float32))) >= floor


# ---------------------------------------------------------------- separable or not


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


# ---------------------------------------------------------------- pace


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


# ---------------------------------------------------------------- every kind of run


def test_can_every_kind_of_run_be_explained() -> None:
    small = replace(LOGISTIC, learning_rate=0.1)
    held = Run(replace(small, epochs=12), held={0: 2.5, 11: -1.0}).train()
    stopped = Run(replace(small, epochs=100, stop="solved")).train()
    cut = recorded(ALIGNED, [initial_weights("matched", seed=0, head="hard_sigmoid", second_conv=True, target=(432,))])
    huge = np.full(12, 1e20, dtype=np.float32)
    diverged = recorded(STRUCTURES["hinge"], [huge * np.float32(1e10)], "diverged")
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


def test_does_a_case_speak_of_the_row_it_was_made_at() -> None:
    run = recorded(ALIGNED, [np.zeros(12, np.float32)] * 3)
    case = Case.of(run)
    assert run.history is not None
    run.history.append(run.history.rows[:1] + 1)
    assert case.last == 2 and len(case.column("loss")) == 3
