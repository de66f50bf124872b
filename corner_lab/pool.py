"""A few worker threads that train all runs, chunk by chunk in turn, and one that compiles ahead."""

import queue
import threading

from corner_lab.experiment import Experiment
from corner_lab.run import Run

WORKERS = 2


class Pool:
    """Runs take turns: a short one is not stuck behind a long one. Threads start with the first work and are
    daemons."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._runs: queue.SimpleQueue[Run] = queue.SimpleQueue()
        self._workers = workers
        self._started = False
        self._lock = threading.Lock()
        self._wish = threading.Condition()
        self._wished: Experiment | None = None

    def submit(self, run: Run) -> Run:
        """Train a run in the background (again, after `Run.extend`)."""
        self._start()
        self._runs.put(run)
        return run

    def warm(self, experiment: Experiment) -> None:
        """Compile what an experiment needs while nobody waits. Only the newest wish counts."""
        self._start()
        with self._wish:
            self._wished = experiment
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
                while self._wished is None:
                    self._wish.wait()
                experiment, self._wished = self._wished, None
            warm(experiment)
