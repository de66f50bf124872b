"""A few worker threads that train all runs, chunk by chunk in turn, and one that compiles ahead."""

import queue
import threading
from typing import Protocol, TypeVar

from corner_lab.experiment.experiment import Experiment

WORKERS = 2


class Work(Protocol):
    """What workers take turns with: a run, the explanation of one, a measurement, each in short chunks."""

    def step(self) -> bool:
        """Do one chunk, at best within 50 ms. Returns whether there is more to do. Never raises."""
        ...


Job = TypeVar("Job", bound=Work)


class Pool:
    """Runs take turns: a short one is not stuck behind a long one. Threads start with the first work and are
    daemons."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._work: queue.SimpleQueue[Work] = queue.SimpleQueue()
        self._workers = workers
        self._started = False
        self._lock = threading.Lock()
        self._wish = threading.Condition()
        self._wished: tuple[Experiment, ...] = ()

    def submit(self, work: Job) -> Job:
        """Do this in the background: train a run (again, after `Run.extend`), explain one."""
        self._start()
        self._work.put(work)
        return work

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
                threading.Thread(target=self._take_turns, name=f"train-{number}", daemon=True).start()
            threading.Thread(target=self._compile, name="compile-ahead", daemon=True).start()

    def _take_turns(self) -> None:
        while True:
            work = self._work.get()
            if work.step():
                self._work.put(work)

    def _compile(self) -> None:
        from corner_lab.training.engine import warm

        while True:
            with self._wish:
                while not self._wished:
                    self._wish.wait()
                experiment, *rest = self._wished
                self._wished = tuple(rest)
            warm(experiment)
