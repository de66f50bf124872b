"""Do weights survive every way they are written: Keras's arrays, JSON, the twelve numbers of z?"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from corner_lab.network.parameters import ParameterLayout
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
    document = json.loads(json.dumps(shape.to_json(written), allow_nan=False))
    assert list(document) == ["kernel", "bias", "second_kernel", "second_bias"]
    read = shape.from_json(document)
    assert read.dtype == np.float32
    np.testing.assert_array_equal(read, written)


def test_json_is_written_as_people_read_it() -> None:
    one = ParameterLayout(1, 1).to_json(np.arange(12, dtype=np.float32))
    assert one == {"kernel": [[0, 1, 2], [3, 4, 5], [6, 7, 8]], "bias": 9, "second_kernel": [10], "second_bias": [11]}
    two = ParameterLayout(2, 0).to_json(np.arange(20, dtype=np.float32))
    assert two["kernel"] == [[[0, 2, 4], [6, 8, 10], [12, 14, 16]], [[1, 3, 5], [7, 9, 11], [13, 15, 17]]]
    assert (two["bias"], two["second_kernel"], two["second_bias"]) == ([18, 19], None, None)
    fix = ParameterLayout(1, 2).to_json(np.arange(14, dtype=np.float32))
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
        ({"bias": {}}, ["bias"]),
        ({"second_kernel": [1, 2]}, ["second_kernel", "(1,)", "(2,)"]),
        ({"second_kernel": None}, ["second_kernel"]),
        ({"colour": 1}, ["colour"]),
    ],
)
def test_malformed_json_teaches(changes: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ValueError) as raised:
        ParameterLayout(1, 1).from_json(GOOD | changes)
    assert all(word in str(raised.value) for word in words), str(raised.value)


@pytest.mark.parametrize("missing", list(GOOD))
def test_a_missing_field_is_named(missing: str) -> None:
    with pytest.raises(ValueError, match=f"{missing}.*missing"):
        ParameterLayout(1, 1).from_json({name: value for name, value in GOOD.items() if name != missing})


def test_weights_of_another_network_are_refused() -> None:
    with pytest.raises(ValueError, match=r"second_kernel.*no second convolution"):
        ParameterLayout(1, 0).from_json(GOOD)
    with pytest.raises(ValueError, match="kernel"):
        ParameterLayout(2, 0).from_json(GOOD)
    with pytest.raises(ValueError, match=r"12 weights.*14"):
        ParameterLayout(1, 1).to_keras(np.zeros(14, np.float32))
    for no_object in (None, [], "x", 3):
        with pytest.raises(ValueError, match="object"):
            ParameterLayout(1, 1).from_json(no_object)
