"""A few worker threads that train all runs, chunk by chunk in turn, and one that compiles ahead."""

import queue
import threading
from typing import Protocol, TypeVar

from corner_lab.experiment import Experiment

WORKERS = 2


class Work(Protocol):
    """What the workers do: a run, or anything else in short chunks."""

    def step(self) -> bool:
        """Do one chunk, at best within 50 ms. Returns whether there is more to do. Never raises."""
        ...


W = TypeVar("W", bound=Work)


class Pool:
    """Runs take turns: a short one is not stuck behind a long one. Threads start with the first work and are
    daemons."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._runs: queue.SimpleQueue[Work] = queue.SimpleQueue()
        self._workers = workers
        self._started = False
        self._lock = threading.Lock()
        self._wish = threading.Condition()
        self._wished: tuple[Experiment, ...] = ()

    def submit(self, run: W) -> W:
        """Train a run in the background (again, after `Run.extend`)."""
        self._start()
        self._runs.put(run)
        return run

    def warm(self, *experiments: Experiment) -> None:
        """Compile what these experiments need, in this order, while nobody waits. Only the newest wish counts."""
        self._start()
        with self._wish:
            self._wished = experiments
            self._wish.notify()

    def _start(self) -> None:
        with self._lock:
            if self._started:
                return
            self._started = True
            for number in range(self._workers):
                threading.Thread(target=self._work, name=f"train-{number}", daemon=True).start()
            threading.Thread(target=self._compile, name="compile-ahead", daemon=True).start()

    def _work(self) -> None:
        while True:
            run = self._runs.get()
            if run.step():
                self._runs.put(run)

    def _compile(self) -> None:
        from corner_lab.engine import warm

        while True:
            with self._wish:
                while not self._wished:
                    self._wish.wait()
                experiment, *rest = self._wished
                self._wished = tuple(rest)
            warm(experiment)
