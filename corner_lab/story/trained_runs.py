"""The runs that the story tells of: once per process, for everybody, trained before they are told."""

import logging
from collections.abc import Callable, Collection, Mapping
from functools import partial

from corner_lab.analysis.stored_results import Provenance
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.export.stage_record import Record, run_record
from corner_lab.language import LANGUAGES, current, speaking
from corner_lab.story.stored_runs import Stored, StoredRuns
from corner_lab.training.run import Run
from corner_lab.workers.process import WorkerEnded, told
from corner_lab.workers.watched import Watched

log = logging.getLogger(__package__)

#: In the order in which the story needs them.
TOLD = (
    "as asked",
    "labels shuffled",
    "a perfect start, as asked",
    "a perfect start, aligned",
    "shapes fixed",
    "oversample",
    "the asker's fix",
    "the short way",
)
EXPERIMENTS = {name: SCENARIOS[name].experiment for name in TOLD}


class Ready:
    """A run that can be told of, and what the stage plays of it, in the language of whoever asks.

    `stored`: what it comes from, if it was trained before.
    """

    def __init__(self, name: str, run: Run, stored: Stored | None = None) -> None:
        self.run = run
        self.stored = stored
        self._name = name
        self._records: dict[str, Record] = {}  # by language

    @property
    def record(self) -> Record:
        code = current().code
        if (found := self._records.get(code)) is None:
            costs = self.stored.costs if self.stored else None
            found = self._records[code] = run_record(self.run, SCENARIOS[self._name].title, costs)
        return found


class Rehearsal(Watched):
    """Trains the runs in turn and makes their records, while somebody looks. Any thread may read.

    `stored`: which has the runs that were trained before, and takes those that are trained now. The former are there
    until the same is trained anew.
    """

    def __init__(self, experiments: Mapping[str, Experiment] = EXPERIMENTS, stored: StoredRuns | None = None) -> None:
        super().__init__()
        self._experiments = dict(experiments)
        self._stored = stored
        self._ready: dict[str, Ready] = {}
        self._awaited: dict[str, Run] = {}
        self._problems: dict[str, Callable[[], str]] = {}
        for name, e in experiments.items():
            if stored is not None and (found := stored.of(e)) is not None:
                self._ready[name] = Ready(name, found.run(e), found)
            else:
                self._awaited[name] = Run(e)

    @property
    def runs(self) -> dict[str, Run]:
        """The runs that are ready."""
        return {name: ready.run for name, ready in tuple(self._ready.items())}

    @property
    def problems(self) -> dict[str, str]:
        """What kept a run from being ready, or from being trained again."""
        return {name: said() for name, said in tuple(self._problems.items())}

    def provenances(self, names: Collection[str] = TOLD) -> list[Provenance]:
        """Where those of these runs come from that were not trained here now, each once, the oldest first."""
        found = {r.stored.provenance for name, r in tuple(self._ready.items()) if r.stored and name in names}
        return sorted(found, key=lambda provenance: (provenance.date, repr(provenance)))

    def record(self, name: str) -> Record | None:
        """What the stage plays of a run, in the language of whoever asks; None while it is not ready."""
        ready = self._ready.get(name)
        return ready.record if ready is not None else None

    def experiment(self, name: str) -> Experiment:
        """What is trained under a name."""
        return self._experiments[name]

    def train_again(self) -> None:
        """Have what was trained before trained here; it stays until that is done."""
        with self._lock:
            for name, ready in self._ready.items():
                if ready.stored is not None:
                    self._awaited.setdefault(name, Run(self._experiments[name]))

    def again(self) -> None:
        super().again()
        with self._lock:
            for name in [*self._problems]:
                self._awaited[name] = Run(self._experiments[name])
                del self._problems[name]

    @property
    def current(self) -> str | None:
        """What is being trained; None once all is ready."""
        return next((name for name in self._experiments if name in self._awaited and name not in self._problems), None)

    @property
    def whole(self) -> bool:
        """Whether all runs are ready."""
        return len(self._ready) == len(self._experiments)

    def advance(self, name: str) -> None:
        run = self._awaited[name]
        if not run.step():
            self._finish(name, run)

    def _finish(self, name: str, run: Run) -> None:
        """Make the records here: the losses they quote are compiled by Keras, which nobody is to wait for later."""
        if run.status not in ("finished", "stopped"):
            self._problems[name] = lambda: run.message
            return
        ready = Ready(name, run)
        try:
            for code in LANGUAGES:
                with speaking(code):
                    _ = ready.record
        except Exception as error:  # a worker must outlive any run
            self._problems[name] = partial(told, error)
            return
        self._ready[name] = ready
        del self._awaited[name]
        if self._stored is not None:
            self._keep(self._stored, run)

    def _keep(self, stored: StoredRuns, run: Run) -> None:
        try:
            stored.keep(run, Provenance.here())
        except (ValueError, WorkerEnded):  # the run is there all the same
            log.warning("The run %s of the story could not be kept", run.id, exc_info=True)
