"""What a run asks of Keras, as functions of values alone: any process can do the next chunk of any run.

So a process that ends takes nothing with it. What a chunk needs besides is kept from the one before, and made again
where that was trained elsewhere: the orders of epochs are drawn by seed.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

import numpy as np

from corner_lab.experiment.experiment import Experiment
from corner_lab.network.parameters import Vector
from corner_lab.training.engine import engine_for
from corner_lab.training.engine_state import State, Task
from corner_lab.training.history import Rows
from corner_lab.training.shuffling import Orders
from corner_lab.workers.elsewhere import in_worker

CHUNK_SECONDS = 0.04  # of a processor, aimed at: a chunk is to stay below 50 ms
KEPT = 16  # trainings whose orders are kept between chunks: each up to a few MB


def pace(epochs: int, seconds: float) -> int:
    """How many epochs the next chunk is to have, where so many took so long."""
    return max(1, min(4 * epochs, math.floor(epochs * CHUNK_SECONDS / max(seconds, 1e-6))))


@dataclass(frozen=True)
class Training:
    """What stays the same over the chunks of a run. `orders` makes them, from the first epoch on; `held`: the flat
    indices of weights that are not to move."""

    key: str
    experiment: Experiment
    held: frozenset[int]
    orders: Callable[[], Orders] = field(compare=False)  # what came through a pipe is another object


@dataclass(frozen=True)
class Chunk:
    """What a chunk came to: where training stands, its rows (epochs, 3 + weights), how many epochs it had at most to
    train. `seconds`: of a processor, however much else the machine does meanwhile."""

    state: State
    rows: Rows
    asked: int
    seconds: float


class _UnderWay:
    """What is kept of a training from one chunk to the next."""

    def __init__(self, training: Training) -> None:
        self.training = training
        self.task = Task(training.experiment, training.held)

    @cached_property
    def orders(self) -> Orders:
        return self.training.orders()


_under_way: OrderedDict[str, _UnderWay] = OrderedDict()
_lock = Lock()


def fresh(weights: Vector) -> State:
    """Where training stands before the first epoch."""
    return State(weights, ())


@in_worker
def compile_loop(training: Training, weights: Vector) -> None:
    """Compile what a training needs. Raises RefusedByKeras."""
    e = training.experiment
    engine, state = engine_for(e), fresh(weights)
    engine.advance(state, _kept(training).task, np.empty((0, e.plan.samples), dtype=np.int32))


@in_worker
def train(training: Training, state: State, last: int, epochs: int) -> Chunk:
    """Train at most so many epochs from a state, which stands after epoch `last`; fewer where the bar of the stop rule
    is near. Raises RefusedByKeras."""
    e, kept, start = training.experiment, _kept(training), time.thread_time()
    if kept.orders.taken != last:
        kept.orders = training.orders()
        kept.orders.skip(last)
    engine, left = engine_for(e), e.epochs - last
    asked = min(epochs, engine.chunk, left)
    order = kept.orders.take(asked, ahead=min(asked, left - asked))
    state, rows = engine.advance(state, kept.task, order)
    kept.orders.give_back(order[len(rows) :])  # a stop rule ended the chunk: these are for a longer training
    if last + len(rows) >= e.epochs:
        with _lock:
            _under_way.pop(training.key, None)
    return Chunk(state, rows, asked, time.thread_time() - start)


def _kept(training: Training) -> _UnderWay:
    with _lock:
        found = _under_way.pop(training.key, None)
        if found is None or found.training != training:
            found = _UnderWay(training)
        _under_way[training.key] = found
        while len(_under_way) > KEPT:
            _under_way.popitem(last=False)
    return found
