"""What a worker process does: it takes calls from its parent, one after another, until that is gone.

A call comes in as a pickle (function, args, kwargs), and goes out as one (whether it returned, what it returned or
raised). Only the parent can write into the pipe.
"""

import os
import pickle
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from corner_lab import logs
from corner_lab.workers import memory

GIVES_BACK = 30.0  # s after which what is free goes to the system, once there is an answer


def main() -> None:
    """Answer calls from stdin on stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this one
    with suppress(OSError):  # where memory runs out, Linux is to take a worker, which is replaced, not the server
        Path("/proc/self/oom_score_adj").write_text("500")
    calls, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed goes to the log
    logs.set_up("WARNING")
    given = time.monotonic()
    while True:
        try:
            function, args, kwargs = pickle.load(calls)
        except EOFError:
            _end()
        try:
            answer = _pickled(True, function(*args, **kwargs))
        except BaseException as error:  # the parent raises it
            answer = _pickled(False, error)
        try:
            answers.write(answer)
            answers.flush()
        except BrokenPipeError:
            _end()
        if time.monotonic() > given + GIVES_BACK:
            memory.give_back()
            given = time.monotonic()


def _end() -> None:
    """The parent is gone. At once: threads of TensorFlow would be waited for."""
    os._exit(0)


def _pickled(returned: bool, value: Any) -> bytes:
    """An answer; what cannot go through a pipe and come out the same becomes a RuntimeError with its words."""
    try:
        pickled = pickle.dumps((returned, value), pickle.HIGHEST_PROTOCOL)
        if not returned:
            pickle.loads(pickled)
        return pickled
    except Exception as error:
        what = error if returned else value
        return pickle.dumps((False, RuntimeError(f"{type(what).__name__}: {what}")))


if __name__ == "__main__":
    main()
