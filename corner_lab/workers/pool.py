"""The threads that train for everybody, chunk by chunk in turn, each with a worker process of its own or none.

What people wait for comes first. Work goes to the worker that has compiled what it needs, unless another one is idle.
"""

import heapq
import itertools
import logging
import math
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from functools import partial
from typing import Any, Protocol, TypeVar

from corner_lab.workers.process import WorkerEnded, WorkerProcess

WORKERS = 2
STRUCTURES = 60  # compiled structures, about 12 MB each, after which a process is replaced: TensorFlow frees none

#: How urgent work is; what is more urgent comes first, equals take turns.
FIRST, GROWING, BACKGROUND, AHEAD = range(4)

log = logging.getLogger(__package__)


class Work(Protocol):
    """What workers take turns with: a run, the explanation of one, a measurement, each in short chunks.

    It may say how urgent it is now (`urgency`, one of the levels above; BACKGROUND if it does not), and what compiled
    code it needs (`structure`, a value to compare).
    """

    def step(self) -> bool:
        """Do one chunk, at best within 50 ms. Returns whether there is more to do.

        Says itself what fails; what it raises all the same is logged, and ends it.
        """
        ...


Job = TypeVar("Job", bound=Work)


class Call:
    """A function to call once, for a thread that waits for what it returns."""

    urgency = FIRST

    def __init__(self, call: Callable[[], Any]) -> None:
        self.call, self.result = call, Future[Any]()

    def step(self) -> bool:
        try:
            self.result.set_result(self.call())
        except BaseException as error:
            self.result.set_exception(error)
        return False


class _Ahead:
    """Work that nobody waits for yet, one piece after the other, until there are newer wishes."""

    urgency = AHEAD

    def __init__(self, wishes: tuple[Work, ...]) -> None:
        self._wishes = list(wishes)

    @property
    def structure(self) -> Hashable:
        return getattr(self._wishes[0], "structure", None) if self._wishes else None

    def step(self) -> bool:
        if self._wishes:
            wish = self._wishes.pop(0)
            try:
                wish.step()
            except Exception:  # whoever needs it will see; the next is done all the same
                log.exception("%s ahead failed", wish)
        return bool(self._wishes)

    def forget(self) -> None:
        self._wishes.clear()


class Pool:
    """Runs take turns: a short one is not stuck behind a long one. Threads start with the first work.

    With `processes` each thread has a process that holds Keras, and what is marked `in_worker` runs there. The
    interpreter waits at its end for the chunk that each thread is in: one that was cut off inside TensorFlow would take
    the process down, and with it the exit code. Worker processes are killed, as nothing is lost with them.
    """

    def __init__(self, workers: int = WORKERS, processes: bool = False) -> None:
        self.workers = [_Worker(number, processes) for number in range(workers)]
        self.processes = processes
        self._ahead = _Ahead(())
        self._started = False
        self._lock = threading.Lock()

    def submit(self, work: Job) -> Job:
        """Do this in the background: train a run (again, after `Run.extend`), explain one."""
        self._start()
        with self._lock:
            self._chosen(getattr(work, "structure", None)).put(work)
        return work

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """What the function returns in a worker's process: the calling worker's own, or the idlest one's. Raises what
        it raises, and WorkerEnded if it ends its process twice."""
        mine = getattr(_here, "worker", None)
        if mine is not None:
            return mine.call(function, *args, **kwargs)
        self._start()
        with self._lock:
            worker = self._chosen(None)
            call = Call(partial(worker.call, function, *args, **kwargs))
            worker.put(call)
        return call.result.result()

    def everywhere(self, function: Callable[[], Any]) -> list[Future[Any]]:
        """What the function comes to in every worker: in one after another, so that the first is there soon, and before
        all other work that comes now."""
        self._start()
        calls = [Call(partial(worker.call, function)) for worker in self.workers]
        for call, then, worker in zip(calls, calls[1:], self.workers[1:], strict=False):
            call.result.add_done_callback(partial(_put, worker, then))
        self.workers[0].put(calls[0])
        return [call.result for call in calls]

    def ahead(self, *wishes: Work) -> None:
        """Do the first step of each, in this order, while nobody waits for anything. Only the newest wishes count."""
        self._start()
        with self._lock:
            self._ahead.forget()
            self._ahead = _Ahead(wishes)
            self._idlest.put(self._ahead)

    @property
    def waiting(self) -> int:
        """How much work there is that somebody waits for."""
        return sum(math.ceil(worker.load) for worker in self.workers)

    def before(self, work: Work) -> int:
        """How much other work takes its turn before this next does."""
        return next((place for worker in self.workers if (place := worker.before(work)) is not None), 0)

    @property
    def restarts(self) -> int:
        """How many processes have ended by themselves and were replaced."""
        return sum(worker.restarts for worker in self.workers)

    @property
    def _idlest(self) -> "_Worker":
        """Of those whose processes have answered already; the first one is the first that does."""
        ready = [worker for worker in self.workers if worker.ready]
        return min(ready or self.workers[:1], key=lambda worker: worker.load)

    def _chosen(self, structure: Hashable) -> "_Worker":
        """Who has compiled it, unless others wait for that one and somebody is idle; otherwise who is idlest."""
        idlest = self._idlest
        if structure is None or not self.processes:
            return idlest
        knowing = [worker for worker in self.workers if worker.ready and structure in worker.structures]
        home = min(knowing, key=lambda worker: worker.load, default=idlest)
        return home if home.load < 2 or idlest.load else idlest

    def _start(self) -> None:
        with self._lock:
            if self._started:
                return
            self._started = True
        for worker in self.workers:
            worker.start()
        threading.Thread(target=self._close_at_exit, name="close-at-exit").start()

    def _close_at_exit(self) -> None:
        threading.main_thread().join()
        for worker in self.workers:
            worker.close()


def _put(worker: "_Worker", call: Call, _: Future[Any]) -> None:
    worker.put(call)


_here = threading.local()  # .worker: whose thread this is


class _Worker:
    """A thread, its queue, and its process if it has one."""

    def __init__(self, number: int, has_process: bool) -> None:
        self.name = f"train-{number}"
        self.structures: set[Hashable] = set()  # compiled in its process
        self.restarts = 0
        self.ready = not has_process  # whether its process has answered a call
        self.process: WorkerProcess | None = None
        self._has_process, self._closed, self._busy = has_process, False, 0.0
        self._queue: list[tuple[int, int, Work]] = []
        self._turns = itertools.count()
        self._changed = threading.Condition()

    @property
    def load(self) -> float:
        """How much work it has, but for what is still to be done ahead; half of one for what is being done ahead."""
        return sum(urgency != AHEAD for urgency, _, _ in tuple(self._queue)) + self._busy

    def before(self, work: Work) -> int | None:
        """How much takes its turn here before this work; None if it does not wait here."""
        with self._changed:
            waiting = [item for _, _, item in sorted(self._queue, key=lambda queued: queued[:2])]
            return waiting.index(work) + (self._busy > 0) if work in waiting else None

    def start(self) -> None:
        threading.Thread(target=self._take_turns, name=self.name).start()

    def put(self, work: Work) -> None:
        with self._changed:
            heapq.heappush(self._queue, (getattr(work, "urgency", BACKGROUND), next(self._turns), work))
            self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            if self.process is not None:
                self.process.kill()
            self._changed.notify()

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call it in the process; if that ends, once more in a new one. Without any, call it here."""
        if not self._has_process:
            return function(*args, **kwargs)
        for last in (False, True):
            if self.process is None:
                self._begin()
            assert self.process is not None
            try:
                answer = self.process.call(function, *args, **kwargs)
                self.ready = True
                return answer
            except WorkerEnded as ended:
                if self._closed:
                    raise
                self.restarts += 1
                log.error("%s; another one takes over", ended)
                self.process.kill()
                self.process = None
                if last:
                    raise

    def _begin(self) -> None:
        with self._changed:
            if self._closed:
                raise WorkerEnded("the server ends")
            self.structures.clear()
            self.ready = False
            self.process = WorkerProcess()

    def _take_turns(self) -> None:
        if self._has_process:
            _here.worker = self
        while (work := self._next()) is not None:
            self.structures.add(getattr(work, "structure", None))  # whoever needs it too had better wait here
            try:
                more = work.step()
            except Exception:  # a worker outlives any work
                if not self._closed:
                    log.exception("%s failed", type(work).__name__)
                more = False
            if more:
                self.put(work)

    def _next(self) -> Work | None:
        """What is most urgent; None once the program ends."""
        with self._changed:
            self._busy = 0.0
            while not (self._queue or self._closed):
                self._changed.wait()
            if self._closed:
                return None
            urgency, _, work = heapq.heappop(self._queue)
            self._busy = 0.5 if urgency == AHEAD else 1.0
        if self.process is not None and len(self.structures) >= STRUCTURES:
            self.process.kill()
            self.process = None
        return work
