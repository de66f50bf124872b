"""How much memory there is, and how much of it each worker may fill with what TensorFlow compiles and never frees.

Measured: a process with Keras has 340 MB of its own after its first training, and each structure adds 10.
"""

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path

SHARE, SERVER = 0.95, 200 * 2**20  # of all memory; bytes of the server itself
LEAST, MOST = 400 * 2**20, 1000 * 2**20  # bytes a worker: one that is replaced imports TensorFlow again, for seconds
ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h
NAMES = 150_000  # 30 ms, and more than the table of an app with its libraries has places
CONTAINERS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")  # of either generation


def limit(containers: tuple[str, ...] = CONTAINERS) -> int | None:
    """Bytes that the machine has, or the container may take; None where nobody says so."""
    found = []
    with suppress(ValueError, OSError, AttributeError):  # not on every system
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    for file in containers:
        with suppress(OSError, ValueError):  # not there, or "max"
            found.append(int(Path(file).read_text()))
    return min((size for size in found if size > 0), default=None)


def room(workers: int, size: int | None) -> int:
    """Bytes of its own that each of so many workers, at least 1, may fill where there are `size`: LEAST to MOST."""
    return MOST if size is None else max(LEAST, min(MOST, (int(SHARE * size) - SERVER) // workers))


def private(pid: int) -> int:
    """Bytes that a process has for itself alone; 0 where that is not told: on Linux alone it is."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()
    except OSError:
        return 0
    return (int(pages[1]) - int(pages[2])) * os.sysconf("SC_PAGE_SIZE")


def grow_at_once() -> None:
    """Let CPython's table of interned strings grow now, as it would within the first hour of a server.

    Each name that comes and goes takes a place in it for good. When all are taken the table is made anew, twice as
    large: 1.8 MB. It then is for what there is, and stays as it is however many come and go.
    """
    for number in range(NAMES):
        sys.intern(f"{__name__}-{number}")


def share_one_heap() -> None:
    """Have all threads of this process take their memory from one heap. Call before there are others.

    glibc gives threads heaps of their own, up to eight a processor: in a server whose visitors' scripts run in threads
    that come and go, what they leave grows by 3 MB until all are full of gaps. Elsewhere there is nothing to do.
    """
    with suppress(OSError, TypeError, AttributeError):
        ctypes.CDLL(None).mallopt(ARENA_MAX, 1)


def give_back() -> None:
    """Give the system what this process has freed, in a millisecond.

    glibc keeps what lies between two blocks that are used: a server that holds no more than an hour ago would seem to
    grow. Elsewhere there is nothing to do.
    """
    with suppress(OSError, TypeError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
