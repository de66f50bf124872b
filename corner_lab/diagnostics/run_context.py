"""A case: what the checks read of a run. It speaks of the last row recorded when it was made; the run may go on."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from corner_lab.diagnostics import phrases
from corner_lab.diagnostics.finding import Remedy, Words
from corner_lab.experiment.data.on_scenes import OnScenes, own_and_fresh
from corner_lab.experiment.early_stopping import confident_bar
from corner_lab.experiment.experiment import Experiment, repaired
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.language import Message, msg, msgn
from corner_lab.network.conversion import converted, converted_locks
from corner_lab.network.heads import HEADS
from corner_lab.network.metrics import Counts, right
from corner_lab.network.numpy_model import parted
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import is_target
from corner_lab.training.history import History
from corner_lab.training.outcome import target_message
from corner_lab.training.run import Run

FEWEST = 9  # rows: with fewer nothing is said of a speed
RECENT = 20  # epochs in which turns are counted
AT_REST = 0.05  # of the loss, by which it may still change in the last third of a run
SLOW = 0.4  # of the way from the threshold to confident: in a run that is too slow no pattern's z moves further


@dataclass(frozen=True, eq=False)
class Case:
    """A run that has its first row, up to epoch `last`."""

    experiment: Experiment
    history: History
    last: int
    status: str
    message: str
    held: tuple[tuple[int, float], ...]

    @classmethod
    def of(cls, run: Run) -> "Case":
        """Raises ValueError for a run that has no row yet."""
        if run.history is None:
            raise ValueError("the run has no row yet")
        held = tuple(sorted((i, float(value)) for i, value in run.held.items()))
        return cls(run.experiment, run.history, run.history.last, run.status, run.message, held)

    def column(self, name: str) -> NDArray[np.float64]:
        """One of METRICS over the epochs, (last + 1,)."""
        return self.history.column(name, np.arange(self.last + 1)).astype(np.float64)

    def end(self, name: str) -> float:
        """One of METRICS in the last row."""
        return float(self.history.column(name, np.array([self.last]))[0])

    @property
    def refused(self) -> bool:
        return self.status == "refused_by_keras"

    @cached_property
    def name(self) -> Message:
        """How a sentence calls the target."""
        return target_message(self.experiment.target)

    @cached_property
    def rest(self) -> Message:
        """How a sentence calls the patterns that are no targets."""
        others = int((~is_target(self.experiment.target)).sum())
        return msgn("the one other", "the {count} others", others)

    @property
    def all_targets(self) -> Message:
        """How a sentence calls the target, or all of several."""
        count = len(self.experiment.target)
        return self.name if count == 1 else msg("the {targets} targets", targets=count)

    @cached_property
    def counts(self) -> Counts:
        return self.history.counts(self.last)

    @property
    def solved(self) -> bool:
        return self.counts.solved

    @cached_property
    def solved_at(self) -> int | None:
        found = self.history.solved_at
        return found if found is not None and found <= self.last else None

    @property
    def bar(self) -> tuple[float, float]:
        """The outputs beyond which targets and others are confident."""
        bar = confident_bar(self.experiment.head, self.experiment.loss)
        high, low = HEADS[self.experiment.head].output(np.array([bar.high, bar.low]))
        return float(high), float(low)

    @cached_property
    def confident(self) -> bool:
        return self.history.confident(self.last)

    @cached_property
    def z(self) -> NDArray[np.float64]:
        """z of all patterns in the last row, (512,)."""
        return self.history.z(self.last)

    @cached_property
    def wrong(self) -> NDArray[np.bool_]:
        """Which patterns the last row has on the wrong side of the threshold, or on it, (512,)."""
        return ~right(self.z, self.experiment.target, self.experiment.threshold)

    @cached_property
    def on_scenes(self) -> tuple[OnScenes, OnScenes] | None:
        """How the last row does on the scenes it learned from and on fresh ones; None for a run on the 512 patterns."""
        e = self.experiment
        return own_and_fresh(self.z, e.target, e.threshold, e.scenes) if e.scenes else None

    @property
    def reached(self) -> bool:
        """Whether it has come to what it is for: solved, or on scenes as good as can be."""
        return self.solved if self.on_scenes is None else self.on_scenes[0].at_best

    @property
    def updates(self) -> Message:
        """ "4,800 updates"."""
        return phrases.updates(self.last * self.experiment.plan.updates)

    @property
    def recent(self) -> NDArray[np.float64]:
        """The lowest target's z in the last rows."""
        return self.column("target_z")[-1 - RECENT :]

    @cached_property
    def furthest(self) -> float:
        """How far a pattern's z has moved against the others; what all share, the bias above all, tells none apart."""
        way = self.z - self.history.z(0)
        return float(np.abs(way - way.mean()).max())

    @property
    def gone_far(self) -> bool:
        """Whether a pattern's z has moved far enough against the others for the steps not to be too short."""
        bar = confident_bar(self.experiment.head, self.experiment.loss)
        return self.furthest >= SLOW * (bar.high - bar.low) / 2

    @property
    def at_rest(self) -> bool:
        """Whether the loss hardly changes any more."""
        earlier, later = self.loss_halves
        return abs(earlier - later) <= AT_REST * abs(earlier)

    @property
    def wrong_is_flat(self) -> bool:
        """Whether hard_sigmoid is flat for a wrong pattern, so that its gradient is dead."""
        return self.experiment.head == "hard_sigmoid" and bool((np.abs(self.z[self.wrong]) >= 3).any())

    @cached_property
    def loss_halves(self) -> tuple[float, float]:
        """The mean loss of the first and of the second half of the last third of the epochs, at least of four."""
        first, second = np.array_split(self.column("loss")[-max(4, self.last // 3) :], 2)
        return float(first.mean()), float(second.mean())

    @cached_property
    def stuck_at_zero(self) -> bool:
        """Whether all kernels and all w2 were and are 0."""
        if self.solved or not self.experiment.second_conv:
            return False
        rows = parted(self.history.linear(slice(0, self.last + 1)))
        return not rows.kernels.any() and not rows.w2.any()

    @property
    def start(self) -> Vector:
        """The flat weights of row 0."""
        return self.history.weights_at(0)

    @property
    def samples(self) -> int:
        """Samples in a full batch."""
        return min(self.experiment.batch_size, self.experiment.plan.samples)

    @property
    def broadcasts(self) -> bool:
        """Whether outputs meet labels that are not their own; with one sample a batch there are no others."""
        return self.experiment.broadcasts and self.samples > 1

    def long_enough(self, label: Message) -> dict[str, Any]:
        """A remedy's label and epochs: sigmoid and cross-entropy need as many as their scenario has."""
        least = SCENARIOS["sigmoid and cross-entropy"].experiment.epochs
        if self.experiment.epochs >= least:
            return {"label": label}
        return {"label": msg("{change}, for {epochs} epochs", change=label, epochs=f"{least:,}"), "epochs": least}

    def remedy(self, label: Words, goal: Literal["solved", "confident"] = "solved", **changes: Any) -> Remedy:
        """The run's experiment with these fields changed, from the same weights if they were given. Where its network
        is another one, from what they become there, and with what both networks have held."""
        experiment, _ = repaired(self.experiment, **changes)
        shape, to, held = self.experiment.layout, experiment.layout, self.held
        start = converted(shape, self.start, to, experiment.hidden)
        if to != shape:
            numbers = to.linear(start)
            held = tuple((i, float(numbers[i])) for i in sorted(converted_locks(shape, dict(held), to)))
        given = tuple(map(float, start)) if self.experiment.init == "given" else None
        return Remedy(label, experiment, given, held, goal)
