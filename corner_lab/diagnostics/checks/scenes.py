"""The check of a run on the patches of scenes: how near it is to the best that whatever sees 3x3 pixels can do."""

from functools import partial
from typing import Any

from corner_lab.diagnostics import phrases
from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding, Remedy
from corner_lab.diagnostics.pictures import bars
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.data.on_scenes import OnScenes
from corner_lab.experiment.experiment import MAX_EPOCHS
from corner_lab.experiment.losses import LOSSES
from corner_lab.formatting import decimals, percent, sentences
from corner_lab.language import Message, msg, msgn
from corner_lab.network.parameters import MOST_KERNELS

UNBALANCED = msg("No balancing")
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
    told, marked = _told(own, fresh), msg("this run")
    series = {marked: [own.f1, fresh.f1], msg("the best of 3x3 patches"): [own.best_f1, fresh.best_f1]}
    figure = partial(bars, [msg("its scenes"), msg("fresh scenes")], series, "F1", marked=marked)
    code = "best_of_patches"
    if own.at_best:
        return Finding(code, "passed", msg("As good as 3x3 patches allow"), told, evidence, figure)
    remedy = _remedy(case)
    found = {"found": f"{own.scores.tp:,}", "corners": phrases.corners(own.of.corners)}
    short = msg(
        "{found} of {corners} found, and {others} taken for one.", **found, others=phrases.others(own.scores.fp)
    )
    if remedy is not None and remedy.label_message == UNBALANCED:
        rare = round(own.of.patches / own.of.corners) - 1
        cause = msg(
            "A balanced loss weighs a corner as {rare} others, so what is one now and then is called one", rare=rare
        )
        told = sentences(told, phrases.ended(cause))
        others = f"{own.scores.fp:,}"
        short = msg("{cause}: {found} of {corners} found, and {others} others.", cause=cause, **found, others=others)
    return Finding(code, "issue", msg("Below what 3x3 patches allow"), told, evidence, figure, remedy, short)


def _told(own: OnScenes, fresh: OnScenes) -> Message:
    """How near it is to the best there is."""
    near = msg(
        "F1 is {f1} on its {scenes}, of at most {best_f1} for whatever sees 3x3 pixels, and {accuracy} of the patches "
        "are right, of at most {best_accuracy}.",
        f1=decimals(own.f1),
        scenes=phrases.scenes(own.of.scenes),
        best_f1=decimals(own.best_f1),
        accuracy=percent(own.accuracy),
        best_accuracy=percent(own.of.best_accuracy),
    )
    both = msgn(
        "{count} pattern carries both labels, so not every patch can be right: the bar is the best there is.",
        "{count} patterns carry both labels, so not every patch can be right: the bar is the best there is.",
        own.of.ambiguous,
    )
    elsewhere = msg(
        "On {scenes} fresh scenes F1 is {f1}, of at most {best_f1}.",
        scenes=fresh.of.scenes,
        f1=decimals(fresh.f1),
        best_f1=decimals(fresh.best_f1),
    )
    return sentences(near, both if own.of.ambiguous else "", elsewhere)


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
        label = msg("Use a cross-entropy that never saturates")
        head, loss = ("softmax", "categorical_crossentropy") if e.two_outputs else ("sigmoid", "binary_crossentropy")
        return case.remedy(label, head=head, loss=loss, labels="aligned")
    if own.of.ambiguous and e.balance in REPEATING and own.scores.fp > own.scores.fn:
        return case.remedy(UNBALANCED, balance="none")
    if e.hidden == "none" or e.kernels < MOST_KERNELS:
        label = msg("{kernels} kernels with relu between", kernels=MOST_KERNELS)
        return case.remedy(label, kernels=MOST_KERNELS, hidden="relu", second_conv=True)
    epochs = min(MAX_EPOCHS, 4 * max(e.epochs, 15))
    if epochs <= e.epochs:
        return None
    return case.remedy(msg("Train for {epochs} epochs", epochs=f"{epochs:,}"), epochs=epochs)


def _no_scenes(case: Case) -> Message | None:
    return None if case.on_scenes else msg("It learned from the 512 patterns, where everything can be right.")


BEST_OF_PATCHES = Check(
    "best_of_patches",
    msg("Pictures"),
    msg("Is it as good as can be from 3x3 patches?"),
    best_of_patches,
    _no_scenes,
    mislabelled=True,
    on_scenes=True,
)
