"""Findings: what went wrong or right in a run, as small checks, each with its evidence and a remedy to try."""

from collections import OrderedDict
from collections.abc import Hashable
from hashlib import sha256
from threading import Lock

from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.checks import CHECKS
from corner_lab.diagnostics.finding import Finding, Remedy
from corner_lab.diagnostics.run_context import Case
from corner_lab.training.run import Run
from corner_lab.workers.elsewhere import in_worker

MOST = 128  # runs whose findings are remembered

_known: OrderedDict[Hashable, tuple[Finding, ...]] = OrderedDict()
_lock = Lock()

__all__ = ["CHECKS", "Check", "Finding", "Remedy", "findings", "of_code"]


def findings(run: Run) -> list[Finding]:
    """All findings about a run's last row, in the order of CHECKS; none before it has a row. Imports Keras.

    Those of equal runs are worked out once: a class that presses one button has one run.
    """
    history = run.history
    if history is None or run.status == "failed":
        return []
    record = sha256(history.rows.tobytes()).digest()
    key = (run.experiment, record, run.status, run.message, tuple(sorted(run.held.items())))
    with _lock:
        known = _known.pop(key, None)
    if known is None:
        known = _findings(run)
    with _lock:
        _known[key] = known
        while len(_known) > MOST:
            _known.popitem(last=False)
    return list(known)


@in_worker
def _findings(run: Run) -> tuple[Finding, ...]:
    case = Case.of(run)
    return tuple(check(case) for check in CHECKS.values())


def of_code(found: list[Finding], code: str) -> Finding:
    """The finding with this code. Raises StopIteration."""
    return next(finding for finding in found if finding.code == code)
