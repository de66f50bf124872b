"""What an operator's tools ask of a server: whether it works (`/healthz`), and its numbers (`/metrics`)."""

import logging
import os
import platform
import threading
import tomllib
from collections.abc import Iterator, Sized
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from corner_lab import counters
from corner_lab.counters import Gauge
from corner_lab.workers.pool import Pool
from ui.server import streamlit_internals
from ui.server.keras_loading import loading, pool
from ui.server.limits import limits

log = logging.getLogger(__package__)

FRESH = {"Cache-Control": "no-store"}
PAGE_SIZE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def routes(folder: str, sessions: Sized) -> list[Route]:
    """Where both stand on a server whose paths all begin with `folder`. `sessions`: those of all visitors."""

    async def metrics(_: Request) -> PlainTextResponse:
        counters.trainings.settle()
        media = "text/plain; version=0.0.4; charset=utf-8"
        return PlainTextResponse(counters.text(gauges(len(sessions))), headers=FRESH, media_type=media)

    return [Route(f"{folder}/healthz", _health), Route(f"{folder}/metrics", metrics)]


async def _health(_: Request) -> JSONResponse:
    told = health()
    return JSONResponse(told, 503 if told["status"] == "failed" else 200, headers=FRESH)


def health() -> dict[str, Any]:
    """`status`: "ok"; "starting" until TensorFlow is there; "failed" if training cannot work, `problem` says why."""
    with streamlit_internals.outside_of_scripts():
        found, workers = loading(), pool()
    problem = found.problem
    return {
        "status": "failed" if problem else "ok" if found.done else "starting",
        "version": version(),
        "workers": alive(workers),
        "restarts": workers.restarts,
        "queue": workers.waiting,
        "problem": problem,
    }


def gauges(sessions: int) -> Iterator[Gauge]:
    yield Gauge("visitors", "Pages that are open now.", streamlit_internals.visitors())
    for phase in ("queued", "compiling", "training"):
        count = counters.trainings.in_phase(phase)
        yield Gauge("runs", "Trainings that are not over, by what they are at.", count, f'phase="{phase}"')
    yield Gauge("sessions", "Visitors that the server knows, those that have left a moment ago too.", sessions)
    yield Gauge("threads", "Threads of the server's process.", threading.active_count())
    with streamlit_internals.outside_of_scripts():
        workers = pool()
    yield Gauge("queue", "Work that waits for a worker, or is being done.", workers.waiting)
    yield Gauge("workers", "Worker processes, or threads where there are none, that can train.", alive(workers))
    restarts = "Worker processes that ended by themselves and were replaced."
    yield Gauge("worker_restarts_total", restarts, workers.restarts, counted=True)
    structures = sum(len(worker.structures) for worker in workers.workers)
    yield Gauge("compiled_structures", "Compiled training loops that workers keep.", structures)
    help_text = "Memory of the server's process and of those that it has started."
    for part, pids in (("server", {os.getpid()}), ("children", children())):
        yield Gauge("resident_memory_bytes", help_text, sum(map(resident, pids)), f'part="{part}"')


@cache
def version() -> str:
    """The app's own version, read where it is written: the checkout need not be installed."""
    with open(Path(__file__).parents[2] / "pyproject.toml", "rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def alive(workers: Pool) -> int:
    """How many of them can train now."""
    if not workers.processes:
        return len(workers.workers)
    return sum(worker.process is not None and worker.process.alive for worker in workers.workers)


def children() -> set[int]:
    """The processes that this one has started, where the system tells (Linux)."""
    found: set[int] = set()
    for task in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            found |= set(map(int, task.read_text().split()))
    return found


def resident(pid: int) -> int:
    """Bytes of memory that a process has; 0 where the system does not tell."""
    with suppress(OSError, IndexError, ValueError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_SIZE
    return 0


def log_start() -> None:
    """Have the log begin with versions and limits."""
    packages = ("streamlit", "keras", "tensorflow-cpu", "tensorflow", "numpy")
    installed = [f"{name} {found}" for name in packages if (found := _installed(name))]
    granted = [str(limits()), f"{os.cpu_count()} processors"]
    if limit := memory_limit():
        granted.append(f"{limit / 2**20:,.0f} MB of memory")
    python = f"Python {platform.python_version()}"
    log.info("Corner Lab %s with %s; limits: %s", version(), ", ".join([python, *installed]), ", ".join(granted))


def memory_limit() -> int:
    """The bytes that the container allows; 0 where there is no limit."""
    for file in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with suppress(OSError, ValueError):
            limit = int(Path(file).read_text())
            return limit if limit < 2**60 else 0
    return 0


def _installed(package: str) -> str:
    with suppress(metadata.PackageNotFoundError):
        return metadata.version(package)
    return ""
