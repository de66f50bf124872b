"""The import of Keras and TensorFlow, without what TensorFlow says about itself."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from corner_lab.network.keras_model import load_keras


def import_keras() -> float:
    """Import Keras and TensorFlow. Returns the seconds it took."""
    start = time.perf_counter()
    if "keras" not in sys.modules:
        with without_notes():
            load_keras()
    return time.perf_counter() - start


NOTES = r"WARNING: All log messages before absl|[IW]\d{4} "  # of informational lines, and of what announces them
FILTER = f"""
import re, sys
for line in sys.stdin.buffer:
    if not re.match(rb"{NOTES}", line):
        sys.stderr.buffer.write(line)
        sys.stderr.flush()
"""


@contextmanager
def without_notes() -> Iterator[None]:
    """Keep TensorFlow's log of its own start from stderr: C++ writes it before any log level can be set.

    Errors pass. The filter is a process of its own, so that they do even where TensorFlow aborts this one.
    """
    try:
        stderr = os.dup(2)
    except OSError:  # closed: nothing to keep clean
        yield
        return
    command = [sys.executable, "-I", "-S", "-c", FILTER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as passing:
        assert passing.stdin is not None
        os.dup2(passing.stdin.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
