"""Checks of several kernels: are they more than one, has relu cut one off, have they come to rest too early?"""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corner_lab.analysis.separability import unsolvable
from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding, Remedy
from corner_lab.diagnostics.run_context import FEWEST, Case
from corner_lab.experiment.initializers import INITS
from corner_lab.formatting import capital, many, quoted
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
    told = (
        f"With nothing between the convolutions these {e.kernels} kernels are one: each times its w2, added up, gives "
        f"every pattern's z, {'exactly' if apart == 0 else f'to within {quoted(apart)}'}."
    )
    figure = partial(_kernels, numbers, e.target)
    if case.solved or not unsolvable(e):
        title = "Your kernels are one, and one is enough"
        return Finding(code, "passed", title, f"{told} One is enough here.", evidence, figure)
    sentence = f"{told} No single kernel separates these {len(e.target)} targets."
    short = f"The {e.kernels} kernels are one, and no single kernel separates these {len(e.target)} targets."
    remedy = case.remedy("Put relu between the convolutions", hidden="relu")
    return Finding(code, "issue", "Your kernels are one", sentence, evidence, figure, remedy, short)


def _kernels(numbers: Vector, target: tuple[int, ...], palette: Palette) -> "go.Figure":
    from corner_lab.plots.training import kernel_heatmaps

    return kernel_heatmaps(numbers, target, palette)


def _not_several(case: Case) -> str:
    if case.experiment.kernels == 1:
        return "There is one kernel."
    return "With relu between they are not." if case.experiment.hidden != "none" else ""


def dead_kernels(case: Case) -> Finding:
    """Has relu cut a kernel off for every pattern? Then it has no gradient, and stays as it is."""
    e, code = case.experiment, "dead_kernels"
    dead = _cut_off(case, case.last)
    count = int(dead.sum())
    before = int(_cut_off(case, 0).sum())
    evidence: Evidence = {"dead": np.flatnonzero(dead), "dead_at_the_start": before, "kernels": e.kernels}
    if not count:
        whose = "The kernel" if e.kernels == 1 else f"Each of the {e.kernels} kernels"
        return Finding(code, "passed", "No kernel is cut off", f"{whose} gives more than 0 for some pattern.", evidence)
    which = f"kernel {np.flatnonzero(dead)[0]}" if count == 1 else f"{count} kernels"
    told = f"relu cuts {which} of {e.kernels} off for all {COUNT} patterns, so {'its' if count == 1 else 'their'} "
    told += f"gradients are exactly 0; at the start {_were(before)} cut off."
    if case.solved:
        return Finding(code, "passed", "Cut off, and not missed", f"{capital(told)}", evidence)
    title = "A kernel is dead" if count == 1 else f"{count} kernels are dead"
    return Finding(code, "issue", title, capital(told), evidence, None, _more_or_others(case))


def _were(count: int) -> str:
    return {0: "none was", 1: "1 was"}.get(count, f"{count} were")


def _more_or_others(case: Case) -> Remedy | None:
    """As many kernels as there may be, of which some may be lost; or others."""
    e = case.experiment
    if e.kernels < MOST_KERNELS:
        return case.remedy(f"{MOST_KERNELS} kernels, of which some may be lost", kernels=MOST_KERNELS)
    if INITS[e.init].keras_initializer:
        return case.remedy(f"Start from seed {e.seed + 1}", seed=e.seed + 1)
    return None


def _cut_off(case: Case, row: int) -> NDArray[np.bool_]:
    """Which kernels give no pattern more than 0 in a row, (K,)."""
    sums = kernel_sums(case.history.linear(np.array([row]))[0])  # (K, 512)
    return np.asarray((sums <= 0).all(axis=1))


def _no_relu(case: Case) -> str:
    return "" if case.experiment.hidden == "relu" else "There is no relu between the convolutions."


def settled(case: Case) -> Finding:
    """With relu between, has the loss come to rest with patterns wrong?"""
    loss, window = case.column("loss"), max(4, case.last // 3)
    evidence: Evidence = {"from": float(loss[-1 - window]), "to": float(loss[-1]), "epochs": window}
    told = f"In the last {window:,} epochs the loss went from {quoted(loss[-1 - window])} to {quoted(loss[-1])}"
    if not case.at_rest:
        return Finding("settled", "passed", "The loss still moves", f"{told}.", evidence)
    wrong = int(case.wrong.sum())
    sentence = (
        f"{told}, with {many(wrong, 'pattern')} still wrong: with relu between, what training comes to depends on the "
        "weights it starts from, and from these it comes to rest here."
    )
    title = "At rest with patterns wrong"
    return Finding("settled", "issue", title, sentence, evidence, None, _more_or_others(case))


def _cannot_settle(case: Case) -> str:
    e = case.experiment
    if case.solved:
        return "It is solved."
    if e.hidden != "relu" or unsolvable(e):
        return _no_relu(case) or "No single kernel can do it, wherever it comes to rest."
    if case.broadcasts or case.status == "diverged":
        return "Training does not lead to the right side of the threshold here, at rest or not."
    if _cut_off(case, case.last).any():
        return "A kernel is cut off, so those left are fewer."
    if case.last < FEWEST or not case.gone_far:
        return "The run has not gone far enough to have come to rest."
    if case.wrong_is_flat:
        return "A wrong pattern's gradient is dead."
    return ""


ONE_KERNEL = Check(
    "one_kernel",
    "Several kernels",
    "Are these kernels more than one?",
    one_kernel,
    _not_several,
    untrained=True,
    mislabelled=True,
)
DEAD_KERNELS = Check("dead_kernels", "Kernels", "Has relu cut a kernel off for good?", dead_kernels, _no_relu)
SETTLED = Check("settled", "At rest", "Has the loss come to rest with patterns wrong?", settled, _cannot_settle)
