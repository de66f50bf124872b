"""Checks of gradients: heads that saturate, slopes that vanish."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from corner_lab.diagnostics import phrases
from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding, Picture, Remedy
from corner_lab.diagnostics.pictures import lines
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.losses import LOSSES
from corner_lab.formatting import quoted, sentences
from corner_lab.language import Message, msg, msgn
from corner_lab.language.message import begins
from corner_lab.network.heads import HEADS
from corner_lab.network.numpy_model import about, slopes
from corner_lab.network.patterns import COUNT, is_target
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
        sentence = msg(
            "{loss} on {head} is computed from z: a wrong pattern's gradient never vanishes.",
            loss=begins(LOSSES[e.loss].label_message),
            head=e.head,
        )
        return Finding("saturation", "passed", msg("The loss never saturates"), sentence)
    return _vanishing(case)


def _not_the_head(case: Case) -> Message | None:
    e = case.experiment
    if e.head == "linear":
        return msg("A linear head has no flat part.")
    if e.loss == "categorical_crossentropy" and e.labels == "as_asked":
        return msg("What is flat here is the clip before the logarithm.")
    return None


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
    left = _left(live)
    if not stuck.any():
        sentence = msg("{left}; no wrong pattern is on the flat part of hard_sigmoid.", left=left)
        title = msg("No wrong pattern is saturated")
        return Finding("saturation", "passed", title, sentence, evidence, _deaths(case, evidence))
    chosen = stuck & positive if (stuck & positive).any() else stuck
    index = int(np.flatnonzero(chosen)[np.abs(case.z[chosen]).argmax()])
    since = int(died[index])
    z, edge = quoted(case.z[index]), "−3" if case.z[index] < 0 else "+3"
    whose = _whose(case, index)
    if since == 0:
        dead_since = msg(
            "{whose}'s gradient is exactly 0 from the start: its z is {z} now, beyond {edge}, where hard_sigmoid is "
            "flat.",
            whose=whose,
            z=z,
            edge=edge,
        )
    else:
        dead_since = msg(
            "{whose}'s gradient is exactly 0 from epoch {epoch} on: its z is {z} now, beyond {edge}, where "
            "hard_sigmoid is flat.",
            whose=whose,
            epoch=f"{since:,}",
            z=z,
            edge=edge,
        )
    title = (
        msg("{whose}'s gradient is dead", whose=whose) if positive[index] else msg("Wrong patterns have no gradient")
    )
    sentence = sentences(dead_since, phrases.ended(left))
    evidence = {**evidence, "pattern": index, "died_at": since, "z": float(case.z[index])}
    return Finding("saturation", "issue", title, sentence, evidence, _deaths(case, evidence), _never_flat(case))


def _left(live: int) -> Message:
    """How many patterns still have a gradient, in a clause."""
    if live == COUNT:
        return msg("All {all} patterns are still live", all=COUNT)
    if not live:
        return msg("None of the {all} patterns is live, so no gradient is left", all=COUNT)
    return msgn("{count} pattern of {all} is still live", "{count} patterns of {all} are still live", live, all=COUNT)


def _whose(case: Case, index: int) -> Message:
    """How a sentence begins that is about a pattern."""
    target = is_target(case.experiment.target)[index]
    return begins(case.name) if target else msg("Pattern {index}", index=index)


def _deaths(case: Case, evidence: Evidence) -> Picture | None:
    if case.last == 0:
        return None
    name = msg("patterns not dead for good")
    series = {name: (evidence["epoch"], evidence["not_dead_for_good"])}
    dies = msg("{name} dies", name=case.name)
    event = (float(evidence["died_at"]), dies) if evidence.get("stuck_targets") else None
    return partial(lines, series, msg("patterns not dead"), marked=name, event=event)


def _never_flat(case: Case) -> Remedy:
    """The nearest experiment whose loss keeps its gradient where this one's is flat."""
    e = case.experiment
    if LOSSES[e.loss].signed:
        return case.remedy(msg("Take the head away: linear"), head="linear")
    if e.broadcasts:  # there a cross-entropy would be refused
        return case.remedy(msg("Use a sigmoid"), head="sigmoid")
    if LOSSES[e.loss].takes_logits:
        return case.remedy(**case.long_enough(msg("Use a sigmoid")), head="sigmoid")
    both = case.long_enough(msg("Use sigmoid and cross-entropy"))
    return case.remedy(**both, head="sigmoid", loss="binary_crossentropy")


def _vanishing(case: Case) -> Finding:
    e = case.experiment
    positive = is_target(e.target)
    slope = slopes(case.history.linear(slice(case.last, case.last + 1))[0], e.head, e.hidden).astype(np.float64)
    faint = case.wrong & (slope < FAINT * 0.25)
    chosen = faint & positive if (faint & positive).any() else faint
    if not faint.any():
        wrong = slope[case.wrong]
        if wrong.size:
            sentence = msg(
                "The slope of {head} multiplies every gradient here; it is at least {slope} for the wrong patterns.",
                head=e.head,
                slope=quoted(wrong.min()),
            )
        else:
            sentence = msg("The slope of {head} multiplies every gradient here, but no pattern is wrong.", head=e.head)
        return Finding("saturation", "passed", msg("No wrong pattern's gradient vanishes"), sentence)
    index = int(np.flatnonzero(chosen)[slope[chosen].argmin()])
    sentence = msg(
        "{whose}'s z is {z}, where {head}'s slope is {slope} instead of 0.25: {loss} multiplies its gradient by that, "
        "so it vanishes.",
        whose=_whose(case, index),
        z=quoted(case.z[index]),
        head=e.head,
        slope=quoted(slope[index]),
        loss=LOSSES[e.loss].label_message,
    )
    evidence: Evidence = {
        "pattern": index,
        "z": float(case.z[index]),
        "slope": float(slope[index]),
        "vanishing_patterns": int(faint.sum()),
    }
    title = msg("{whose}'s gradient vanishes", whose=_whose(case, index))
    return Finding("saturation", "issue", title, sentence, evidence, None, _cross_entropy(case))


def _cross_entropy(case: Case) -> Remedy | None:
    """A loss that does not multiply its gradient by the slope."""
    e, label = case.experiment, msg("Use cross-entropy")
    if e.two_outputs:
        return case.remedy(**case.long_enough(label), loss="categorical_crossentropy")
    if LOSSES[e.loss].signed:
        return case.remedy(msg("Take the head away: linear"), head="linear")
    if e.broadcasts:
        return None  # a cross-entropy would be refused before the shapes are aligned
    return case.remedy(**case.long_enough(label), loss="binary_crossentropy")


SATURATION = Check(
    "saturation",
    msg("Saturation"),
    msg("Is a wrong pattern stuck where the head is flat?"),
    saturation,
    _not_the_head,
)
