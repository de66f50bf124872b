"""Findings: what went wrong or right in a run, as small checks, each with its evidence and a remedy to try."""

from collections.abc import Callable

from corner_lab.diagnostics.convergence import too_fast, too_few_updates
from corner_lab.diagnostics.finding import Finding, Remedy
from corner_lab.diagnostics.gradients import saturation
from corner_lab.diagnostics.imbalance import imbalance
from corner_lab.diagnostics.label_shapes import batch_weights, rank_mismatch, softmax_order
from corner_lab.diagnostics.loss_head import loss_head
from corner_lab.diagnostics.run_context import Case
from corner_lab.diagnostics.verdict import accuracy_trap, confidence, separability, solved
from corner_lab.training.run import Run

__all__ = ["CHECKS", "Finding", "Remedy", "findings", "of_code"]

#: Every check by the code of what it finds, causes before symptoms.
CHECKS: dict[str, Callable[[Case], Finding]] = {
    "solved": solved,
    "rank_mismatch": rank_mismatch,
    "batch_weights": batch_weights,
    "separability": separability,
    "too_fast": too_fast,
    "loss_head": loss_head,
    "softmax_order": softmax_order,
    "saturation": saturation,
    "imbalance": imbalance,
    "too_few_updates": too_few_updates,
    "confidence": confidence,
    "accuracy_trap": accuracy_trap,
}

UNTRAINED = ("rank_mismatch", "separability")  # what can be said of a run that Keras refused


def findings(run: Run) -> list[Finding]:
    """All findings about a run's last row, in the order of CHECKS; none before it has a row. Imports Keras."""
    if run.history is None or run.status == "failed":
        return []
    case = Case.of(run)
    return [_refused(code) if case.refused and code not in UNTRAINED else check(case) for code, check in CHECKS.items()]


def of_code(found: list[Finding], code: str) -> Finding:
    """The finding with this code. Raises StopIteration."""
    return next(finding for finding in found if finding.code == code)


def _refused(code: str) -> Finding:
    title = code.replace("_", " ").capitalize()
    return Finding(code, "not_applicable", title, "Keras refused these shapes, so nothing was trained.")
