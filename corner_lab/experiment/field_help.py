"""Help: one sentence for every field, with what these settings make of it: real shapes, counts, sizes."""

from collections.abc import Callable

from corner_lab.experiment.data.label_shapes import broadcasts
from corner_lab.experiment.data.sampling import KEPT_NEGATIVES, balance_explained
from corner_lab.experiment.data.training_set import LEAST_SCENES, MOST_SCENES, SIDE
from corner_lab.experiment.experiment import MAX_EPOCHS, MAX_LEARNING_RATE, REGISTRIES, Experiment
from corner_lab.formatting import setting
from corner_lab.network.parameters import MOST_KERNELS, ParameterLayout
from corner_lab.network.patterns import COUNT, TARGETS

NAMES = {
    "target": "Target",
    "head": "Head",
    "labels": "Labels",
    "labels_shuffled": "Shuffle the labels",
    "second_conv": "1x1 convolution",
    "kernels": "Kernels",
    "hidden": "Between the convolutions",
    "loss": "Loss",
    "balance": "Balance",
    "optimizer": "Optimizer",
    "learning_rate": "Learning rate",
    "batch_size": "Batch size",
    "epochs": "Epochs",
    "init": "Start from",
    "seed": "Seed",
    "stop": "Stop",
    "data": "Data",
    "scene_count": "Scenes",
    "scene_seed": "First scene",
}  # of the fields, as the sidebar has them


def changes(before: Experiment, after: Experiment) -> str:
    """What differs, with the new values: "labels aligned, batch size 64, 1x1 convolution off"."""
    values = {name: getattr(after, name) for name in NAMES if getattr(after, name) != getattr(before, name)}
    return ", ".join(f"{_in_a_sentence(NAMES[name])} {_said(name, value)}" for name, value in values.items())


def listed(e: Experiment) -> list[tuple[str, str, bool]]:
    """All settings that decide something here, as the sidebar names them: name, value, and whether that is another one
    than the question's."""
    unused = () if e.scenes is not None else ("scene_count", "scene_seed")
    asked, names = Experiment(), {field: name for field, name in NAMES.items() if field not in unused}
    return [
        (name, _listed(field, getattr(e, field)), getattr(e, field) != getattr(asked, field))
        for field, name in names.items()
    ]


def _listed(field: str, value: object) -> str:
    return REGISTRIES[field][str(value)].label if field in REGISTRIES else _said(field, value)


def _in_a_sentence(name: str) -> str:
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]  # SGD stays SGD


def _said(field: str, value: object) -> str:
    """A field's value as a sentence has it."""
    if field in REGISTRIES:
        return _in_a_sentence(REGISTRIES[field][str(value)].label)
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        if len(value) > 1 and value in TARGETS.values():
            return next(name for name, indices in TARGETS.items() if indices == value)
        return " ".join(map(str, value[:3])) + (f" and {len(value) - 3} more" if len(value) > 3 else "")
    if isinstance(value, int):
        return str(value) if field == "seed" else f"{value:,}"
    assert isinstance(value, float), field
    return setting(value)


def help_for(field: str, e: Experiment) -> str:
    """What a field does, and what it does here. Raises KeyError for what is no field."""
    registry = REGISTRIES.get(field)
    general = registry[getattr(e, field)].explanation if registry else GENERAL[field]
    if field == "balance":
        general = balance_explained(e.balance, e.scenes is not None)
    if field == "labels" and e.two_outputs:
        general = ""  # those sentences are about one output
    return f"{general} {HERE[field](e)}".strip()


GENERAL = {
    "labels_shuffled": "In training the labels change places inside every batch, at random; the inputs stay.",
    "target": "The patterns that count as a corner; for any set type indices, 0 to 511, with commas, or draw them.",
    "scene_count": f"How many scenes, {SIDE} x {SIDE} pixels, are learned from: {LEAST_SCENES} to {MOST_SCENES}.",
    "scene_seed": "The first scene's seed; the others' follow. The run's own seed leaves the scenes as they are.",
    "second_conv": "The question's network has a 1x1 convolution between the 3x3 convolution and the head.",
    "kernels": f"How many 3x3 kernels there are, up to {MOST_KERNELS}; the 1x1 convolution weighs and adds them up.",
    "learning_rate": f"How far each update goes: above 0, up to {MAX_LEARNING_RATE:g}; typing 1e-3 works.",
    "batch_size": "How many samples each update sees.",
    "epochs": f"How often training passes over the data, up to {MAX_EPOCHS:,} times.",
    "seed": "Decides the initial weights, and the order in which batches come.",
}


def label_shape(e: Experiment) -> tuple[int, ...]:
    """The shape of one full batch of labels."""
    n = _batch(e)
    if e.two_outputs:
        return (n, 2)
    return (n,) if e.labels == "as_asked" else (n, 1, 1, 1)


def output_shape(e: Experiment) -> tuple[int, ...]:
    """The shape of the network's output for one full batch."""
    return (_batch(e), 2) if e.two_outputs else (_batch(e), 1, 1, 1)


def pairs(e: Experiment) -> int:
    """How many output-label pairs the loss of one full batch averages."""
    return _batch(e) ** 2 if broadcasts(e.labels, e.two_outputs) else _batch(e)


def _batch(e: Experiment) -> int:
    """Samples of a full batch: an epoch may have fewer than the batch size."""
    return min(e.batch_size, e.plan.samples)


def _refused(e: Experiment) -> bool:
    """Whether Keras raises because labels and outputs of a cross-entropy differ in rank."""
    return broadcasts(e.labels, e.two_outputs) and e.loss in ("binary_crossentropy", "binary_focal_crossentropy")


def _labels(e: Experiment) -> str:
    if e.two_outputs:
        order = "before the reshape" if e.labels == "as_asked" else "last"
        return f"y {label_shape(e)} meets output {output_shape(e)}; the softmax stands {order}."
    if _refused(e):
        return f"Here y {label_shape(e)} against output {output_shape(e)}: this loss refuses different ranks."
    compared = f"{pairs(e):,} pair{'s' * (pairs(e) > 1)} in a full batch"
    return f"Here y {label_shape(e)} against output {output_shape(e)}: {compared}."


def _labels_shuffled(e: Experiment) -> str:
    """What the switch does or would do."""
    n = _batch(e)
    if n == 1:
        return "Here that changes nothing: a batch has one label."
    if e.broadcasts:
        return f"Here that changes nothing: every output meets all {n} labels of its batch, in any order."
    return f"Here an output then meets its own label only by chance, 1 time in {n}."


def _balance(e: Experiment) -> str:
    plan, kept = e.plan, ""
    if e.balance == "hard_negatives":
        most = f"at most {max(KEPT_NEGATIVES, len(e.target))} others"
        kept = f", of which each keeps its targets and {f'as many others, or {KEPT_NEGATIVES}' if e.scenes else most}"
    rare = ""
    if e.scenes and e.balance in ("none", "hard_negatives"):
        rare = f"; a corner is one in {plan.samples / (plan.samples - plan.negatives):.0f}"
    return f"Here an epoch has {plan.samples:,} samples in {_updates(e)}{kept}{rare}."


def _updates(e: Experiment) -> str:
    return f"{e.plan.updates:,} batch{'es' * (e.plan.updates > 1)}"


def _batch_size(e: Experiment) -> str:
    none = f"no batch holds all {len(e.plan.training_set.samples):,} patches: " if e.scenes else ""
    return f"Here {none}an epoch has {e.plan.updates:,} update{'s' * (e.plan.updates > 1)}."


def _epochs(e: Experiment) -> str:
    return f"Here that is {e.epochs * e.plan.updates:,} updates."


def _second_conv(e: Experiment) -> str:
    shapes = [ParameterLayout.of(e.two_outputs, second, e.kernels).size for second in (True, False)]
    return f"Here the network has {shapes[0]} weights with it and {shapes[1]} without."


def _kernels(e: Experiment) -> str:
    return f"Here the network has {e.layout.size} weights."


def _hidden(e: Experiment) -> str:
    if e.hidden == "none":
        return f"Here the {e.kernels} kernels are one: each times its weight, added up." if e.kernels > 1 else ""
    return "" if e.kernels > 1 else "Here there is one kernel, and what it tells apart is what it tells apart without."


def _target(e: Experiment) -> str:
    positives = len(e.target)
    if e.scenes:
        corners = "these corners" if positives > 1 else "this corner"
        return f"Here a patch of the scenes is positive where {corners} of a rectangle is in its middle."
    return f"Here {positives} of {COUNT}: an imbalance of {positives}:{COUNT - positives}."


def _loss(e: Experiment) -> str:
    if _refused(e):
        return "Here Keras raises: y and output differ in rank."
    if e.balance == "hard_negatives":
        return "Here it averages over the samples that each batch keeps."
    return f"Here it averages over {pairs(e):,} pair{'s' * (pairs(e) > 1)} of output and label in a full batch."


def _data(e: Experiment) -> str:
    if e.scenes is None:
        return ""
    negatives, positives = e.plan.training_set.counts.sum(axis=1).tolist()
    return f"Here {negatives + positives:,} patches, {positives:,} of them with a corner in the middle."


def _scenes(e: Experiment) -> str:
    return "" if e.scenes else "Here that changes nothing: the data are the 512 patterns."


def _nothing(e: Experiment) -> str:
    return ""


HERE: dict[str, Callable[[Experiment], str]] = {
    **dict.fromkeys(Experiment.__dataclass_fields__, _nothing),
    "data": _data,
    **dict.fromkeys(("scene_count", "scene_seed"), _scenes),
    "labels": _labels,
    "labels_shuffled": _labels_shuffled,
    "balance": _balance,
    "batch_size": _batch_size,
    "epochs": _epochs,
    "second_conv": _second_conv,
    "kernels": _kernels,
    "hidden": _hidden,
    "target": _target,
    "loss": _loss,
}
