"""Checks of the result: accuracy, separability, confidence, and whether it is solved."""

from dataclasses import replace
from functools import partial

import numpy as np

from corner_lab.analysis.separability import separation
from corner_lab.diagnostics import phrases
from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding, Remedy
from corner_lab.diagnostics.pictures import bars, grids
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.experiment import MAX_EPOCHS
from corner_lab.experiment.initializers import INITS
from corner_lab.formatting import percent, quoted, sentences
from corner_lab.language import Message, msg, msgn
from corner_lab.language.message import begins
from corner_lab.network.parameters import MOST_KERNELS
from corner_lab.network.patterns import COUNT

LOW = 0.75  # a balanced accuracy that is no success, as 0.5 is a coin's
TRAP = 0.9  # an accuracy from which on it sounds like success
HIDES = msg("Accuracy hides the failure")


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
    values = {"right": counts.right, "all": COUNT, "accuracy": percent(accuracy)}
    others = {"recall": percent(counts.recall), "balanced": percent(counts.balanced_accuracy)}
    if accuracy >= TRAP and counts.fn == 0 and counts.balanced_accuracy <= LOW:
        return _accepts(case, accuracy, evidence)
    if accuracy < TRAP or counts.fn == 0:
        told = msg(
            "{right} of {all} right is {accuracy} accuracy, recall {recall}, balanced accuracy {balanced}.",
            **values,
            **others,
        )
        return Finding(code, "passed", msg("Accuracy does not mislead"), told, evidence)
    if counts.tp == counts.fp == 0:
        same = msg("{right} of {all} right is {accuracy} accuracy, and so is rejecting everything.", **values)
    else:
        same = msg(
            "{right} of {all} right is {accuracy} accuracy, rejecting everything has {rejecting}.",
            **values,
            rejecting=percent(rejecting),
        )
    recall = msg(
        "Recall is {recall} ({found} of {targets} found), balanced accuracy {balanced}.",
        **others,
        found=counts.tp,
        targets=phrases.targets(len(case.experiment.target)),
    )
    names, marked = [msg("accuracy"), msg("recall"), msg("balanced accuracy")], msg("this run")
    series = {
        marked: [accuracy, counts.recall, counts.balanced_accuracy],
        msg("rejecting everything"): [rejecting, 0.0, 0.5],
    }
    figure = partial(bars, names, series, "", marked=marked)
    return Finding(code, "issue", HIDES, sentences(same, recall), evidence, figure)


def _accepts(case: Case, accuracy: float, evidence: Evidence) -> Finding:
    """Nearly all patterns are targets, and the others are accepted with them."""
    counts = case.counts
    others = counts.fp + counts.tn
    told = msg(
        "{right} of {all} right is {accuracy} accuracy, accepting everything has {accepting}.",
        right=counts.right,
        all=COUNT,
        accuracy=percent(accuracy),
        accepting=percent(len(case.experiment.target) / COUNT),
    )
    rejected = msgn(
        "{count} of {others} is rejected, balanced accuracy {balanced}.",
        "{count} of {others} are rejected, balanced accuracy {balanced}.",
        counts.tn,
        others=phrases.others(others),
        balanced=percent(counts.balanced_accuracy),
    )
    return Finding("accuracy_trap", "issue", HIDES, sentences(told, rejected), evidence)


def separability(case: Case) -> Finding:
    """Can one kernel separate these targets from the rest at all?"""
    target, code = case.experiment.target, "separability"
    proof = separation(target)
    if proof.clash and case.experiment.kernels > 1:
        count = case.experiment.kernels
        sentence = msg(
            "No single kernel separates these {targets} targets; {kernels} with relu between can, as a matched filter "
            "for each target, cut off below 0, shows.",
            targets=len(target),
            kernels=count,
        )
        return Finding(code, "passed", msg("Enough kernels"), sentence, {"kernels": count, "targets": len(target)})
    if proof.clash:
        a, b, c, d = proof.clash
        sentence = sentences(
            msg("No kernel separates these {targets} targets.", targets=len(target)),
            msg(
                "Targets {a} and {b} together have the same pixels on as patterns {c} and {d}, so their z add up to "
                "the same: both targets cannot lie above both others.",
                a=a,
                b=b,
                c=c,
                d=d,
            ),
        )
        pictures = [(msg("target {index}", index=index), index) for index in (a, b)]
        pictures += [(msg("other {index}", index=index), index) for index in (c, d)]
        evidence: Evidence = {"targets": [a, b], "others": [c, d]}
        title, figure, remedy = msg("More than one kernel is needed"), partial(grids, pictures), _enough_kernels(case)
        return Finding(code, "issue", title, sentence, evidence, figure, remedy)
    assert proof.weights is not None, "see _undecided"
    weights = np.array(proof.weights, dtype=float)
    sentence = msg(
        "One kernel and one bias can do it, so the network is large enough for {targets}.", targets=case.all_targets
    )
    evidence = {"kernel": weights[:9], "bias": weights[9]}
    return Finding(code, "passed", msg("One kernel is enough"), sentence, evidence)


def _enough_kernels(case: Case) -> Remedy | None:
    """As many kernels as there may be, with relu between, from random weights: those given are of one kernel."""
    if len(case.experiment.target) > MOST_KERNELS:
        return None
    init = case.experiment.init if INITS[case.experiment.init].keras_initializer else "glorot_uniform"
    label = msg("{kernels} kernels, with relu between", kernels=MOST_KERNELS)
    remedy = case.remedy(label, second_conv=True, kernels=MOST_KERNELS, hidden="relu", init=init)
    return replace(remedy, weights=None)


def confidence(case: Case) -> Finding:
    """Are the outputs of a solved run far on their sides?"""
    code, (high, low) = "confidence", case.bar
    corner, other = case.end("corner_output"), case.end("worst_other_output")
    evidence: Evidence = {"corner_output": corner, "worst_other_output": other, "above": high, "below": low}
    values = {"output": quoted(corner), "other": quoted(other), "high": quoted(high), "low": quoted(low)}
    if case.confident:
        told = msg(
            "{name}'s output is {output} and the highest other {other}: above {high} and below {low}.",
            name=begins(case.name),
            **values,
        )
        return Finding(code, "passed", msg("Confident"), told, evidence)
    sentence = msg(
        "All {all} are right, but {name}'s output is {output} and the highest other {other}; confident is above {high} "
        "and below {low}.",
        all=COUNT,
        name=case.name,
        **values,
    )
    remedy = None
    dead = case.experiment.head == "hard_sigmoid" and case.end("live_fraction") == 0
    epochs = min(MAX_EPOCHS, max(100, 4 * case.last))
    ended_early = case.experiment.stop == "solved" and case.last
    if ended_early:
        epochs = max(epochs, case.experiment.epochs)
    if not dead and not case.broadcasts and (epochs > case.experiment.epochs or ended_early):
        stop = "never" if case.experiment.stop == "solved" else case.experiment.stop
        remedy = case.remedy(phrases.longer(epochs), goal="confident", epochs=epochs, stop=stop)
    return Finding(code, "issue", msg("Solved, but not confident"), sentence, evidence, None, remedy)


def solved(case: Case) -> Finding:
    """Is every pattern right?"""
    code, counts = "solved", case.counts
    evidence: Evidence = {"right": counts.right, "solved_at": case.solved_at}
    if case.solved:
        return Finding(code, "passed", msg("Solved"), _first_solved(case), evidence)
    if case.solved_at is not None:
        values = {"all": COUNT, "last": f"{case.last:,}", "right": counts.right}
        sentence = (
            msg("All {all} were right at the start; at epoch {last} it is {right}.", **values)
            if case.solved_at == 0
            else msg(
                "All {all} were right at epoch {solved}; at epoch {last} it is {right}.",
                **values,
                solved=f"{case.solved_at:,}",
            )
        )
        return Finding(code, "issue", msg("Solved, and lost again"), sentence, evidence)
    told = msg("{right} of {all} are right.", right=counts.right, all=COUNT)
    return Finding(code, "not_applicable", msg("Not solved"), told, evidence)


def _first_solved(case: Case) -> Message:
    """Since when every pattern is right."""
    if case.last == 0:
        return msg("{all} of {all} right without training.", all=COUNT)
    if case.solved_at == 0:
        return msg(
            "{all} of {all} right at the start, and still after {epochs}.",
            all=COUNT,
            epochs=phrases.epochs(case.last),
        )
    solved_at = case.solved_at or 0
    return msg(
        "{all} of {all} right first at epoch {epoch}, after {updates}.",
        all=COUNT,
        epoch=f"{solved_at:,}",
        updates=phrases.updates(solved_at * case.experiment.plan.updates),
    )


def _undecided(case: Case) -> Message | None:
    e = case.experiment
    proof = separation(e.target)
    if not proof.clash or e.kernels == 1:
        decided = proof.clash or proof.weights is not None
        return None if decided else msg("It was not decided for these targets.")
    if e.hidden == "none":
        return msg("No single kernel separates these targets, and these kernels are one.")
    if e.kernels >= len(e.target):  # a matched filter for each
        return None
    return msg(
        "No single kernel separates these targets; of {kernels} with relu it was not decided.", kernels=e.kernels
    )


def _unsolved(case: Case) -> Message | None:
    return None if case.solved else msg("It is not solved, so there is nothing to be sure of.")


SOLVED = Check("solved", msg("Not solved"), msg("Is every pattern right?"), solved, mislabelled=True)
SEPARABILITY = Check(
    "separability",
    msg("Separable or not"),
    msg("Can one kernel do it at all?"),
    separability,
    _undecided,
    untrained=True,
    mislabelled=True,
)
CONFIDENCE = Check("confidence", msg("Confidence"), msg("Are the outputs far on their sides?"), confidence, _unsolved)
ACCURACY_TRAP = Check(
    "accuracy_trap",
    msg("Accuracy"),
    msg("Does accuracy sound like success although targets are rejected?"),
    accuracy_trap,
    mislabelled=True,
)
