"""Checks of shapes: labels against outputs, weights against losses, softmax against its reshape."""

from functools import partial

import numpy as np

from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding, Picture, Remedy
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.data.batch_shapes import label_shape, output_shape, pairs
from corner_lab.experiment.data.loss_shares import class_shares
from corner_lab.experiment.data.packing import unpacked
from corner_lab.formatting import capital, many, quoted
from corner_lab.network.patterns import COUNT, is_target
from corner_lab.plots.evidence import bars
from corner_lab.training.evaluate import reference_losses

CLIP = 1e-7  # keras.config.epsilon(), as `model.load_keras` sets it: no probability below it enters a logarithm
ALIGN = "Align the label shapes"


def rank_mismatch(case: Case) -> Finding:
    """Do labels and outputs have one shape, so that each output meets its own label?"""
    e = case.experiment
    y, output = label_shape(e), output_shape(e)
    shapes: dict[str, str] = {"labels": str(y), "outputs": str(output)}
    if case.refused:
        sentence = (
            f"The labels have shape {y}, the outputs {output}: {e.loss} refuses shapes of different rank, so nothing "
            "was trained. Mean squared error and the hinges accept them, and compare every output with every label."
        )
        return Finding(
            "rank_mismatch",
            "issue",
            "Keras refuses these label shapes",
            sentence,
            {**shapes, "message": case.message},
            remedy=_aligned(case),
        )
    if not case.broadcasts:
        sentence = f"Labels have shape {y}, outputs {output}: each output meets its own label."
        return Finding("rank_mismatch", "passed", "Labels and outputs match", sentence, shapes)
    each = "" if e.balance == "hard_negatives" else f", {pairs(e):,} pairs a batch"
    sentence = f"The labels have shape {y}, the outputs {output}: Keras compares every output with every label{each}."
    evidence: dict[str, object] = {**shapes, "pairs": None if e.balance == "hard_negatives" else pairs(e)}
    figure: Picture | None = None
    short = sentence
    costs = dict(reference_losses(e))
    perfect, reject = costs.get("perfect weights"), costs.get("reject everything")
    if perfect is not None and reject is not None:
        whose = "A perfect network" if e.head == "hard_sigmoid" else "The hand-set weights, all 512 right,"
        sentence += f" {whose} would cost {quoted(perfect)} here, one that rejects everything {quoted(reject)}."
        if reject < perfect and case.counts.tp == case.counts.fp == 0:
            short = (
                f"Every output meets every label: rejecting everything costs {quoted(reject)} here, and "
                f"{whose[:1].lower()}{whose[1:].removesuffix(',')} would cost {quoted(perfect)}."
            )
        evidence |= {"perfect_cost": perfect, "reject_cost": reject}
        names = ["perfect weights", "rejecting everything"]
        figure = partial(bars, names, {"loss": [perfect, reject]}, "loss")
    return Finding(
        "rank_mismatch",
        "issue",
        "Every output meets every label",
        sentence,
        evidence,
        figure,
        _aligned(case),
        short,
        _twin(case),
    )


def _aligned(case: Case) -> Remedy:
    """Shapes that match, and each output with its own label."""
    if case.experiment.labels_shuffled:
        return case.remedy(f"{ALIGN} and stop shuffling", labels="aligned", labels_shuffled=False)
    return case.remedy(ALIGN, labels="aligned")


def _twin(case: Case) -> Remedy | None:
    """The same run with its labels shuffled inside every batch, or in place if they were: it is to end the same."""
    e = case.experiment
    if case.last == 0 or e.balance == "hard_negatives":
        return None
    label = "Stop shuffling the labels" if e.labels_shuffled else "Shuffle the labels"
    return case.remedy(label, labels_shuffled=not e.labels_shuffled, epochs=case.last, stop="never")


def labels_shuffled(case: Case) -> Finding:
    """Do shuffled labels take anything away?"""
    e, code, n = case.experiment, "labels_shuffled", case.samples
    if not e.mislabels:
        told = "a batch of one has nothing to shuffle" if n == 1 else f"every output meets all {n} of them in any order"
        sentence = f"Labels change places inside every batch, and {told}: loss and gradient are the same."
        return Finding(code, "passed", "Shuffled labels change nothing", sentence)
    other, target = _taught(case)
    evidence: Evidence = {"own_label": 1 / n, "taught_target": target, "taught_other": other}
    sentence = (
        f"Labels change places inside every batch of {n}, so an output meets its own only by chance. On average "
        f"{case.name} is taught the label {quoted(target)} and another pattern {quoted(other)}, not 1 and 0."
    )
    if case.reached:
        return Finding(code, "passed", "Solved although the labels are shuffled", sentence, evidence)
    series = {"meant": [1.0, 0.0], "taught on average": [target, other]}
    figure = partial(bars, [case.name, "another pattern"], series, "label", marked="taught on average")
    remedy = case.remedy("Stop shuffling the labels", labels_shuffled=False)
    return Finding(code, "issue", "The labels are shuffled", sentence, evidence, figure, remedy)


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
    each = f"{quoted(of_targets)} for each target and {quoted(of_others)} for each other pattern"
    evidence: Evidence = {"weight_of_targets": of_targets, "weight_of_others": of_others}
    if not case.broadcasts:
        return Finding(code, "passed", "Class weights weigh samples", f"They are {each}.", evidence)
    means = batch_means(case)
    low, high = float(means.min()), float(means.max())
    found = (
        f"the epoch's one batch is multiplied by {quoted(high)}, so they change nothing"
        if len(means) == 1
        else f"each batch is multiplied by its mean weight, {quoted(low)} to {quoted(high)} in pattern order"
    )
    sentence = f"The weights are {each}, but where every output meets every label {found}. No sample counts for more."
    evidence = {**evidence, "batch_means": means}
    names, few = [str(number) for number in range(1, len(means) + 1)], len(means) <= 16
    series = {"mean weight": means.tolist()}
    figure = partial(bars, names, series, "mean weight", figures=few, below="batch, in pattern order")
    remedy = _aligned(case)
    title = "Class weights weigh batches, not samples"
    return Finding(code, "issue", title, sentence, evidence, figure, remedy)


def softmax_order(case: Case) -> Finding:
    """Does Keras find the logits behind the softmax, or a probability that it has to clip?"""
    e = case.experiment
    code = "softmax_order"
    if e.labels == "aligned":
        sentence = "The softmax comes last, so Keras takes the loss from z itself: nothing is clipped."
        return Finding(code, "passed", "Softmax comes last", sentence)
    edge = float(np.log(1 / CLIP - 1))  # where the softmax of two scores is CLIP
    positive = is_target(e.target)
    against = np.where(positive, -case.z, case.z)  # how far z lies on the wrong side
    lost = against > edge
    targets, others = int((lost & positive).sum()), int((lost & ~positive).sum())
    evidence: Evidence = {"clip_z": edge, "targets_lost": targets, "others_lost": others, "furthest": against.max()}
    before = "The softmax comes before the reshape, so Keras no longer finds z and clips probabilities at 1e−7"
    if not lost.any():
        far = float(against.max())
        wrong = f"the furthest z on the wrong side is {quoted(far)} from 0" if far > 0 else "no z is on the wrong side"
        sentence = f"{before}. That does no harm yet: {wrong}; a gradient dies at {quoted(edge)} on that side."
        return Finding(code, "passed", "Softmax before the reshape, harmless so far", sentence, evidence)
    if targets:
        z = float(case.z[positive].min())
        told = f"{case.name}'s z is {quoted(z)}"
    else:
        told = f"{many(others, 'other')} lie beyond z = {quoted(edge)}"
    total = targets + others
    whose = "its gradient is" if total == 1 else f"the gradients of {total} wrong patterns are"
    sentence = f"{before}: {told}, beyond ±{quoted(edge)}, so {whose} exactly 0 and no update brings it back."
    return Finding(
        code,
        "issue",
        "Softmax before the reshape loses the logits",
        capital(sentence),
        evidence,
        remedy=case.remedy("Put the softmax last", labels="aligned"),
    )


def _in_place(case: Case) -> str:
    return "" if case.experiment.labels_shuffled and case.last else "No labels were shuffled."


def _unweighted(case: Case) -> str:
    return "" if case.experiment.balance == "class_weight" else "No class weights are used."


def _no_softmax(case: Case) -> str:
    e = case.experiment
    asked = e.head == "softmax" and e.loss == "categorical_crossentropy"
    return "" if asked else "The loss takes no logarithm of a softmax."


RANK_MISMATCH = Check(
    "rank_mismatch",
    "Labels and outputs",
    "Does each output meet its own label?",
    rank_mismatch,
    untrained=True,
    on_scenes=True,
)
LABELS_SHUFFLED = Check(
    "labels_shuffled",
    "Shuffled labels",
    "Do shuffled labels take anything away?",
    labels_shuffled,
    _in_place,
    mislabelled=True,
    on_scenes=True,
)
BATCH_WEIGHTS = Check(
    "batch_weights", "Class weights", "Do class weights weigh samples, or whole batches?", batch_weights, _unweighted
)
SOFTMAX_ORDER = Check(
    "softmax_order", "Softmax and logits", "Does Keras find the logits behind the softmax?", softmax_order, _no_softmax
)
