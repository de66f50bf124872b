"""Are the numbers beside a training run true? Each row against Keras's predict and evaluate, and finite differences."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import tensorflow as tf
from keras import activations

from corner_lab.experiment.experiment import Experiment
from corner_lab.training.history import History, row_of
from corner_lab.training.run import Run
from tests import oracle

CURED = {"labels": "aligned", "head": "sigmoid", "loss": "binary_crossentropy"}
EXPERIMENTS = {
    "as asked": Experiment(epochs=20),
    "as asked, full batch": Experiment(epochs=20, batch_size=512, seed=1),
    "cured": Experiment(epochs=20, **CURED),
    "oversampled": Experiment(epochs=20, labels="aligned", balance="oversample", batch_size=512, seed=2),
    "half batches": Experiment(
        epochs=20, labels="aligned", head="linear", loss="squared_hinge", balance="half_batch", batch_size=128
    ),
    "class weights": Experiment(
        epochs=20,
        labels="aligned",
        head="softmax",
        loss="categorical_crossentropy",
        balance="class_weight",
        target=(432, 216),
        second_conv=False,
    ),
    "focal": Experiment(
        epochs=20, labels="aligned", head="linear", loss="binary_focal_crossentropy", batch_size=512, target=(0, 511)
    ),
    "hard negatives": Experiment(epochs=20, **CURED, balance="hard_negatives", batch_size=512),
    "three kernels": Experiment(epochs=20, **CURED, kernels=3, target=(27, 432), batch_size=512),
    "four kernels, relu": Experiment(epochs=20, **CURED, kernels=4, hidden="relu", init="given"),
    "one kernel, relu, two outputs": Experiment(
        epochs=20, labels="aligned", head="softmax", loss="categorical_crossentropy", hidden="relu", init="given"
    ),
}
every_experiment = pytest.mark.parametrize("e", EXPERIMENTS.values(), ids=list(EXPERIMENTS))


@cache
def history_of(e: Experiment) -> History:
    start = None
    if e.init == "given":  # biases that are not 0, where relu has a kink in every kernel
        start = np.random.default_rng(4).normal(0, 0.5, e.layout.size).astype(np.float32)
    run = Run(e, start).train()
    assert run.status == "finished", run.message
    assert run.history is not None
    return run.history


def keras_arrays(e: Experiment, epoch: int) -> list[np.ndarray]:
    return e.layout.to_keras(history_of(e).weights_at(epoch))


@every_experiment
def test_row_0_is_what_evaluate_gives(e: Experiment) -> None:
    if e.balance != "hard_negatives":  # Keras's evaluate chooses no samples
        assert history_of(e).column("loss")[0] == pytest.approx(oracle.evaluate(e, keras_arrays(e, 0)), rel=1e-5)


@every_experiment
@pytest.mark.parametrize("epoch", [0, 1, 20])
def test_outputs_and_counts_are_those_of_predict(e: Experiment, epoch: int) -> None:
    history = history_of(e)
    output = oracle.predict(e, keras_arrays(e, epoch))
    positive = oracle.is_positive(e)
    row = {name: history.column(name)[epoch] for name in ("corner_output", "worst_other_output", "tp", "fp")}
    assert row["corner_output"] == pytest.approx(output[positive].min(), rel=1e-5, abs=1e-6)
    assert row["worst_other_output"] == pytest.approx(output[~positive].max(), rel=1e-5, abs=1e-6)
    z = oracle.pre_activations(keras_arrays(e, epoch), e.hidden)
    threshold = 0.5 if (e.head, e.loss) == ("linear", "mse") else 0.0
    near = np.abs(z - threshold)
    assert not np.any((near > 0) & (near < 1e-9))  # no verdict hangs on rounding: z is exactly a tie, or clear of it
    tp, fp = int((z[positive] > threshold).sum()), int((z[~positive] >= threshold).sum())
    assert (row["tp"], row["fp"]) == (tp, fp)
    clear = np.abs(z - threshold) > 1e-4  # there the rounded output says the same
    at = 0.0 if e.head == "linear" and threshold == 0 else 0.5
    np.testing.assert_array_equal(output[clear] > at, z[clear] > threshold)
    counts = history.counts(epoch)
    assert (counts.tp, counts.fp, counts.fn, counts.tn) == (tp, fp, len(e.target) - tp, 512 - len(e.target) - fp)
    assert history.solved(epoch) == (tp == len(e.target) and fp == 0)


@every_experiment
@pytest.mark.parametrize("epoch", [0, 20])
def test_z_the_gap_and_the_live_fraction_are_those_of_the_weights(e: Experiment, epoch: int) -> None:
    history = history_of(e)
    z = oracle.pre_activations(keras_arrays(e, epoch), e.hidden)
    positive = oracle.is_positive(e)
    expected = {
        "target_z": z[positive].min(),
        "other_z": z[~positive].max(),
        "lowest_z": z.min(),
        "highest_z": z.max(),
        "live_fraction": live(e.head, z).mean(),
    }
    for name, value in expected.items():
        assert history.column(name)[epoch] == pytest.approx(value, rel=1e-5, abs=1e-5), name
    assert history.gap()[epoch] == pytest.approx(z[positive].min() - z[~positive].max(), rel=1e-5, abs=2e-5)


def live(head: str, z: np.ndarray) -> np.ndarray:
    """Where the derivative of Keras's own activation is not 0."""
    if head == "softmax":
        scores = tf.constant(np.stack([0 * z, z], axis=1), tf.float32)
        with tf.GradientTape() as tape:
            tape.watch(scores)
            output = activations.softmax(scores)[:, 1]
        return tape.gradient(output, scores).numpy()[:, 1] != 0
    variable = tf.constant(z, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(variable)
        output = activations.get(head)(variable)
    return tape.gradient(output, variable).numpy() != 0


@every_experiment
@pytest.mark.parametrize("epoch", [0, 3, 20])
def test_gradient_norms_are_finite_differences_of_the_epochs_loss(e: Experiment, epoch: int) -> None:
    history = history_of(e)
    flat = history.weights_at(epoch).astype(np.float64)
    of_targets, of_others = gradient_norms(e, flat)
    assert history.column("gradient_targets")[epoch] == pytest.approx(of_targets, rel=2e-3, abs=1e-6)
    assert history.column("gradient_others")[epoch] == pytest.approx(of_others, rel=2e-3, abs=1e-6)


def test_as_asked_the_targets_gradient_vanishes_at_one_in_32() -> None:
    # The target is always in the batch that holds its label, so it meets a mean label of 1/32, never of 1/512.
    history = history_of(Experiment(epochs=100, init="matched"))
    assert history.column("corner_output")[-1] == pytest.approx(1 / 32, abs=1e-4)
    assert history.column("gradient_targets")[0] > 1e-4
    assert history.column("gradient_targets")[-1] < 1e-3 * history.column("gradient_targets")[0]


def gradient_norms(e: Experiment, flat: np.ndarray) -> tuple[float, float]:
    """Norms of the gradient of the targets' and the others' part of the epoch's loss, by central differences."""
    shape = e.layout
    positive = oracle.is_positive(e)
    norms = []
    for part in (positive, ~positive):
        gradient = []
        for i in range(len(flat)):
            step = np.zeros_like(flat)
            step[i] = 1e-6
            high, low = (
                losses_in_the_epoch(e, oracle.pre_activations(shape.to_keras(flat + s), e.hidden), flat)
                for s in (step, -step)
            )
            gradient.append((high - low)[part].sum() / 2e-6)
        norms.append(float(np.linalg.norm(gradient)))
    return norms[0], norms[1]


def losses_in_the_epoch(e: Experiment, z: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """Each pattern's part of the epoch's loss (512,), summing up to it; in the mean over all ways to shuffle."""
    against_0, against_1 = loss_against(e, z, 0), loss_against(e, z, 1)
    positive = oracle.is_positive(e)
    if e.broadcasts:
        (target,), n, b = e.target, 512, e.batch_size
        # Of the b labels in a batch one is 1 in the target's batch; another pattern is in it b - 1 times of n - 1.
        ones = np.where(np.arange(512) == target, 1 / b, (b - 1) / (n - 1) / b)
        return ((1 - ones) * against_0 + ones * against_1) / n
    losses = np.where(positive, against_1, against_0)
    if e.balance == "hard_negatives":
        shape = e.layout
        now = loss_against(e, oracle.pre_activations(shape.to_keras(flat)), 0)
        hardest = sorted(np.flatnonzero(~positive), key=lambda i: (-now[i], i))[: max(4, len(e.target))]
        kept = positive.copy()
        kept[hardest] = True
        return losses * kept / kept.sum()
    order = oracle.in_order(e)
    weights = np.ones(512)
    if e.balance == "class_weight":
        weights = np.where(positive, 256 / positive.sum(), 256 / (~positive).sum())
    return losses * weights * np.bincount(order, minlength=512) / len(order)


def loss_against(e: Experiment, z: np.ndarray, label: int) -> np.ndarray:
    """Every pattern's loss for this label, from z in float64 (for two scores their difference)."""
    p = 1 / (1 + np.exp(-z))
    cross_entropy = np.logaddexp(0, -z if label else z)
    output = {"hard_sigmoid": np.clip(z / 6 + 0.5, 0, 1), "linear": z}.get(e.head, p)
    return {
        "mse": (output - label) ** 2,
        "binary_crossentropy": cross_entropy,
        "categorical_crossentropy": cross_entropy,
        "binary_focal_crossentropy": (1 - (p if label else 1 - p)) ** 2 * cross_entropy,
        "squared_hinge": np.maximum(0, 1 - (2 * label - 1) * output) ** 2,
    }[e.loss]


def test_row_0_counts_nothing_right_when_every_output_is_the_threshold() -> None:
    history = history_of(Experiment(epochs=0, init="zeros"))
    assert history.column("corner_output")[0] == 0.5 == history.column("worst_other_output")[0]
    counts = history.counts(0)
    assert (counts.right, counts.fp, counts.fn) == (0, 511, 1)
    assert history.solved_at is None


@pytest.mark.parametrize("numbers", [[1e18] * 11 + [0], [0] * 9 + [3.3e38, 1, 0]], ids=["product", "bias"])
def test_are_weights_at_the_end_of_float32_measured_without_a_warning(numbers: list[float]) -> None:
    e = Experiment(head="linear", loss="mse", labels="aligned", batch_size=512)
    history = History(e, row_of(e, np.array(numbers, dtype=np.float32), 0.0))
    gradients = [history.column(name)[0] for name in ("gradient_targets", "gradient_others")]
    assert not np.isfinite(gradients).any(), "the loss is infinite; a warning fails the test"
