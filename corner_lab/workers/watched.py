"""Work that goes on only while somebody looks."""

import math
import threading
import time
from typing import Any

from corner_lab.workers.pool import GROWING


class Watched:
    """Work in chunks. A worker of the pool calls `step`; any thread may read and call `watch`.

    `patience`: after how many seconds without an audience `step` ends; the next `watch` asks to be given to a worker
    again. Who never calls `watch` has it done to the end. A class that inherits says what is to be done now (`current`,
    None once all is done) and does a chunk of it (`advance`; where that raises, the next `watch` asks for another try).
    """

    patience: float = 20.0
    urgency = GROWING

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched_at = math.inf
        self._working = False

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
            begins = not self._working and self.current is not None
            self._working |= begins
            return begins

    def step(self) -> bool:
        """Do one chunk of what is to be done. Returns whether to go on."""
        with self._lock:
            current = self.current
            if current is None or time.monotonic() - self._watched_at > self.patience:
                self._working = False
                return False
        try:
            self.advance(current)
        except BaseException:
            self._working = False
            raise
        return True
