"""The network: the 512 patterns, its parameters and heads, in Keras and in NumPy, and figures of merit."""

from corner_lab.network.heads import HEADS, Head
from corner_lab.network.hidden import HIDDEN, Hidden
from corner_lab.network.parameters import ParameterLayout, Vector
from corner_lab.network.patterns import CORNER, COUNT, NAMED, all_patterns, pixels

__all__ = [
    "CORNER",
    "COUNT",
    "HEADS",
    "HIDDEN",
    "NAMED",
    "Head",
    "Hidden",
    "ParameterLayout",
    "Vector",
    "all_patterns",
    "pixels",
]
