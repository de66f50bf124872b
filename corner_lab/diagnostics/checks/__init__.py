"""The checks, a subject a file, and the order in which a run is asked."""

from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.checks.gradients import SATURATION
from corner_lab.diagnostics.checks.imbalance import IMBALANCE, RARE_TARGETS
from corner_lab.diagnostics.checks.kernels import DEAD_KERNELS, ONE_KERNEL, SETTLED
from corner_lab.diagnostics.checks.label_shapes import BATCH_WEIGHTS, LABELS_SHUFFLED, RANK_MISMATCH
from corner_lab.diagnostics.checks.loss_head import LOSS_HEAD
from corner_lab.diagnostics.checks.movement import NOTHING_MOVES
from corner_lab.diagnostics.checks.scenes import BEST_OF_PATCHES
from corner_lab.diagnostics.checks.softmax_order import SOFTMAX_ORDER
from corner_lab.diagnostics.checks.step_size import FIRST_STEPS, TOO_FAST, TOO_SLOW
from corner_lab.diagnostics.checks.updates import TOO_FEW_UPDATES
from corner_lab.diagnostics.checks.verdict import ACCURACY_TRAP, CONFIDENCE, SEPARABILITY, SOLVED

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
        SETTLED,
        TOO_SLOW,
        TOO_FEW_UPDATES,
        IMBALANCE,
        RARE_TARGETS,
        BEST_OF_PATCHES,
        CONFIDENCE,
        ACCURACY_TRAP,
    )
}
