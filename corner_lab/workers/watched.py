"""Work that goes on only while somebody looks."""

import math
import threading
import time
from typing import Any

from corner_lab.language import Message
from corner_lab.workers.process import what_failed
from corner_lab.workers.work import GROWING


class Watched:
    """Work in chunks. A worker of the pool calls `step`; any thread may read and call `watch`.

    `patience`: after how many seconds without an audience `step` ends; the next `watch` asks to be given to a worker
    again. Who never calls `watch` has it done to the end. A class that inherits says what is to be done now (`current`,
    None once all is done) and does a chunk of it (`advance`). Where that raises, `problem` says so, and nothing more is
    done until somebody asks for it (`again`).
    """

    patience: float = 20.0
    urgency = GROWING

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched_at = math.inf
        self._working = False
        self._failed: Message | str = ""
        self.takeovers = 0  # how often a process ended under it, and another one did the same again

    @property
    def problem(self) -> str:
        """What has ended it, for whoever reads; "" for nothing."""
        return str(self._failed)

    @property
    def current(self) -> Any:
        """What is being done; None once all is done."""
        raise NotImplementedError

    def advance(self, current: Any) -> None:
        """Do one chunk."""
        raise NotImplementedError

    def watch(self) -> bool:
        """Say that somebody looks. Returns whether there is work to do and no worker that does it."""
        with self._lock:
            self._watched_at = time.monotonic()
            begins = not (self._working or self._failed) and self.current is not None
            self._working |= begins
            return begins

    def step(self) -> bool:
        """Do one chunk of what is to be done. Returns whether to go on."""
        try:
            with self._lock:
                current = self.current
                if current is None or time.monotonic() - self._watched_at > self.patience:
                    self._working = False
                    return False
            self.advance(current)
        except BaseException as error:  # the worker logs it
            self._failed = what_failed(error)
            self._working = False
            raise
        return True

    def again(self) -> None:
        """Have another try at what failed: the next `watch` asks for it."""
        self._failed = ""

    def taken_over(self) -> None:
        """Say that a process ended under this work, and that another one does the same again."""
        self.takeovers += 1
