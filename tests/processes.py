"""Real processes for tests: started in a group of their own, as a terminal does, and ended by a signal to all of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 20.0  # s for a process to end: three on a quiet machine; what a test interrupts would go on for thirty


def as_users_compile() -> dict[str, str]:
    """This process's environment, without what tests tell XLA: there it compiles as it does for everybody."""
    return {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}


def serving(port: int) -> list[str]:
    """The command that serves the app, as `make run` does."""
    return [sys.executable, "serve.py", "--server.headless", "true", "--server.port", str(port)]


@contextmanager
def started(command: list[str], folder: Path, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """A process with what it writes on stdout and stderr. Nothing of its group outlives this."""
    # Under `make test` a make would be one within a make, which must not inherit the outer one's flags.
    clean = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=clean | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def ended(process: subprocess.Popen[str], number: int = signal.SIGINT) -> tuple[int, str]:
    """The exit code as a shell tells it, and what was written, after a signal to the group; nobody is left."""
    children = {
        int(pid) for file in Path(f"/proc/{process.pid}/task").glob("*/children") for pid in file.read_text().split()
    }
    os.killpg(process.pid, number)
    told, _ = process.communicate(timeout=LIMIT)
    # The system takes a moment to forget them.
    wait_for(lambda: not any(map(anybody_in, {process.pid, *children})), 2 * LIMIT)
    return (process.returncode if process.returncode >= 0 else 128 - process.returncode), told


def anybody_in(group: int) -> bool:
    with suppress(ProcessLookupError):
        os.killpg(group, 0)
        return True
    return False


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port: int = free.getsockname()[1]
    return port


def healthy(port: int) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=5) as answer:
        return bool(answer.status == 200)
    return False


def wait_for(state: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not state():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
