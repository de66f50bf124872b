"""Many: one experiment trained from many seeds at once, in chunks short enough to share the machine.

Seed s starts from the weights and follows the order that `Run` with seed s has, so each is solved at the same epoch.
"""

import statistics
import threading
import time
import uuid
from collections import OrderedDict
from dataclasses import dataclass, replace

import numpy as np

from corner_lab.experiment.experiment import Experiment, ExperimentError
from corner_lab.language import Message, tr
from corner_lab.network.parameters import Vector
from corner_lab.training.batched_engine import many_engine_for
from corner_lab.training.engine_state import RefusedByKeras, State, Task, check_shapes
from corner_lab.training.run import Status
from corner_lab.training.shuffling import Orders
from corner_lab.training.trainer import CHUNK_SECONDS, pace
from corner_lab.workers.elsewhere import in_worker
from corner_lab.workers.process import what_failed

KEPT = 4  # trainings whose orders are kept between chunks


@dataclass(frozen=True)
class Tally:
    """What is known so far: for each seed the first epoch that had every pattern right, None if there was none yet.

    `right`: how many seeds have every pattern right at `epoch`, the last one trained. It is less than `solved` where
    seeds lost again what they had.
    """

    solved_at: tuple[int | None, ...]
    right: int = 0
    epoch: int = 0
    status: Status = "waiting"
    message_later: Message | str = ""

    @property
    def message(self) -> str:
        """Why it ended, for whoever reads."""
        return str(self.message_later)

    @property
    def over(self) -> bool:
        return self.status not in ("waiting", "running")

    @property
    def seeds(self) -> int:
        return len(self.solved_at)

    @property
    def solved(self) -> int:
        """How many seeds were solved."""
        return sum(epoch is not None for epoch in self.solved_at)

    @property
    def median(self) -> int | None:
        """The median epoch at which the solved seeds were (of two in the middle the earlier); None without any."""
        known = [epoch for epoch in self.solved_at if epoch is not None]
        return statistics.median_low(known) if known else None


class Many:
    """Trains an experiment from seeds 0, 1, ... One worker calls `step`; any thread may read `tally`.

    It ends at the experiment's last epoch, or at the first that has every seed right or diverged: nothing is left to
    learn then.
    """

    def __init__(self, experiment: Experiment, seeds: int) -> None:
        """Raises ExperimentError for what has no seeds to differ by; the experiment's own seed and stop rule do not
        count."""
        if experiment.init == "given":
            raise ExperimentError("init", "given", tr("is the same for every seed"))
        self.experiment = replace(experiment, seed=0, stop="never")
        self.tally = Tally((None,) * seeds)
        self._key = uuid.uuid4().hex
        self._initial: list[Vector] = []
        self._state: State | None = None
        self._diverged = np.zeros(seeds, dtype=bool)
        self._pace = 4  # epochs per chunk, adapted to the clock
        self._turn = threading.Lock()

    @property
    def weights(self) -> Vector:
        """The weights of every seed as they stand, (seeds, size). Raises ValueError before training has begun."""
        if self._state is None:
            raise ValueError("these seeds have no weights yet")
        return self._state.weights

    def step(self) -> bool:
        """Do one chunk of work. Returns whether there is more to do. Never raises: what fails becomes the status."""
        with self._turn:
            if self.tally.over:
                return False
            try:
                if len(self._initial) < self.tally.seeds:
                    self._draw()
                elif self._state is None:
                    self._begin()
                else:
                    self._train_chunk(self._state)
            except RefusedByKeras as refused:
                self._become("refused_by_keras", str(refused))
            except Exception as error:  # a worker must outlive any work
                self._become("failed", what_failed(error))
            return not self.tally.over

    def train(self) -> "Many":
        """Train to the end in this thread."""
        while self.step():
            pass
        return self

    # -------------------------------------------------------- the worker's side

    def _draw(self) -> None:
        """Draw the initial weights of some more seeds."""
        e, start = self.experiment, time.perf_counter()
        self._become("running")
        while len(self._initial) < self.tally.seeds and time.perf_counter() - start < CHUNK_SECONDS:
            seed = len(self._initial)
            self._initial.append(e.initial_weights(seed=seed))

    def _begin(self) -> None:
        """Compile, and look whether the initial weights are right already."""
        state = State(np.stack(self._initial), ())
        self._state, standing, *_ = advance(self._key, self.experiment, state, 0, 0)
        self._note(standing, 0)

    def _train_chunk(self, state: State) -> None:
        at = self.tally.epoch
        self._state, standing, asked, seconds = advance(self._key, self.experiment, state, at, self._pace)
        self._note(standing[1:], at + 1)
        self._pace = pace(asked, seconds)

    def _note(self, standing: np.ndarray, first: int) -> None:
        """Take over where every seed stood at the epochs from `first` on, (epochs, seeds) of 1, 0 and −1."""
        solved_at = list(self.tally.solved_at)
        for offset, seed in np.argwhere(standing == 1):
            if solved_at[seed] is None and not (standing[:offset, seed] < 0).any() and not self._diverged[seed]:
                solved_at[seed] = first + int(offset)
        self._diverged |= (standing < 0).any(axis=0)
        epoch = first + len(standing) - 1
        ended = epoch >= self.experiment.epochs or bool((standing[-1] != 0).all())
        right = int((standing[-1] == 1).sum())
        self.tally = Tally(tuple(solved_at), right, epoch, "finished" if ended else "running")

    def _become(self, status: Status, message: Message | str = "") -> None:
        self.tally = replace(self.tally, status=status, message_later=message)


class _UnderWay:
    """What is kept of a training from one chunk to the next: of the last few, orders are long."""

    def __init__(self, e: Experiment, seeds: int) -> None:
        self.task = Task(e, stop="solved")  # the bar for what counts as solved
        self.orders = [Orders(e.plan, seed, e.labels_shuffled) for seed in range(seeds)]


_under_way: OrderedDict[str, _UnderWay] = OrderedDict()


@in_worker
def advance(key: str, e: Experiment, state: State, last: int, epochs: int) -> tuple[State, np.ndarray, int, float]:
    """Train all seeds at most so many epochs from a state, which stands after epoch `last`; see `ManyEngine.advance`.

    Also returns how many epochs it had at most to train, and in how many seconds of a processor. `key` names the
    training, of which any process can do the next chunk. Raises RefusedByKeras.
    """
    seeds, start = len(state.weights), time.thread_time()
    kept = _under_way.pop(key, None)
    if kept is None or kept.orders[0].taken != last:
        check_shapes(e)
        kept = _UnderWay(e, seeds)
        for orders in kept.orders:
            orders.skip(last)
    _under_way[key] = kept
    while len(_under_way) > KEPT:
        _under_way.popitem(last=False)
    engine = many_engine_for(e, seeds)
    asked = min(epochs, engine.chunk, e.epochs - last)
    order = np.stack([orders.take(asked) for orders in kept.orders], axis=1)  # (epochs, seeds, samples)
    state, standing = engine.advance(state, kept.task, order)
    return state, standing, asked, time.thread_time() - start


_known: dict[tuple[Experiment, int], Many] = {}
_known_lock = threading.Lock()


def many_for(experiment: Experiment, seeds: int) -> Many:
    """The training of this experiment from this many seeds, one for the whole process, begun or over as it may be."""
    key = replace(experiment, seed=0, stop="never"), seeds
    with _known_lock:
        if key not in _known:
            _known[key] = Many(*key)
        return _known[key]


def forget_failed(experiment: Experiment, seeds: int) -> None:
    """Let a training that failed begin anew for who asks for it next."""
    key = replace(experiment, seed=0, stop="never"), seeds
    with _known_lock:
        if key in _known and _known[key].tally.status == "failed":
            del _known[key]
