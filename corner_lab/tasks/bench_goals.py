"""Goals on the bench: what the numbers on it have to do for all 512 patterns."""

import numpy as np

from corner_lab.analysis.autopsy import Autopsy
from corner_lab.analysis.separability import CORNERS, certificate
from corner_lab.experiment.experiment import Experiment
from corner_lab.formatting import decimals, many
from corner_lab.network.heads import HEADS
from corner_lab.network.patterns import CORNER, COUNT, is_target
from corner_lab.tasks.work import Verdict, Work

LARGEST_CELL = 10
LARGEST_WHOLE = 4
NOT_THE_CORNER = Verdict(False, "This task is about the corner, pattern 432, alone: make it the only target.")


def corner_right(work: Work) -> Verdict:
    """All 512 right, with kernel cells of at most LARGEST_CELL."""
    if work.experiment.target != (CORNER,):
        return NOT_THE_CORNER
    largest = float(np.abs(work.parts.kernels).max())
    if largest > LARGEST_CELL:
        return Verdict(False, f"A kernel cell is {largest:g} in size; {LARGEST_CELL} is allowed.")
    return all_right(work)


def whole_numbers(work: Work) -> Verdict:
    """All 512 right, with whole numbers of at most LARGEST_WHOLE."""
    if work.experiment.target != (CORNER,):
        return NOT_THE_CORNER
    assert work.numbers is not None
    broken, largest = int((work.numbers % 1 != 0).sum()), float(np.abs(work.numbers).max())
    if broken:
        return Verdict(False, f"{many(broken, 'number')} on the bench {'are' if broken > 1 else 'is'} not whole.")
    if largest > LARGEST_WHOLE:
        return Verdict(False, f"A number is {largest:g} in size; {LARGEST_WHOLE} is allowed.")
    return all_right(work)


def beats_rejecting(work: Work) -> Verdict:
    """Under the labels as asked a lower loss than outputs of 0 have, in float64."""
    e, asked = work.experiment, Experiment()
    same = ("target", "labels", "loss", "batch_size")
    if e.two_outputs or any(getattr(e, name) != getattr(asked, name) for name in same):
        return Verdict(False, "This is about the question's loss: labels as asked, mean squared error, batches of 32.")
    output = HEADS[e.head].output(work.z).astype(np.float64)
    mine, nothing = question_loss(output), question_loss(np.zeros(COUNT))
    below = mine < nothing
    costs = f"These weights cost {decimals(mine, 7)}, {'less' if below else 'not less'} than {decimals(nothing, 7)}"
    return Verdict(below, f"{costs}; the corner is {'a corner' if work.counts.tp else 'rejected'}.")


def question_loss(output: np.ndarray) -> float:
    """What outputs (512,) cost under the question's labels, as `evaluate` has it, in float64."""
    return Autopsy(output, is_target((CORNER,))).evaluated


def two_targets(work: Work) -> Verdict:
    """Two targets, one kernel, all 512 right."""
    if (wrong := _not_two(work)) is not None:
        return wrong
    if work.kernels > 1:
        return Verdict(False, f"The bench has {work.kernels} kernels; one is allowed.")
    return all_right(work)


def two_targets_apart(work: Work) -> Verdict:
    """Two targets that no kernel separates, two kernels, all 512 right."""
    if (wrong := _not_two(work)) is not None:
        return wrong
    a, b = work.experiment.target
    if certificate(a, b) is None:
        return Verdict(False, f"One kernel can separate patterns {a} and {b}; choose two that differ in more pixels.")
    if work.kernels > 2:
        return Verdict(False, f"The bench has {work.kernels} kernels; two are allowed.")
    return all_right(work)


def four_corners(work: Work) -> Verdict:
    """The four corners of a rectangle, two kernels at most, all 512 right."""
    if set(work.experiment.target) != set(CORNERS):
        return Verdict(False, "The targets are to be the four corners of a rectangle, and nothing else.")
    if work.kernels > 2:
        solved = work.counts.solved
        told = (
            f"All {COUNT} are right with {work.kernels} kernels" if solved else f"The bench has {work.kernels} kernels"
        )
        return Verdict(False, f"{told}; fewer are enough.")
    return all_right(work)


def _not_two(work: Work) -> Verdict | None:
    count = len(work.experiment.target)
    return None if count == 2 else Verdict(False, f"There {'is one target' if count == 1 else f'are {count} targets'}.")


def all_right(work: Work) -> Verdict:
    """Whether the bench has all 512 right, and how many it has wrong of which kind."""
    counts = work.counts
    if counts.solved:
        return Verdict(True, f"All {COUNT} are right.")
    wrong = [f"{many(counts.fn, 'target')} rejected"] * bool(counts.fn)
    wrong += [f"{many(counts.fp, 'other')} called a corner"] * bool(counts.fp)
    ties = int((work.z == work.experiment.threshold).sum())
    tied = f" ({many(ties, 'pattern')} exactly on the threshold, which is wrong for either)" if ties else ""
    return Verdict(False, f"{counts.right} of {COUNT} are right: {' and '.join(wrong)}{tied}.")
