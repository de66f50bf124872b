"""How much a worker's process may fill, and that one which has filled it is replaced."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from corner_lab.workers import Pool, memory

GB = 2**30


def filled(megabytes: int) -> tuple[int, int]:
    """The process, and how much more of its own it has with so many megabytes in use than before."""
    before = memory.private(os.getpid())
    _held = bytearray(os.urandom(2**20) * megabytes)
    return os.getpid(), memory.private(os.getpid()) - before


def test_is_the_limit_what_the_container_says_unless_the_machine_has_less(tmp_path: Path) -> None:
    machine = memory.limit(())
    assert machine is not None and machine > GB // 2
    said, unlimited = tmp_path / "memory.max", tmp_path / "none"
    said.write_text(f"{GB // 4}\n")
    unlimited.write_text("max\n")
    assert memory.limit((str(said), str(unlimited), str(tmp_path / "missing"))) == GB // 4
    said.write_text(f"{2**62}\n")  # what the older generation says for none
    assert memory.limit((str(said),)) == machine


def test_do_workers_share_what_the_server_leaves_each_at_least_what_a_few_structures_need() -> None:
    assert [memory.room(workers, GB) for workers in (1, 2, 4)] == [
        int(0.95 * GB) - memory.SERVER,
        memory.LEAST,
        memory.LEAST,
    ]
    assert memory.room(2, 2 * GB) == (int(0.95 * 2 * GB) - memory.SERVER) // 2
    assert memory.room(2, 24 * GB) == memory.room(2, None) == memory.MOST


def test_is_a_process_that_has_filled_its_room_replaced_before_the_next_work(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Pool(workers=1, processes=True)
    first, more = pool.call(filled, 64)
    assert 60 * 2**20 < more < 80 * 2**20
    assert pool.call(os.getpid) == first, "it has room left"
    monkeypatch.setattr(memory, "room", lambda workers, size: 1)
    pool = Pool(workers=1, processes=True)
    assert len({pool.call(os.getpid) for _ in range(3)}) == 3
    assert pool.restarts == 0, "none has ended by itself"
    assert memory.private(2**30) == 0, "no such process"


def test_does_the_system_get_back_what_is_free_between_what_is_used() -> None:
    blocks = [bytes(4000) for _ in range(40_000)]
    filled = memory.private(os.getpid())
    kept = blocks[::100]
    blocks.clear()
    memory.give_back()
    assert filled - memory.private(os.getpid()) > 100 * 2**20, "of 160 MB"
    assert len(kept) == 400


GROWN = """
import ctypes, sys
from corner_lab.workers import memory

class Used(ctypes.Structure):
    names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    _fields_ = [(name, ctypes.c_size_t) for name in names.split()]

told = getattr(ctypes.CDLL(None), "mallinfo2", None)
if told is not None:
    told.restype = Used
    held = lambda: told().uordblks + told().hblkhd
    memory.grow_at_once()
    before = held()
    for number in range(400_000):
        sys.intern(f"another name that goes: {number}")
    print(held() - before)
else:
    print(0)
"""


def test_do_names_that_come_and_go_take_no_more_later() -> None:
    grown = subprocess.run([sys.executable, "-c", GROWN], capture_output=True, text=True, check=True).stdout
    assert int(grown) < 2**16


HEAPS = """
import ctypes, threading
from corner_lab.workers import memory

memory.share_one_heap()
library, hold = ctypes.CDLL(None), threading.Event()
library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]

def take():
    library.malloc(100_000)
    hold.wait()

threads = [threading.Thread(target=take) for _ in range(4)]
for thread in threads:
    thread.start()
if hasattr(library, "malloc_info"):  # glibc's
    library.open_memstream.restype = ctypes.c_void_p
    text, size = ctypes.c_char_p(), ctypes.c_size_t()
    stream = ctypes.c_void_p(library.open_memstream(ctypes.byref(text), ctypes.byref(size)))
    library.malloc_info(0, stream)
    library.fclose(stream)
    print(text.value.decode().count("<heap nr="))
else:
    print(1)
hold.set()
"""


def test_do_threads_share_one_heap() -> None:
    heaps = subprocess.run([sys.executable, "-c", HEAPS], capture_output=True, text=True, check=True).stdout
    assert int(heaps) == 1
