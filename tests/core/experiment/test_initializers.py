"""Where does training start? Random weights as plain Keras draws them, and two closed forms that need no training."""

from __future__ import annotations

import random
import threading
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from corner_lab.experiment.experiment import Experiment, ExperimentError
from corner_lab.experiment.initializers import INITS, _drawn_by_keras, initial_weights, linear_weights
from corner_lab.network.metrics import margin
from corner_lab.network.parameters import ParameterLayout
from corner_lab.training.run import Run
from tests import oracle

KINDS = [(head, second_conv) for head in oracle.HEADS for second_conv in (True, False)]
# Of one output or two: what comes after the last convolution draws nothing.
DRAWN = [kind for kind in KINDS if kind[0] in ("sigmoid", "softmax")]


@pytest.mark.parametrize(("head", "second_conv"), DRAWN)
@pytest.mark.parametrize("init", ["glorot_uniform", "he_normal"])
def test_random_weights_are_those_of_plain_keras(head: str, second_conv: bool, init: str) -> None:
    shape = ParameterLayout.of(head == "softmax", second_conv)
    seen = set()
    for seed in (0, 7, 2**31 - 1):
        for labels in oracle.LABELS if head == "softmax" else ("aligned",):  # elsewhere the network is the same
            keras.utils.set_random_seed(seed)
            kind = SimpleNamespace(head=head, second_conv=second_conv, labels=labels)
            expected = oracle.network(kind, init).get_weights()
            ours = initial_weights(init, seed=seed, head=head, second_conv=second_conv, target=(432,))
            for mine, theirs in zip(shape.to_keras(ours), expected, strict=True):
                np.testing.assert_array_equal(mine, theirs)
        seen.add(ours.tobytes())
    assert len(seen) == 3


def test_drawing_weights_leaves_the_global_generators_alone() -> None:
    random.seed(5)
    np.random.seed(5)
    expected = random.random(), np.random.random()
    random.seed(5)
    np.random.seed(5)
    initial_weights("glorot_uniform", seed=123_456, head="sigmoid", second_conv=True, target=(432,))
    assert (random.random(), np.random.random()) == expected


def test_do_other_threads_that_draw_numbers_change_no_weights() -> None:
    """A server's threads draw from Python's and NumPy's global generators whenever they like."""
    over = threading.Event()

    def draw() -> None:
        while not over.is_set():
            random.random()
            np.random.rand()

    others = [threading.Thread(target=draw) for _ in range(2)]
    for other in others:
        other.start()
    try:
        drawn = [_drawn_by_keras.__wrapped__("glorot_uniform", 0, "softmax", True, 1) for _ in range(40)]
    finally:
        over.set()
        for other in others:
            other.join()
    keras.utils.set_random_seed(0)
    kind = SimpleNamespace(head="softmax", second_conv=True, labels="aligned")
    plain = oracle.network(kind, "glorot_uniform").get_weights()
    for weights in drawn:
        np.testing.assert_array_equal(weights, np.concatenate([part.ravel() for part in plain]))


def test_weights_that_were_handed_out_can_be_changed_without_changing_the_next() -> None:
    first = initial_weights("glorot_uniform", seed=3, head="sigmoid", second_conv=True, target=(432,))
    kept = first.copy()
    first[:] = 0
    np.testing.assert_array_equal(
        initial_weights("glorot_uniform", seed=3, head="sigmoid", second_conv=True, target=(432,)), kept
    )


@pytest.mark.parametrize(("head", "second_conv"), KINDS)
@pytest.mark.parametrize("init", ["by_hand", "matched"])
def test_closed_forms_get_all_512_right_for_every_target(head: str, second_conv: bool, init: str) -> None:
    shape = ParameterLayout.of(head == "softmax", second_conv)
    for target in range(512):
        weights = initial_weights(init, seed=0, head=head, second_conv=second_conv, target=(target,))
        z = oracle.pre_activations(shape.to_keras(weights))
        threshold = 0.5 if head == "linear" else 0  # with mse the output of a linear head is z: the harder case
        assert np.flatnonzero(z > threshold).tolist() == [target] or (head, init) == ("linear", "matched")
        assert np.flatnonzero(z > 0).tolist() == [target] and not np.any(z == 0)
        assert z[target] == (5 if init == "by_hand" else 0.5)


@pytest.mark.parametrize(("head", "second_conv"), KINDS)
def test_keras_agrees_that_the_closed_forms_are_right(head: str, second_conv: bool) -> None:
    kind = SimpleNamespace(head=head, second_conv=second_conv, labels="aligned")
    shape = ParameterLayout.of(head == "softmax", second_conv)
    for init in ("by_hand", "matched"):
        weights = initial_weights(init, seed=0, head=head, second_conv=second_conv, target=(54,))
        output = oracle.predict(kind, shape.to_keras(weights))
        assert np.flatnonzero(output > (0 if head == "linear" else 0.5)).tolist() == [54]


def test_by_hand_is_the_questions_own() -> None:
    weights = initial_weights("by_hand", seed=0, head="hard_sigmoid", second_conv=True, target=(432,))
    kernel, bias, second_kernel, second_bias = ParameterLayout(1, 1).to_keras(weights)
    np.testing.assert_array_equal(kernel[:, :, 0, 0], [[-100, -100, -100], [-100, 10, 10], [-100, 10, 10]])
    assert (bias.item(), second_kernel.item(), second_bias.item()) == (-35, 1, 0)


def test_softmax_scores_the_other_class_0() -> None:
    weights = initial_weights("matched", seed=0, head="softmax", second_conv=True, target=(432,))
    _, bias, second_kernel, second_bias = ParameterLayout(1, 2).to_keras(weights)
    assert bias.item() == -3.5
    assert (second_kernel.ravel().tolist(), second_bias.tolist()) == ([0, 1], [0, 0])


def test_the_matched_filter_separates_by_a_sixth() -> None:
    for target in range(512):
        numbers = linear_weights("matched", target)
        kernel = numbers[:9].astype(np.float64)
        z = oracle.PATTERNS @ kernel + numbers[9]
        gap = z[target] - np.delete(z, target).max()
        assert gap / (2 * np.linalg.norm(kernel)) == pytest.approx(1 / 6)
        assert margin(numbers, (target,)) == pytest.approx(1 / 6)


@pytest.mark.parametrize("hidden", ["none", "relu"])
@pytest.mark.parametrize("kernels", [1, 3, 8])
@pytest.mark.parametrize("head", ["hard_sigmoid", "softmax"])
def test_random_weights_of_several_kernels_are_those_of_plain_keras(head: str, kernels: int, hidden: str) -> None:
    kind = Experiment(head=head, loss="mse", kernels=kernels, hidden=hidden, seed=7)
    keras.utils.set_random_seed(7)
    expected = oracle.network(kind).get_weights()
    for mine, theirs in zip(kind.layout.to_keras(kind.initial_weights()), expected, strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize(("kernels", "hidden"), [(1, "relu"), (4, "none"), (8, "relu")])
@pytest.mark.parametrize("head", ["hard_sigmoid", "softmax"])
@pytest.mark.parametrize("init", ["by_hand", "matched"])
def test_closed_forms_stand_in_the_first_kernel_and_get_all_512_right(
    init: str, head: str, kernels: int, hidden: str
) -> None:
    for target in range(0, 512, 7):
        e = Experiment(head=head, loss="mse", kernels=kernels, hidden=hidden, init=init, target=(target,), seed=3)
        weights, plain = e.initial_weights(), linear_weights(init, target)
        first, _, second, _ = e.layout.to_keras(weights)
        np.testing.assert_array_equal(first[:, :, 0, 0].ravel(), plain[:9])
        assert not second[0, 0, 1:].any(), "the others have no say"
        assert not e.kernels > 1 or np.abs(first[:, :, 0, 1:]).min() > 0, "and can learn"
        z = oracle.pre_activations(e.layout.to_keras(weights), hidden)
        assert np.flatnonzero(z > 0).tolist() == [target] and not np.any(z == 0)
        size = 5 if init == "by_hand" else 0.5
        assert z[target] == size and np.delete(z, target).max() <= -size


def test_do_all_kernels_learn_from_a_perfect_start() -> None:
    e = Experiment(labels="aligned", head="sigmoid", loss="mse", kernels=3, hidden="relu", init="matched", epochs=2)
    run = Run(e).train()
    assert run.history is not None
    moved = np.abs(run.history.linear()[-1] - run.history.linear()[0])
    assert (moved[:27].reshape(3, 9).max(axis=1) > 1e-3).all() and (moved[30:33] > 1e-3).all()


def test_zeros_are_zeros_and_given_has_none() -> None:
    assert not initial_weights("zeros", seed=0, head="softmax", second_conv=False, target=(1, 2)).any()
    with pytest.raises(ValueError, match="given"):
        initial_weights("given", seed=0, head="sigmoid", second_conv=True, target=(432,))
    with pytest.raises(ExperimentError, match="given"):
        Run(Experiment(init="given"))


def test_every_word_is_tested_here() -> None:
    assert set(INITS) == {"glorot_uniform", "he_normal", "zeros", "by_hand", "matched", "given"}
