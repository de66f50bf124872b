"""Check of movement: are the weights still what they were, and why?"""

from dataclasses import replace

import numpy as np

from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Finding, Remedy
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.experiment import MAX_LEARNING_RATE
from corner_lab.formatting import many, quoted, setting
from corner_lab.network.patterns import COUNT
from corner_lab.training.epoch_metrics import class_gradients


def nothing_moves(case: Case) -> Finding:
    """Are the weights still what they were?"""
    e, code = case.experiment, "nothing_moves"
    moved = float(np.abs(case.history.weights[: case.last + 1] - case.start).max())
    title, evidence = "The weights move", {"furthest": moved}
    if moved:
        told = f"In {many(case.last, 'epoch')} a weight has moved by up to {quoted(moved)}."
        if not case.stuck_at_zero:
            return Finding(code, "passed", title, told, evidence)
        sentence = (
            "Kernel and 1x1 weight both start at 0, and each one's gradient is a multiple of the other: only the last "
            f"bias moves, and all {COUNT} patterns keep the same z, {quoted(case.z[0])} now."
        )
        return Finding(code, "issue", "A start that cannot leave zero", sentence, evidence, None, _random(case))
    pulls = [float(case.column(name)[0]) for name in ("gradient_targets", "gradient_others")]
    if not any(pulls):
        live = round(float(case.column("live_fraction")[0]) * COUNT)
        sentence = (
            f"The gradients of all {COUNT} patterns are exactly 0 at the start, so no step is made. The head has a "
            f"slope for {live or 'none'} of them."
        )
        return Finding(code, "issue", "Nothing moves", sentence, evidence, None, _random(case))
    if case.held:
        sentence = f"{len(case.held)} of the bench's numbers are locked, and nothing else has a gradient."
        return Finding(code, "issue", "Nothing moves", sentence, evidence)
    if _cancel(case):
        sentence = (
            f"At the start the gradients of {case.all_targets} and of {case.rest} are equally large and opposite, so "
            "they cancel and no step is made."
        )
        return Finding(code, "issue", "Nothing moves", sentence, evidence, None, _random(case))
    rate = setting(e.learning_rate)
    sentence = f"At learning rate {rate} every step is rounded away: no weight changed in its last digit."
    return Finding(code, "issue", "Nothing moves", sentence, evidence, None, _faster(case) or _random(case))


def _cancel(case: Case) -> bool:
    """Whether the gradients of targets and others at the start are each other's opposite, but for rounding."""
    targets, others = class_gradients(case.experiment, case.start[None])
    return bool(np.abs(targets + others).max() <= 1e-6 * np.abs(targets).max())


def _faster(case: Case) -> Remedy | None:
    """A thousand times the learning rate, where that is allowed."""
    rate = case.experiment.learning_rate * 1000
    return case.remedy(f"Learning rate {setting(rate)}", learning_rate=rate) if rate <= MAX_LEARNING_RATE else None


def _random(case: Case) -> Remedy:
    remedy = case.remedy("Start from random weights", init="glorot_uniform")
    return replace(remedy, weights=None)


def _untrained(case: Case) -> str:
    return "" if case.last else "No epoch was trained."


NOTHING_MOVES = Check(
    "nothing_moves",
    "Movement",
    "Do the weights move at all?",
    nothing_moves,
    _untrained,
    mislabelled=True,
    on_scenes=True,
)
