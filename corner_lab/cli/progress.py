"""Progress on stderr: a live bar on a terminal, a line now and then anywhere else."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

FIRST_LINE, LINES_APART = 1.0, 5.0  # seconds


class Show(Protocol):
    def __call__(self, what: str, done: int = 0, total: int | None = None, of: str = "epoch") -> None:
        """Say what goes on, and how many of how many epochs (or whatever it is of) are done where that is known."""


def numbered(show: Show, which: str) -> Show:
    """The same of one of several runs, said before what goes on."""

    def shown(what: str, done: int = 0, total: int | None = None, of: str = "epoch") -> None:
        show(f"{which}: {what}", done, total, of)

    return shown


@contextmanager
def progress() -> Iterator[Show]:
    """What to tell about progress while the block runs. Nothing of a live bar is left behind."""
    if not (sys.stderr and sys.stderr.isatty()):
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    # Its own descriptor: while TensorFlow is imported, the process's stderr leads to a filter.
    with os.fdopen(os.dup(sys.stderr.fileno()), "w", encoding=sys.stderr.encoding) as stderr:
        bar = Progress(
            *columns, console=Console(file=stderr), transient=True, redirect_stdout=False, redirect_stderr=False
        )
        with bar:
            task = bar.add_task("starting", total=None)

            def show(what: str, done: int = 0, total: int | None = None, of: str = "epoch") -> None:
                bar.update(task, description=what, completed=done if total else None, total=total)

            yield show


class Lines:
    """Progress in a log: nothing in the first second of what is counted, then a line every few seconds."""

    def __init__(self) -> None:
        self._due: float | None = None

    def __call__(self, what: str, done: int = 0, total: int | None = None, of: str = "epoch") -> None:
        if total is None or not sys.stderr:
            return
        now = time.monotonic()
        if self._due is None:
            self._due = now + FIRST_LINE
        elif now >= self._due:
            self._due = now + LINES_APART
            print(f"{what}: {of} {done:,} of {total:,}", file=sys.stderr, flush=True)
