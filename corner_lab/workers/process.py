"""A worker process, as its parent has it: calls go in and answers come out, through pipes."""

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from corner_lab.language import Message, msg
from corner_lab.language.message import begins

ROOT = Path(__file__).parents[2]  # where corner_lab is found, whatever folder the program was started in
MEMORY = msg("The machine may be out of memory.")
GOES_ON = 2.0  # seconds after which a process that does not answer has not ended


class WorkerEnded(Exception):
    """The process ended before it had answered: it was killed, or ran out of memory. Made of a message."""


def told(error: BaseException) -> str:
    """What failed, in words for whoever waits for it."""
    return str(what_failed(error))


def what_failed(error: BaseException) -> Message | str:
    """As `told`, before it is known who reads it."""
    return begins(words_of(error)) if isinstance(error, WorkerEnded) else f"{type(error).__name__}: {error}"


def words_of(error: Exception) -> Message | str:
    """What an error says, before it is known who reads it."""
    words = error.args[0] if isinstance(error, WorkerEnded) and error.args else None
    return words if isinstance(words, Message) else str(error)


class WorkerProcess:
    """A Python process that runs functions of the core. Threads may share it: calls take turns.

    It ends when this process does, however that ends: nothing comes through its pipe any more.
    """

    def __init__(self) -> None:
        """Raises OSError where there is no memory or no Python for it."""
        self._turn = threading.Lock()
        command = [sys.executable, "-m", "corner_lab.workers.child"]
        paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        there = os.environ | {"PYTHONPATH": paths}
        # In a group of its own: Ctrl+C in a terminal is for the parent, which ends this one.
        self._child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=there, process_group=0
        )

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
            except Exception:  # what was not read to its end would be taken for the next answer
                how = self._how_it_ended()
                raise WorkerEnded(msg("the worker process {pid} ended: {how}", pid=self.pid, how=how)) from None
        if returned:
            return value
        raise value

    def _how_it_ended(self) -> Message | str:
        """ "code 1", "SIGKILL"; one that goes on all the same is killed."""
        try:
            code = self._child.wait(GOES_ON)
        except subprocess.TimeoutExpired:
            self._child.kill()
            code = self._child.wait()
        return msg("code {code}", code=code) if code >= 0 else signal.Signals(-code).name

    def kill(self) -> None:
        """End it now, whatever it is doing; who waits for an answer gets WorkerEnded."""
        self._child.kill()
        self._child.wait()
        with self._turn:  # whoever waited has its answer
            for pipe in (self._child.stdin, self._child.stdout):
                assert pipe is not None
                with suppress(OSError):  # what was not sent yet goes nowhere
                    pipe.close()
