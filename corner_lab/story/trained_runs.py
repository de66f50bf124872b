"""The runs that the story tells of, trained before they are told: once per process, for everybody."""

from collections.abc import Callable, Mapping
from functools import partial

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.export.stage_record import Record, run_record
from corner_lab.language import LANGUAGES, current, speaking
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
    """Trains the runs in turn and makes their records, while somebody looks. Any thread may read."""

    def __init__(self, experiments: Mapping[str, Experiment] = EXPERIMENTS) -> None:
        super().__init__()
        self._runs = {name: Run(experiment) for name, experiment in experiments.items()}
        self._records: dict[str, dict[str, Record]] = {}  # by run and language
        self._problems: dict[str, Callable[[], str]] = {}

    @property
    def runs(self) -> dict[str, Run]:
        """The runs that are ready."""
        return {name: self._runs[name] for name in tuple(self._records)}

    @property
    def problems(self) -> dict[str, str]:
        """What kept a run from being ready."""
        return {name: said() for name, said in tuple(self._problems.items())}

    def record(self, name: str) -> Record | None:
        """What the stage plays of a run, in the language of whoever asks; None while it is not ready."""
        return self._records.get(name, {}).get(current().code)

    def experiment(self, name: str) -> Experiment:
        """What is trained under a name."""
        return self._runs[name].experiment

    def again(self) -> None:
        super().again()
        for name in [*self._problems]:
            self._runs[name] = Run(self._runs[name].experiment)
            del self._problems[name]

    @property
    def current(self) -> str | None:
        """What is being trained; None once all is ready."""
        return next((name for name in self._runs if name not in self._records and name not in self._problems), None)

    @property
    def whole(self) -> bool:
        """Whether all runs are ready."""
        return len(self._records) == len(self._runs)

    def advance(self, name: str) -> None:
        run = self._runs[name]
        if not run.step():
            self._finish(name, run)

    def _finish(self, name: str, run: Run) -> None:
        """Make the records here: the losses they quote are compiled by Keras, which nobody is to wait for later."""
        if run.status not in ("finished", "stopped"):
            self._problems[name] = lambda: run.message
            return
        try:
            self._records[name] = {code: _record(name, run, code) for code in LANGUAGES}
        except Exception as error:  # a worker must outlive any run
            self._problems[name] = partial(told, error)


def _record(name: str, run: Run, language: str) -> Record:
    with speaking(language):
        return run_record(run, SCENARIOS[name].title)
