"""Checks of several kernels: are they more than one, has relu cut one off, have they come to rest too early?"""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corner_lab.analysis.separability import unsolvable
from corner_lab.diagnostics import phrases
from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding, Remedy
from corner_lab.diagnostics.run_context import FEWEST, Case
from corner_lab.experiment.initializers import INITS
from corner_lab.formatting import quoted, sentences
from corner_lab.language import Message, msg, msgn
from corner_lab.network import numpy_model
from corner_lab.network.numpy_model import kernel_sums
from corner_lab.network.parameters import MOST_KERNELS, Vector
from corner_lab.network.patterns import COUNT
from corner_lab.plots.theme import Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go


def one_kernel(case: Case) -> Finding:
    """Are these kernels more than one?"""
    e, code = case.experiment, "one_kernel"
    numbers = case.history.linear(np.array([case.last]))[0]
    kernel, bias = numpy_model.one_kernel(numbers)
    apart = float(np.abs(numpy_model.about(numbers) - case.z).max())
    evidence: Evidence = {"kernel": kernel, "bias": float(bias), "largest_difference_of_z": apart}
    if apart == 0:
        told = msg(
            "With nothing between the convolutions these {kernels} kernels are one: each times its w2, added up, gives "
            "every pattern's z, exactly.",
            kernels=e.kernels,
        )
    else:
        told = msg(
            "With nothing between the convolutions these {kernels} kernels are one: each times its w2, added up, gives "
            "every pattern's z, to within {apart}.",
            kernels=e.kernels,
            apart=quoted(apart),
        )
    figure = partial(_kernels, numbers, e.target)
    if case.solved or not unsolvable(e):
        title = msg("Your kernels are one, and one is enough")
        return Finding(code, "passed", title, sentences(told, msg("One is enough here.")), evidence, figure)
    count = len(e.target)
    sentence = sentences(told, msg("No single kernel separates these {targets} targets.", targets=count))
    short = msg(
        "The {kernels} kernels are one, and no single kernel separates these {targets} targets.",
        kernels=e.kernels,
        targets=count,
    )
    remedy = case.remedy(msg("Put relu between the convolutions"), hidden="relu")
    return Finding(code, "issue", msg("Your kernels are one"), sentence, evidence, figure, remedy, short)


def _kernels(numbers: Vector, target: tuple[int, ...], palette: Palette) -> "go.Figure":
    from corner_lab.plots.training import kernel_heatmaps

    return kernel_heatmaps(numbers, target, palette)


def _not_several(case: Case) -> Message | None:
    if case.experiment.kernels == 1:
        return msg("There is one kernel.")
    return msg("With relu between they are not.") if case.experiment.hidden != "none" else None


def dead_kernels(case: Case) -> Finding:
    """Has relu cut a kernel off for every pattern? Then it has no gradient, and stays as it is."""
    e, code = case.experiment, "dead_kernels"
    dead = _cut_off(case, case.last)
    count = int(dead.sum())
    before = int(_cut_off(case, 0).sum())
    evidence: Evidence = {"dead": np.flatnonzero(dead), "dead_at_the_start": before, "kernels": e.kernels}
    if not count:
        told = (
            msg("The kernel gives more than 0 for some pattern.")
            if e.kernels == 1
            else msg("Each of the {kernels} kernels gives more than 0 for some pattern.", kernels=e.kernels)
        )
        return Finding(code, "passed", msg("No kernel is cut off"), told, evidence)
    values = {"kernels": e.kernels, "patterns": COUNT, "before": _cut_off_before(before)}
    if count == 1:
        told = msg(
            "Relu cuts kernel {index} of {kernels} off for all {patterns} patterns, so its gradients are exactly 0; "
            "{before}.",
            **values,
            index=int(np.flatnonzero(dead)[0]),
        )
    else:
        told = msg(
            "Relu cuts {dead} kernels of {kernels} off for all {patterns} patterns, so their gradients are exactly 0; "
            "{before}.",
            **values,
            dead=count,
        )
    if case.solved:
        return Finding(code, "passed", msg("Cut off, and not missed"), told, evidence)
    title = msgn("A kernel is dead", "{count} kernels are dead", count)
    return Finding(code, "issue", title, told, evidence, None, _more_or_others(case))


def _cut_off_before(count: int) -> Message:
    """How many kernels were cut off at the start, in a clause."""
    if not count:
        return msg("at the start none was cut off")
    return msgn("at the start {count} was cut off", "at the start {count} were cut off", count)


def _more_or_others(case: Case) -> Remedy | None:
    """As many kernels as there may be, of which some may be lost; or others."""
    e = case.experiment
    if e.kernels < MOST_KERNELS:
        label = msg("{kernels} kernels, of which some may be lost", kernels=MOST_KERNELS)
        return case.remedy(label, kernels=MOST_KERNELS)
    if INITS[e.init].keras_initializer:
        return case.remedy(msg("Start from seed {seed}", seed=e.seed + 1), seed=e.seed + 1)
    return None


def _cut_off(case: Case, row: int) -> NDArray[np.bool_]:
    """Which kernels give no pattern more than 0 in a row, (K,)."""
    sums = kernel_sums(case.history.linear(np.array([row]))[0])  # (K, 512)
    return np.asarray((sums <= 0).all(axis=1))


def _no_relu(case: Case) -> Message | None:
    return None if case.experiment.hidden == "relu" else msg("There is no relu between the convolutions.")


def settled(case: Case) -> Finding:
    """With relu between, has the loss come to rest with patterns wrong?"""
    loss, window = case.column("loss"), max(4, case.last // 3)
    evidence: Evidence = {"from": float(loss[-1 - window]), "to": float(loss[-1]), "epochs": window}
    told = msg(
        "In the last {epochs} epochs the loss went from {before} to {after}",
        epochs=f"{window:,}",
        before=quoted(loss[-1 - window]),
        after=quoted(loss[-1]),
    )
    if not case.at_rest:
        return Finding("settled", "passed", msg("The loss still moves"), phrases.ended(told), evidence)
    sentence = msg(
        "{told}, with {patterns} still wrong: with relu between, what training comes to depends on the weights it "
        "starts from, and from these it comes to rest here.",
        told=told,
        patterns=phrases.patterns(int(case.wrong.sum())),
    )
    title = msg("At rest with patterns wrong")
    return Finding("settled", "issue", title, sentence, evidence, None, _more_or_others(case))


def _cannot_settle(case: Case) -> Message | None:
    e = case.experiment
    if case.solved:
        return msg("It is solved.")
    if e.hidden != "relu" or unsolvable(e):
        return _no_relu(case) or msg("No single kernel can do it, wherever it comes to rest.")
    if case.broadcasts or case.status == "diverged":
        return msg("Training does not lead to the right side of the threshold here, at rest or not.")
    if _cut_off(case, case.last).any():
        return msg("A kernel is cut off, so those left are fewer.")
    if case.last < FEWEST or not case.gone_far:
        return msg("The run has not gone far enough to have come to rest.")
    if case.wrong_is_flat:
        return msg("A wrong pattern's gradient is dead.")
    return None


ONE_KERNEL = Check(
    "one_kernel",
    msg("Several kernels"),
    msg("Are these kernels more than one?"),
    one_kernel,
    _not_several,
    untrained=True,
    mislabelled=True,
)
DEAD_KERNELS = Check("dead_kernels", msg("Kernels"), msg("Has relu cut a kernel off for good?"), dead_kernels, _no_relu)
SETTLED = Check(
    "settled", msg("At rest"), msg("Has the loss come to rest with patterns wrong?"), settled, _cannot_settle
)
