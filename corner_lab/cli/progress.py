"""Progress on stderr: a live bar on a terminal, a line now and then anywhere else."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from corner_lab.language import tr

FIRST_LINE, LINES_APART = 1.0, 5.0  # seconds


class Show(Protocol):
    def __call__(self, what: str, done: int = 0, total: int | None = None, of: str = "epoch") -> None:
        """Say what goes on, and how many of how many are done where that is known; `of`: see `counted`."""


def counted(what: str, done: int, total: int, of: str) -> str:
    """What goes on and how far it is, in a line; `of`: "epoch", "picture", "scene" or "file"."""
    values = {"what": what, "done": f"{done:,}", "total": f"{total:,}"}
    match of:
        case "picture":
            return tr("{what}: picture {done} of {total}", **values)
        case "scene":
            return tr("{what}: scene {done} of {total}", **values)
        case "file":
            return tr("{what}: file {done} of {total}", **values)
    return tr("{what}: epoch {done} of {total}", **values)


def numbered(show: Show, number: int, runs: int, name: str) -> Show:
    """The same of one of several runs, which is said before what goes on."""

    def shown(what: str, done: int = 0, total: int | None = None, of: str = "epoch") -> None:
        said = tr("run {number} of {runs}, {name}: {what}", number=number, runs=runs, name=name, what=what)
        show(said, done, total, of)

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
            task = bar.add_task(tr("starting"), total=None)

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
            print(counted(what, done, total, of), file=sys.stderr, flush=True)
