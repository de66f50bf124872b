"""Do networks of several kernels keep their numbers, wherever they are written? Against Keras, and sums by hand."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest

from corner_lab.network import numpy_model
from corner_lab.network.conversion import converted, converted_locks, further_kernels
from corner_lab.network.hidden import HIDDEN
from corner_lab.network.metrics import margin, separation_gap
from corner_lab.network.parameters import BENCHES, ParameterLayout, linear_names
from corner_lab.network.weights_json import weights_from_json, weights_to_json
from tests import oracle

SHAPES = {f"{k} kernels, {outputs} outputs": ParameterLayout(k, outputs) for k in (1, 2, 4, 8) for outputs in (1, 2)}
OTHERS = {"no 1x1": ParameterLayout(1, 0), "two outputs, no 1x1": ParameterLayout(2, 0)}
every_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
every_hidden = pytest.mark.parametrize("hidden", HIDDEN)


def vector(shape: ParameterLayout, seed: int = 0, scale: float = 3.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, scale, shape.size).astype(np.float32)


def kind(shape: ParameterLayout, hidden: str = "none") -> object:
    class Kind:
        head = "softmax" if shape.seconds == 2 else "sigmoid"
        labels = "aligned"
        second_conv = True
        kernels = shape.kernels

    Kind.hidden = hidden  # type: ignore[attr-defined]
    return Kind


@every_shape
def test_keras_has_these_arrays_and_gives_the_weights_back(shape: ParameterLayout) -> None:
    model, written = oracle.network(kind(shape)), vector(shape)
    model.set_weights(shape.to_keras(written))
    np.testing.assert_array_equal(np.concatenate([a.ravel() for a in model.get_weights()]), written)
    assert shape == ParameterLayout.of(shape.seconds == 2, True, shape.kernels)
    outputs = shape.seconds
    assert shape.size == sum(a.size for a in model.get_weights()) == 10 * shape.kernels + outputs * (shape.kernels + 1)


@every_shape
@every_hidden
def test_the_numbers_give_what_keras_gives(shape: ParameterLayout, hidden: str) -> None:
    for seed in range(3):
        weights = vector(shape, seed, 1.0)
        numbers, arrays = shape.linear(weights), shape.to_keras(weights)
        assert numbers.shape == (11 * shape.kernels + 1,)
        z = oracle.pre_activations(arrays, hidden)
        np.testing.assert_allclose(numpy_model.pre_activations(numbers, hidden), z, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(numpy_model.about(numbers, hidden), z, rtol=1e-5, atol=1e-5)
        output = numpy_model.outputs(numbers, "softmax" if shape.seconds == 2 else "sigmoid", hidden)
        np.testing.assert_allclose(output, oracle.predict(kind(shape, hidden), arrays), rtol=1e-4, atol=1e-5)


@every_shape
def test_every_number_has_its_name_and_its_place(shape: ParameterLayout) -> None:
    k, weights = shape.kernels, vector(shape)
    kernels, biases, second, ends = shape.to_keras(weights)
    named = dict(zip(shape.bench_names, shape.bench(weights), strict=True))
    for i in range(k):
        kernel, suffix = (f"k{i}.", f".{i}") if k > 1 else ("k", "")
        assert [named[f"{kernel}{cell}"] for cell in range(9)] == kernels[:, :, 0, i].ravel().tolist()
        assert named[f"bias{suffix}"] == biases[i]
        other = second[0, 0, i, 0] if shape.seconds == 2 else np.float32(0)
        assert named[f"w2{suffix}"] == second[0, 0, i, -1] - other
        assert shape.seconds == 1 or named[f"w0{suffix}"] == other
    assert named["b2"] == (ends[1] - ends[0] if shape.seconds == 2 else ends[0])
    assert len(named) == (11 * k + 1 if shape.seconds == 1 else 12 * k + 2)
    for i, name in enumerate(shape.linear_names):
        found = [weights[place] for place in shape.behind(i)]
        assert named[name] == (found[0] if len(found) == 1 else found[1] - found[0])
    assert [shape.flat_names[shape.behind(i)[-1]] for i in range(11 * k + 1)] == list(shape.linear_names)


def test_the_count_of_a_bench_tells_its_network() -> None:
    counts = [11 * k + 1 for k in range(1, 9)] + [12 * k + 2 for k in range(1, 9)] + [22]
    assert sorted(BENCHES) == sorted(counts) and len(set(counts)) == 17
    assert all(len(ParameterLayout.of_bench(count).bench_names) == count for count in counts)
    for wrong in (11, 13, 24, 90, 99, 100):
        with pytest.raises(ValueError, match=rf"11 K \+ 1 or 12 K \+ 2, not {wrong}"):
            ParameterLayout.of_bench(wrong)


@every_shape
def test_the_bench_is_read_back_and_so_is_json(shape: ParameterLayout) -> None:
    weights = np.random.default_rng(1).integers(-9, 9, shape.size).astype(np.float32)  # so that differences are exact
    np.testing.assert_array_equal(shape.from_bench(shape.bench(weights)), weights)
    document = json.loads(json.dumps(weights_to_json(shape, weights), allow_nan=False))
    np.testing.assert_array_equal(weights_from_json(shape, document), weights)
    kernels, biases, second, ends = shape.to_keras(weights)
    if shape.kernels > 1:
        assert document["kernel"][1] == kernels[:, :, 0, 1].tolist() and document["bias"] == biases.tolist()
        wanted = second[0, 0] if shape.seconds == 2 else second.ravel()
        assert document["second_kernel"] == wanted.tolist() and document["second_bias"] == ends.tolist()
    many = np.stack([weights, 2 * weights])
    np.testing.assert_array_equal(shape.linear(many)[1], shape.linear(2 * weights))


def test_json_of_another_number_of_kernels_says_what_is_expected() -> None:
    four = weights_to_json(ParameterLayout(4, 1), vector(ParameterLayout(4, 1)))
    with pytest.raises(ValueError, match=r"kernel: expected finite numbers of shape \(8, 3, 3\), not \(4, 3, 3\)"):
        weights_from_json(ParameterLayout(8, 1), four)
    with pytest.raises(ValueError, match=r"kernel: expected finite numbers of shape \(3, 3\), not \(4, 3, 3\)"):
        weights_from_json(ParameterLayout(1, 1), four)


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("kernels", [1, 2, 8])
def test_z_is_summed_in_one_fixed_order_to_the_last_bit(kernels: int, hidden: str) -> None:
    rng = np.random.default_rng(6)
    for scale in (1e-3, 1.0, 1e6):
        count = 11 * kernels + 1
        numbers = (rng.normal(size=(2, count)) * scale ** rng.uniform(-1, 1, (2, count))).astype(np.float32)
        for row, z in zip(numbers.astype(float), numpy_model.pre_activations(numbers, hidden), strict=True):
            for pattern in range(0, 512, 5):
                parts = []
                for k in range(kernels):
                    total = 0.0
                    for pixel in range(9):
                        total += (pattern >> pixel & 1) * row[9 * k + pixel]
                    total += row[9 * kernels + k]
                    parts.append((max(total, 0.0) if hidden == "relu" else total) * row[10 * kernels + k])
                whole = parts[0]
                for part in parts[1:]:
                    whole += part
                assert z[pattern] == whole + row[-1]


def test_relu_leaves_no_negative_zero() -> None:
    numbers = np.zeros(12, np.float32)
    numbers[[9, 10, 11]] = -0.0, -1.0, -0.0  # the empty pattern's sum is -0, and 0 times -1 is -0 again
    z = numpy_model.pre_activations(numbers, "relu")
    assert (z == 0).all() and np.signbit(z).all()
    numbers[10] = 1.0
    assert not np.signbit(numpy_model.pre_activations(numbers, "relu")).any()


@every_shape
def test_without_relu_all_kernels_are_one(shape: ParameterLayout) -> None:
    numbers = shape.linear(vector(shape, 4, 1.0))
    kernel, bias = numpy_model.one_kernel(numbers)
    z = oracle.PATTERNS.astype(float) @ kernel + bias
    np.testing.assert_allclose(z, numpy_model.pre_activations(numbers), rtol=1e-9, atol=1e-9)
    target = (27, 432)
    half = separation_gap(z, target) / 2 / np.linalg.norm(kernel)
    assert margin(numbers, target) == pytest.approx(half)


# ---------------------------------------------------------------- conversion

PAIRS = [
    pytest.param(one, other, id=f"{name} to {there}")
    for (name, one), (there, other) in itertools.product((SHAPES | OTHERS).items(), repeat=2)
]


@pytest.mark.parametrize(("shape", "to"), PAIRS)
def test_is_z_the_same_in_another_network(shape: ParameterLayout, to: ParameterLayout) -> None:
    weights = vector(shape, 7)
    found = converted(shape, weights, to)
    room = 16 * float(np.finfo(np.float32).eps) * shape.largest_z(weights)
    before, after = (oracle.pre_activations(s.to_keras(w)) for s, w in ((shape, weights), (to, found)))
    np.testing.assert_allclose(after, before, rtol=0, atol=room)
    with pytest.raises(ValueError, match=f"{shape.size} weights"):
        converted(shape, weights[:-1], to)
    with pytest.raises(ValueError, match="float32"):
        converted(shape, np.full(shape.size, 3e38, np.float32), to)


@pytest.mark.parametrize("outputs", [1, 2])
def test_with_relu_more_kernels_keep_z_and_fewer_are_the_first(outputs: int) -> None:
    two, eight = ParameterLayout(2, outputs), ParameterLayout(8, outputs)
    weights = vector(two)
    more = converted(two, weights, eight, "relu")
    before, after = (oracle.pre_activations(s.to_keras(w), "relu") for s, w in ((two, weights), (eight, more)))
    np.testing.assert_array_equal(after, before)
    kernels, _, second, _ = eight.to_keras(more)
    assert not second[0, 0, 2:].any(), "the new ones have no say"
    assert len(np.unique(kernels[:, :, 0, 2:].ravel())) == 54, "and each has numbers of its own, so that it can learn"
    np.testing.assert_array_equal(converted(eight, more, two, "relu"), weights)


def test_further_kernels_are_those_of_numpy_and_the_same_every_time() -> None:
    expected = np.random.default_rng(5).uniform(-1 / 3, 1 / 3, (3, 9)).astype(np.float32)
    np.testing.assert_array_equal(further_kernels(3, 5), expected)


@pytest.mark.parametrize(("shape", "to"), PAIRS)
def test_a_lock_stays_on_what_both_networks_have(shape: ParameterLayout, to: ParameterLayout) -> None:
    k, there = shape.kernels, to.kernels
    both = min(k, there)
    kept = converted_locks(shape, range(11 * k + 1), to)
    seconds = shape.seconds > 0 and to.seconds > 0
    assert len(kept) == 10 * both + (both + 1) * seconds
    assert all(to.behind(i) for i in kept)
    assert converted_locks(shape, {4, 9 * k}, to) == {4, 9 * there}
    assert not seconds or converted_locks(shape, {11 * k}, to) == {11 * there}
    assert converted_locks(shape, {-1, 99}, to) == frozenset()
    assert linear_names(there)[4] == ("k4" if there == 1 else "k0.4")


@every_shape
def test_nothing_overflows_in_weights_that_z_just_holds(shape: ParameterLayout) -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        weights = (rng.choice([-1, 1], shape.size) * 10 ** rng.uniform(-5, 18, shape.size)).astype(np.float32)
        held = shape.checked(weights)  # a warning is an error here
        assert np.isfinite(shape.bench(held)).all()
        for hidden in HIDDEN:
            assert np.abs(oracle.pre_activations(shape.to_keras(held), hidden)).max() <= shape.largest_z(held)
