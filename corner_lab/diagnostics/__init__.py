"""Findings: what went wrong or right in a run, as small checks, each with its evidence and a remedy to try."""

from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.checks import CHECKS
from corner_lab.diagnostics.finding import Finding, Remedy
from corner_lab.diagnostics.run_context import Case
from corner_lab.training.run import Run
from corner_lab.workers.elsewhere import in_worker

__all__ = ["CHECKS", "Check", "Finding", "Remedy", "findings", "of_code"]


@in_worker
def findings(run: Run) -> list[Finding]:
    """All findings about a run's last row, in the order of CHECKS; none before it has a row. Imports Keras."""
    if run.history is None or run.status == "failed":
        return []
    case = Case.of(run)
    return [check(case) for check in CHECKS.values()]


def of_code(found: list[Finding], code: str) -> Finding:
    """The finding with this code. Raises StopIteration."""
    return next(finding for finding in found if finding.code == code)
