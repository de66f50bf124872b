"""Weights that training is to keep, against plain Keras whose `train_step` masks their gradients."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from corner_lab.experiment.experiment import Experiment
from corner_lab.network.parameters import ParameterLayout
from corner_lab.training.engine import engine_for
from corner_lab.training.run import Run
from tests import oracle

CURED = Experiment(labels="aligned", head="sigmoid", loss="binary_crossentropy", epochs=1, seed=1)
SOFTMAX = replace(CURED, head="softmax", loss="categorical_crossentropy")
# The entries of Keras's arrays behind each of the twelve numbers, by hand: (array, index).
CENTRE, BIAS, W2, B2 = (0, (1, 1, 0)), (1, ...), (2, (0, 0, 0)), (3, ...)


def masked_fit(e: Experiment, arrays: list[np.ndarray], held: list[tuple[int, Any]]) -> list[np.ndarray]:
    """Plain Keras: `fit` with a `train_step` that multiplies these entries' gradients by 0."""
    masks = [np.ones_like(array) for array in arrays]
    for array, index in held:
        masks[array][index] = 0.0

    class Masked(keras.Sequential):
        def train_step(self, data: Any) -> dict[str, Any]:
            x, y = data
            with tf.GradientTape() as tape:
                loss = self.compute_loss(y=y, y_pred=self(x, training=True))
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply([g * m for g, m in zip(gradients, masks, strict=True)], self.trainable_variables)
            return {"loss": loss}

    model = Masked(oracle.network(e).layers)
    model.build((None, 3, 3, 1))
    model.set_weights(arrays)
    optimizer = oracle.OPTIMIZERS[e.optimizer](learning_rate=e.learning_rate)
    model.compile(optimizer, oracle.loss_object(e), run_eagerly=True)  # so few updates: tracing costs more
    for order in oracle.orders(e, e.epochs):
        model.fit(oracle.X[order], oracle.labels(e)[order], batch_size=e.batch_size, shuffle=False, verbose=0)
    return [np.asarray(array) for array in model.get_weights()]


@pytest.mark.parametrize(
    ("e", "held", "entries"),
    [
        (CURED, {4: 0.25, 11: 0.0}, [CENTRE, B2]),
        (replace(CURED, optimizer="momentum"), {9: -3.5}, [BIAS]),
        (replace(CURED, optimizer="rmsprop"), {10: 1.0, 11: 0.0}, [W2, B2]),
        (replace(CURED, optimizer="lion", learning_rate=1e-3), {i: -1.0 for i in range(9)}, [(0, ...)]),
        (Experiment(epochs=1), {4: 1.0}, [CENTRE]),
        (replace(CURED, second_conv=False), {4: 0.5, 9: -1.0}, [CENTRE, BIAS]),
        (SOFTMAX, {4: 0.25, 10: 2.0}, [CENTRE, W2]),
        (replace(SOFTMAX, second_conv=False), {4: 0.5}, [CENTRE]),
        (
            replace(CURED, kernels=3, hidden="relu"),
            {13: 0.5, 28: 0.25, 31: 1.0, 33: 0.0},  # k1.4, bias.1, w2.1, b2
            [(0, (1, 1, 0, 1)), (1, 1), (2, (0, 0, 1)), B2],
        ),
        (replace(SOFTMAX, kernels=2), {4: 0.25, 21: 2.0}, [(0, (1, 1, 0, 0)), (2, (0, 0, 1))]),
    ],
    ids=lambda value: "-".join([value.head, value.optimizer]) if isinstance(value, Experiment) else "",
)
def test_does_a_held_weight_train_as_with_a_masked_gradient(
    e: Experiment, held: dict[int, float], entries: list[tuple[int, Any]]
) -> None:
    run = Run(e, held=held).train()
    assert run.status == "finished" and run.history is not None
    start, end = (run.history.shape.to_keras(run.history.weights_at(epoch)) for epoch in (0, -1))
    for ours, plain in zip(end, masked_fit(e, start, entries), strict=True):
        np.testing.assert_allclose(ours, plain, rtol=0, atol=1e-5 * max(1, np.abs(plain).max()))
    numbers = run.history.linear()
    for i, value in held.items():
        assert np.ptp(numbers[:, i]) == 0, "a held number moved"
        assert numbers[0, i] == pytest.approx(value, rel=1e-6)  # a difference of two float32 numbers is rounded
    free = [i for i in range(11 * e.kernels + 1 if e.second_conv else 10) if i not in held]
    assert all(np.ptp(numbers[:, i]) > 0 for i in free), "a free number stood still"


def test_does_weight_decay_leave_a_held_weight_alone() -> None:
    e = replace(CURED, optimizer="adamw", learning_rate=1.0)
    run = Run(e, held={9: -3.5}).train()
    assert run.history is not None
    assert (run.history.linear()[:, 9] == -3.5).all()
    plain = masked_fit(e, run.history.shape.to_keras(run.history.weights_at(0)), [BIAS])
    assert plain[1][0] != -3.5, "AdamW shrinks a weight without a gradient; otherwise this test tests nothing"


def test_do_held_weights_stay_when_training_goes_on() -> None:
    e = replace(CURED, epochs=3)
    run = Run(e, held={0: 7.0}).train()
    run.extend(4)
    run.train()
    assert run.history is not None and run.history.last == 7
    assert (run.history.linear()[:, 0] == 7.0).all()


def test_does_holding_other_weights_compile_nothing_anew() -> None:
    Run(CURED).train()
    engine = engine_for(CURED)
    before = engine._train.experimental_get_tracing_count()  # type: ignore[attr-defined]
    for held in ({}, {3: 1.0}, {9: 0.0, 10: 2.0}):
        Run(CURED, held=held).train()
    assert engine._train.experimental_get_tracing_count() == before  # type: ignore[attr-defined]


@pytest.mark.parametrize(("e", "i"), [(CURED, 12), (CURED, -1), (replace(CURED, second_conv=False), 10)])
def test_is_a_number_that_the_network_lacks_refused(e: Experiment, i: int) -> None:
    with pytest.raises(ValueError, match=f"no number {i}, only kernel 0..8, bias 9"):
        Run(e, held={i: 1.0})


@pytest.mark.parametrize("two_outputs", [False, True])
@pytest.mark.parametrize("second_conv", [False, True])
def test_does_the_bench_hold_all_weights(two_outputs: bool, second_conv: bool) -> None:
    shape = ParameterLayout.of(two_outputs, second_conv)
    vectors = np.random.default_rng(0).integers(-9, 9, (4, shape.size)).astype(np.float32)
    numbers = shape.bench(vectors)
    assert numbers.shape == (4, len(shape.bench_names))
    assert (numbers[:, :12] == shape.linear(vectors)).all()
    for vector, row in zip(vectors, numbers, strict=True):
        assert (shape.from_bench(row) == vector).all()
