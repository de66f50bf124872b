"""Check of movement: are the weights still what they were, and why?"""

from dataclasses import replace

import numpy as np

from corner_lab.diagnostics import phrases
from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Finding, Remedy
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.experiment import MAX_LEARNING_RATE
from corner_lab.formatting import quoted, sentences, setting
from corner_lab.language import Message, msg
from corner_lab.network.patterns import COUNT
from corner_lab.training.epoch_metrics import class_gradients


def nothing_moves(case: Case) -> Finding:
    """Are the weights still what they were?"""
    code = "nothing_moves"
    moved = float(np.abs(case.history.weights[: case.last + 1] - case.start).max())
    evidence = {"furthest": moved}
    if moved:
        if not case.stuck_at_zero:
            told = msg(
                "In {epochs} a weight has moved by up to {moved}.",
                epochs=phrases.epochs(case.last),
                moved=quoted(moved),
            )
            return Finding(code, "passed", msg("The weights move"), told, evidence)
        sentence = msg(
            "Kernel and 1x1 weight both start at 0, and each one's gradient is a multiple of the other: only the last "
            "bias moves, and all {patterns} patterns keep the same z, {z} now.",
            patterns=COUNT,
            z=quoted(case.z[0]),
        )
        title = msg("A start that cannot leave zero")
        return Finding(code, "issue", title, sentence, evidence, None, _random(case))
    why, remedy = _why_not(case)
    return Finding(code, "issue", msg("Nothing moves"), why, evidence, None, remedy)


def _why_not(case: Case) -> tuple[Message, Remedy | None]:
    """Why nothing moves, and what would."""
    e = case.experiment
    pulls = [float(case.column(name)[0]) for name in ("gradient_targets", "gradient_others")]
    if not any(pulls):
        live = round(float(case.column("live_fraction")[0]) * COUNT)
        sentence = sentences(
            msg(
                "The gradients of all {patterns} patterns are exactly 0 at the start, so no step is made.",
                patterns=COUNT,
            ),
            msg("The head has a slope for {live} of them.", live=live)
            if live
            else msg("The head has a slope for none of them."),
        )
        return sentence, _random(case)
    if case.held:
        locked = len(case.held)
        return msg("{locked} of the bench's numbers are locked, and nothing else has a gradient.", locked=locked), None
    if _cancel(case):
        sentence = msg(
            "At the start the gradients of {targets} and of {others} are equally large and opposite, so they cancel "
            "and no step is made.",
            targets=case.all_targets,
            others=case.rest,
        )
        return sentence, _random(case)
    sentence = msg(
        "At learning rate {rate} every step is rounded away: no weight changed in its last digit.",
        rate=setting(e.learning_rate),
    )
    return sentence, _faster(case) or _random(case)


def _cancel(case: Case) -> bool:
    """Whether the gradients of targets and others at the start are each other's opposite, but for rounding."""
    targets, others = class_gradients(case.experiment, case.start[None])
    return bool(np.abs(targets + others).max() <= 1e-6 * np.abs(targets).max())


def _faster(case: Case) -> Remedy | None:
    """A thousand times the learning rate, where that is allowed."""
    rate = case.experiment.learning_rate * 1000
    if rate > MAX_LEARNING_RATE:
        return None
    return case.remedy(phrases.rate_of(setting(rate)), learning_rate=rate)


def _random(case: Case) -> Remedy:
    remedy = case.remedy(msg("Start from random weights"), init="glorot_uniform")
    return replace(remedy, weights=None)


def _untrained(case: Case) -> Message | None:
    return None if case.last else msg("No epoch was trained.")


NOTHING_MOVES = Check(
    "nothing_moves",
    msg("Movement"),
    msg("Do the weights move at all?"),
    nothing_moves,
    _untrained,
    mislabelled=True,
    on_scenes=True,
)
