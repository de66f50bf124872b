"""The three causes as a cube: three switches, eight experiments, and what each change does alone.

Every cause stands (as asked) or is removed. The vertex "000" is the question as asked, "111" has all three removed; the
digits are the switches in order. All train Adam at 0.01 in batches of 32 for 1,000 epochs, as measured by `many`.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from corner_lab.experiment.experiment import Experiment
from corner_lab.language import Message, msg, speaking
from corner_lab.language.languages import SOURCE

SEEDS = 40
EPOCHS = 1000


@dataclass(frozen=True)
class Switch:
    """A cause, and the change that removes it.

    `nearest`: where Keras refuses that change, the fields of the nearest that it trains, and what then is removed (a
    name in a list) and holds (a clause).
    """

    name: str
    label: Message  # in a list of causes
    stands: Message  # what is so while the cause stands, a clause of `Case.text`
    removed: Message
    change: Mapping[str, Any] = field(hash=False)
    nearest: tuple[Mapping[str, Any], Message, Message] | None = field(default=None, hash=False)


SWITCHES = (
    Switch(
        "shapes",
        msg("label shapes"),
        msg("Labels (n,) against outputs (n,1,1,1)"),
        msg("Labels and outputs both (n,1,1,1)"),
        {"labels": "aligned"},
    ),
    Switch(
        "loss",
        msg("saturation"),
        msg("hard_sigmoid with mean squared error, flat from |z| = 3 outwards"),
        msg("sigmoid with binary cross-entropy, which never saturates"),
        {"head": "sigmoid", "loss": "binary_crossentropy"},
        (
            {"loss": "mse"},
            msg("saturating head"),
            msg("sigmoid with mean squared error, whose gradient gets small but not exactly 0"),
        ),
    ),
    # Half batches, not oversampling: half of every batch are targets, so its mean label is always 1/2. Oversampled
    # batches differ in their mean label, and under broadcast labels that alone tells a little about the inputs.
    Switch(
        "imbalance",
        msg("imbalance"),
        msg("one target among 511 others"),
        msg("half of every batch are targets"),
        {"balance": "half_batch"},
    ),
)


@dataclass(frozen=True)
class Case:
    """One experiment of the cube or the ablation.

    `heading`, `title_message`, `text_message`: where it stands alone, where its group's name stands above it, and in a
    sentence. `refused`: what the words stand for where Keras raises on it; `experiment` is then the nearest that Keras
    trains.
    """

    id: str
    heading: Message
    title_message: Message
    text_message: Message
    experiment: Experiment
    refused: Experiment | None = None

    @property
    def title(self) -> str:
        return str(self.title_message)

    @property
    def text(self) -> str:
        return str(self.text_message)


@dataclass(frozen=True)
class Group:
    """Single changes from one starting point."""

    title_message: Message
    cases: tuple[Case, ...]

    @property
    def title(self) -> str:
        return str(self.title_message)


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
    named: list[Message] = []
    clauses: dict[str, Message] = {}
    for switch, flag in pairs:
        label, clause = switch.label, switch.removed if flag else switch.stands
        if flag and refused is not None and switch.nearest is not None:  # the words are those of what is trained
            change, label, clause = switch.nearest
            experiment = replace(experiment, **change)
        clauses[switch.name] = clause
        named += [label] if flag else []
    title, text = _removed(named), msg("{shapes}; {loss}; {imbalance}.", **clauses)
    return Case(vertex_id(removed), title, title, text, experiment, refused)


def _removed(causes: list[Message]) -> Message:
    """The title of the vertex without these causes."""
    if not causes:
        return msg("The question as asked")
    if len(causes) == 1:
        return msg("Cause removed: {first}", first=causes[0])
    if len(causes) == 2:
        return msg("Causes removed: {first}, {second}", first=causes[0], second=causes[1])
    first, second, third = causes
    return msg("Causes removed: {first}, {second}, {third}", first=first, second=second, third=third)


VERTICES = {case.id: case for case in map(_vertex, itertools.product((False, True), repeat=len(SWITCHES)))}


_Changes = Mapping[Message, Mapping[str, Any]]  # what is changed, by how it is called


def _from_asked(change: Message) -> tuple[Message, Message]:
    """A change of the question, where it stands alone and in a sentence."""
    return msg("As asked: {change}", change=change), msg("As asked, and one change: {change}.", change=change)


def _from_aligned(change: Message) -> tuple[Message, Message]:
    """The same with the shapes mended."""
    return msg("Shapes fixed: {change}", change=change), msg("Shapes fixed, and one change: {change}.", change=change)


def _single(
    told: Callable[[Message], tuple[Message, Message]], start: Experiment, changes: _Changes
) -> tuple[Case, ...]:
    cases = []
    for title, change in changes.items():
        heading, text = told(title)
        with speaking(SOURCE):  # a word of links
            key = str(heading)
        cases.append(Case(key, heading, title, text, replace(start, **change)))
    return tuple(cases)


_LOSS: _Changes = {
    msg("sigmoid and binary cross-entropy"): SWITCHES[1].change,
    msg("sigmoid"): {"head": "sigmoid"},
    msg("binary cross-entropy"): {"loss": "binary_crossentropy"},
}
_BALANCE: _Changes = {
    msg("half batches"): {"balance": "half_batch"},
    msg("oversampling"): {"balance": "oversample"},
    msg("class weights"): {"balance": "class_weight"},
}
_OTHER: _Changes = {
    msg("learning rate 0.1"): {"learning_rate": 0.1},
    msg("learning rate 0.001"): {"learning_rate": 0.001},
    msg("SGD"): {"optimizer": "sgd"},
    msg("batches of 512"): {"batch_size": 512},
    msg("one convolution"): {"second_conv": False},
}

ABLATION = (
    Group(
        msg("As asked, one change"),
        _single(_from_asked, ASKED, {SWITCHES[0].label: SWITCHES[0].change, **_LOSS, **_BALANCE, **_OTHER}),
    ),
    Group(msg("Label shapes fixed, one more change"), _single(_from_aligned, ALIGNED, {**_LOSS, **_BALANCE})),
)

CASES = {case.id: case for case in (*VERTICES.values(), *(case for group in ABLATION for case in group.cases))}
