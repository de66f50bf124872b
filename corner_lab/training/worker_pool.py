"""A few worker threads that train all runs, chunk by chunk in turn, and one that compiles ahead.

What they do is a run, or whatever else has short chunks; `Watched` is work that goes on only while somebody looks.
"""

import logging
import math
import queue
import threading
import time
from typing import Any, Protocol, TypeVar

from corner_lab.experiment.experiment import Experiment

WORKERS = 2

log = logging.getLogger(__package__)


class Work(Protocol):
    """What workers take turns with: a run, the explanation of one, a measurement, each in short chunks."""

    def step(self) -> bool:
        """Do one chunk, at best within 50 ms. Returns whether there is more to do.

        Says itself what fails; what it raises all the same is logged, and ends it.
        """
        ...


Job = TypeVar("Job", bound=Work)


class Pool:
    """Runs take turns: a short one is not stuck behind a long one. Threads start with the first work.

    The interpreter waits at its end for the chunk, or the compilation, that each thread is in: one that was cut off
    inside TensorFlow would take the process down, and with it the exit code.
    """

    def __init__(self, workers: int = WORKERS) -> None:
        self._work: queue.SimpleQueue[Work | None] = queue.SimpleQueue()  # None: nothing comes any more
        self._workers = workers
        self._started = self._closed = False
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
                threading.Thread(target=self._take_turns, name=f"train-{number}").start()
            threading.Thread(target=self._compile, name="compile-ahead").start()
            threading.Thread(target=self._close_at_exit, name="close-at-exit").start()

    def _close_at_exit(self) -> None:
        threading.main_thread().join()
        self._closed = True
        for _ in range(self._workers):
            self._work.put(None)
        with self._wish:
            self._wish.notify()

    def _take_turns(self) -> None:
        while (work := self._work.get()) is not None and not self._closed:
            try:
                more = work.step()
            except Exception:  # a worker outlives any work
                log.exception("%s failed", type(work).__name__)
                continue
            if more:
                self._work.put(work)

    def _compile(self) -> None:
        from corner_lab.training.engine import warm

        while True:
            with self._wish:
                while not (self._wished or self._closed):
                    self._wish.wait()
                if self._closed:
                    return
                experiment, *rest = self._wished
                self._wished = tuple(rest)
            try:
                warm(experiment)
            except Exception:  # whoever trains it will see; the next is compiled all the same
                log.exception("compiling ahead failed for ?%s", experiment.query)


class Watched:
    """Work in chunks. A worker of the pool calls `step`; any thread may read and call `watch`.

    `patience`: after how many seconds without an audience `step` ends; the next `watch` asks to be given to a worker
    again. Who never calls `watch` has it done to the end. A class that inherits says what is to be done now (`current`,
    None once all is done) and does a chunk of it (`advance`; where that raises, the next `watch` asks for another try).
    """

    patience: float = 20.0

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched_at = math.inf
        self._working = False

    @property
    def current(self) -> Any:
        """What is being done; None once all is done."""
        raise NotImplementedError

    def advance(self, current: Any) -> None:
        """Do one chunk."""
        raise NotImplementedError

    def watch(self) -> bool:
        """Say that somebody looks. Returns whether there is work to do and no worker that does it."""
        with self._lock:
            self._watched_at = time.monotonic()
            begins = not self._working and self.current is not None
            self._working |= begins
            return begins

    def step(self) -> bool:
        """Do one chunk of what is to be done. Returns whether to go on."""
        with self._lock:
            current = self.current
            if current is None or time.monotonic() - self._watched_at > self.patience:
                self._working = False
                return False
        try:
            self.advance(current)
        except BaseException:
            self._working = False
            raise
        return True
