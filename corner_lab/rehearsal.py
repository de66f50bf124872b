"""The runs that the story tells of, trained before they are told: once per process, for everybody."""

import math
import threading
import time
from collections.abc import Mapping

from corner_lab.experiment import Experiment
from corner_lab.record import Record, run_record
from corner_lab.run import Run
from corner_lab.scenarios import SCENARIOS

UNWATCHED_SECONDS = 20.0  # how long the rehearsal goes on without anybody who looks

#: In the order in which the story needs them.
TOLD = (
    "as asked",
    "a perfect start, as asked",
    "a perfect start, aligned",
    "shapes fixed",
    "oversample",
    "the asker's fix",
    "the short way",
)
EXPERIMENTS = {name: SCENARIOS[name].experiment for name in TOLD}


class Rehearsal:
    """Trains the runs in turn and makes their records. A worker of the pool calls `step`; any thread may read.

    Nothing is trained while nobody looks: `step` ends, and the next `watch` asks to be given to a worker again.
    """

    def __init__(self, experiments: Mapping[str, Experiment] = EXPERIMENTS) -> None:
        self._runs = {name: Run(experiment) for name, experiment in experiments.items()}
        self._records: dict[str, Record] = {}
        self.problems: dict[str, str] = {}  # what kept a run from being ready
        self._lock = threading.Lock()
        self._watched_at = math.inf
        self._working = False

    @property
    def runs(self) -> dict[str, Run]:
        """The runs that are ready."""
        return {name: self._runs[name] for name in tuple(self._records)}

    def record(self, name: str) -> Record | None:
        """What the stage plays of a run; None while it is not ready."""
        return self._records.get(name)

    def experiment(self, name: str) -> Experiment:
        """What is trained under a name."""
        return self._runs[name].experiment

    @property
    def current(self) -> str | None:
        """What is being trained; None once all is ready."""
        return next((name for name in self._runs if name not in self._records and name not in self.problems), None)

    def watch(self) -> bool:
        """Say that somebody looks. Returns whether there is work to do and no worker that does it."""
        with self._lock:
            self._watched_at = time.monotonic()
            begins = not self._working and self.current is not None
            self._working |= begins
            return begins

    def step(self) -> bool:
        """Do one chunk of the first run that is not ready. Returns whether to go on. Never raises."""
        with self._lock:
            name = self.current
            if name is None or time.monotonic() - self._watched_at > UNWATCHED_SECONDS:
                self._working = False
                return False
        run = self._runs[name]
        if not run.step():
            self._finish(name, run)
        return True

    def _finish(self, name: str, run: Run) -> None:
        """Make the record here: the losses it quotes are compiled by Keras, which nobody is to wait for later."""
        if run.status not in ("finished", "stopped"):
            self.problems[name] = run.message
            return
        try:
            self._records[name] = run_record(run, SCENARIOS[name].title)
        except Exception as error:  # a worker must outlive any run
            self.problems[name] = f"{type(error).__name__}: {error}"
