"""The three causes as a cube: three switches, eight experiments, and what each change does alone.

Every cause stands (as asked) or is removed. The vertex "000" is the question as asked, "111" has all three removed; the
digits are the switches in order. All train Adam at 0.01 in batches of 32 for 1,000 epochs, as measured by `many`.
"""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from corner_lab.experiment.experiment import Experiment

SEEDS = 40
EPOCHS = 1000


@dataclass(frozen=True)
class Switch:
    """A cause, and the change that removes it.

    `nearest`: where Keras refuses that change, the fields of the nearest that it trains, and what then is removed (a
    label) and holds (a clause).
    """

    name: str
    label: str
    stands: str  # what is so while the cause stands
    removed: str
    change: Mapping[str, Any] = field(hash=False)
    nearest: tuple[Mapping[str, Any], str, str] | None = field(default=None, hash=False)


SWITCHES = (
    Switch(
        "shapes",
        "Label shapes",
        "labels (n,) against outputs (n,1,1,1)",
        "labels and outputs both (n,1,1,1)",
        {"labels": "aligned"},
    ),
    Switch(
        "loss",
        "Saturation",
        "hard_sigmoid with mean squared error, flat from |z| = 3 outwards",
        "sigmoid with binary cross-entropy, which never saturates",
        {"head": "sigmoid", "loss": "binary_crossentropy"},
        (
            {"loss": "mse"},
            "Saturating head",
            "sigmoid with mean squared error, whose gradient gets small but not exactly 0",
        ),
    ),
    # Half batches, not oversampling: half of every batch are targets, so its mean label is always 1/2. Oversampled
    # batches differ in their mean label, and under broadcast labels that alone tells a little about the inputs.
    Switch(
        "imbalance",
        "Imbalance",
        "one target among 511 others",
        "half of every batch are targets",
        {"balance": "half_batch"},
    ),
)


@dataclass(frozen=True)
class Case:
    """One experiment of the cube or the ablation.

    `refused`: what the words stand for where Keras raises on it; `experiment` is then the nearest that Keras trains.
    """

    id: str
    title: str
    text: str
    experiment: Experiment
    refused: Experiment | None = None


@dataclass(frozen=True)
class Group:
    """Single changes from one starting point."""

    title: str
    cases: tuple[Case, ...]


ASKED = Experiment(epochs=EPOCHS)
ALIGNED = replace(ASKED, labels="aligned")


def vertex_id(removed: Iterable[bool]) -> str:
    """The vertex at which these switches are removed: "000" to "111"."""
    return "".join(str(int(flag)) for flag in removed)


def _vertex(removed: tuple[bool, ...]) -> Case:
    pairs = list(zip(SWITCHES, removed, strict=True))
    changes: dict[str, Any] = {}
    for switch, flag in pairs:
        changes |= switch.change if flag else {}
    experiment, refused = replace(ASKED, **changes), None
    if experiment.broadcasts and experiment.loss == "binary_crossentropy":
        refused = experiment
    named: list[str] = []
    clauses: list[str] = []
    for switch, flag in pairs:
        label, clause = switch.label, switch.removed if flag else switch.stands
        if flag and refused is not None and switch.nearest is not None:  # the words are those of what is trained
            change, label, clause = switch.nearest
            experiment = replace(experiment, **change)
        clauses.append(clause)
        named += [label.lower()] if flag else []
    title = "The question as asked" if not named else f"Cause{'s' * (len(named) > 1)} removed: {', '.join(named)}"
    text = "; ".join(clauses)
    return Case(vertex_id(removed), title, f"{text[0].upper()}{text[1:]}.", experiment, refused)


VERTICES = {case.id: case for case in map(_vertex, itertools.product((False, True), repeat=len(SWITCHES)))}


def _single(prefix: str, start: Experiment, changes: Mapping[str, Mapping[str, Any]]) -> tuple[Case, ...]:
    return tuple(
        Case(f"{prefix}: {title}", title, f"{prefix}, and one change: {title}.", replace(start, **change))
        for title, change in changes.items()
    )


_LOSS: Mapping[str, Mapping[str, Any]] = {
    "sigmoid and binary cross-entropy": SWITCHES[1].change,
    "sigmoid": {"head": "sigmoid"},
    "binary cross-entropy": {"loss": "binary_crossentropy"},
}
_BALANCE: Mapping[str, Mapping[str, Any]] = {
    "half batches": {"balance": "half_batch"},
    "oversampling": {"balance": "oversample"},
    "class weights": {"balance": "class_weight"},
}
_OTHER: Mapping[str, Mapping[str, Any]] = {
    "learning rate 0.1": {"learning_rate": 0.1},
    "learning rate 0.001": {"learning_rate": 0.001},
    "SGD": {"optimizer": "sgd"},
    "batches of 512": {"batch_size": 512},
    "one convolution": {"second_conv": False},
}

ABLATION = (
    Group(
        "As asked, one change",
        _single("As asked", ASKED, {"label shapes": {"labels": "aligned"}, **_LOSS, **_BALANCE, **_OTHER}),
    ),
    Group("Label shapes fixed, one more change", _single("Shapes fixed", ALIGNED, {**_LOSS, **_BALANCE})),
)

CASES = {case.id: case for case in (*VERTICES.values(), *(case for group in ABLATION for case in group.cases))}
