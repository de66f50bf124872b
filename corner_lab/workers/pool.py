"""The threads that train for everybody, chunk by chunk in turn, each with a worker process of its own or none.

What people wait for comes first. Work goes to the worker that has compiled what it needs, unless another one is idle.
"""

import heapq
import itertools
import logging
import math
import os
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

from corner_lab.formatting import sentences
from corner_lab.language import Message, msg
from corner_lab.workers import memory
from corner_lab.workers.process import MEMORY, WorkerEnded, WorkerProcess, words_of
from corner_lab.workers.work import AHEAD, BACKGROUND, Ahead, Call, Work

WORKERS = 2
STRUCTURES = 60  # compiled ones, after which a process is replaced: TensorFlow frees none

log = logging.getLogger(__package__)


Job = TypeVar("Job", bound=Work)


class Pool:
    """Runs take turns: a short one is not stuck behind a long one. Threads start with the first work.

    With `processes` each thread has a process that holds Keras, and what is marked `in_worker` runs there. The
    interpreter waits at its end for the chunk that each thread is in: one that was cut off inside TensorFlow would take
    the process down, and with it the exit code. Worker processes are killed, as nothing is lost with them.
    """

    def __init__(self, workers: int = WORKERS, processes: bool = False, prepare: Callable[[], Any] = os.getpid) -> None:
        """`prepare`: what each new process does before all else; one that does not return from it has not begun."""
        room = memory.room(max(1, workers), memory.limit())
        self.workers = [_Worker(number, room, prepare if processes else None) for number in range(workers)]
        self.processes = processes
        self._ahead = Ahead(())
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
            self._ahead = Ahead(wishes)
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
    def problem(self) -> str:
        """Why nothing can be called: no worker could start its process when it last tried; "" as long as one could."""
        found = [worker.problem for worker in self.workers]
        return str(found[0]) if all(found) else ""

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

    def __init__(self, number: int, room: int, prepare: Callable[[], Any] | None) -> None:
        """`room`: bytes of its own after which a process is replaced. `prepare`: what each process does first; None for
        a worker without any."""
        self.name = f"train-{number}"
        self.structures: set[Hashable] = set()  # compiled in its process
        self.restarts = 0
        self.problem: Message | str = ""  # why its process could not be started, if that was so the last time
        self.work: Work | None = None  # that it is doing
        self.ready = prepare is None  # whether its process has answered a call
        self.process: WorkerProcess | None = None
        self._room = room
        self._prepare, self._closed, self._busy = prepare, False, 0.0
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
        if self._prepare is None:
            return function(*args, **kwargs)
        for last in (False, True):
            try:
                answer = (self.process or self._begun(self._prepare)).call(function, *args, **kwargs)
                self.ready = True
                return answer
            except WorkerEnded as ended:
                if self._closed:
                    raise
                self._drop()
                self.restarts += 1
                log.error("%s; %s", ended, "it is given up" if last else "another one takes over")
                if last:
                    both = msg("{ended}, and so did the one before.", ended=words_of(ended))
                    raise WorkerEnded(self.problem or sentences(both, MEMORY)) from None
                getattr(self.work, "taken_over", lambda: None)()

    def _begun(self, prepare: Callable[[], Any]) -> WorkerProcess:
        """A new process, which answers. Raises WorkerEnded."""
        try:
            with self._changed:
                if self._closed:
                    raise WorkerEnded(msg("the server ends"))
                self.structures.clear()
                self.ready = False
                process = self.process = WorkerProcess()
            process.call(prepare)
        except (OSError, WorkerEnded) as error:
            if not self._closed:
                why = msg("no worker process could be started: {error}.", error=words_of(error))
                self.problem = sentences(why, MEMORY)
            raise WorkerEnded(words_of(error)) from None
        except Exception:
            self._drop()  # the next one may be able to
            raise
        self.problem = ""
        return process

    def _drop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process = None

    def _take_turns(self) -> None:
        if self._prepare is not None:
            _here.worker = self
        while (work := self._next()) is not None:
            self.work = work
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
        if self._full:
            self._drop()
        return work

    @property
    def _full(self) -> bool:
        """Whether its process has compiled all that it may: the next work gets a new one."""
        if self.process is None:
            return False
        return len(self.structures) >= STRUCTURES or memory.private(self.process.pid) >= self._room
