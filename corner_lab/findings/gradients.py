"""Checks of gradients: heads that go flat, and who pulls harder."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corner_lab.balancing import BALANCES
from corner_lab.experiment import Experiment
from corner_lab.findings.case import Case
from corner_lab.findings.finding import Evidence, Finding, Picture, Remedy
from corner_lab.findings.pictures import bars, lines
from corner_lab.findings.words import capital, many, quoted
from corner_lab.forward import slopes
from corner_lab.heads import HEADS
from corner_lab.history import History, spread_rows
from corner_lab.losses import LOSSES
from corner_lab.patterns import COUNT, all_patterns, is_target
from corner_lab.pulls import pulls
from corner_lab.scenarios import SCENARIOS
from corner_lab.weights import LINEAR, Shape

ROWS = 4096  # looked at in one go
FAINT = 0.04  # of the largest slope: below it a gradient that carries the slope counts as vanishing
LOPSIDED = 10.0  # the rest pulls this many times as hard as the targets


def died_for_good(history: History, last: int) -> NDArray[np.int64]:
    """For each pattern the first epoch from which on its derivative is exactly 0 up to `last`; -1 where it is live
    there. Shape (512,)."""
    x = np.concatenate([all_patterns().reshape(COUNT, 9), np.ones((COUNT, 1), np.float32)], axis=1)  # (512, 10)
    died = np.zeros(COUNT, dtype=np.int64)
    slope = HEADS[history.experiment.head].slope
    for start in range(0, last + 1, ROWS):
        n = history.linear(slice(start, min(start + ROWS, last + 1))).astype(np.float64)
        z = (n[:, :10] @ x.T) * n[:, 10:11] + n[:, 11:12]  # (rows, 512)
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
    if e.head == "linear":
        return Finding("saturation", "not_applicable", "Saturation", "A linear head has no flat part.")
    if e.loss == "categorical_crossentropy" and e.labels == "as_asked":
        return Finding(
            "saturation", "not_applicable", "Saturation", "What is flat here is the clip before the logarithm."
        )
    if LOSSES[e.loss].takes_logits or e.loss == "categorical_crossentropy":
        sentence = (
            f"{capital(LOSSES[e.loss].label)} on {e.head} is computed from z: a wrong pattern's pull never fades."
        )
        return Finding("saturation", "passed", "The loss never goes flat", sentence)
    return _vanishing(case)


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
        f"{many(live, 'pattern')} of {COUNT} {'is' if live == 1 else 'are'} still live"
        if live
        else (f"none of the {COUNT} patterns is live, so no gradient is left")
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
    return partial(lines, series, "patterns", marked="patterns not dead for good", event=event)


def _never_flat(case: Case) -> Remedy:
    """The nearest experiment whose loss keeps its gradient where this one's is flat."""
    e = case.experiment
    if LOSSES[e.loss].signed:
        return case.remedy("Take the head away: linear", head="linear")
    if e.broadcasts or LOSSES[e.loss].takes_logits:  # there a cross-entropy would be refused, or is there already
        return case.remedy("Use a sigmoid", head="sigmoid")
    return case.remedy(**_enough("Use sigmoid and cross-entropy", case), head="sigmoid", loss="binary_crossentropy")


def _enough(label: str, case: Case) -> dict[str, Any]:
    """As many epochs as the scenario of sigmoid and cross-entropy has: it needs more than the question's 100."""
    least = SCENARIOS["sigmoid and cross-entropy"].experiment.epochs
    if case.experiment.epochs >= least:
        return {"label": label}
    return {"label": f"{label}, for {least:,} epochs", "epochs": least}


def _vanishing(case: Case) -> Finding:
    e = case.experiment
    positive = is_target(e.target)
    slope = slopes(case.history.linear(slice(case.last, case.last + 1))[0], e.head).astype(np.float64)
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
        remedy = case.remedy(**_enough("Use cross-entropy", case), loss="categorical_crossentropy")
    elif LOSSES[e.loss].signed:
        remedy = case.remedy("Take the head away: linear", head="linear")
    elif e.broadcasts:
        remedy = None  # a cross-entropy would be refused before the shapes are aligned
    else:
        remedy = case.remedy(**_enough("Use cross-entropy", case), loss="binary_crossentropy")
    return Finding(
        "saturation", "issue", f"{capital(whose)}'s gradient vanishes", capital(sentence), evidence, None, remedy
    )


# ---------------------------------------------------------------- imbalance


def imbalance(case: Case) -> Finding:
    """How hard do targets and the rest pull on the weights at the start, and what would balancing make of that?"""
    e, code = case.experiment, "imbalance"
    if case.status == "diverged":
        return Finding(code, "not_applicable", "Imbalance", "The run diverged, whoever pulled.")
    if case.broadcasts:
        return Finding(
            code, "not_applicable", "Imbalance", "Under broadcast labels no pattern pulls for its own label."
        )
    targets, others = (float(case.column(f"gradient_{kind}")[0]) for kind in ("targets", "others"))
    if not targets > 0 or not np.isfinite(others):
        why = f"At the start {case.name} pulls on no weight, so there is nothing to weigh."
        return Finding(code, "not_applicable", "Imbalance", why)
    ratio = others / targets
    told = f"At the start {case.rest} pull {quoted(ratio)} times as hard as {case.all_targets}"
    evidence: Evidence = {"ratio": ratio, "pull_of_targets": targets, "pull_of_others": others}
    if ratio < LOPSIDED:
        how = "" if e.balance == "none" else f", with {BALANCES[e.balance].label}"
        return Finding(code, "passed", "The pull is balanced", f"{told}{how}.", evidence)
    if case.solved or case.counts.fn == 0:
        return Finding(
            code, "passed", "Imbalance did no harm", f"{told}; no target is rejected all the same.", evidence
        )
    return _outpulled(case, told, evidence)


def _outpulled(case: Case, told: str, evidence: Evidence) -> Finding:
    e = case.experiment
    title = "The rest outpulls the target"
    targets, others = pulls(e, case.start)
    opposed = int((targets * others < 0).sum())
    told += f", and the other way on {opposed} of {len(targets)} weights."
    if e.balance == "oversample":
        return Finding("imbalance", "issue", title, told, {**evidence, "opposed_weights": opposed})
    remedy = case.remedy("Oversample the target", balance="oversample")
    after_targets, after_others = pulls(remedy.experiment, case.start)
    ratio = float(np.linalg.norm(after_others) / np.linalg.norm(after_targets))
    sentence = f"{told} Oversampled, from the same weights, it would be {quoted(ratio)} times."
    shares = {"as it is": _shares(targets, others), "oversampled": _shares(after_targets, after_others)}
    evidence = {
        **evidence,
        "ratio_oversampled": ratio,
        "opposed_weights": opposed,
        "share_of_targets": shares["as it is"],
        "share_of_targets_oversampled": shares["oversampled"],
    }
    names = weight_names(case.experiment)
    series = {label: values.tolist() for label, values in shares.items()}
    figure = partial(bars, names, series, "target's share of the pull", marked="oversampled", figures=False)
    return Finding("imbalance", "issue", title, sentence, evidence, figure, remedy)


def _shares(targets: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """The targets' share of the pull on each weight, 0..1; 0 where nobody pulls."""
    both = np.abs(targets) + np.abs(others)
    return np.asarray(np.abs(targets) / np.where(both > 0, both, 1.0))


def weight_names(e: Experiment) -> list[str]:
    """Short names of the flat weights, as the bench calls them."""
    shape = Shape.of(e.two_outputs, e.second_conv)
    if shape.size <= 12:
        return list(LINEAR[: shape.size])
    if shape.kernels == 2:
        return [f"{c}{i}" for i in range(9) for c in ("o", "k")] + ["bias0", "bias"]
    return [*LINEAR[:10], "w0", "w2", "b0", "b2"]
