"""Work: what is looked at to see whether a task is reached, and the link that stands for it."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import INITS
from corner_lab.export.share_link import Link, query
from corner_lab.language import tr
from corner_lab.network.metrics import Counts, confusion_counts
from corner_lab.network.numpy_model import Floats, Numbers, parted, pre_activations
from corner_lab.network.parameters import ParameterLayout, Vector
from corner_lab.training.history import History
from corner_lab.training.run import Run


@dataclass(frozen=True)
class Verdict:
    """Whether a goal is reached, and a sentence that quotes what was found, in the language spoken then."""

    reached: bool
    sentence: str


@dataclass(frozen=True, eq=False)
class Work:
    """An experiment, the numbers on the bench where some were set or trained, and a run that is over, if there is one.

    `numbers`: those of `ParameterLayout.bench`; their count says which network they are of.
    """

    experiment: Experiment
    numbers: Vector | None = None
    run: Run | None = None

    @property
    def history(self) -> History | None:
        return None if self.run is None else self.run.history

    @property
    def parts(self) -> Numbers:
        """The numbers on the bench by what they are. Raises ValueError where there are none."""
        return parted(self._given)

    @property
    def kernels(self) -> int:
        """How many kernels the bench has. Raises ValueError where it has no numbers."""
        return ParameterLayout.of_bench(len(self._given)).kernels

    @cached_property
    def z(self) -> Floats:
        """z of all patterns with the numbers on the bench, (512,). Raises ValueError where there are none."""
        return pre_activations(self._given, self.experiment.hidden)

    @property
    def counts(self) -> Counts:
        """How many of the 512 patterns the bench has right and wrong. Raises ValueError where it has no numbers."""
        return confusion_counts(self.z, self.experiment.target, self.experiment.threshold)

    @property
    def _given(self) -> Vector:
        if self.numbers is None:
            raise ValueError(tr("nothing was set or trained"))
        return self.numbers

    @property
    def was_drawn(self) -> bool:
        """Whether the run started where nothing is known of the answer: at random weights, or at zeros."""
        init = INITS[self.experiment.init]
        return bool(init.keras_initializer) or init.word == "zeros"

    # -------------------------------------------------------- as links

    @property
    def bench_link(self) -> str:
        """A link to the bench alone, as a query string: nothing of it has to be trained again."""
        assert self.numbers is not None
        return query(Link(self.experiment, weights=tuple(self.numbers.tolist())))

    @property
    def run_link(self) -> str:
        """A link that trains the run again, as a query string; of one that was stopped by hand, what it has."""
        run, history = self.run, self.history
        assert run is not None and history is not None
        e = run.experiment
        if run.reason != "stop_rule":
            e = replace(e, epochs=history.last)
        start = history.weights_at(0) if e.init == "given" else None
        return query(Link(e, start=start, held=run.held, epoch=history.last))

    @classmethod
    def of(cls, link: Link, train: bool) -> "Work":
        """What a link stands for, its run trained to the end in this thread where `train` says so and it asks for one.

        Raises ExperimentError or ValueError for what cannot be trained.
        """
        run, numbers = None, None if link.weights is None else np.array(link.weights, dtype=np.float32)
        if train and (link.epoch is not None or link.start is not None):
            run = Run(link.experiment, link.start, link.held).train()
            history = run.history
            if numbers is None and history is not None:
                epoch = history.last if link.epoch is None else min(link.epoch, history.last)
                numbers = history.shape.bench(history.weights_at(epoch))
        return cls(link.experiment if run is None else run.experiment, numbers, run)
