"""Check of imbalance: whose gradient is the larger, the targets' or the others'."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.data.sampling import BALANCES
from corner_lab.experiment.experiment import Experiment
from corner_lab.formatting import many, quoted
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import COUNT, is_target
from corner_lab.plots.evidence import bars
from corner_lab.training.epoch_metrics import class_gradients

LOPSIDED = 10.0  # the others' gradient is this many times as long as the targets'
OUTWEIGHED = "The targets outweigh the others in the gradient"


def imbalance(case: Case) -> Finding:
    """How large are the gradients of targets and others at the start, and what would balancing make of that?"""
    e, code = case.experiment, "imbalance"
    targets, others = _at_the_start(case)
    ratio = others / targets
    how = {"none": "", "oversample": ", oversampled"}.get(e.balance, f", with {BALANCES[e.balance].label}")
    told = f"At the start the gradient of {case.rest} is {_times(ratio)} as that of {case.all_targets}{how}"
    evidence: Evidence = {"ratio": ratio, "gradient_of_targets": targets, "gradient_of_others": others}
    if targets >= LOPSIDED * others and case.counts.fp and len(e.target) > COUNT // 2:
        return _outweighing(case, targets / others if others else np.inf, evidence)
    if ratio < LOPSIDED:
        title = (
            "The gradients are balanced"
            if ratio * LOPSIDED > 1
            else "The targets outweigh the others in the gradient, without harm"
        )
        return Finding(code, "passed", title, f"{told}.", evidence)
    if case.solved or case.counts.fn == 0:
        title = "Imbalance did no harm" if case.solved else "Imbalance is not what is wrong"
        return Finding(code, "passed", title, f"{told}; no target is rejected all the same.", evidence)
    return _outweighed(case, told, evidence)


def _nothing_to_weigh(case: Case) -> str:
    if case.status == "diverged":
        return "The run diverged, whatever the gradients were."
    if case.broadcasts:
        return "Under broadcast labels no pattern has a gradient of its own label."
    targets, others = _at_the_start(case)
    if not targets > 0 or not np.isfinite(others):
        return f"At the start {case.name}'s gradient is 0, so there is nothing to weigh."
    return ""


def _at_the_start(case: Case) -> tuple[float, float]:
    """The norms of the targets' and of the others' gradient in row 0."""
    return float(case.column("gradient_targets")[0]), float(case.column("gradient_others")[0])


def _outweighed(case: Case, told: str, evidence: Evidence) -> Finding:
    e = case.experiment
    plural = "s" * (len(e.target) > 1)
    title = f"The others outweigh the target{plural} in the gradient"
    targets, others = _pulls(e, case.start)
    opposed = int((targets * others < 0).sum())
    told += f", and the other way on {opposed} of {len(targets)} weights."
    if e.balance == "oversample":
        return Finding("imbalance", "issue", title, told, {**evidence, "opposed_weights": opposed})
    remedy = case.remedy(f"Oversample the target{plural}", balance="oversample")
    after_targets, after_others = _pulls(remedy.experiment, case.start)
    ratio = float(np.linalg.norm(after_others) / np.linalg.norm(after_targets))
    sentence = f"{told} Oversampled, from the same weights, it would be {_times(ratio)}."
    shares = {"as it is": _shares(targets, others), "oversampled": _shares(after_targets, after_others)}
    evidence = {
        **evidence,
        "ratio_oversampled": ratio,
        "opposed_weights": opposed,
        "share_of_targets": shares["as it is"],
        "share_of_targets_oversampled": shares["oversampled"],
    }
    names = case.experiment.layout.flat_names
    series = {label: values.tolist() for label, values in shares.items()}
    figure = partial(bars, names, series, "target's share of the gradient", marked="oversampled", figures=False)
    return Finding("imbalance", "issue", title, sentence, evidence, figure, remedy)


def _outweighing(case: Case, ratio: float, evidence: Evidence) -> Finding:
    """Most patterns are targets, and the few others are accepted with them."""
    accepted = f"{many(case.counts.fp, 'pattern')} too many {'is' if case.counts.fp == 1 else 'are'} accepted"
    sentence = (
        f"At the start the gradient of {case.all_targets} is {_times(ratio)} as that of {case.rest}, and {accepted}."
    )
    remedy = None
    if case.experiment.balance == "none":
        remedy = case.remedy("Weigh the classes", balance="class_weight")
    return Finding("imbalance", "issue", OUTWEIGHED, sentence, evidence, None, remedy)


def rare_targets(case: Case) -> Finding:
    """Do class weights balance what each update sees, or only what an epoch does?"""
    e, code = case.experiment, "rare_targets"
    updates, batches = e.plan.updates, min(e.plan.updates, len(e.target))  # of which so many at most hold a target
    alone = updates - batches
    weights, positive = e.plan.sample_weights(), is_target(e.target)
    evidence: Evidence = {"updates": updates, "with_a_target": batches, "weight": float(weights[positive][0])}
    few = case.name if len(e.target) == 1 else case.all_targets
    told = f"Of the {updates} updates of an epoch {few} {'is' if len(e.target) == 1 else 'are'} in "
    told += "one" if batches == 1 else f"at most {batches}"
    if case.solved or alone <= updates / 2:
        title = "The targets are in enough of the updates" if not case.solved else "Rare targets did no harm"
        return Finding(code, "passed", title, f"{told}.", evidence)
    sentence = (
        f"{told}: in the other {alone} only {case.rest} have a gradient, whatever the class weight of "
        f"{quoted(evidence['weight'])}."
    )
    remedy = case.remedy(f"Oversample the target{'s' * (len(e.target) > 1)}", balance="oversample")
    return Finding(code, "issue", "Most updates see no target", sentence, evidence, None, remedy)


def _not_weighted(case: Case) -> str:
    if case.experiment.balance != "class_weight":
        return "No class weights are used."
    if case.broadcasts:
        return "Under broadcast labels no pattern has a gradient of its own label."
    if case.experiment.plan.updates == 1:
        return "The whole set is one batch."
    return "" if case.last else "No epoch was trained."


def _times(ratio: float) -> str:
    """ "442 times as long"."""
    text = quoted(ratio) if np.isfinite(ratio) else "infinitely many"
    return "exactly as long" if text == "1" else f"{text} times as long"


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
    "Imbalance",
    "Do the others outweigh the targets in the gradient?",
    imbalance,
    _nothing_to_weigh,
)
RARE_TARGETS = Check("rare_targets", "Rare targets", "Is a target in most of the updates?", rare_targets, _not_weighted)
