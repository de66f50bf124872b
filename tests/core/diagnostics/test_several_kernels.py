"""Are several kernels called one where they are, and dead where they are? Against Keras, and weights made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from corner_lab.analysis.separability import separation, unsolvable
from corner_lab.diagnostics import findings, of_code
from corner_lab.diagnostics.explanation import headline
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.experiment import Experiment
from corner_lab.network.parameters import ParameterLayout
from corner_lab.network.patterns import NAMED
from corner_lab.plots.theme import LIGHT
from corner_lab.training.run import Run
from tests import oracle
from tests.core.diagnostics.records import LOGISTIC

CORNERS = (27, 54, 216, 432)
FOUR = replace(LOGISTIC, target=CORNERS, kernels=4, batch_size=512, epochs=30, balance="class_weight", seed=1)


def test_are_your_kernels_one_without_relu() -> None:
    run = Run(FOUR).train()
    assert run.history is not None
    found = findings(run)
    one = of_code(found, "one_kernel")
    assert (one.status, one.title) == ("issue", "Your kernels are one")
    first, biases, second, end = (a.astype(np.float64) for a in run.history.shape.to_keras(run.history.weights_at(-1)))
    kernel = sum(second[0, 0, k, 0] * first[:, :, 0, k].ravel() for k in range(4))
    np.testing.assert_allclose(one.evidence["kernel"], kernel, rtol=1e-12)
    bias = biases @ second[0, 0, :, 0] + end[0]
    assert one.evidence["bias"] == pytest.approx(bias)
    z = oracle.PATTERNS @ kernel + bias
    np.testing.assert_allclose(z, oracle.pre_activations(run.history.shape.to_keras(run.history.weights_at(-1))))
    assert one.evidence["largest_difference_of_z"] < 1e-12
    assert "these 4 kernels are one" in one.sentence and "No single kernel separates these 4 targets." in one.sentence
    assert one.figure is not None and len(one.figure(LIGHT).data) == 5, "each kernel, and all of them added up"
    assert one.remedy is not None and one.remedy.experiment == replace(FOUR, hidden="relu")
    causes = [f.code for f in found if f.status == "issue"]
    assert causes[0] == "one_kernel" and "separability" not in causes, "one voice"
    assert headline(run, found)[1] == "The 4 kernels are one, and no single kernel separates these 4 targets."


def test_is_one_kernel_enough_where_one_target_is_asked_for() -> None:
    found = findings(Run(replace(FOUR, target=(432,), epochs=3)).train())
    one = of_code(found, "one_kernel")
    assert (one.status, one.title) == ("passed", "Your kernels are one, and one is enough")
    assert of_code(found, "separability").status == "passed"


def test_can_a_kernel_for_each_target_do_what_no_kernel_can() -> None:
    """The claim of the finding: matched filters, cut off below 0, weighed alike."""
    for target in (CORNERS, (NAMED["X"], NAMED["plus"]), (0, 511), tuple(range(0, 512, 73))):
        e = replace(FOUR, target=target, kernels=len(target), hidden="relu", epochs=0)
        shape = ParameterLayout(len(target), 1)
        ones = oracle.PATTERNS[list(target)]  # (K, 9)
        weights = [(2 * ones - 1).T.ravel(), 0.5 - ones.sum(axis=1), np.full(len(target), 2.0), [-0.5]]
        run = Run(e, np.concatenate(weights).astype(np.float32)).train()
        z = oracle.pre_activations(shape.to_keras(run.history.weights_at(0)), "relu")  # type: ignore[union-attr]
        assert np.flatnonzero(z > 0).tolist() == sorted(target)
        assert not unsolvable(e) and unsolvable(replace(e, hidden="none")) == (separation(target).clash is not None)
        verdict = of_code(findings(run), "separability")
        assert verdict.status == "passed" and verdict.title == (
            "Enough kernels" if separation(target).clash else "One kernel is enough"
        )
    few = of_code(findings(Run(replace(FOUR, kernels=3, hidden="relu", epochs=1)).train()), "separability")
    assert few.status == "not_applicable" and "of 3 with relu it was not decided" in few.sentence


def test_is_one_kernel_with_relu_no_more_than_one() -> None:
    """A threshold on z is one on the kernel's sum: random weights accept the patterns of highest or of lowest sums."""
    rng = np.random.default_rng(2)
    for _ in range(50):
        weights = rng.normal(0, 2, 12).astype(np.float32)
        arrays = ParameterLayout(1, 1).to_keras(weights)
        z = oracle.pre_activations(arrays, "relu")
        sums = oracle.PATTERNS.astype(float) @ weights[:9].astype(float) * np.sign(weights[10])
        accepted, rejected = sums[z > 0], sums[z <= 0]
        assert not accepted.size or not rejected.size or accepted.min() >= rejected.max()
    assert unsolvable(Experiment(target=CORNERS, hidden="relu"))


def test_is_a_kernel_dead_that_relu_cuts_off_for_every_pattern() -> None:
    e = replace(FOUR, hidden="relu", epochs=3)
    start = np.random.default_rng(0).normal(0, 0.3, e.layout.size).astype(np.float32)
    start[[38, 39]] = -30.0  # biases of kernels 2 and 3
    run = Run(e, start).train()
    assert run.history is not None
    dead = of_code(findings(run), "dead_kernels")
    assert (dead.status, dead.title) == ("issue", "2 kernels are dead") and list(dead.evidence["dead"]) == [2, 3]
    assert dead.sentence.startswith(
        "Relu cuts 2 kernels of 4 off for all 512 patterns, so their gradients are exactly 0"
    )
    # Keras agrees: nothing reaches them.
    model = oracle.network(e)
    model.set_weights(run.history.shape.to_keras(run.history.weights_at(-1)))
    with tf.GradientTape() as tape:
        loss = oracle.loss_object(e)(oracle.labels(e), model(oracle.X))
    gradients = [g.numpy() for g in tape.gradient(loss, model.trainable_variables)]
    for gradient in (gradients[0][..., 2:], gradients[1][2:], gradients[2][:, :, 2:]):
        assert not gradient.any()
    assert gradients[0][..., :2].any()
    # More kernels, the given ones among them.
    assert dead.remedy is not None and dead.remedy.experiment.kernels == 8 and dead.remedy.start is not None
    more = Run(dead.remedy.experiment, dead.remedy.start)
    z = [
        oracle.pre_activations(s.to_keras(w), "relu")
        for s, w in ((e.layout, start), (more.experiment.layout, more._given))
    ]  # type: ignore[list-item]
    np.testing.assert_array_equal(z[0], z[1])


def test_are_living_kernels_called_so_and_dead_ones_not_missed_where_it_is_solved() -> None:
    run = Run(replace(FOUR, hidden="relu", epochs=2)).train()
    alive = of_code(findings(run), "dead_kernels")
    assert (alive.status, alive.title) == ("passed", "No kernel is cut off")
    matched = Experiment(labels="aligned", init="matched", kernels=2, hidden="relu", epochs=0)
    start = matched.initial_weights()
    start[19] = -30.0
    solved = of_code(findings(Run(matched, start).train()), "dead_kernels")
    assert (solved.status, solved.title) == ("passed", "Cut off, and not missed")
    eight = replace(FOUR, kernels=8, hidden="relu", epochs=1)
    start = eight.initial_weights()
    start[72] = -30.0
    given = of_code(findings(Run(eight, start).train()), "dead_kernels")
    assert given.status == "issue" and given.title == "A kernel is dead" and given.remedy is None
    assert "kernel 0 of 8" in given.sentence


def test_do_held_numbers_and_given_weights_go_along_with_a_remedy_of_another_size() -> None:
    e = replace(FOUR, kernels=2, hidden="relu", epochs=1)
    start = np.random.default_rng(0).normal(0, 0.3, e.layout.size).astype(np.float32)
    case = Case.of(Run(e, start, {4: 1.0, 18: 2.0, 22: 0.5}).train())  # k0.4, bias.0, b2
    remedy = case.remedy("more", kernels=5)
    assert [i for i, _ in remedy.held] == [4, 45, 55]
    assert dict(remedy.held) == {4: 1.0, 45: 2.0, 55: 0.5}
    assert remedy.run().experiment.kernels == 5
    assert case.remedy("slower", learning_rate=0.1).held == ((4, 1.0), (18, 2.0), (22, 0.5))


def test_are_kernels_said_to_be_at_rest_with_patterns_wrong_and_more_of_them_offered() -> None:
    run = Run(replace(FOUR, hidden="relu", epochs=3000, learning_rate=0.03, seed=7)).train()
    history, found = run.history, findings(run)
    assert history is not None and headline(run, found)[1].startswith("In the last 1,000 epochs the loss went from")
    rest = of_code(found, "settled")
    assert [f.code for f in found if f.status == "issue"] == ["settled"]
    z = oracle.pre_activations(history.shape.to_keras(history.weights_at(-1)), "relu")
    wrong = int(((z > 0) != oracle.is_positive(run.experiment)).sum())
    assert wrong and f"{wrong} patterns still wrong" in rest.sentence
    losses = history.column("loss")
    assert (rest.evidence["from"], rest.evidence["to"]) == (losses[2000], losses[3000])
    assert rest.remedy is not None and rest.remedy.experiment == replace(run.experiment, kernels=8)
    one = of_code(findings(Run(replace(run.experiment, kernels=1, hidden="none", epochs=3)).train()), "separability")
    enough = replace(run.experiment, kernels=8, epochs=3)
    assert one.remedy is not None and one.remedy.experiment == enough and one.remedy.start is None
    assert rest.remedy.run().train().history.solved()  # type: ignore[union-attr]
    moving = Run(replace(run.experiment, epochs=60)).train()
    assert of_code(findings(moving), "settled").title == "The loss still moves"
