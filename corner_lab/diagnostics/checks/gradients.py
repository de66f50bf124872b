"""Checks of gradients: heads that saturate, slopes that vanish."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding, Picture, Remedy
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.losses import LOSSES
from corner_lab.formatting import capital, many, quoted
from corner_lab.network.heads import HEADS
from corner_lab.network.numpy_model import about, slopes
from corner_lab.network.patterns import COUNT, is_target
from corner_lab.plots.evidence import lines
from corner_lab.training.history import History, spread_rows

ROWS = 4096  # looked at in one go
FAINT = 0.04  # of the largest slope: below it a gradient that carries the slope counts as vanishing


def died_for_good(history: History, last: int) -> NDArray[np.int64]:
    """For each pattern the first epoch from which on its derivative is exactly 0 up to `last`; -1 where it is live
    there. Shape (512,)."""
    died = np.zeros(COUNT, dtype=np.int64)
    slope = HEADS[history.experiment.head].slope
    for start in range(0, last + 1, ROWS):
        numbers = history.linear(slice(start, min(start + ROWS, last + 1)))
        z = about(numbers, history.experiment.hidden)  # (rows, 512)
        live = slope(z) != 0
        lives = live.any(axis=0)
        latest = start + len(live) - 1 - live[::-1].argmax(axis=0)
        died = np.where(lives, latest + 1, died)
    return np.where(died > last, -1, died)


def saturation(case: Case) -> Finding:
    """Is a wrong pattern stuck where the head is flat?"""
    e = case.experiment
    if e.head == "hard_sigmoid":
        return _dead(case)
    if LOSSES[e.loss].takes_logits or e.loss == "categorical_crossentropy":
        label = capital(LOSSES[e.loss].label)
        sentence = f"{label} on {e.head} is computed from z: a wrong pattern's gradient never vanishes."
        return Finding("saturation", "passed", "The loss never saturates", sentence)
    return _vanishing(case)


def _not_the_head(case: Case) -> str:
    e = case.experiment
    if e.head == "linear":
        return "A linear head has no flat part."
    if e.loss == "categorical_crossentropy" and e.labels == "as_asked":
        return "What is flat here is the clip before the logarithm."
    return ""


def _dead(case: Case) -> Finding:
    e = case.experiment
    positive = is_target(e.target)
    died = died_for_good(case.history, case.last)
    dead = died >= 0
    stuck = dead & case.wrong
    live = int((~dead).sum())
    epochs = spread_rows(case.last + 1, 100)
    alive = np.array([int(((died < 0) | (died > epoch)).sum()) for epoch in epochs])
    evidence: Evidence = {
        "live": live,
        "stuck_targets": int((stuck & positive).sum()),
        "stuck_others": int((stuck & ~positive).sum()),
        "epoch": epochs,
        "not_dead_for_good": alive,
    }
    left = (
        f"all {COUNT} patterns are still live"
        if live == COUNT
        else f"{many(live, 'pattern')} of {COUNT} {'is' if live == 1 else 'are'} still live"
        if live
        else f"none of the {COUNT} patterns is live, so no gradient is left"
    )
    if not stuck.any():
        sentence = f"{capital(left)}; no wrong pattern is on the flat part of hard_sigmoid."
        return Finding(
            "saturation", "passed", "No wrong pattern is saturated", sentence, evidence, _deaths(case, evidence)
        )
    chosen = stuck & positive if (stuck & positive).any() else stuck
    index = int(np.flatnonzero(chosen)[np.abs(case.z[chosen]).argmax()])
    since = int(died[index])
    when = "from the start" if since == 0 else f"from epoch {since:,} on"
    z, edge = quoted(case.z[index]), "−3" if case.z[index] < 0 else "+3"
    whose = case.name if positive[index] else f"pattern {index}"
    sentence = (
        f"{whose}'s gradient is exactly 0 {when}: its z is {z} now, beyond {edge}, where hard_sigmoid is flat. "
        f"{capital(left)}."
    )
    title = f"{capital(case.name)}'s gradient is dead" if positive[index] else "Wrong patterns have no gradient"
    evidence = {**evidence, "pattern": index, "died_at": since, "z": float(case.z[index])}
    return Finding(
        "saturation", "issue", title, capital(sentence), evidence, _deaths(case, evidence), _never_flat(case)
    )


def _deaths(case: Case, evidence: Evidence) -> Picture | None:
    if case.last == 0:
        return None
    series = {"patterns not dead for good": (evidence["epoch"], evidence["not_dead_for_good"])}
    event = (float(evidence["died_at"]), f"{case.name} dies") if evidence.get("stuck_targets") else None
    return partial(lines, series, "patterns not dead", marked="patterns not dead for good", event=event)


def _never_flat(case: Case) -> Remedy:
    """The nearest experiment whose loss keeps its gradient where this one's is flat."""
    e = case.experiment
    if LOSSES[e.loss].signed:
        return case.remedy("Take the head away: linear", head="linear")
    if e.broadcasts:  # there a cross-entropy would be refused
        return case.remedy("Use a sigmoid", head="sigmoid")
    if LOSSES[e.loss].takes_logits:
        return case.remedy(**case.long_enough("Use a sigmoid"), head="sigmoid")
    return case.remedy(**case.long_enough("Use sigmoid and cross-entropy"), head="sigmoid", loss="binary_crossentropy")


def _vanishing(case: Case) -> Finding:
    e = case.experiment
    positive = is_target(e.target)
    slope = slopes(case.history.linear(slice(case.last, case.last + 1))[0], e.head, e.hidden).astype(np.float64)
    faint = case.wrong & (slope < FAINT * 0.25)
    chosen = faint & positive if (faint & positive).any() else faint
    if not faint.any():
        wrong = slope[case.wrong]
        told = f"at least {quoted(wrong.min())} for the wrong patterns" if wrong.size else "no pattern is wrong"
        sentence = (
            f"The slope of {e.head} multiplies every gradient here; it is {told}."
            if wrong.size
            else (f"The slope of {e.head} multiplies every gradient here, but {told}.")
        )
        return Finding("saturation", "passed", "No wrong pattern's gradient vanishes", sentence)
    index = int(np.flatnonzero(chosen)[slope[chosen].argmin()])
    whose = case.name if positive[index] else f"pattern {index}"
    sentence = (
        f"{whose}'s z is {quoted(case.z[index])}, where {e.head}'s slope is {quoted(slope[index])} instead of 0.25: "
        f"{LOSSES[e.loss].label} multiplies its gradient by that, so it vanishes."
    )
    evidence: Evidence = {
        "pattern": index,
        "z": float(case.z[index]),
        "slope": float(slope[index]),
        "vanishing_patterns": int(faint.sum()),
    }
    remedy: Remedy | None
    if e.two_outputs:
        remedy = case.remedy(**case.long_enough("Use cross-entropy"), loss="categorical_crossentropy")
    elif LOSSES[e.loss].signed:
        remedy = case.remedy("Take the head away: linear", head="linear")
    elif e.broadcasts:
        remedy = None  # a cross-entropy would be refused before the shapes are aligned
    else:
        remedy = case.remedy(**case.long_enough("Use cross-entropy"), loss="binary_crossentropy")
    return Finding(
        "saturation", "issue", f"{capital(whose)}'s gradient vanishes", capital(sentence), evidence, None, remedy
    )


SATURATION = Check(
    "saturation", "Saturation", "Is a wrong pattern stuck where the head is flat?", saturation, _not_the_head
)
