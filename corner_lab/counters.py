"""What has happened since the start, in numbers that an operator's tools read: Prometheus's text format.

Numbers that only grow are added up here, by whoever sees them happen; those of the moment are asked for when somebody
reads (`text`). What is counted is in `COUNTED`, nowhere else.
"""

import logging
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

PREFIX = "corner_lab_"
COUNTED = {
    "visitors": "Sessions that were begun, one for each page that was opened.",
    "runs_started": "Trainings that visitors asked for.",
    "runs_finished": "Trainings that came to an end of their own: all epochs, a stop rule, what Keras refuses.",
    "runs_stopped": "Trainings that were stopped, by hand or because nobody was looking.",
    "runs_failed": "Trainings that ended by an error of ours; the log has each with its link.",
}

log = logging.getLogger(__package__)

_lock = threading.Lock()
_counts = Counter(dict.fromkeys(COUNTED, 0))


def add(name: str, by: int = 1) -> None:
    """Count something that has happened. Any thread may. Raises KeyError for what is not in `COUNTED`."""
    if name not in COUNTED:
        raise KeyError(name)
    with _lock:
        _counts[name] += by


def counts() -> dict[str, int]:
    """What was counted so far."""
    with _lock:
        return dict(_counts)


@dataclass(frozen=True)
class Gauge:
    """A number of the moment. `labels`: what stands in braces, like `part="server"`. `counted`: it only grows."""

    name: str
    help: str
    value: float
    labels: str = ""
    counted: bool = False


def text(gauges: Iterable[Gauge] = ()) -> str:
    """Everything, in Prometheus's text format 0.0.4; gauges of one name stand together."""
    lines = []
    for name, value in counts().items():
        full = f"{PREFIX}{name}_total"
        lines += [f"# HELP {full} {COUNTED[name]}", f"# TYPE {full} counter", f"{full} {value}"]
    seen = set()
    for gauge in gauges:
        full = PREFIX + gauge.name
        if gauge.name not in seen:
            lines += [f"# HELP {full} {gauge.help}", f"# TYPE {full} {'counter' if gauge.counted else 'gauge'}"]
        seen.add(gauge.name)
        lines.append(f"{full}{{{gauge.labels}}} {gauge.value:g}" if gauge.labels else f"{full} {gauge.value:g}")
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------- trainings


class Training(Protocol):
    """What is asked of a run to count it: `Run` has it."""

    @property
    def over(self) -> bool: ...
    @property
    def phase(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def experiment(self) -> Any: ...


class Trainings:
    """The runs that visitors have asked for and that were not over when somebody last looked.

    A run tells nobody that it is over, so it is counted where others begin, where its page is drawn anew, and where
    somebody reads the numbers.
    """

    def __init__(self) -> None:
        self._going: set[Training] = set()
        self._lock = threading.Lock()

    def begun(self, run: Training) -> None:
        """A visitor has asked for this run, or for more of it."""
        add("runs_started")
        self.settle()
        with self._lock:
            self._going.add(run)

    def settle(self) -> None:
        """Count those that are over by now; the log is told which have failed."""
        with self._lock:
            over = {run for run in self._going if run.over}
            self._going -= over
        for run in over:
            if run.status == "failed":
                add("runs_failed")
                log.error("the run of ?%s failed: %s", run.experiment.query, run.message)
            else:
                add("runs_stopped" if run.reason in ("by_hand", "abandoned") else "runs_finished")

    def in_phase(self, phase: str) -> int:
        """How many are "queued", "compiling" or "training"."""
        with self._lock:
            return sum(run.phase == phase for run in self._going)


trainings = Trainings()
