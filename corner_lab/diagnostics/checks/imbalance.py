"""Check of imbalance: whose gradient is the larger, the targets' or the others'."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from corner_lab.diagnostics import phrases
from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding, Remedy
from corner_lab.diagnostics.pictures import bars
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.data.sampling import BALANCES
from corner_lab.experiment.experiment import Experiment
from corner_lab.formatting import quoted, sentences
from corner_lab.language import Message, msg, msgn
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import COUNT, is_target
from corner_lab.training.epoch_metrics import class_gradients

LOPSIDED = 10.0  # the others' gradient is this many times as long as the targets'
OUTWEIGHED = msg("The targets outweigh the others in the gradient")


def imbalance(case: Case) -> Finding:
    """How large are the gradients of targets and others at the start, and what would balancing make of that?"""
    e, code = case.experiment, "imbalance"
    targets, others = _at_the_start(case)
    ratio = others / targets
    told = _weighed(case, ratio)
    evidence: Evidence = {"ratio": ratio, "gradient_of_targets": targets, "gradient_of_others": others}
    if targets >= LOPSIDED * others and case.counts.fp and len(e.target) > COUNT // 2:
        return _outweighing(case, targets / others if others else np.inf, evidence)
    if ratio < LOPSIDED:
        title = (
            msg("The gradients are balanced")
            if ratio * LOPSIDED > 1
            else msg("The targets outweigh the others in the gradient, without harm")
        )
        return Finding(code, "passed", title, phrases.ended(told), evidence)
    if case.solved or case.counts.fn == 0:
        title = msg("Imbalance did no harm") if case.solved else msg("Imbalance is not what is wrong")
        all_same = msg("{told}; no target is rejected all the same.", told=told)
        return Finding(code, "passed", title, all_same, evidence)
    return _outweighed(case, told, evidence)


def _weighed(case: Case, ratio: float) -> Message:
    """How long the others' gradient is beside the targets', in a clause."""
    balance = case.experiment.balance
    values = {"others": case.rest, "times": _times(ratio), "targets": case.all_targets}
    if balance == "none":
        return msg("At the start the gradient of {others} is {times} as that of {targets}", **values)
    if balance == "oversample":
        return msg("At the start the gradient of {others} is {times} as that of {targets}, oversampled", **values)
    return msg(
        "At the start the gradient of {others} is {times} as that of {targets}, with {balance}",
        **values,
        balance=BALANCES[balance].label_message,
    )


def _nothing_to_weigh(case: Case) -> Message | None:
    if case.status == "diverged":
        return msg("The run diverged, whatever the gradients were.")
    if case.broadcasts:
        return msg("Under broadcast labels no pattern has a gradient of its own label.")
    targets, others = _at_the_start(case)
    if not targets > 0 or not np.isfinite(others):
        return msg("At the start {name}'s gradient is 0, so there is nothing to weigh.", name=case.name)
    return None


def _at_the_start(case: Case) -> tuple[float, float]:
    """The norms of the targets' and of the others' gradient in row 0."""
    return float(case.column("gradient_targets")[0]), float(case.column("gradient_others")[0])


def _outweighed(case: Case, clause: Message, evidence: Evidence) -> Finding:
    e = case.experiment
    title = msgn(
        "The others outweigh the target in the gradient",
        "The others outweigh the targets in the gradient",
        len(e.target),
    )
    targets, others = _pulls(e, case.start)
    opposed = int((targets * others < 0).sum())
    told = msg(
        "{told}, and the other way on {opposed} of {all} weights.", told=clause, opposed=opposed, all=len(targets)
    )
    if e.balance == "oversample":
        return Finding("imbalance", "issue", title, told, {**evidence, "opposed_weights": opposed})
    remedy = _oversampled(case)
    after_targets, after_others = _pulls(remedy.experiment, case.start)
    ratio = float(np.linalg.norm(after_others) / np.linalg.norm(after_targets))
    sentence = sentences(told, msg("Oversampled, from the same weights, it would be {times}.", times=_times(ratio)))
    before, after = _shares(targets, others), _shares(after_targets, after_others)
    evidence = {
        **evidence,
        "ratio_oversampled": ratio,
        "opposed_weights": opposed,
        "share_of_targets": before,
        "share_of_targets_oversampled": after,
    }
    names = case.experiment.layout.flat_names
    marked = msg("oversampled")
    series = {msg("as it is"): before.tolist(), marked: after.tolist()}
    figure = partial(bars, names, series, msg("target's share of the gradient"), marked=marked, figures=False)
    return Finding("imbalance", "issue", title, sentence, evidence, figure, remedy)


def _outweighing(case: Case, ratio: float, evidence: Evidence) -> Finding:
    """Most patterns are targets, and the few others are accepted with them."""
    sentence = msg(
        "At the start the gradient of {targets} is {times} as that of {others}, and {accepted}.",
        targets=case.all_targets,
        times=_times(ratio),
        others=case.rest,
        accepted=msgn("{count} pattern too many is accepted", "{count} patterns too many are accepted", case.counts.fp),
    )
    remedy = None
    if case.experiment.balance == "none":
        remedy = case.remedy(msg("Weigh the classes"), balance="class_weight")
    return Finding("imbalance", "issue", OUTWEIGHED, sentence, evidence, None, remedy)


def _oversampled(case: Case) -> Remedy:
    label = msgn("Oversample the target", "Oversample the targets", len(case.experiment.target))
    return case.remedy(label, balance="oversample")


def rare_targets(case: Case) -> Finding:
    """Do class weights balance what each update sees, or only what an epoch does?"""
    e, code = case.experiment, "rare_targets"
    updates, batches = e.plan.updates, min(e.plan.updates, len(e.target))  # of which so many at most hold a target
    alone = updates - batches
    weights, positive = e.plan.sample_weights(), is_target(e.target)
    evidence: Evidence = {"updates": updates, "with_a_target": batches, "weight": float(weights[positive][0])}
    told = _seen(case, updates, batches)
    if case.solved or alone <= updates / 2:
        title = msg("The targets are in enough of the updates") if not case.solved else msg("Rare targets did no harm")
        return Finding(code, "passed", title, phrases.ended(told), evidence)
    sentence = msg(
        "{told}: in the other {alone} only {others} have a gradient, whatever the class weight of {weight}.",
        told=told,
        alone=alone,
        others=case.rest,
        weight=quoted(evidence["weight"]),
    )
    return Finding(code, "issue", msg("Most updates see no target"), sentence, evidence, None, _oversampled(case))


def _seen(case: Case, updates: int, batches: int) -> Message:
    """In how many of the updates the targets are, in a clause."""
    values = {"updates": updates, "targets": case.all_targets}
    count = len(case.experiment.target)
    if batches == 1:
        return msgn(
            "Of the {updates} updates of an epoch {targets} is in one",
            "Of the {updates} updates of an epoch {targets} are in one",
            count,
            **values,
        )
    return msgn(
        "Of the {updates} updates of an epoch {targets} is in at most {batches}",
        "Of the {updates} updates of an epoch {targets} are in at most {batches}",
        count,
        **values,
        batches=batches,
    )


def _not_weighted(case: Case) -> Message | None:
    if case.experiment.balance != "class_weight":
        return msg("No class weights are used.")
    if case.broadcasts:
        return msg("Under broadcast labels no pattern has a gradient of its own label.")
    if case.experiment.plan.updates == 1:
        return msg("The whole set is one batch.")
    return None if case.last else msg("No epoch was trained.")


def _times(ratio: float) -> Message:
    """ "442 times as long"."""
    if not np.isfinite(ratio):
        return msg("infinitely many times as long")
    text = quoted(ratio)
    return msg("exactly as long") if text == "1" else msg("{ratio} times as long", ratio=text)


def _pulls(e: Experiment, weights: Vector) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Minus the gradient of the epoch's loss at flat weights (size,), in two parts: the targets', the others'."""
    targets, others = class_gradients(e, weights[None])
    return -targets[0], -others[0]


def _shares(targets: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """The targets' share of the pull on each weight, 0..1; 0 where nobody pulls."""
    both = np.abs(targets) + np.abs(others)
    return np.asarray(np.abs(targets) / np.where(both > 0, both, 1.0))


IMBALANCE = Check(
    "imbalance",
    msg("Imbalance"),
    msg("Do the others outweigh the targets in the gradient?"),
    imbalance,
    _nothing_to_weigh,
)
RARE_TARGETS = Check(
    "rare_targets", msg("Rare targets"), msg("Is a target in most of the updates?"), rare_targets, _not_weighted
)
