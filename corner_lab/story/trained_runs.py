"""The runs that the story tells of, trained before they are told: once per process, for everybody."""

from collections.abc import Mapping

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.export.stage_record import Record, run_record
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
        self._records: dict[str, Record] = {}
        self.problems: dict[str, str] = {}  # what kept a run from being ready

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

    def again(self) -> None:
        super().again()
        for name in [*self.problems]:
            self._runs[name] = Run(self._runs[name].experiment)
            del self.problems[name]

    @property
    def current(self) -> str | None:
        """What is being trained; None once all is ready."""
        return next((name for name in self._runs if name not in self._records and name not in self.problems), None)

    @property
    def whole(self) -> bool:
        """Whether all runs are ready."""
        return len(self._records) == len(self._runs)

    def advance(self, name: str) -> None:
        run = self._runs[name]
        if not run.step():
            self._finish(name, run)

    def _finish(self, name: str, run: Run) -> None:
        """Make the record here: the losses it quotes are compiled by Keras, which nobody is to wait for later."""
        if run.status not in ("finished", "stopped"):
            self.problems[name] = run.message
            return
        try:
            self._records[name] = run_record(run, SCENARIOS[name].title)
        except Exception as error:  # a worker must outlive any run
            self.problems[name] = told(error)
