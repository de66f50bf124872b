"""Logging: a logger for each package, named after it, and quiet until somebody asks.

A module logs with `logging.getLogger(__package__)`. Before `set_up` nothing of the core is written, not even errors.
"""

import logging
import os

from corner_lab.language import tr

VARIABLE = "CORNER_LAB_LOG"  # the environment variable that holds a level
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
ROOTS = ("corner_lab", "ui")  # the core's packages and the page's
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class UnknownLevel(ValueError):
    """The environment asks for a level that there is not."""


def set_up(level: str = "") -> None:
    """Write what is logged from a level on to stderr: the environment's CORNER_LAB_LOG if it is set, or `level`.

    With neither, nothing is written. Can be called again. Raises UnknownLevel.
    """
    wanted = os.environ.get(VARIABLE, "").strip().upper() or level
    if wanted and wanted not in LEVELS:
        raise UnknownLevel(
            tr(
                "{variable} {level}: allowed are {levels}",
                variable=VARIABLE,
                level=repr(wanted),
                levels=", ".join(LEVELS),
            )
        )
    for root in ROOTS:
        logger = logging.getLogger(root)
        for handler in [h for h in logger.handlers if isinstance(h, _Stderr)]:
            logger.removeHandler(handler)
        logger.setLevel(wanted or logging.NOTSET)
        if wanted:
            logger.addHandler(_Stderr())


class _Stderr(logging.StreamHandler):  # type: ignore[type-arg]
    """The handler that `set_up` adds, and finds again."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(FORMAT))
