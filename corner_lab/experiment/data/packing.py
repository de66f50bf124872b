"""A sample as one number: its pattern, the pattern whose label is its own, and that whose label it is compared with.

Labels are kept once for each of the 512 patterns. A patch that is a corner though its pattern is no target has the
label of a target, and where labels are shuffled a sample is compared with that of another. What is as it is for the
pattern alone takes no room: then the number is the pattern's index.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from corner_lab.network.patterns import COUNT

Indices = NDArray[np.int32]
BITS = COUNT.bit_length() - 1


def packed(pattern: Indices, own: Indices) -> Indices:
    """Samples (...): pattern indices, and those of the patterns whose labels are theirs."""
    return pattern | (pattern ^ own) << BITS


def relabelled(samples: Indices, others: Indices) -> Indices:
    """Samples that are compared with the labels of other ones, of the same shape; with their own they stay as they
    are."""
    return samples | (unpacked(samples)[1] ^ unpacked(others)[1]) << 2 * BITS


def unpacked(samples: Indices) -> tuple[Indices, Indices, Indices]:
    """Of samples (...) the patterns, those whose labels are theirs, and those whose labels they are compared with."""
    pattern = samples & COUNT - 1
    own = pattern ^ samples >> BITS & COUNT - 1
    return pattern, own, own ^ samples >> 2 * BITS


def unpacked_tensors(samples: Any) -> tuple[Any, Any, Any]:
    """As `unpacked`, of an int32 tensor, inside a compiled function."""
    import tensorflow as tf

    both, xor = tf.bitwise.bitwise_and, tf.bitwise.bitwise_xor
    pattern = both(samples, COUNT - 1)
    own = xor(pattern, both(tf.bitwise.right_shift(samples, BITS), COUNT - 1))
    return pattern, own, xor(own, tf.bitwise.right_shift(samples, 2 * BITS))
