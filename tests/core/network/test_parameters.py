"""Do weights survive every way they are written: Keras's arrays, JSON, the twelve numbers of z?"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from corner_lab.network.conversion import converted, converted_locks
from corner_lab.network.parameters import ParameterLayout
from corner_lab.network.weights_json import weights_from_json, weights_to_json
from tests import oracle

SHAPES = {
    "one output": ParameterLayout(1, 1),
    "one output, one convolution": ParameterLayout(1, 0),
    "two outputs": ParameterLayout(1, 2),
    "two outputs, one convolution": ParameterLayout(2, 0),
}
every_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))


def vector(shape: ParameterLayout, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 30, shape.size).astype(np.float32)


def test_a_shape_belongs_to_outputs_and_layers() -> None:
    found = [ParameterLayout.of(two, second) for two in (False, True) for second in (True, False)]
    assert found == list(SHAPES.values())
    assert [shape.size for shape in SHAPES.values()] == [12, 10, 14, 20]


@every_shape
def test_keras_takes_the_arrays_and_gives_them_back(shape: ParameterLayout) -> None:
    class Kind:
        head = "sigmoid" if shape in (ParameterLayout(1, 1), ParameterLayout(1, 0)) else "softmax"
        second_conv = shape.seconds > 0
        labels = "aligned"

    model = oracle.network(Kind)
    written = vector(shape)
    model.set_weights(shape.to_keras(written))
    np.testing.assert_array_equal(np.concatenate([a.ravel() for a in model.get_weights()]), written)
    assert [a.shape for a in model.get_weights()] == shape.keras_shapes()


@every_shape
def test_json_gives_the_same_weights_back(shape: ParameterLayout) -> None:
    written = vector(shape)
    document = json.loads(json.dumps(weights_to_json(shape, written), allow_nan=False))
    assert list(document) == ["kernel", "bias", "second_kernel", "second_bias"]
    read = weights_from_json(shape, document)
    assert read.dtype == np.float32
    np.testing.assert_array_equal(read, written)


def test_json_is_written_as_people_read_it() -> None:
    one = weights_to_json(ParameterLayout(1, 1), np.arange(12, dtype=np.float32))
    assert one == {"kernel": [[0, 1, 2], [3, 4, 5], [6, 7, 8]], "bias": 9, "second_kernel": [10], "second_bias": [11]}
    two = weights_to_json(ParameterLayout(2, 0), np.arange(20, dtype=np.float32))
    assert two["kernel"] == [[[0, 2, 4], [6, 8, 10], [12, 14, 16]], [[1, 3, 5], [7, 9, 11], [13, 15, 17]]]
    assert (two["bias"], two["second_kernel"], two["second_bias"]) == ([18, 19], None, None)
    fix = weights_to_json(ParameterLayout(1, 2), np.arange(14, dtype=np.float32))
    assert (fix["bias"], fix["second_kernel"], fix["second_bias"]) == (9, [10, 11], [12, 13])


@every_shape
def test_twelve_numbers_give_z(shape: ParameterLayout) -> None:
    weights = vector(shape)
    n = shape.linear(weights).astype(np.float64)
    z = (oracle.PATTERNS @ n[:9] + n[9]) * n[10] + n[11]
    np.testing.assert_allclose(z, oracle.pre_activations(shape.to_keras(weights)), rtol=1e-4, atol=1e-3)


@every_shape
def test_many_vectors_are_read_at_once(shape: ParameterLayout) -> None:
    many = np.stack([vector(shape, seed) for seed in range(6)]).reshape(2, 3, -1)
    found = shape.linear(many)
    assert found.shape == (2, 3, 12) and found.dtype == np.float32
    np.testing.assert_array_equal(found[1, 2], shape.linear(many[1, 2]))


@every_shape
@given(numbers=arrays(np.float32, 12, elements=st.floats(-100, 100, width=32)), seed=st.integers(0, 99))
def test_twelve_numbers_can_be_set(shape: ParameterLayout, numbers: np.ndarray, seed: int) -> None:
    if not shape.seconds:
        numbers[10:] = 1, 0  # there is no second convolution to set
    base = vector(shape, seed)
    untouched = base.copy()
    written = shape.from_linear(numbers, base)
    assert written.shape == (shape.size,) and written.dtype == np.float32
    np.testing.assert_allclose(shape.linear(written), numbers, rtol=1e-5, atol=1e-4)
    np.testing.assert_array_equal(base, untouched)


@every_shape
def test_setting_the_numbers_that_are_there_changes_nothing(shape: ParameterLayout) -> None:
    weights = vector(shape)
    np.testing.assert_allclose(shape.from_linear(shape.linear(weights), weights), weights, rtol=1e-5, atol=1e-5)


GOOD: dict[str, Any] = {
    "kernel": [[0, 0, 0], [0, 1, 1], [0, 1, 1]],
    "bias": -3,
    "second_kernel": [1],
    "second_bias": [0],
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kernel": [[1, 2], [3, 4]]}, ["kernel", "(3, 3)", "(2, 2)"]),
        ({"kernel": [[1, 2, 3], [1, 2], [1, 2, 3]]}, ["kernel", "(3, 3)"]),
        ({"kernel": None}, ["kernel", "(3, 3)"]),
        ({"kernel": "abc"}, ["kernel"]),
        ({"bias": [1, 2]}, ["bias", "one finite number"]),
        ({"bias": float("nan")}, ["bias", "finite"]),
        ({"bias": float("inf")}, ["bias", "finite"]),
        ({"bias": 1e39}, ["bias", "finite"]),
        ({"bias": 10**400}, ["bias"]),
        ({"bias": 3.401e38}, ["z reaches 3.4e+38", "float32"]),
        ({"bias": 1e20, "second_kernel": [-1e20]}, ["z reaches 1.0e+40", "float32"]),
        ({"bias": {}}, ["bias"]),
        ({"second_kernel": [1, 2]}, ["second_kernel", "(1,)", "(2,)"]),
        ({"second_kernel": None}, ["second_kernel"]),
        ({"colour": 1}, ["colour"]),
    ],
)
def test_malformed_json_teaches(changes: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ValueError) as raised:
        weights_from_json(ParameterLayout(1, 1), GOOD | changes)
    assert all(word in str(raised.value) for word in words), str(raised.value)


@pytest.mark.parametrize("missing", list(GOOD))
def test_a_missing_field_is_named(missing: str) -> None:
    with pytest.raises(ValueError, match=f"{missing}.*missing"):
        weights_from_json(ParameterLayout(1, 1), {name: value for name, value in GOOD.items() if name != missing})


def test_weights_of_another_network_are_refused() -> None:
    with pytest.raises(ValueError, match=r"second_kernel.*no second convolution"):
        weights_from_json(ParameterLayout(1, 0), GOOD)
    with pytest.raises(ValueError, match="kernel"):
        weights_from_json(ParameterLayout(2, 0), GOOD)
    with pytest.raises(ValueError, match=r"12 weights.*14"):
        ParameterLayout(1, 1).to_keras(np.zeros(14, np.float32))
    for no_object in (None, [], "x", 3):
        with pytest.raises(ValueError, match="object"):
            weights_from_json(ParameterLayout(1, 1), no_object)


def scores(layout: ParameterLayout, weights: np.ndarray) -> np.ndarray:
    """Every class's score of all 512 patterns in float64, (512, outputs), by the arrays that Keras gets."""
    first, bias, *second = (array.astype(np.float64) for array in layout.to_keras(weights))
    found = oracle.PATTERNS.astype(np.float64) @ first[:, :, 0, :].reshape(9, -1) + bias
    return found @ second[0][0, 0] + second[1] if second else found


def z_of(layout: ParameterLayout, weights: np.ndarray) -> np.ndarray:
    found = scores(layout, weights)
    return found[:, -1] - (found[:, 0] if found.shape[1] == 2 else 0)


def tolerance(layout: ParameterLayout, weights: np.ndarray) -> float:
    """What rounding every number once to float32 can move z by, with some room."""
    return 8 * float(np.finfo(np.float32).eps) * layout.largest_z(weights)


every_target = pytest.mark.parametrize("to", SHAPES.values(), ids=[f"to {name}" for name in SHAPES])


@every_shape
@every_target
@pytest.mark.parametrize("seed", range(5))
def test_is_z_the_same_for_every_pattern_in_another_layout(
    shape: ParameterLayout, to: ParameterLayout, seed: int
) -> None:
    weights = vector(shape, seed)
    untouched = weights.copy()
    found = converted(shape, weights, to)
    assert found.shape == (to.size,) and found.dtype == np.float32
    np.testing.assert_allclose(z_of(to, found), z_of(shape, weights), rtol=0, atol=tolerance(shape, weights))
    found[:] = 0
    np.testing.assert_array_equal(weights, untouched)


@every_shape
def test_does_the_same_layout_keep_every_bit(shape: ParameterLayout) -> None:
    weights = vector(shape)
    np.testing.assert_array_equal(converted(shape, weights, shape), weights)


def test_do_both_classes_keep_their_scores_where_the_1x1_is_folded_into_two_kernels() -> None:
    one, two = ParameterLayout(1, 2), ParameterLayout(2, 0)
    weights = vector(one)
    found = scores(two, converted(one, weights, two))
    np.testing.assert_allclose(found, scores(one, weights), rtol=0, atol=tolerance(one, weights))


@pytest.mark.parametrize("second_conv", [True, False])
@pytest.mark.parametrize("wanted", [True, False])
def test_does_the_other_class_score_0_where_one_output_becomes_two(second_conv: bool, wanted: bool) -> None:
    one, two = ParameterLayout.of(False, second_conv), ParameterLayout.of(True, wanted)
    found = scores(two, converted(one, vector(one), two))
    assert (found[:, 0] == 0).all() and (found[:, 1] != 0).any()


def test_does_the_other_class_score_0_where_two_kernels_become_one() -> None:
    two, one = ParameterLayout(2, 0), ParameterLayout(1, 2)
    assert (scores(one, converted(two, vector(two), one))[:, 0] == 0).all()


@pytest.mark.parametrize("outputs", [False, True])
def test_do_kernel_and_1x1_stay_apart_where_both_layouts_have_them(outputs: bool) -> None:
    shape, to = ParameterLayout.of(outputs, True), ParameterLayout.of(not outputs, True)
    weights = vector(shape)
    np.testing.assert_array_equal(to.linear(converted(shape, weights, to)), shape.linear(weights))


def test_does_a_run_with_softmax_go_on_without_its_1x1_and_back() -> None:
    with_it, without = ParameterLayout.of(True, True), ParameterLayout.of(True, False)
    weights = with_it.from_bench(np.arange(1, 15, dtype=np.float32))
    there = converted(with_it, weights, without)
    back = converted(without, there, with_it)
    np.testing.assert_allclose(z_of(with_it, back), z_of(with_it, weights), rtol=1e-6, atol=1e-4)


@every_shape
@pytest.mark.parametrize("count", [11, 13, 14, 22])
def test_are_the_numbers_of_another_bench_refused(shape: ParameterLayout, count: int) -> None:
    if count == len(shape.bench_names):
        assert shape.from_bench(np.ones(count, np.float32)).shape == (shape.size,)
        return
    with pytest.raises(ValueError, match=f"this network has .*not {count}"):
        shape.from_bench(np.ones(count, np.float32))


@every_shape
@every_target
def test_are_weights_of_another_size_or_not_finite_refused(shape: ParameterLayout, to: ParameterLayout) -> None:
    with pytest.raises(ValueError, match=f"{shape.size} weights"):
        converted(shape, np.zeros(shape.size + 1, np.float32), to)
    for wrong in (np.nan, np.inf, -np.inf):
        with pytest.raises(ValueError, match="finite"):
            converted(shape, np.full(shape.size, wrong, np.float32), to)


@every_shape
@every_target
def test_what_does_not_fit_float32_is_refused_in_a_sentence(shape: ParameterLayout, to: ParameterLayout) -> None:
    with pytest.raises(ValueError, match=r"z .*float32"):
        converted(shape, np.full(shape.size, 3e38, np.float32), to)


@every_shape
@every_target
def test_which_locks_stay(shape: ParameterLayout, to: ParameterLayout) -> None:
    both = 12 if shape.seconds and to.seconds else 10
    assert converted_locks(shape, range(12), to) == frozenset(range(both))
    assert converted_locks(shape, (), to) == frozenset()
    assert converted_locks(shape, {4, 9}, to) == {4, 9}
    for i in converted_locks(shape, range(12), to):
        assert to.behind(i)


@every_shape
def test_does_nothing_overflow_in_weights_that_z_just_holds(shape: ParameterLayout) -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        weights = rng.choice([-1, 1], shape.size) * 10 ** rng.uniform(-5, 18, shape.size)
        weights = weights.astype(np.float32)
        scale = 3.399e38 / shape.largest_z(weights) if not shape.seconds else 1.0
        held = shape.checked((weights * np.float64(scale)).astype(np.float32))  # a warning is an error here
        assert np.isfinite(shape.linear(held)).all() and np.isfinite(shape.bench(held)).all()
        with np.errstate(over="raise"):
            one = np.array(oracle.PATTERNS, np.float32) @ held[: 9 * shape.filters].reshape(9, -1)
        assert np.isfinite(one).all() and np.abs(z_of(shape, held)).max() <= shape.largest_z(held)


@pytest.mark.parametrize("count", [12, 14, 22])
def test_a_bench_tells_by_its_count_whose_numbers_it_has(count: int) -> None:
    layout = ParameterLayout.of_bench(count)
    assert len(layout.bench_names) == count
    with pytest.raises(ValueError, match=f"not {count - 1}"):
        ParameterLayout.of_bench(count - 1)


def test_are_the_numbers_of_a_bench_without_a_1x1_read_as_those_of_one_with_it() -> None:
    without = ParameterLayout(1, 0)
    weights, read = vector(without), ParameterLayout.of_bench(12)
    found = read.from_bench(without.bench(weights))
    np.testing.assert_array_equal(z_of(read, found), z_of(without, weights))
