"""What a server grants each visitor, by its environment: told in a sentence where it is met, never silently."""

import os
from dataclasses import dataclass
from functools import cache

from corner_lab.experiment.experiment import MAX_EPOCHS
from corner_lab.language import tr

WORKERS = "CORNER_LAB_WORKERS"
EPOCHS = "CORNER_LAB_EPOCHS"
VISITORS = "CORNER_LAB_VISITORS"
MOST = {WORKERS: 64, EPOCHS: MAX_EPOCHS, VISITORS: 100_000}


class WrongLimit(ValueError):
    """The environment asks for a limit that there is not."""


@dataclass(frozen=True)
class Limits:
    """`workers`: processes that train, 0 for the server itself; `epochs` of a run; `visitors` at a time. A visitor
    always has one run that grows: the next one ends it."""

    workers: int
    epochs: int
    visitors: int

    def __str__(self) -> str:
        trains = f"{self.workers} worker processes" if self.workers else "training in the server itself"
        return f"{trains}, {self.epochs:,} epochs a run, {self.visitors:,} visitors at a time"


@cache
def limits() -> Limits:
    """Those of this server. Raises WrongLimit."""
    processors = max(1, min(4, os.cpu_count() or 1))
    return Limits(_whole(WORKERS, processors, 0), _whole(EPOCHS, MAX_EPOCHS, 1), _whole(VISITORS, MOST[VISITORS], 1))


def _whole(name: str, default: int, least: int) -> int:
    said = os.environ.get(name, "").strip()
    if not said:
        return default
    if not said.isdecimal() or not least <= int(said) <= MOST[name]:
        raise WrongLimit(
            tr(
                "{name} {text}: allowed are whole numbers from {least} to {most}",
                name=name,
                text=repr(said),
                least=least,
                most=f"{MOST[name]:,}",
            )
        )
    return int(said)
