"""Checks of shapes: labels against outputs, weights against losses."""

from functools import partial

import numpy as np

from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding, Picture, Remedy
from corner_lab.diagnostics.pictures import bars
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.data.batch_shapes import label_shape, output_shape, pairs
from corner_lab.experiment.data.loss_shares import class_shares
from corner_lab.experiment.data.packing import unpacked
from corner_lab.formatting import quoted, sentences
from corner_lab.language import Message, msg
from corner_lab.network.patterns import COUNT, is_target
from corner_lab.training.evaluate import PERFECT, REJECTING, reference_costs

ALIGN = msg("Align the label shapes")
UNSHUFFLE = msg("Stop shuffling the labels")


def rank_mismatch(case: Case) -> Finding:
    """Do labels and outputs have one shape, so that each output meets its own label?"""
    e = case.experiment
    y, output = label_shape(e), output_shape(e)
    shapes: dict[str, str] = {"labels": str(y), "outputs": str(output)}
    if case.refused:
        evidence = {**shapes, "message": case.message}
        title = msg("Keras refuses these label shapes")
        return Finding("rank_mismatch", "issue", title, _refused(case, shapes), evidence, remedy=_aligned(case))
    if not case.broadcasts:
        sentence = msg("Labels have shape {labels}, outputs {outputs}: each output meets its own label.", **shapes)
        return Finding("rank_mismatch", "passed", msg("Labels and outputs match"), sentence, shapes)
    return _broadcast(case, shapes)


def _refused(case: Case, shapes: dict[str, str]) -> Message:
    return sentences(
        msg(
            "The labels have shape {labels}, the outputs {outputs}: {loss} refuses shapes of different rank, so "
            "nothing was trained.",
            **shapes,
            loss=case.experiment.loss,
        ),
        msg("Mean squared error and the hinges accept them, and compare every output with every label."),
    )


def _broadcast(case: Case, shapes: dict[str, str]) -> Finding:
    """Every output meets every label."""
    e = case.experiment
    if e.balance == "hard_negatives":
        told = msg(
            "The labels have shape {labels}, the outputs {outputs}: Keras compares every output with every label.",
            **shapes,
        )
    else:
        told = msg(
            "The labels have shape {labels}, the outputs {outputs}: Keras compares every output with every label, "
            "{pairs} pairs a batch.",
            **shapes,
            pairs=f"{pairs(e):,}",
        )
    evidence: dict[str, object] = {**shapes, "pairs": None if e.balance == "hard_negatives" else pairs(e)}
    figure: Picture | None = None
    short = sentence = told
    costs = reference_costs(e)
    perfect, reject = costs.get(PERFECT), costs.get(REJECTING)
    if perfect is not None and reject is not None:
        sentence = sentences(told, _cost(case, perfect, reject))
        if reject < perfect and case.counts.tp == case.counts.fp == 0:
            short = _rather_rejecting(case, perfect, reject)
        evidence |= {"perfect_cost": perfect, "reject_cost": reject}
        names, axis = [msg("perfect weights"), msg("rejecting everything")], msg("loss")
        figure = partial(bars, names, {axis: [perfect, reject]}, axis)
    title = msg("Every output meets every label")
    return Finding("rank_mismatch", "issue", title, sentence, evidence, figure, _aligned(case), short, _twin(case))


def _cost(case: Case, perfect: float, reject: float) -> Message:
    """What perfect weights and rejecting everything cost."""
    costs = {"perfect": quoted(perfect), "rejecting": quoted(reject)}
    if case.experiment.head == "hard_sigmoid":
        return msg(
            "A perfect network would cost {perfect} here, one that rejects everything {rejecting}.",
            **costs,
        )
    return msg(
        "The hand-set weights, all 512 right, would cost {perfect} here, one that rejects everything {rejecting}.",
        **costs,
    )


def _rather_rejecting(case: Case, perfect: float, reject: float) -> Message:
    """Why everything is rejected."""
    costs = {"perfect": quoted(perfect), "rejecting": quoted(reject)}
    if case.experiment.head == "hard_sigmoid":
        return msg(
            "Every output meets every label: rejecting everything costs {rejecting} here, and a perfect network would "
            "cost {perfect}.",
            **costs,
        )
    return msg(
        "Every output meets every label: rejecting everything costs {rejecting} here, and the hand-set weights, all "
        "512 right would cost {perfect}.",
        **costs,
    )


def _aligned(case: Case) -> Remedy:
    """Shapes that match, and each output with its own label."""
    if case.experiment.labels_shuffled:
        return case.remedy(msg("Align the label shapes and stop shuffling"), labels="aligned", labels_shuffled=False)
    return case.remedy(ALIGN, labels="aligned")


def _twin(case: Case) -> Remedy | None:
    """The same run with its labels shuffled inside every batch, or in place if they were: it is to end the same."""
    e = case.experiment
    if case.last == 0 or e.balance == "hard_negatives":
        return None
    label = UNSHUFFLE if e.labels_shuffled else msg("Shuffle the labels")
    return case.remedy(label, labels_shuffled=not e.labels_shuffled, epochs=case.last, stop="never")


def labels_shuffled(case: Case) -> Finding:
    """Do shuffled labels take anything away?"""
    e, code, n = case.experiment, "labels_shuffled", case.samples
    if not e.mislabels:
        if n == 1:
            sentence = msg(
                "Labels change places inside every batch, and a batch of one has nothing to shuffle: loss and gradient "
                "are the same."
            )
        else:
            sentence = msg(
                "Labels change places inside every batch, and every output meets all {samples} of them in any order: "
                "loss and gradient are the same.",
                samples=n,
            )
        return Finding(code, "passed", msg("Shuffled labels change nothing"), sentence)
    other, target = _taught(case)
    evidence: Evidence = {"own_label": 1 / n, "taught_target": target, "taught_other": other}
    sentence = sentences(
        msg(
            "Labels change places inside every batch of {samples}, so an output meets its own only by chance.",
            samples=n,
        ),
        msg(
            "On average {name} is taught the label {target} and another pattern {other}, not 1 and 0.",
            name=case.name,
            target=quoted(target),
            other=quoted(other),
        ),
    )
    if case.reached:
        return Finding(code, "passed", msg("Solved although the labels are shuffled"), sentence, evidence)
    marked = msg("taught on average")
    series = {msg("meant"): [1.0, 0.0], marked: [target, other]}
    figure = partial(bars, [case.name, msg("another pattern")], series, msg("label"), marked=marked)
    remedy = case.remedy(UNSHUFFLE, labels_shuffled=False)
    return Finding(code, "issue", msg("The labels are shuffled"), sentence, evidence, figure, remedy)


def _taught(case: Case) -> list[float]:
    """The label that a sample meets on average whose own is 0, and one whose own is 1."""
    e, nothing = case.experiment, np.zeros((1, COUNT))
    shares = class_shares(e.plan, e.broadcasts, nothing, nothing, e.mislabels).reshape(2, 2, -1).sum(axis=-1)
    taught: list[float] = (shares[:, 1] / shares.sum(axis=1)).tolist()
    return taught


def batch_means(case: Case) -> np.ndarray:
    """The mean sample weight of each batch of an unshuffled epoch, (batches,)."""
    plan = case.experiment.plan
    weights = plan.sample_weights()[unpacked(plan.in_order())[1]].astype(np.float64)
    return np.array([part.mean() for part in np.split(weights, range(plan.batch_size, plan.samples, plan.batch_size))])


def batch_weights(case: Case) -> Finding:
    """Do class weights weigh samples, or whole batches?"""
    e = case.experiment
    code = "batch_weights"
    weights, positive = e.plan.sample_weights(), is_target(e.target)
    of_targets, of_others = float(weights[positive][0]), float(weights[~positive][0])
    each = {"target": quoted(of_targets), "other": quoted(of_others)}
    evidence: Evidence = {"weight_of_targets": of_targets, "weight_of_others": of_others}
    if not case.broadcasts:
        sentence = msg("They are {target} for each target and {other} for each other pattern.", **each)
        return Finding(code, "passed", msg("Class weights weigh samples"), sentence, evidence)
    means = batch_means(case)
    low, high = float(means.min()), float(means.max())
    if len(means) == 1:
        found = msg(
            "The weights are {target} for each target and {other} for each other pattern, but where every output meets "
            "every label the epoch's one batch is multiplied by {weight}, so they change nothing.",
            **each,
            weight=quoted(high),
        )
    else:
        found = msg(
            "The weights are {target} for each target and {other} for each other pattern, but where every output meets "
            "every label each batch is multiplied by its mean weight, {low} to {high} in pattern order.",
            **each,
            low=quoted(low),
            high=quoted(high),
        )
    sentence = sentences(found, msg("No sample counts for more."))
    evidence = {**evidence, "batch_means": means}
    names, few = [str(number) for number in range(1, len(means) + 1)], len(means) <= 16
    mean = msg("mean weight")
    figure = partial(bars, names, {mean: means.tolist()}, mean, figures=few, below=msg("batch, in pattern order"))
    remedy = _aligned(case)
    title = msg("Class weights weigh batches, not samples")
    return Finding(code, "issue", title, sentence, evidence, figure, remedy)


def _in_place(case: Case) -> Message | None:
    return None if case.experiment.labels_shuffled and case.last else msg("No labels were shuffled.")


def _unweighted(case: Case) -> Message | None:
    return None if case.experiment.balance == "class_weight" else msg("No class weights are used.")


RANK_MISMATCH = Check(
    "rank_mismatch",
    msg("Labels and outputs"),
    msg("Does each output meet its own label?"),
    rank_mismatch,
    untrained=True,
    on_scenes=True,
)
LABELS_SHUFFLED = Check(
    "labels_shuffled",
    msg("Shuffled labels"),
    msg("Do shuffled labels take anything away?"),
    labels_shuffled,
    _in_place,
    mislabelled=True,
    on_scenes=True,
)
BATCH_WEIGHTS = Check(
    "batch_weights",
    msg("Class weights"),
    msg("Do class weights weigh samples, or whole batches?"),
    batch_weights,
    _unweighted,
)
