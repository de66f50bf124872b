"""Is every seed that is trained among many trained as it would be alone, and as plain Keras trains it?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from corner_lab.experiment.experiment import Experiment, ExperimentError
from corner_lab.training.batched_engine import CHUNK, many_engine_for
from corner_lab.training.engine_state import Task
from corner_lab.training.run import Run
from corner_lab.training.seed_sweep import Many, Tally, many_for
from tests import oracle

SEEDS = 3
ALIGNED = Experiment(labels="aligned", epochs=30)
KINDS: dict[str, dict[str, Any]] = {
    "as asked, oversampled, with a smaller last batch": {
        "labels": "as_asked",
        "balance": "oversample",
        "head": "sigmoid",
        "optimizer": "sgd",
        "learning_rate": 0.5,
    },
    "as asked, class weights, two targets": {"labels": "as_asked", "balance": "class_weight", "target": (432, 54)},
    "cross-entropy, shuffled labels, class weights": {
        "labels_shuffled": True,
        "balance": "class_weight",
        "head": "sigmoid",
        "loss": "binary_crossentropy",
    },
    "half batches, one convolution": {
        "balance": "half_batch",
        "second_conv": False,
        "optimizer": "adamw",
        "batch_size": 128,
    },
    "four kernels, relu, four corners": {
        "kernels": 4,
        "hidden": "relu",
        "target": (27, 54, 216, 432),
        "head": "sigmoid",
        "loss": "binary_crossentropy",
        "batch_size": 128,
    },
    "patches of scenes, each seed in its own order": {
        "data": "scenes:overlapping",
        "scene_count": 10,
        "balance": "class_weight",
        "optimizer": "momentum",
        "target": (27, 54),
        "batch_size": 512,
        "epochs": 3,
    },
}
SIMPLER: dict[str, dict[str, Any]] = {  # with the grid
    "three kernels": {"kernels": 3, "head": "sigmoid", "batch_size": 64},
    "one kernel, relu": {"hidden": "relu", "optimizer": "sgd", "learning_rate": 0.3},
    "as asked": {"labels": "as_asked"},
    "sigmoid and cross-entropy": {"head": "sigmoid", "loss": "binary_crossentropy", "learning_rate": 0.1},
}


def assert_as_alone(e: Experiment) -> Many:
    many = Many(e, SEEDS).train()
    assert (many.tally.status, many.tally.message) == ("finished", "")
    runs = [Run(replace(e, seed=seed, epochs=many.tally.epoch)).train() for seed in range(SEEDS)]
    histories = [run.history for run in runs if run.history is not None]
    assert list(many.tally.solved_at) == [history.solved_at for history in histories]
    assert many.tally.right == sum(history.solved() for history in histories)
    np.testing.assert_allclose(many.weights, [h.weights_at(-1) for h in histories], rtol=1e-4, atol=1e-4)
    return many


@pytest.mark.parametrize(
    "fields",
    [
        *(pytest.param(fields, id=kind) for kind, fields in KINDS.items()),
        *(pytest.param(fields, id=kind, marks=pytest.mark.oracle_grid) for kind, fields in SIMPLER.items()),
    ],
)
def test_is_every_seed_trained_as_if_alone(fields: dict[str, Any]) -> None:
    many = assert_as_alone(replace(ALIGNED, **fields))
    distances = [np.abs(one - other).max() for one, other in zip(many.weights, many.weights[1:], strict=False)]
    assert min(distances) > 0.01, "every seed has a way of its own"


def test_is_every_seed_solved_when_it_is_alone_and_when_keras_fits_it() -> None:
    # Not Adam: once this is solved it divides ever smaller gradients by their own size, rounding errors with them.
    e = replace(ALIGNED, balance="oversample", optimizer="momentum", learning_rate=0.3, batch_size=64, epochs=60)
    many = assert_as_alone(e)
    assert many.tally.solved == SEEDS and many.tally.epoch < e.epochs, "it ends once all are solved"
    assert many.tally.right == SEEDS and max(at or 0 for at in many.tally.solved_at) <= many.tally.epoch
    assert list(many.tally.solved_at[:2]) == [solved_by_fit(replace(e, seed=seed), 60) for seed in range(2)]


class UntilSolved(keras.callbacks.Callback):
    """Ends the training at the first epoch that has all 512 right, and keeps its number."""

    solved_at: int | None = None

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        says = oracle.pre_activations(self.model.get_weights()) > 0
        if (says == (np.arange(512) == 432)).all():
            self.solved_at = epoch + 1
            self.model.stop_training = True


def solved_by_fit(e: Experiment, epochs: int) -> int | None:
    keras.utils.set_random_seed(e.seed)
    arrays = oracle.network(e).get_weights()
    updates = -(-len(oracle.in_order(e)) // e.batch_size)
    model = oracle.compiled(e, arrays, jit_compile=False, steps_per_execution=updates)
    watch = UntilSolved()
    data = oracle.batches(e, oracle.orders(e, epochs))
    model.fit(data, epochs=epochs, steps_per_epoch=updates, shuffle=False, verbose=0, callbacks=[watch])
    return watch.solved_at


@pytest.mark.parametrize("loss", ["binary_crossentropy", "binary_focal_crossentropy"])
def test_does_keras_refuse_many_in_the_words_it_has_for_one(loss: str) -> None:
    e = Experiment(head="sigmoid", loss=loss)
    tally = Many(e, SEEDS).train().tally
    assert tally.status == "refused_by_keras" and tally.over
    assert tally.message == Run(replace(e, epochs=1)).train().message != ""


def test_are_weights_that_are_right_at_the_start_solved_at_epoch_0() -> None:
    many = Many(replace(ALIGNED, init="matched"), SEEDS).train()
    assert many.tally == Tally((0,) * SEEDS, SEEDS, 0, "finished")
    assert (many.weights == many.weights[0]).all()


def test_do_seeds_that_diverge_end_it_unsolved() -> None:
    e = replace(ALIGNED, head="linear", loss="mse", optimizer="sgd", learning_rate=100.0, batch_size=512, epochs=1000)
    tally = Many(e, SEEDS).train().tally
    assert (tally.status, tally.solved_at, tally.right) == ("finished", (None,) * SEEDS, 0)
    assert tally.epoch < 1000
    assert {Run(replace(e, seed=seed)).train().status for seed in range(SEEDS)} == {"diverged"}


def test_is_the_work_done_in_steps_that_can_be_watched_and_that_end() -> None:
    many = Many(ALIGNED, SEEDS)
    with pytest.raises(ValueError, match="no weights yet"):
        _ = many.weights
    seen = [many.tally.status]
    epochs = [many.tally.epoch]
    while many.step():
        seen.append(many.tally.status)
        epochs.append(many.tally.epoch)
    assert seen[0] == "waiting" and set(seen[1:]) == {"running"} and many.tally.status == "finished"
    assert epochs == sorted(epochs) and many.tally.epoch == 30 and len(set(epochs)) > 2
    assert not many.step(), "there is no more to do"


def test_does_a_failure_become_the_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corner_lab.experiment.experiment.initial_weights", lambda *_, **__: 1 / 0)
    many = Many(ALIGNED, SEEDS).train()
    assert many.tally.status == "failed" and many.tally.message == "ZeroDivisionError: division by zero"


def test_is_an_experiment_trained_once_for_the_whole_process() -> None:
    one = many_for(Experiment(seed=5), 2)
    assert many_for(Experiment(seed=7, stop="confident"), 2) is one, "neither seed nor stop rule count"
    assert many_for(Experiment(), 3) is not one and many_for(Experiment(epochs=7), 2) is not one


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"head": "softmax", "loss": "categorical_crossentropy"}, "head 'softmax': many seeds at once"),
        ({"balance": "hard_negatives"}, "balance 'hard_negatives'"),
    ],
)
def test_is_what_cannot_be_trained_at_once_refused_with_a_reason(fields: dict[str, Any], named: str) -> None:
    with pytest.raises(ExperimentError, match=named):
        many_engine_for(Experiment(**fields), SEEDS)
    tally = Many(Experiment(**fields), SEEDS).train().tally
    assert tally.status == "failed" and named in tally.message
    with pytest.raises(ExperimentError, match="the same for every seed"):
        Many(Experiment(init="given"), SEEDS)


def test_has_one_call_a_limit() -> None:
    engine = many_engine_for(ALIGNED, SEEDS)
    state = engine.start(np.zeros((SEEDS, 12), np.float32), 0.01)
    with pytest.raises(ValueError, match=str(CHUNK)):
        engine.advance(state, Task(ALIGNED), np.zeros((CHUNK + 1, SEEDS, 512), np.int32))


def test_is_the_median_an_epoch_at_which_a_seed_was_solved() -> None:
    assert Tally((None, 9, 5, 7, None, 100)).median == 7
    assert Tally((4, None, 2, 3)).median == 3 and Tally((None, None)).median is None
    assert Tally((4, None, 0)).solved == 2 and Tally((4, None, 0)).seeds == 3
