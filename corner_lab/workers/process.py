"""A worker process, as its parent has it: calls go in and answers come out, through pipes."""

import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any


class WorkerEnded(Exception):
    """The process ended before it had answered: it was killed, or ran out of memory."""


class WorkerProcess:
    """A Python process that runs functions of the core. Threads may share it: calls take turns.

    It ends when this process does, however that ends: nothing comes through its pipe any more.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        command = [sys.executable, "-m", "corner_lab.workers.child"]
        # In a group of its own: Ctrl+C in a terminal is for the parent, which ends this one.
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def alive(self) -> bool:
        return self._child.poll() is None

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """What a function of a module returns there for these arguments; all of them, and what it returns, can be
        pickled. Raises what it raises, and WorkerEnded."""
        sent = pickle.dumps((function, args, kwargs), pickle.HIGHEST_PROTOCOL)
        calls, answers = self._child.stdin, self._child.stdout
        assert calls is not None and answers is not None
        with self._turn:
            try:
                calls.write(sent)
                calls.flush()
                returned, value = pickle.load(answers)
            except (EOFError, OSError, ValueError, pickle.UnpicklingError):  # ValueError: closed
                raise WorkerEnded(f"the worker process {self.pid} ended: code {self._child.wait()}") from None
        if returned:
            return value
        raise value

    def kill(self) -> None:
        """End it now, whatever it is doing; who waits for an answer gets WorkerEnded."""
        self._child.kill()
        self._child.wait()
        with self._turn:  # whoever waited has its answer
            for pipe in (self._child.stdin, self._child.stdout):
                assert pipe is not None
                with suppress(OSError):  # what was not sent yet goes nowhere
                    pipe.close()
