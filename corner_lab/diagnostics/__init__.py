"""Findings: what went wrong or right in a run, as small checks, each with its evidence and a remedy to try."""

from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.convergence import FIRST_STEPS, NOTHING_MOVES, TOO_FAST, TOO_FEW_UPDATES, TOO_SLOW
from corner_lab.diagnostics.finding import Finding, Remedy
from corner_lab.diagnostics.gradients import DEAD_KERNELS, SATURATION
from corner_lab.diagnostics.imbalance import IMBALANCE, RARE_TARGETS
from corner_lab.diagnostics.label_shapes import BATCH_WEIGHTS, LABELS_SHUFFLED, RANK_MISMATCH, SOFTMAX_ORDER
from corner_lab.diagnostics.loss_head import LOSS_HEAD
from corner_lab.diagnostics.run_context import Case
from corner_lab.diagnostics.verdict import ACCURACY_TRAP, CONFIDENCE, ONE_KERNEL, SEPARABILITY, SOLVED
from corner_lab.training.run import Run

__all__ = ["CHECKS", "Check", "Finding", "Remedy", "findings", "of_code"]

#: Every check by its code, causes before symptoms.
CHECKS: dict[str, Check] = {
    check.code: check
    for check in (
        SOLVED,
        NOTHING_MOVES,
        LABELS_SHUFFLED,
        SEPARABILITY,
        ONE_KERNEL,
        FIRST_STEPS,
        RANK_MISMATCH,
        BATCH_WEIGHTS,
        TOO_FAST,
        LOSS_HEAD,
        SOFTMAX_ORDER,
        SATURATION,
        DEAD_KERNELS,
        TOO_SLOW,
        IMBALANCE,
        TOO_FEW_UPDATES,
        RARE_TARGETS,
        CONFIDENCE,
        ACCURACY_TRAP,
    )
}


def findings(run: Run) -> list[Finding]:
    """All findings about a run's last row, in the order of CHECKS; none before it has a row. Imports Keras."""
    if run.history is None or run.status == "failed":
        return []
    case = Case.of(run)
    return [check(case) for check in CHECKS.values()]


def of_code(found: list[Finding], code: str) -> Finding:
    """The finding with this code. Raises StopIteration."""
    return next(finding for finding in found if finding.code == code)
