"""Which patterns make up a batch, and how much does each weigh? By the contract, with NumPy alone."""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from corner_lab.experiment.data.label_shapes import label_array, sample_weight_array
from corner_lab.experiment.data.loss_shares import loss_shares
from corner_lab.experiment.data.packing import packed, relabelled, unpacked, unpacked_tensors
from corner_lab.experiment.data.sampling import BALANCES, BatchPlan
from corner_lab.experiment.data.training_set import DATA, Scenes, training_set
from corner_lab.network.patterns import is_target
from corner_lab.pictures.scenes import KINDS
from tests import oracle

TARGETS = st.sets(st.integers(0, 511), min_size=1, max_size=8).map(lambda found: tuple(sorted(found)))


@given(TARGETS, st.sampled_from(oracle.BALANCES), st.sampled_from([2, 32, 64, 512]), st.integers(0, 2**31 - 1))
def test_the_order_is_one_permutation_per_epoch(
    target: tuple[int, ...], balance: str, batch_size: int, seed: int
) -> None:
    plan = BatchPlan(target, balance, batch_size)
    e = SimpleNamespace(target=target, balance=balance, batch_size=batch_size, seed=seed)
    found = plan.shuffled(np.random.default_rng(seed), 2)
    np.testing.assert_array_equal(found, oracle.orders(e, 2))
    np.testing.assert_array_equal(plan.in_order(), oracle.in_order(e))
    assert plan.samples == found.shape[1] and plan.updates == -(-plan.samples // batch_size)
    assert plan.full * batch_size + plan.last == plan.samples


@given(TARGETS, st.sampled_from(oracle.BALANCES), st.sampled_from([1, 2, 32, 64, 512]), st.integers(0, 2**31 - 1))
def test_do_shuffled_labels_change_places_within_their_batch_alone(
    target: tuple[int, ...], balance: str, batch_size: int, seed: int
) -> None:
    plan = BatchPlan(target, "none" if batch_size == 1 else balance, batch_size)
    e = SimpleNamespace(batch_size=batch_size, seed=seed, labels_shuffled=True)
    order = plan.shuffled(np.random.default_rng(seed), 3)
    rng = np.random.default_rng(seed + 1)
    parts = [
        plan.with_shuffled_labels(rng, part) for part in (order[:1], order[:0], order[1:])
    ]  # in calls as they come
    patterns, own, found = unpacked(np.concatenate(parts))
    assert (patterns == order).all() and (own == order).all()
    mixed = list(oracle.shuffled_batches(e, order))
    np.testing.assert_array_equal(found.ravel(), np.concatenate([of for _, of in mixed]))
    assert all(sorted(batch) == sorted(of) for batch, of in mixed)


def test_does_a_sample_carry_its_own_label_and_that_of_another() -> None:
    pattern, own, other, others_own = (
        np.random.default_rng(seed).integers(512, size=(3, 70), dtype=np.int32) for seed in range(4)
    )
    samples = relabelled(packed(pattern, own), packed(other, others_own))
    assert samples.dtype == np.int32
    for parts in (unpacked(samples), unpacked_tensors(tf.constant(samples))):
        for found, expected in zip(parts, (pattern, own, others_own), strict=True):
            np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(relabelled(packed(pattern, pattern), pattern), pattern)


FOUR = (27, 54, 216, 432)
ON_SCENES = [(Scenes("overlapping", 10, 3), (432,), 32), (Scenes("noisy", 11, 0), FOUR, 512)]


@pytest.mark.parametrize("balance", BALANCES)
@pytest.mark.parametrize(("scenes", "target", "batch_size"), ON_SCENES)
def test_are_batches_of_patches_those_of_the_contract(
    scenes: Scenes, target: tuple[int, ...], batch_size: int, balance: str
) -> None:
    plan = BatchPlan(target, balance, batch_size, scenes)
    e = SimpleNamespace(
        data=f"scenes:{scenes.kind}",
        scene_count=scenes.count,
        scene_seed=scenes.seed,
        target=target,
        balance=balance,
        labels="as_asked",
        head="sigmoid",
        batch_size=batch_size,
        seed=5,
    )
    patterns, positive = oracle.samples(e)
    for found, wanted in ((plan.shuffled(np.random.default_rng(5), 2), oracle.orders(e, 2)),):
        found_pattern, own, compared_with = unpacked(found)
        np.testing.assert_array_equal(found_pattern, patterns[wanted])
        np.testing.assert_array_equal(is_target(target)[own], positive[wanted])
        np.testing.assert_array_equal(own, compared_with)
    assert (plan.samples, plan.updates) == (len(wanted[0]), -(-len(wanted[0]) // batch_size))
    if balance == "class_weight":
        weights = oracle.sample_weights(e)
        assert weights is not None
        np.testing.assert_allclose(plan.sample_weights()[own], weights[wanted], rtol=1e-6)


def test_may_a_pattern_carry_both_labels() -> None:
    patterns, positive = oracle.patches("overlapping", range(20), FOUR)
    negatives, positives = training_set(FOUR, Scenes("overlapping", 20, 0)).counts
    np.testing.assert_array_equal(negatives, np.bincount(patterns[~positive], minlength=512))
    np.testing.assert_array_equal(positives, np.bincount(patterns[positive], minlength=512))
    assert ((negatives > 0) & (positives > 0)).sum() > 5, "a hidden corner looks like a patch within a rectangle"
    assert positives[np.delete(np.arange(512), FOUR)].sum() > 0 and positives.sum() < negatives.sum() / 50
    assert set(DATA) == {"patterns", *(f"scenes:{kind}" for kind in KINDS)}


def test_two_calls_go_on_where_the_first_stopped() -> None:
    plan = BatchPlan((432,), "none", 32)
    rng = np.random.default_rng(4)
    parts = np.concatenate([plan.shuffled(rng, 3), plan.shuffled(rng, 2)])
    np.testing.assert_array_equal(parts, plan.shuffled(np.random.default_rng(4), 5))


@pytest.mark.parametrize("target", [(432,), (0, 27, 432)])
@pytest.mark.parametrize("balance", ["none", "class_weight", "hard_negatives"])
def test_an_epoch_holds_every_pattern_once(balance: str, target: tuple[int, ...]) -> None:
    order = BatchPlan(target, balance, 32).shuffled(np.random.default_rng(0), 1)[0]
    assert sorted(order) == list(range(512))


def test_oversampling_repeats_the_target_to_511_and_ends_in_a_smaller_batch() -> None:
    plan = BatchPlan((432,), "oversample", 32)
    for order in plan.shuffled(np.random.default_rng(0), 3):
        counts = np.bincount(order, minlength=512)
        assert counts[432] == 511 and (np.delete(counts, 432) == 1).all()
        assert np.ptp(np.flatnonzero(order == 432)) > 1000  # shuffled together, not at the end
    assert (plan.samples, plan.full, plan.last, plan.updates) == (1022, 31, 30, 32)


def test_oversampling_several_targets_repeats_them_equally() -> None:
    counts = np.bincount(BatchPlan((1, 2, 3), "oversample", 32).in_order(), minlength=512)
    assert counts.sum() == 2 * 509 and set(counts[[1, 2, 3]]) == {169, 170}


@pytest.mark.parametrize("batch_size", [2, 32, 512])
def test_half_of_every_batch_are_targets(batch_size: int) -> None:
    target = (27, 432)
    plan = BatchPlan(target, "half_batch", batch_size)
    (order,) = plan.shuffled(np.random.default_rng(9), 1)
    positive = np.isin(order, target)
    for start in range(0, plan.samples, batch_size):
        batch = positive[start : start + batch_size]
        half = len(batch) // 2
        assert not batch[:half].any() and batch[half:].all()
    assert plan.last == 1020 % batch_size
    assert sorted(order[~positive]) == [i for i in range(512) if i not in target]  # once over the negatives
    in_turn = order[positive].tolist()
    assert in_turn == [target[i % 2] for i in range(510)]


def test_class_weights_are_256_and_half_of_what_is_left() -> None:
    weights = BatchPlan((432,), "class_weight", 32).sample_weights()
    assert weights[432] == 256 and np.delete(weights, 432) == pytest.approx(0.501, abs=5e-5)
    assert weights.mean() == pytest.approx(1)
    two = BatchPlan((1, 2), "class_weight", 32).sample_weights()
    assert (two[1], two[0]) == (128, pytest.approx(512 / 1020))
    assert (BatchPlan((432,), "oversample", 32).sample_weights() == 1).all()


def test_labels_and_weights_have_the_shapes_that_keras_is_to_get() -> None:
    positive, weights = is_target((432,)), np.arange(512, dtype=np.float32)
    assert (
        label_array(positive, "as_asked", False).shape
        == (512,)
        == sample_weight_array(weights, "as_asked", False).shape
    )
    assert label_array(positive, "aligned", False).shape == (512, 1, 1, 1)
    assert sample_weight_array(weights, "aligned", False).shape == (512, 1, 1)
    for labels in oracle.LABELS:
        y = label_array(positive, labels, True)
        assert y.shape == (512, 2) and y[432].tolist() == [0, 1] and y[0].tolist() == [1, 0]
        assert sample_weight_array(weights, labels, True).shape == (512,)


def test_class_weights_do_nothing_when_labels_broadcast() -> None:
    # In one batch of all 512 the mean weight is 1, and that is all that is left of class weights.
    positive, weights = is_target((432,)), BatchPlan((432,), "class_weight", 512).sample_weights()
    output = tf.constant(np.random.default_rng(0).uniform(size=(512, 1, 1, 1)), tf.float32)

    def gradients(labels: str) -> list[np.ndarray]:
        """Of Keras's loss by every output, in units of 1 / 512: without and with the weights."""
        found = []
        for given_weights in (np.ones_like(weights), weights):
            with tf.GradientTape() as tape:
                tape.watch(output)
                loss = keras.losses.MeanSquaredError()(
                    label_array(positive, labels, False),
                    output,
                    sample_weight=sample_weight_array(given_weights, labels, False),
                )
            found.append(512 * tape.gradient(loss, output).numpy())
        return found

    np.testing.assert_allclose(*gradients("as_asked"), atol=1e-5)
    without, weighted = gradients("aligned")
    assert np.abs(without - weighted).max() > 0.01


@pytest.mark.parametrize("balance", BALANCES)
def test_shares_are_the_whole_loss(balance: str) -> None:
    # If every pattern cost 1 whatever its label, so would the epoch (class weights: their mean over the samples).
    ones = np.ones((1, 512))
    for broadcast in (True, False):
        share_0, share_1 = loss_shares(BatchPlan((432,), balance, 32), broadcast, ones, ones)
        assert (share_0 >= 0).all() and (share_1 >= 0).all()
        assert share_0.sum() + share_1.sum() == pytest.approx(1, abs=1e-5)
    share_0, share_1 = (np.atleast_2d(s)[0] for s in loss_shares(BatchPlan((432,), balance, 32), False, ones, ones))
    assert np.flatnonzero(share_1).tolist() == [432] and share_0[432] == 0


@pytest.mark.parametrize("broadcast", [True, False])
@pytest.mark.parametrize(
    "plan",
    [
        BatchPlan((432,), "oversample", 32),
        BatchPlan((432, 27, 5), "class_weight", 16),
        BatchPlan((432,), "half_batch", 8),
        BatchPlan((432,), "hard_negatives", 32),
        BatchPlan((3, 7, 9, 100, 200, 300), "hard_negatives", 16),
        BatchPlan((432,), "hard_negatives", 2),
        BatchPlan(FOUR, "hard_negatives", 512, ON_SCENES[1][0]),
        BatchPlan(FOUR, "class_weight", 512, ON_SCENES[1][0]),
    ],
    ids=lambda plan: f"{plan.balance}-{plan.batch_size}-{len(plan.target)}-{'scenes' if plan.scenes else 'patterns'}",
)
def test_shares_are_the_mean_over_shuffled_epochs(plan: BatchPlan, broadcast: bool) -> None:
    rng, epochs = np.random.default_rng(0), 100 if plan.scenes else min(1000, 60 * plan.batch_size)
    loss_0, loss_1 = rng.integers(0, 60, (2, 512)).astype(float)  # many are equal: the lower index is kept
    positive, weights = np.isin(np.arange(512), plan.target), plan.sample_weights()
    counted = np.zeros((2, 512))
    for order in plan.shuffled(rng, epochs):
        end = len(order) - len(order) % plan.batch_size
        for batch in (order[:end].reshape(-1, plan.batch_size), order[None, end:]):  # (batches, b): all full, the last
            if not batch.size:
                continue
            batch, own, _ = unpacked(batch)
            y, scale, size = positive[own].astype(float), weights[own], batch.shape[1] / len(order)
            label = np.broadcast_to(y.mean(axis=1, keepdims=True), y.shape) if broadcast else y
            if broadcast:
                scale = np.broadcast_to(scale.mean(axis=1, keepdims=True), y.shape)
            part = scale * size / batch.shape[1]
            if plan.balance == "hard_negatives":
                cost = (1 - label) * loss_0[batch] + label * loss_1[batch]
                rank = np.argsort(np.lexsort((batch, -cost, y)))  # negatives before positives, the hardest first
                kept = (y == 1) | (rank < np.minimum(np.maximum(4, y.sum(axis=1)), (1 - y).sum(axis=1))[:, None])
                part = np.where(kept, size / kept.sum(axis=1, keepdims=True), 0)
            np.add.at(counted, (0, batch), part * (1 - label))
            np.add.at(counted, (1, batch), part * label)
    for share, count in zip(loss_shares(plan, broadcast, loss_0[None], loss_1[None]), counted / epochs, strict=True):
        share = np.atleast_2d(share)[0]
        for kind in (positive, ~positive):
            np.testing.assert_allclose(share[kind].sum(), count[kind].sum(), rtol=0.05, atol=1e-5)
        assert np.abs(share - count).max() <= 0.1 * share.max() + 1e-12
