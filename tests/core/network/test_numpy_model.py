"""Does the NumPy twin compute what Keras computes? All 512 patterns, every head; slopes against Keras's own."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf
from keras import activations

from corner_lab.network import numpy_model
from corner_lab.network.heads import HEADS
from corner_lab.network.parameters import ParameterLayout
from corner_lab.network.patterns import (
    NAMED,
    TARGET_WORDS,
    TARGETS,
    all_patterns,
    hamming_distance,
    index_of,
    is_target,
    pixels,
)
from tests import oracle


@pytest.mark.parametrize("second_conv", [True, False])
@pytest.mark.parametrize("labels", oracle.LABELS)
@pytest.mark.parametrize("head", oracle.HEADS)
def test_the_twin_outputs_what_keras_outputs(head: str, labels: str, second_conv: bool) -> None:
    shape = ParameterLayout.of(head == "softmax", second_conv)
    rng = np.random.default_rng(11)
    for scale in (0.3, 3.0):
        weights = rng.normal(0, scale, shape.size).astype(np.float32)
        kind = SimpleNamespace(head=head, labels=labels, second_conv=second_conv)
        output = numpy_model.outputs(shape.linear(weights), head)
        np.testing.assert_allclose(output, oracle.predict(kind, shape.to_keras(weights)), rtol=1e-4, atol=1e-5)
        z = oracle.pre_activations(shape.to_keras(weights))
        np.testing.assert_allclose(numpy_model.pre_activations(shape.linear(weights)), z, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("index", [0, 1, 5, 432, 511])
def test_the_products_add_up_to_z(index: int) -> None:
    numbers = np.random.default_rng(2).normal(size=12).astype(np.float32)
    nine = numpy_model.products(index, numbers)
    np.testing.assert_array_equal(nine, oracle.PATTERNS[index] * numbers[:9])
    z = (nine.sum() + float(numbers[9])) * float(numbers[10]) + float(numbers[11])
    assert numpy_model.pre_activations(numbers)[index] == pytest.approx(z)


# Where float32 is at its limits: inside, at and beyond 3; where exp(-z) is subnormal, and where it is 0.
Z = np.array([0, 0.5, 2.9999995, 3, 3.0000002, 5, 16, 17, 60, 87, 88, 104, 200, 1000], np.float32)
Z = np.concatenate([-Z[:0:-1], Z])


@pytest.mark.parametrize("head", ["hard_sigmoid", "sigmoid", "linear"])
def test_output_and_slope_are_those_of_keras(head: str) -> None:
    z = tf.constant(Z)
    with tf.GradientTape() as tape:
        tape.watch(z)
        output = activations.get(head)(z)
    slope = tape.gradient(output, z).numpy()
    np.testing.assert_allclose(HEADS[head].output(Z), output, rtol=1e-5, atol=1e-7)
    if head == "sigmoid":
        # Keras has output * (1 - output): on the right output rounds to 1 from 24 ln 2 = 16.6 on, and near there it has
        # few digits left; on the left it gets smaller than the normal numbers from -126 ln 2 = -87.3 on, which some
        # processors take for 0.
        certain = (Z > -87.3) | (Z < -104)
        np.testing.assert_array_equal((HEADS[head].slope(Z) == 0)[certain], (slope == 0)[certain])
        exact_enough = (Z < 10) & certain
        np.testing.assert_allclose(HEADS[head].slope(Z)[exact_enough], slope[exact_enough], rtol=1e-3)
    else:
        np.testing.assert_allclose(HEADS[head].slope(Z), slope, rtol=1e-6)
        np.testing.assert_array_equal(HEADS[head].slope(Z) == 0, slope == 0)


def test_hard_sigmoid_is_dead_at_exactly_3() -> None:
    slope = HEADS["hard_sigmoid"].slope(np.array([-3, 3, -2.9999995, 2.9999995], np.float32))
    assert slope.tolist() == [0, 0, pytest.approx(1 / 6), pytest.approx(1 / 6)]


def test_sigmoid_never_overflows() -> None:
    assert HEADS["sigmoid"].output(np.array([-1e30, 1e30])).tolist() == [0, 1]


def test_patterns_are_in_the_order_of_the_question() -> None:
    np.testing.assert_array_equal(all_patterns(), oracle.X)
    assert all_patterns().dtype == np.float32
    for index in range(512):
        assert index_of(pixels(index)) == index
    assert NAMED["top-left corner"] == 432
    np.testing.assert_array_equal(pixels(432).reshape(3, 3), [[0, 0, 0], [0, 1, 1], [0, 1, 1]])
    corner = pixels(432).reshape(3, 3)
    turned = [index_of(np.rot90(corner, turns).ravel()) for turns in range(4)]
    assert turned == [432, 54, 27, 216]
    assert [NAMED[f"{where} corner"] for where in ("top-left", "bottom-left", "bottom-right", "top-right")] == turned


def test_are_the_named_sets_what_their_names_say() -> None:
    corner, rows = pixels(432).reshape(3, 3), np.arange(9).reshape(3, 3) // 3
    corners = {index_of(np.rot90(corner, turns).ravel()) for turns in range(4)}
    lines = {index_of(line.ravel() == 1) for line in (rows, rows.T, 1 - abs(rows - rows.T).clip(0, 1))}
    lines.add(index_of((rows + rows.T == 2).ravel()))
    assert (set(TARGETS["four corners"]), set(TARGETS["four lines"])) == (corners, lines)
    assert all(TARGETS[name] == (index,) for name, index in NAMED.items())
    assert all(list(indices) == sorted(indices) for indices in TARGETS.values())
    assert TARGET_WORDS["four_corners"] == TARGETS["four corners"] and TARGET_WORDS["top_left_corner"] == (432,)


def test_a_pattern_that_does_not_exist_is_named() -> None:
    for index in (-1, 512):
        with pytest.raises(ValueError, match=str(index)):
            pixels(index)
    for nine in ([0] * 8, [0] * 8 + [2]):
        with pytest.raises(ValueError, match="nine pixels"):
            index_of(nine)


def test_the_hamming_distance_is_that_to_the_nearest_target() -> None:
    targets = (432, 27)
    expected = [min(int(np.abs(row - oracle.PATTERNS[t]).sum()) for t in targets) for row in oracle.PATTERNS]
    assert hamming_distance(targets).tolist() == expected
    assert np.flatnonzero(is_target(targets)).tolist() == [27, 432]
