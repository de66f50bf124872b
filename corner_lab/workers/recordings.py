"""What was trained in this process, kept for whoever asks for the same: a class that presses one button trains once.

Runs stay apart: each has its own record, is stopped and trained longer by itself. They share the chunks, by a key of
all that those depend on.
"""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
State = Any  # where training stands: a value

MOST = 16 * 2**20  # bytes of rows that are kept
# Trainings: what a class asks for again is among the last ones. Each takes 20 kB besides its rows, so that without
# this limit a server's memory would grow for hours until it comes to the other one.
COUNT = 200


class Recording:
    """The rows of one training from the first on, and where it stood after some of them. Threads may share it."""

    def __init__(self) -> None:
        self._chunks: OrderedDict[int, tuple[Rows, State]] = OrderedDict()  # by the epoch that they follow
        self._lock = Lock()

    def add(self, last: int, rows: Rows, state: State) -> None:
        """Keep the rows (epochs, 3 + weights) that follow epoch `last`, and the state after them."""
        if len(rows):
            with self._lock:
                self._chunks.setdefault(last, (rows.copy(), state))  # of what they are cut from all would stay

    def after(self, last: int, epochs: int) -> tuple[Rows, State] | None:
        """All that is known of the next epochs, at most so many; None if nothing is."""
        found: list[Rows] = []
        state = None
        with self._lock:
            while (chunk := self._chunks.get(last)) is not None and len(chunk[0]) <= epochs:
                rows, state = chunk
                found.append(rows)
                last, epochs = last + len(rows), epochs - len(rows)
        return (np.concatenate(found), state) if state is not None else None

    @property
    def begun(self) -> bool:
        """Whether anything is known."""
        return bool(self._chunks)

    @property
    def size(self) -> int:
        """Bytes of its rows."""
        with self._lock:
            return sum(rows.nbytes for rows, _ in self._chunks.values())


class Recordings:
    """The recordings of the last trainings, at most so many, of at most so many bytes of rows."""

    def __init__(self, most: int = MOST, count: int = COUNT) -> None:
        self._most, self._count = most, count
        self._kept: OrderedDict[Hashable, Recording] = OrderedDict()
        self._lock = Lock()

    def of(self, key: Hashable) -> Recording:
        """That of a key, empty if it is new."""
        with self._lock:
            found = self._kept.pop(key, None) or Recording()
            self._kept[key] = found
            sizes = [recording.size for recording in self._kept.values()]
            while len(sizes) > self._count or (len(sizes) > 1 and sum(sizes) > self._most):
                self._kept.popitem(last=False)
                sizes.pop(0)
            return found


_shared: Recordings | None = None


def share(recordings: Recordings | None) -> None:
    """From now on runs take from these what is known already; None: each trains by itself."""
    global _shared
    _shared = recordings


def recording(key: Hashable) -> Recording | None:
    """That of a key, if runs share theirs."""
    return _shared.of(key) if _shared is not None else None
