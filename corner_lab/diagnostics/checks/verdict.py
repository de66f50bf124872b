"""Checks of the result: accuracy, separability, confidence, and whether it is solved."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from corner_lab.analysis.separability import separation
from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding, Remedy
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.experiment import MAX_EPOCHS
from corner_lab.experiment.initializers import INITS
from corner_lab.formatting import capital, many, percent, quoted
from corner_lab.network.parameters import MOST_KERNELS
from corner_lab.network.patterns import COUNT
from corner_lab.plots.evidence import bars, grids

if TYPE_CHECKING:
    pass

LOW = 0.75  # a balanced accuracy that is no success, as 0.5 is a coin's
TRAP = 0.9  # an accuracy from which on it sounds like success


def accuracy_trap(case: Case) -> Finding:
    """Does accuracy sound like success although targets are rejected?"""
    counts, code = case.counts, "accuracy_trap"
    accuracy, rejecting = counts.right / COUNT, 1 - len(case.experiment.target) / COUNT
    evidence: Evidence = {
        "accuracy": accuracy,
        "recall": counts.recall,
        "balanced_accuracy": counts.balanced_accuracy,
        "accuracy_of_rejecting": rejecting,
    }
    found = f"{counts.right} of {COUNT} right is {percent(accuracy)} accuracy"
    if accuracy >= TRAP and counts.fn == 0 and counts.balanced_accuracy <= LOW:
        return _accepts(case, accuracy, evidence)
    if accuracy < TRAP or counts.fn == 0:
        told = f"{found}, recall {percent(counts.recall)}, balanced accuracy {percent(counts.balanced_accuracy)}."
        return Finding(code, "passed", "Accuracy does not mislead", told, evidence)
    rejects = counts.tp == counts.fp == 0
    same = "and so is rejecting everything" if rejects else f"rejecting everything has {percent(rejecting)}"
    sentence = (
        f"{found}, {same}. Recall is {percent(counts.recall)} ({counts.tp} of "
        f"{many(len(case.experiment.target), 'target')} found), balanced accuracy {percent(counts.balanced_accuracy)}."
    )
    names = ["accuracy", "recall", "balanced accuracy"]
    series = {
        "this run": [accuracy, counts.recall, counts.balanced_accuracy],
        "rejecting everything": [rejecting, 0.0, 0.5],
    }
    figure = partial(bars, names, series, "", marked="this run")
    return Finding(code, "issue", "Accuracy hides the failure", sentence, evidence, figure)


def _accepts(case: Case, accuracy: float, evidence: Evidence) -> Finding:
    """Nearly all patterns are targets, and the others are accepted with them."""
    counts = case.counts
    others = counts.fp + counts.tn
    sentence = (
        f"{counts.right} of {COUNT} right is {percent(accuracy)} accuracy, accepting everything has "
        f"{percent(len(case.experiment.target) / COUNT)}. {counts.tn} of {many(others, 'other')} "
        f"{'is' if counts.tn == 1 else 'are'} rejected, balanced accuracy {percent(counts.balanced_accuracy)}."
    )
    return Finding("accuracy_trap", "issue", "Accuracy hides the failure", sentence, evidence)


def separability(case: Case) -> Finding:
    """Can one kernel separate these targets from the rest at all?"""
    target, code = case.experiment.target, "separability"
    proof = separation(target)
    if proof.clash and case.experiment.kernels > 1:
        count = case.experiment.kernels
        sentence = (
            f"No single kernel separates these {len(target)} targets; {count} with relu between can, as a matched "
            "filter for each target, cut off below 0, shows."
        )
        return Finding(code, "passed", "Enough kernels", sentence, {"kernels": count, "targets": len(target)})
    if proof.clash:
        a, b, c, d = proof.clash
        sentence = (
            f"No kernel separates these {len(target)} targets. Targets {a} and {b} together have the same pixels on as "
            f"patterns {c} and {d}, so their z add up to the same: both targets cannot lie above both others."
        )
        pictures = [(f"target {a}", a), (f"target {b}", b), (f"other {c}", c), (f"other {d}", d)]
        evidence: Evidence = {"targets": [a, b], "others": [c, d]}
        title, figure, remedy = "More than one kernel is needed", partial(grids, pictures), _enough_kernels(case)
        return Finding(code, "issue", title, sentence, evidence, figure, remedy)
    assert proof.weights is not None, "see _undecided"
    weights = np.array(proof.weights, dtype=float)
    sentence = f"One kernel and one bias can do it, so the network is large enough for {case.all_targets}."
    return Finding(code, "passed", "One kernel is enough", sentence, {"kernel": weights[:9], "bias": weights[9]})


def _enough_kernels(case: Case) -> Remedy | None:
    """As many kernels as there may be, with relu between, from random weights: those given are of one kernel."""
    if len(case.experiment.target) > MOST_KERNELS:
        return None
    init = case.experiment.init if INITS[case.experiment.init].keras_initializer else "glorot_uniform"
    label = f"{MOST_KERNELS} kernels, with relu between"
    remedy = case.remedy(label, second_conv=True, kernels=MOST_KERNELS, hidden="relu", init=init)
    return replace(remedy, weights=None)


def confidence(case: Case) -> Finding:
    """Are the outputs of a solved run far on their sides?"""
    code, (high, low) = "confidence", case.bar
    corner, other = case.end("corner_output"), case.end("worst_other_output")
    evidence: Evidence = {"corner_output": corner, "worst_other_output": other, "above": high, "below": low}
    told = f"{case.name}'s output is {quoted(corner)} and the highest other {quoted(other)}"
    wanted = f"above {quoted(high)} and below {quoted(low)}"
    if case.confident:
        return Finding(code, "passed", "Confident", f"{capital(told)}: {wanted}.", evidence)
    sentence = f"All {COUNT} are right, but {told}; confident is {wanted}."
    remedy = None
    dead = case.experiment.head == "hard_sigmoid" and case.end("live_fraction") == 0
    epochs = min(MAX_EPOCHS, max(100, 4 * case.last))
    ended_early = case.experiment.stop == "solved" and case.last
    if ended_early:
        epochs = max(epochs, case.experiment.epochs)
    if not dead and not case.broadcasts and (epochs > case.experiment.epochs or ended_early):
        stop = "never" if case.experiment.stop == "solved" else case.experiment.stop
        remedy = case.remedy(f"Train {epochs:,} epochs", goal="confident", epochs=epochs, stop=stop)
    return Finding(code, "issue", "Solved, but not confident", sentence, evidence, None, remedy)


def solved(case: Case) -> Finding:
    """Is every pattern right?"""
    code, counts = "solved", case.counts
    evidence: Evidence = {"right": counts.right, "solved_at": case.solved_at}
    if case.solved:
        if case.last == 0 or case.solved_at == 0:
            told = "without training" if case.last == 0 else f"at the start, and still after {many(case.last, 'epoch')}"
        else:
            updates = many((case.solved_at or 0) * case.experiment.plan.updates, "update")
            told = f"first at epoch {case.solved_at:,}, after {updates}"
        return Finding(code, "passed", "Solved", f"{COUNT} of {COUNT} right {told}.", evidence)
    if case.solved_at is not None:
        first = "at the start" if case.solved_at == 0 else f"at epoch {case.solved_at:,}"
        sentence = f"All {COUNT} were right {first}; at epoch {case.last:,} it is {counts.right}."
        return Finding(code, "issue", "Solved, and lost again", sentence, evidence)
    return Finding(code, "not_applicable", "Not solved", f"{counts.right} of {COUNT} are right.", evidence)


def _undecided(case: Case) -> str:
    e = case.experiment
    proof = separation(e.target)
    if not proof.clash or e.kernels == 1:
        return "" if proof.clash or proof.weights is not None else "It was not decided for these targets."
    if e.hidden == "none":
        return "No single kernel separates these targets, and these kernels are one."
    enough = e.kernels >= len(e.target)  # a matched filter for each
    return "" if enough else f"No single kernel separates these targets; of {e.kernels} with relu it was not decided."


def _unsolved(case: Case) -> str:
    return "" if case.solved else "It is not solved, so there is nothing to be sure of."


SOLVED = Check("solved", "Not solved", "Is every pattern right?", solved, mislabelled=True)
SEPARABILITY = Check(
    "separability",
    "Separable or not",
    "Can one kernel do it at all?",
    separability,
    _undecided,
    untrained=True,
    mislabelled=True,
)
CONFIDENCE = Check("confidence", "Confidence", "Are the outputs far on their sides?", confidence, _unsolved)
ACCURACY_TRAP = Check(
    "accuracy_trap",
    "Accuracy",
    "Does accuracy sound like success although targets are rejected?",
    accuracy_trap,
    mislabelled=True,
)
