"""The check of a run on the patches of scenes: how near it is to the best that whatever sees 3x3 pixels can do."""

from functools import partial
from typing import Any

from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding, Remedy
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.experiment import MAX_EPOCHS
from corner_lab.experiment.losses import LOSSES
from corner_lab.formatting import decimals, many, percent
from corner_lab.network.parameters import MOST_KERNELS
from corner_lab.plots.evidence import bars

UNBALANCED = "No balancing"
REPEATING = ("class_weight", "oversample", "half_batch")  # give a rare corner the weight of all else


def best_of_patches(case: Case) -> Finding:
    """Is the run as good as can be from 3x3 patches?"""
    assert case.on_scenes is not None, "see _no_scenes"
    own, fresh = case.on_scenes
    evidence: Evidence = {
        "ambiguous_patterns": own.of.ambiguous,
        **{f"own_{name}": value for name, value in _figures(own.to_json()).items()},
        **{f"fresh_{name}": value for name, value in _figures(fresh.to_json()).items()},
    }
    told = (
        f"F1 is {decimals(own.f1)} on its {many(own.of.scenes, 'scene')}, of at most {decimals(own.best_f1)} for "
        f"whatever sees 3x3 pixels, and {percent(own.accuracy)} of the patches are right, of at most "
        f"{percent(own.of.best_accuracy)}."
    )
    if own.of.ambiguous:
        carry = "1 pattern carries" if own.of.ambiguous == 1 else f"{own.of.ambiguous} patterns carry"
        told += f" {carry} both labels, so not every patch can be right: the bar is the best there is."
    told += f" On {fresh.of.scenes} fresh scenes F1 is {decimals(fresh.f1)}, of at most {decimals(fresh.best_f1)}."
    series = {"this run": [own.f1, fresh.f1], "the best of 3x3 patches": [own.best_f1, fresh.best_f1]}
    figure = partial(bars, ["its scenes", "fresh scenes"], series, "F1", marked="this run")
    code = "best_of_patches"
    if own.at_best:
        return Finding(code, "passed", "As good as 3x3 patches allow", told, evidence, figure)
    remedy = _remedy(case)
    title, found = "Below what 3x3 patches allow", f"{own.scores.tp:,} of {many(own.of.corners, 'corner')} found"
    short = f"{found}, and {many(own.scores.fp, 'other')} taken for one."
    if remedy is not None and remedy.label == UNBALANCED:
        rare = round(own.of.patches / own.of.corners) - 1
        cause = f"A balanced loss weighs a corner as {rare} others, so what is one now and then is called one"
        told, short = f"{told} {cause}.", f"{cause}: {found[0].lower()}{found[1:]}, and {own.scores.fp:,} others."
    return Finding(code, "issue", title, told, evidence, figure, remedy, short)


def _figures(document: dict[str, Any]) -> dict[str, Any]:
    return {name: document[name] for name in ("f1", "best_f1", "accuracy", "best_accuracy", "precision", "recall")}


def _remedy(case: Case) -> Remedy | None:
    """The change that is most likely missing; none where labels and outputs differ in shape, which comes first."""
    assert case.on_scenes is not None
    e, own = case.experiment, case.on_scenes[0]
    if case.broadcasts or case.refused or e.mislabels:
        return None
    cross_entropy = LOSSES[e.loss].takes_logits or e.loss == "categorical_crossentropy"
    if e.head == "hard_sigmoid" or not cross_entropy:
        head, loss = ("softmax", "categorical_crossentropy") if e.two_outputs else ("sigmoid", "binary_crossentropy")
        return case.remedy("Use a cross-entropy that never saturates", head=head, loss=loss, labels="aligned")
    if own.of.ambiguous and e.balance in REPEATING and own.scores.fp > own.scores.fn:
        return case.remedy(UNBALANCED, balance="none")
    if e.hidden == "none" or e.kernels < MOST_KERNELS:
        label = f"{MOST_KERNELS} kernels with relu between"
        return case.remedy(label, kernels=MOST_KERNELS, hidden="relu", second_conv=True)
    epochs = min(MAX_EPOCHS, 4 * max(e.epochs, 15))
    return case.remedy(f"Train for {epochs:,} epochs", epochs=epochs) if epochs > e.epochs else None


def _no_scenes(case: Case) -> str:
    return "" if case.on_scenes else "It learned from the 512 patterns, where everything can be right."


BEST_OF_PATCHES = Check(
    "best_of_patches",
    "Pictures",
    "Is it as good as can be from 3x3 patches?",
    best_of_patches,
    _no_scenes,
    mislabelled=True,
    on_scenes=True,
)
