"""Goals on the bench: what the numbers on it have to do for all 512 patterns."""

import numpy as np

from corner_lab.analysis.autopsy import Autopsy
from corner_lab.analysis.separability import CORNERS, certificate
from corner_lab.experiment.experiment import Experiment
from corner_lab.formatting import decimals
from corner_lab.language import tr, trn
from corner_lab.network.heads import HEADS
from corner_lab.network.patterns import CORNER, COUNT, is_target
from corner_lab.tasks.work import Verdict, Work

LARGEST_CELL = 10
LARGEST_WHOLE = 4


def not_the_corner(work: Work) -> Verdict | None:
    """What is wrong where anything but the corner alone is the target."""
    if work.experiment.target == (CORNER,):
        return None
    return Verdict(False, tr("This task is about the corner, pattern 432, alone: make it the only target."))


def corner_right(work: Work) -> Verdict:
    """All 512 right, with kernel cells of at most LARGEST_CELL."""
    if (wrong := not_the_corner(work)) is not None:
        return wrong
    largest = float(np.abs(work.parts.kernels).max())
    if largest > LARGEST_CELL:
        size = f"{largest:g}"
        return Verdict(False, tr("A kernel cell is {size} in size; {most} is allowed.", size=size, most=LARGEST_CELL))
    return all_right(work)


def whole_numbers(work: Work) -> Verdict:
    """All 512 right, with whole numbers of at most LARGEST_WHOLE."""
    if (wrong := not_the_corner(work)) is not None:
        return wrong
    assert work.numbers is not None
    broken, largest = int((work.numbers % 1 != 0).sum()), float(np.abs(work.numbers).max())
    if broken:
        told = trn("{count} number on the bench is not whole.", "{count} numbers on the bench are not whole.", broken)
        return Verdict(False, told)
    if largest > LARGEST_WHOLE:
        size = f"{largest:g}"
        return Verdict(False, tr("A number is {size} in size; {most} is allowed.", size=size, most=LARGEST_WHOLE))
    return all_right(work)


def beats_rejecting(work: Work) -> Verdict:
    """Under the labels as asked a lower loss than outputs of 0 have, in float64."""
    e, asked = work.experiment, Experiment()
    same = ("target", "labels", "loss", "batch_size")
    if e.two_outputs or any(getattr(e, name) != getattr(asked, name) for name in same):
        told = tr("This is about the question's loss: labels as asked, mean squared error, batches of 32.")
        return Verdict(False, told)
    output = HEADS[e.head].output(work.z).astype(np.float64)
    mine, nothing = question_loss(output), question_loss(np.zeros(COUNT))
    costs = {"mine": decimals(mine, 7), "nothing": decimals(nothing, 7)}
    if mine < nothing and work.counts.tp:
        return Verdict(True, tr("These weights cost {mine}, less than {nothing}; the corner is a corner.", **costs))
    if mine < nothing:
        return Verdict(True, tr("These weights cost {mine}, less than {nothing}; the corner is rejected.", **costs))
    if work.counts.tp:
        return Verdict(
            False, tr("These weights cost {mine}, not less than {nothing}; the corner is a corner.", **costs)
        )
    return Verdict(False, tr("These weights cost {mine}, not less than {nothing}; the corner is rejected.", **costs))


def question_loss(output: np.ndarray) -> float:
    """What outputs (512,) cost under the question's labels, as `evaluate` has it, in float64."""
    return Autopsy(output, is_target((CORNER,))).evaluated


def two_targets(work: Work) -> Verdict:
    """Two targets, one kernel, all 512 right."""
    if (wrong := _not_two(work)) is not None:
        return wrong
    if work.kernels > 1:
        return Verdict(False, tr("The bench has {kernels} kernels; one is allowed.", kernels=work.kernels))
    return all_right(work)


def two_targets_apart(work: Work) -> Verdict:
    """Two targets that no kernel separates, two kernels, all 512 right."""
    if (wrong := _not_two(work)) is not None:
        return wrong
    a, b = work.experiment.target
    if certificate(a, b) is None:
        return Verdict(
            False,
            tr("One kernel can separate patterns {a} and {b}; choose two that differ in more pixels.", a=a, b=b),
        )
    if work.kernels > 2:
        return Verdict(False, tr("The bench has {kernels} kernels; two are allowed.", kernels=work.kernels))
    return all_right(work)


def four_corners(work: Work) -> Verdict:
    """The four corners of a rectangle, two kernels at most, all 512 right."""
    if set(work.experiment.target) != set(CORNERS):
        return Verdict(False, tr("The targets are to be the four corners of a rectangle, and nothing else."))
    if work.kernels > 2:
        kernels = work.kernels
        if work.counts.solved:
            told = tr("All {all} are right with {kernels} kernels; fewer are enough.", all=COUNT, kernels=kernels)
            return Verdict(False, told)
        return Verdict(False, tr("The bench has {kernels} kernels; fewer are enough.", kernels=kernels))
    return all_right(work)


def _not_two(work: Work) -> Verdict | None:
    count = len(work.experiment.target)
    if count == 2:
        return None
    return Verdict(False, tr("There is one target.") if count == 1 else tr("There are {count} targets.", count=count))


def all_right(work: Work) -> Verdict:
    """Whether the bench has all 512 right, and how many it has wrong of which kind."""
    counts = work.counts
    if counts.solved:
        return Verdict(True, tr("All {all} are right.", all=COUNT))
    rejected = trn("{count} target rejected", "{count} targets rejected", counts.fn)
    called = trn("{count} other called a corner", "{count} others called a corner", counts.fp)
    wrong = rejected if not counts.fp else called
    if counts.fn and counts.fp:
        wrong = tr("{rejected} and {called}", rejected=rejected, called=called)
    told = {"right": counts.right, "all": COUNT, "wrong": wrong}
    ties = int((work.z == work.experiment.threshold).sum())
    if not ties:
        return Verdict(False, tr("{right} of {all} are right: {wrong}.", **told))
    tied = trn(
        "{right} of {all} are right: {wrong} ({count} pattern exactly on the threshold, which is wrong for either).",
        "{right} of {all} are right: {wrong} ({count} patterns exactly on the threshold, which is wrong for either).",
        ties,
        **told,
    )
    return Verdict(False, tied)
