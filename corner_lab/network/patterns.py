"""The 512 binary 3x3 patterns, their indices, and the named ones.

A pattern's index is sum(pixel[j] * 2**j) with j = 0..8 row by row, so pixel 0 toggles fastest. This is the order of
the question's own data.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from corner_lab.language import msg, tr
from corner_lab.registry import Texts

COUNT = 512
CORNER = 432  # 000 / 011 / 011, the top-left corner of a rectangle


def all_patterns() -> NDArray[np.float32]:
    """All patterns in index order: float32 of 0 and 1, shape (512, 3, 3, 1), what Keras takes."""
    bits = (np.arange(COUNT)[:, None] >> np.arange(9)) & 1  # (512, 9)
    return bits.astype(np.float32).reshape(COUNT, 3, 3, 1)


def pixels(index: int) -> NDArray[np.int64]:
    """The nine pixels of a pattern, row by row: 0 or 1, shape (9,). Raises ValueError outside 0..511."""
    if not 0 <= index < COUNT:
        raise ValueError(tr("pattern index {index}: there are patterns 0 to {last}", index=index, last=COUNT - 1))
    return (index >> np.arange(9)) & 1


def index_of(nine: Iterable[int]) -> int:
    """The index of a pattern given by its nine pixels (0 or 1), row by row."""
    bits = [int(bit) for bit in nine]
    if len(bits) != 9 or not set(bits) <= {0, 1}:
        raise ValueError(tr("a pattern has nine pixels of 0 or 1, not {bits}", bits=bits))
    return sum(bit << j for j, bit in enumerate(bits))


def hamming_distance(targets: Iterable[int]) -> NDArray[np.int64]:
    """In how many pixels each pattern differs from the nearest target: 0..9, shape (512,)."""
    differing = np.arange(COUNT)[:, None] ^ np.fromiter(targets, dtype=np.int64)  # (512, targets)
    distances: NDArray[np.int64] = np.bitwise_count(differing).astype(np.int64).min(axis=1)
    return distances


def is_target(targets: Iterable[int]) -> NDArray[np.bool_]:
    """Which of the 512 patterns are targets, shape (512,)."""
    mask = np.zeros(COUNT, dtype=np.bool_)
    mask[list(targets)] = True
    return mask


def _drawn(*rows: str) -> int:
    return index_of(int(character) for row in rows for character in row)


NAMED = MappingProxyType(
    {
        "top-left corner": _drawn("000", "011", "011"),  # 432
        "top-right corner": _drawn("000", "110", "110"),  # 216
        "bottom-left corner": _drawn("011", "011", "000"),  # 54
        "bottom-right corner": _drawn("110", "110", "000"),  # 27
        "X": _drawn("101", "010", "101"),
        "plus": _drawn("010", "111", "010"),
        "horizontal line": _drawn("000", "111", "000"),
        "vertical line": _drawn("010", "010", "010"),
        "diagonal line": _drawn("100", "010", "001"),
        "antidiagonal line": _drawn("001", "010", "100"),
    }
)


def _ending(word: str) -> tuple[int, ...]:
    return tuple(sorted(index for name, index in NAMED.items() if name.endswith(word)))


#: Sets of targets that have a name: each named pattern alone, and the four orientations together.
TARGETS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {name: (index,) for name, index in NAMED.items()}
    | {"four corners": _ending(" corner"), "four lines": _ending(" line")}
)


#: The names of `TARGETS` as people read them.
TARGET_LABELS = Texts(
    {
        "top-left corner": msg("top-left corner"),
        "top-right corner": msg("top-right corner"),
        "bottom-left corner": msg("bottom-left corner"),
        "bottom-right corner": msg("bottom-right corner"),
        "X": "X",
        "plus": msg("plus"),
        "horizontal line": msg("horizontal line"),
        "vertical line": msg("vertical line"),
        "diagonal line": msg("diagonal line"),
        "antidiagonal line": msg("antidiagonal line"),
        "four corners": msg("four corners"),
        "four lines": msg("four lines"),
    }
)


def target_word(name: str) -> str:
    """A name of `TARGETS` as links and the command line write it: "four_corners", "top_left_corner", "x"."""
    return re.sub(r"\W", "_", name.lower())


TARGET_WORDS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {target_word(name): indices for name, indices in TARGETS.items()}
)
