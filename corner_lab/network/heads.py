"""Heads: the activation at the end of the network, and what it makes of a pre-activation z."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corner_lab.language import msg
from corner_lab.registry import Choice, registry

Floats = NDArray[np.floating]

# Keras's derivative of a sigmoid is y * (1 - y) in float32: 0 once y rounds to 1, from z = 24 ln 2 on, and once y is
# below the smallest normal number, which some processors take for 0 and some do not.
_ROUNDS_TO_1, _UNDERFLOWS = 24 * math.log(2), -126 * math.log(2)


def _sigmoid(z: Floats) -> Floats:
    e: Floats = np.exp(-np.abs(z))  # never overflows
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def _sigmoid_slope(z: Floats) -> Floats:
    e: Floats = np.exp(-np.abs(z))
    return np.where((z > _UNDERFLOWS) & (z < _ROUNDS_TO_1), e / (1 + e) ** 2, 0)


@dataclass(frozen=True)
class Head(Choice):
    """A head. `two_outputs`: it gives a class score for "other" and one for "corner", and z is their difference."""

    two_outputs: bool = False

    def output(self, z: Floats) -> Floats:
        """What the head gives for pre-activations z (a difference of two for softmax); same shape and type."""
        if self.word == "linear":
            return z
        if self.word == "hard_sigmoid":
            relu6: Floats = np.clip(z + 3, 0, 6)
            return relu6 / 6  # as keras.activations.hard_sigmoid has it
        return _sigmoid(z)

    def slope(self, z: Floats) -> Floats:
        """The derivative of `output` by z, float32, exactly 0 where Keras's own is, which trains in that precision.

        For softmax it is that of the corner's probability by the corner's score. A loss that recovers z behind the
        head (cross-entropy) does not go through this derivative.
        """
        if self.word == "linear":
            return np.ones_like(z, dtype=np.float32)
        if self.word == "hard_sigmoid":
            shifted = np.asarray(z, dtype=np.float32) + np.float32(3)  # as relu6 sees it, rounded to float32
            return np.where((shifted > 0) & (shifted < 6), np.float32(1 / 6), np.float32(0))
        return _sigmoid_slope(np.asarray(z, dtype=np.float64)).astype(np.float32)


HEADS = registry(
    Head(
        "hard_sigmoid",
        "hard_sigmoid",
        msg("Three straight pieces; from |z| = 3 outwards it is flat, so its gradient is exactly 0 there."),
        "keras.activations.hard_sigmoid",
    ),
    Head(
        "sigmoid",
        "sigmoid",
        msg(
            "Smooth: its slope gets small far out but is never quite 0, and cross-entropy takes it out of the gradient."
        ),
        "keras.activations.sigmoid",
    ),
    Head(
        "linear",
        "linear",
        msg("No activation: the output is z itself, on which hinges and from_logits losses work."),
        "keras.activations.linear",
    ),
    Head(
        "softmax",
        "softmax",
        msg("Two scores, other and corner, turned into probabilities; only their difference z counts."),
        "keras.activations.softmax",
        two_outputs=True,
    ),
)
