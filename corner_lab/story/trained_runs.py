"""The runs that the story tells of: once per process, for everybody, trained before they are told."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from corner_lab.analysis.stored_results import Provenance
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.export.stage_record import Record, run_record
from corner_lab.language import LANGUAGES, current, speaking
from corner_lab.story.stored_runs import StoredRuns
from corner_lab.training.run import Run
from corner_lab.workers.process import told
from corner_lab.workers.watched import Watched

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


class Rehearsal(Watched):
    """Trains the runs in turn and makes their records, while somebody looks. Any thread may read.

    `stored`: which has the runs that were trained before, and takes those that are trained now.
    """

    def __init__(self, experiments: Mapping[str, Experiment] = EXPERIMENTS, stored: StoredRuns | None = None) -> None:
        super().__init__()
        self._stored = stored
        self._runs: dict[str, Run] = {}
        self._provenances: dict[str, Provenance] = {}  # of those that were trained before
        self._trained: list[str] = []
        self._records: dict[tuple[str, str], Record] = {}  # by run and language
        self._problems: dict[str, Callable[[], str]] = {}
        for name, e in experiments.items():
            found = stored.of(e) if stored else None
            self._runs[name] = found.run(e) if found else Run(e)
            if found:
                self._provenances[name] = found.provenance

    @property
    def runs(self) -> dict[str, Run]:
        """The runs that are ready."""
        return {name: run for name, run in self._runs.items() if self._ready(name)}

    @property
    def problems(self) -> dict[str, str]:
        """What kept a run from being ready."""
        return {name: said() for name, said in tuple(self._problems.items())}

    def provenance(self, names: Iterable[str] = TOLD) -> Provenance | None:
        """Where the oldest of these runs comes from that were not trained here now."""
        found = [known for name, known in tuple(self._provenances.items()) if name in names]
        return min(found, key=lambda known: known.date, default=None)

    def record(self, name: str) -> Record | None:
        """What the stage plays of a run, in the language of whoever asks; None while it is not ready."""
        if not self._ready(name):
            return None
        code = current().code
        if (name, code) not in self._records:  # it was trained before
            self._records[name, code] = _record(name, self._runs[name], code)
        return self._records[name, code]

    def experiment(self, name: str) -> Experiment:
        """What is trained under a name."""
        return self._runs[name].experiment

    def train_again(self) -> None:
        """Let nothing of what was trained before count any more."""
        for name in [*self._provenances]:
            self._runs[name] = Run(self._runs[name].experiment)
            del self._provenances[name]
            for code in LANGUAGES:
                self._records.pop((name, code), None)

    def again(self) -> None:
        super().again()
        for name in [*self._problems]:
            self._runs[name] = Run(self._runs[name].experiment)
            del self._problems[name]

    @property
    def current(self) -> str | None:
        """What is being trained; None once all is ready."""
        return next((name for name in self._runs if not self._ready(name) and name not in self._problems), None)

    @property
    def whole(self) -> bool:
        """Whether all runs are ready."""
        return len(self.runs) == len(self._runs)

    def advance(self, name: str) -> None:
        run = self._runs[name]
        if not run.step():
            self._finish(name, run)

    def _ready(self, name: str) -> bool:
        return name in self._provenances or name in self._trained

    def _finish(self, name: str, run: Run) -> None:
        """Make the records here: the losses they quote are compiled by Keras, which nobody is to wait for later."""
        if run.status not in ("finished", "stopped"):
            self._problems[name] = lambda: run.message
            return
        try:
            self._records |= {(name, code): _record(name, run, code) for code in LANGUAGES}
            if self._stored is not None:
                self._stored.keep(run, Provenance.here())
            self._trained.append(name)
        except Exception as error:  # a worker must outlive any run
            self._problems[name] = partial(told, error)


def _record(name: str, run: Run, language: str) -> Record:
    with speaking(language):
        return run_record(run, SCENARIOS[name].title)
