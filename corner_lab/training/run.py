"""Run: one training of an experiment, from its first row to its last, in chunks short enough to share the machine."""

import math
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np

from corner_lab.experiment.experiment import MAX_EPOCHS, Experiment, ExperimentError
from corner_lab.formatting import sentences
from corner_lab.language import Message, msg, msgc, speaking, tr
from corner_lab.language.languages import SOURCE
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import COUNT
from corner_lab.notebook import card
from corner_lab.training.engine_state import RefusedByKeras, State, Structure
from corner_lab.training.evaluate import epoch_loss
from corner_lab.training.history import History, Rows, row_of
from corner_lab.training.shuffling import Orders
from corner_lab.training.trainer import Training, compile_loop, fresh, pace, train
from corner_lab.workers.process import MEMORY, what_failed
from corner_lab.workers.recordings import Recording, recording
from corner_lab.workers.work import FIRST, GROWING

Status = Literal["waiting", "running", "finished", "stopped", "diverged", "refused_by_keras", "failed"]
Phase = Literal["", "queued", "compiling", "training"]
Reason = Literal[
    "",  # it has not ended
    "all_epochs",
    "stop_rule",  # its own, at any epoch: already before the first, too
    "by_hand",
    "abandoned",
    "not_finite_at_start",
    "not_finite",
    "refused",
    "failed",
]

ABANDONED_SECONDS = 20.0  # how long a run that nobody looks at goes on
MOST_TAKEOVERS = 5  # of a run: each costs seconds, and it may be the run that ends its processes

#: What a run is, in the words of `Run.status`.
STATUSES: dict[Status, Message] = {
    "waiting": msgc("a run is", "waiting"),
    "running": msgc("a run is", "running"),
    "finished": msgc("a run is", "finished"),
    "stopped": msgc("a run is", "stopped"),
    "diverged": msgc("a run is", "diverged"),
    "refused_by_keras": msgc("a run is", "refused_by_keras"),
    "failed": msgc("a run is", "failed"),
}


@dataclass
class Seconds:
    """Where the time went: warm_up is building, tracing and compiling; train the rest."""

    warm_up: float = 0.0
    train: float = 0.0


class Run:
    """A training run. One worker calls `step` again and again; any thread may read it, stop it or ask for more
    epochs."""

    shares = True  # whether it is what any run of this experiment from this start is, see `recordings`

    def __init__(
        self, experiment: Experiment, weights: Vector | None = None, held: Mapping[int, float] | None = None
    ) -> None:
        """`weights`: flat (see `ParameterLayout`), to start from; they make the experiment's init `given`.

        `held`: which of the numbers that give z (see `ParameterLayout.linear`) are to keep a value from the first row
        on; no gradient reaches the weights behind them. Raises ValueError for one that the network does not have.
        """
        if weights is not None:
            experiment = replace(experiment, init="given")
            weights = experiment.layout.checked(weights)
        elif experiment.init == "given":
            raise ExperimentError("init", "given", tr("means that weights are given, and there are none"))
        self.id = uuid.uuid4().hex[:12]
        self.experiment = experiment
        self.status: Status = "waiting"
        self.reason: Reason = ""  # why it ended, for programs; `message` says it to people
        self.ended_message: Message | str = ""  # `message`, before it is known who reads it
        self.history: History | None = None
        self.seconds = Seconds()
        self.held = dict(held or {})
        self.taken_over_at: int | None = None  # after which epoch a process ended, and another one went on
        self._takeovers = 0
        shape = experiment.layout
        self._held_weights = frozenset(index for i in self.held for index in shape.behind(i))
        self._given = weights
        self._state: State | None = None
        self._orders: Callable[[], Orders] = partial(
            Orders, experiment.plan, experiment.seed, experiment.labels_shuffled
        )
        self._key = uuid.uuid4().hex
        self._recording: Recording | None = None
        self._pace = max(1, int(1000 / experiment.plan.updates))  # epochs per chunk, adapted to the clock
        self._stop = threading.Event()
        self._turn = threading.Lock()
        self._abandoned_at: float | None = None

    def __repr__(self) -> str:
        with speaking(SOURCE):
            return f"<Run {self.id}, {self.status}: {self._progress()} of {self.experiment!r}>"

    def _repr_html_(self) -> str:
        rows = {
            tr("status"): str(STATUSES[self.status]),
            tr("message"): self.message,
            tr("trained"): self._progress(),
            tr("experiment"): repr(self.experiment),
        }
        return card(tr("Run {id}", id=self.id), {name: text for name, text in rows.items() if text})

    @property
    def message(self) -> str:
        """Why it ended, for whoever reads; "" where all epochs were trained."""
        return str(self.ended_message)

    @message.setter
    def message(self, message: Message | str) -> None:
        self.ended_message = message

    def _progress(self) -> str:
        history = self.history  # once: a worker may append to it
        values = {"epoch": f"{history.last if history else 0:,}", "all": f"{self.experiment.epochs:,}"}
        if history is None:
            return tr("{epoch} of {all} epochs", **values)
        right = history.counts().right
        return tr("{epoch} of {all} epochs, {right} of {patterns} right", **values, right=right, patterns=COUNT)

    def __getstate__(self) -> dict[str, Any]:
        """A run goes to another process as it stands, with its record; whoever trains it here goes on alone."""
        return {name: value for name, value in vars(self).items() if name not in ("_turn", "_stop", "_recording")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._turn, self._stop, self._recording = threading.Lock(), threading.Event(), None

    @property
    def over(self) -> bool:
        return self.status not in ("waiting", "running")

    @property
    def phase(self) -> Phase:
        """What is going on: it waits for a worker, is built and compiled, is trained; nothing once it is over."""
        if self.over:
            return ""
        if self.status == "waiting":
            return "queued"
        return "training" if self.seconds.warm_up else "compiling"

    @property
    def structure(self) -> Structure:
        """What compiled code it needs."""
        return Structure.of(self.experiment)

    @property
    def urgency(self) -> int:
        """How urgent its next chunk is: its first row is waited for."""
        return FIRST if self.history is None else GROWING

    @property
    def updates(self) -> int:
        """Optimizer steps taken."""
        return (self.history.last if self.history else 0) * self.experiment.plan.updates

    def stop(self) -> None:
        """Ask the run to end after the chunk it is in; what was trained is kept."""
        self._stop.set()

    def abandon(self) -> None:
        """Say that nobody looks at this run any more: it stops in about 20 s, unless `keep` is called."""
        if self._abandoned_at is None:
            self._abandoned_at = time.monotonic()

    def keep(self) -> None:
        """Say that somebody looks again."""
        self._abandoned_at = None

    def step(self) -> bool:
        """Do one chunk of work. Returns whether there is more to do. Never raises: what fails becomes the status."""
        with self._turn:
            if self.over:
                return False
            try:
                if self.history is None:
                    self._begin()
                elif self._stop.is_set():
                    message = msg("stopped by hand after epoch {epoch}", epoch=f"{self.history.last:,}")
                    self._end("stopped", "by_hand", message)
                elif self._abandoned_at is not None and time.monotonic() - self._abandoned_at > ABANDONED_SECONDS:
                    last = f"{self.history.last:,}"
                    message = msg("stopped after epoch {epoch}: nobody was looking any more", epoch=last)
                    self._end("stopped", "abandoned", message)
                elif self._takeovers > MOST_TAKEOVERS:
                    self._end("failed", "failed", _too_often(self._takeovers, self.history.last))
                else:
                    self._train_chunk(self.history)
            except RefusedByKeras as refused:
                self._end("refused_by_keras", "refused", str(refused))
            except Exception as error:  # a worker must outlive any run
                self._end("failed", "failed", what_failed(error))
            return not self.over

    def taken_over(self) -> None:
        """Say that a process ended under this run, and that another one does the same again."""
        self.taken_over_at = self.history.last if self.history is not None else 0
        self._takeovers += 1

    def resume(self) -> bool:
        """Take a `stop` back, whether it has already ended the run or not. Returns whether it had, and the run is to be
        given to a worker again. One that is over for another reason stays so."""
        self._stop.clear()
        with self._turn:
            if self.status != "stopped" or self.reason not in ("by_hand", "abandoned"):
                return False
            self._abandoned_at = None
            self.status, self.reason, self.ended_message = "running", "", ""
            return True

    def train(self) -> "Run":
        """Train to the end in this thread."""
        while self.step():
            pass
        return self

    def extend(self, epochs: int) -> None:
        """Ask for more epochs after the run is over, going on with the optimizer as it stands. Raises ExperimentError.

        The same as having asked for all of them at first. A stop rule that has ended the run no longer applies.
        """
        with self._turn:
            if self.status not in ("finished", "stopped") or self._state is None or self.history is None:
                refusal = tr("a run that is {status} cannot be trained longer", status=STATUSES[self.status])
                raise ExperimentError("epochs", epochs, refusal)
            total = self.history.last + epochs
            if epochs < 1 or total > MAX_EPOCHS:
                most, has = f"{MAX_EPOCHS:,}", f"{self.history.last:,}"
                refusal = tr("a run has at most {most} epochs, this one has {has}", most=most, has=has)
                raise ExperimentError("epochs", epochs, refusal)
            ended_by_rule = self.experiment.stop != "never" and self._at_bar(self.history)
            self.experiment = replace(
                self.experiment, epochs=total, stop="never" if ended_by_rule else self.experiment.stop
            )
            self.history.experiment = self.experiment
            self._stop.clear()
            self.status, self.reason, self.ended_message = "running", "", ""

    # -------------------------------------------------------- the worker's side

    @property
    def _training(self) -> Training:
        return Training(self._key, self.experiment, self._held_weights, self._orders)

    def _begin(self) -> None:
        e, start = self.experiment, time.perf_counter()
        self.status = "running"
        weights = self._given
        if weights is None:
            weights = e.initial_weights()
        shape = e.layout
        numbers, held = shape.linear(weights), np.array(list(self.held.values()), dtype=np.float32)
        if (numbers[list(self.held)] != held).any():
            numbers[list(self.held)] = held
            weights = shape.from_linear(numbers, weights)
        self._state = fresh(weights)
        if self.shares:
            self._recording = recording((replace(e, epochs=0), weights.tobytes(), self._held_weights))
        try:
            first = row_of(e, weights, epoch_loss(e, weights))
            self.history = History(e, first)
            if not np.isfinite(first).all():
                message = msg("the initial weights already give a loss that is not finite")
                self._end("diverged", "not_finite_at_start", message)
            elif e.epochs == 0:
                self._end("finished", "all_epochs", "")
            elif self._at_bar(self.history):
                self._end("stopped", "stop_rule", BEFORE_THE_FIRST[e.stop])
            elif not (self._recording and self._recording.begun):
                compile_loop(self._training, weights)
        except RefusedByKeras:
            self.history = History(e, row_of(e, weights, math.nan))
            raise
        finally:
            self.seconds.warm_up = time.perf_counter() - start

    def _train_chunk(self, history: History) -> None:
        e, start = self.experiment, time.perf_counter()
        assert self._state is not None
        rows = self._known_rows(history)
        if rows is None:
            rows = self._trained_rows(history, self._state)
        finite = np.isfinite(rows).all(axis=1)
        good = len(rows) if finite.all() else int(np.argmin(finite))
        history.append(rows[:good])
        self.seconds.train += time.perf_counter() - start
        if good < len(rows):
            lost = f"{history.last + 1:,}"
            message = msg("epoch {epoch} was not finite any more; a smaller learning rate may help", epoch=lost)
            self._end("diverged", "not_finite", message)
        elif history.last >= e.epochs:
            self._end("finished", "all_epochs", "")
        elif self._at_bar(history):
            self._end("stopped", "stop_rule", at_its_bar(e.stop, f"{history.last:,}"))

    def _known_rows(self, history: History) -> Rows | None:
        """What others have trained of the next epochs; training then stands after them."""
        if self._recording is None:
            return None
        known = self._recording.after(history.last, self.experiment.epochs - history.last)
        if known is None:
            return None
        rows, self._state = known
        return rows

    def _trained_rows(self, history: History, state: State) -> Rows:
        chunk = train(self._training, state, history.last, self._pace)
        self._state, self._pace = chunk.state, pace(chunk.asked, chunk.seconds)
        if self._recording is not None:
            self._recording.add(history.last, chunk.rows, chunk.state)
        return chunk.rows

    def _at_bar(self, history: History) -> bool:
        return self.experiment.stop != "never" and history.beyond(self.experiment.stop)

    def _end(self, status: Status, reason: Reason, message: Message | str) -> None:
        self.reason, self.ended_message = reason, message
        self.status = status  # last: whoever sees that it is over sees why


BEFORE_THE_FIRST = {
    "solved": msg("solved before the first epoch"),
    "confident": msg("confident before the first epoch"),
}


def at_its_bar(stop: str, epoch: str) -> Message:
    """At which epoch a stop rule ended it."""
    if stop == "solved":
        return msg("solved at epoch {epoch}", epoch=epoch)
    return msg("confident at epoch {epoch}", epoch=epoch)


def _too_often(processes: int, last: int) -> Message:
    told = msg(
        "{processes} processes ended while they trained it, the last one after epoch {epoch}.",
        processes=processes,
        epoch=f"{last:,}",
    )
    return sentences(told, MEMORY)
