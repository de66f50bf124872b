"""Help: one sentence for every field, with what these settings make of it: real shapes, counts, sizes."""

from collections.abc import Callable

from corner_lab.experiment.data.batch_shapes import batch, label_shape, output_shape, pairs
from corner_lab.experiment.data.label_shapes import broadcasts
from corner_lab.experiment.data.sampling import KEPT_NEGATIVES, balance_explained
from corner_lab.experiment.data.training_set import LEAST_SCENES, MOST_SCENES, SIDE
from corner_lab.experiment.experiment import MAX_EPOCHS, MAX_LEARNING_RATE, REGISTRIES, Experiment
from corner_lab.formatting import setting
from corner_lab.language import current, joined, msg, tr, trc, trn
from corner_lab.language.languages import SOURCE
from corner_lab.network.parameters import MOST_KERNELS, ParameterLayout
from corner_lab.network.patterns import COUNT, TARGET_LABELS, TARGETS
from corner_lab.registry import Texts

#: The names of the fields, as the sidebar has them.
NAMES = Texts(
    {
        "target": msg("Target"),
        "head": msg("Head"),
        "labels": msg("Labels"),
        "labels_shuffled": msg("Shuffle the labels"),
        "second_conv": msg("1x1 convolution"),
        "kernels": msg("Kernels"),
        "hidden": msg("Between the convolutions"),
        "loss": msg("Loss"),
        "balance": msg("Balance"),
        "optimizer": msg("Optimizer"),
        "learning_rate": msg("Learning rate"),
        "batch_size": msg("Batch size"),
        "epochs": msg("Epochs"),
        "init": msg("Start from"),
        "seed": msg("Seed"),
        "stop": msg("Stop"),
        "data": msg("Data"),
        "scene_count": msg("Scenes"),
        "scene_seed": msg("First scene"),
    }
)


def changes(before: Experiment, after: Experiment) -> str:
    """What differs, with the new values: "labels aligned, batch size 64, 1x1 convolution off"."""
    values = {name: getattr(after, name) for name in NAMES if getattr(after, name) != getattr(before, name)}
    said = [
        tr("{setting} {value}", setting=_in_a_sentence(NAMES[name]), value=_said(name, value))
        for name, value in values.items()
    ]
    return trc("between two settings", ", ").join(said)


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
    """A name without its capital, where English is spoken; SGD stays SGD."""
    english = current().code == SOURCE
    return name[:1].lower() + name[1:] if english and not name[1:2].isupper() else name


def _said(field: str, value: object) -> str:
    """A field's value as a sentence has it."""
    if field in REGISTRIES:
        return _in_a_sentence(REGISTRIES[field][str(value)].label)
    if isinstance(value, bool):
        return trc("a setting", "on") if value else trc("a setting", "off")
    if isinstance(value, tuple):
        if len(value) > 1 and value in TARGETS.values():
            return TARGET_LABELS[next(name for name, indices in TARGETS.items() if indices == value)]
        first = " ".join(map(str, value[:3]))
        return tr("{indices} and {count} more", indices=first, count=len(value) - 3) if len(value) > 3 else first
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
    return joined([general, HERE[field](e)])


GENERAL = Texts(
    {
        "labels_shuffled": msg("In training the labels change places inside every batch, at random; the inputs stay."),
        "target": msg(
            "The patterns that count as a corner; for any set type indices, 0 to 511, with commas, or draw them."
        ),
        "scene_count": msg(
            "How many scenes, {side} x {side} pixels, are learned from: {least} to {most}.",
            side=SIDE,
            least=LEAST_SCENES,
            most=MOST_SCENES,
        ),
        "scene_seed": msg(
            "The first scene's seed; the others' follow. The run's own seed leaves the scenes as they are."
        ),
        "second_conv": msg("The question's network has a 1x1 convolution between the 3x3 convolution and the head."),
        "kernels": msg(
            "How many 3x3 kernels there are, up to {most}; the 1x1 convolution weighs and adds them up.",
            most=MOST_KERNELS,
        ),
        "learning_rate": msg(
            "How far each update goes: above 0, up to {most}; typing 1e-3 works.", most=f"{MAX_LEARNING_RATE:g}"
        ),
        "batch_size": msg("How many samples each update sees."),
        "epochs": msg("How often training passes over the data, up to {most} times.", most=f"{MAX_EPOCHS:,}"),
        "seed": msg("Decides the initial weights, and the order in which batches come."),
    }
)


def _refused(e: Experiment) -> bool:
    """Whether Keras raises because labels and outputs of a cross-entropy differ in rank."""
    return broadcasts(e.labels, e.two_outputs) and e.loss in ("binary_crossentropy", "binary_focal_crossentropy")


def _labels(e: Experiment) -> str:
    shapes = {"labels": label_shape(e), "outputs": output_shape(e)}
    if e.two_outputs and e.labels == "as_asked":
        return tr("y {labels} meets output {outputs}; the softmax stands before the reshape.", **shapes)
    if e.two_outputs:
        return tr("y {labels} meets output {outputs}; the softmax stands last.", **shapes)
    if _refused(e):
        return tr("Here y {labels} against output {outputs}: this loss refuses different ranks.", **shapes)
    return trn(
        "Here y {labels} against output {outputs}: {count} pair in a full batch.",
        "Here y {labels} against output {outputs}: {count} pairs in a full batch.",
        pairs(e),
        **shapes,
    )


def _labels_shuffled(e: Experiment) -> str:
    """What the switch does or would do."""
    n = batch(e)
    if n == 1:
        return tr("Here that changes nothing: a batch has one label.")
    if e.broadcasts:
        return tr("Here that changes nothing: every output meets all {n} labels of its batch, in any order.", n=n)
    return tr("Here an output then meets its own label only by chance, 1 time in {n}.", n=n)


def _balance(e: Experiment) -> str:
    plan, batches = e.plan, _batches(e)
    if not e.scenes or e.balance not in ("none", "hard_negatives"):
        return tr("{batches}.", batches=batches)
    rare = plan.samples / (plan.samples - plan.negatives)
    return tr("{batches}; a corner is one in {rare}.", batches=batches, rare=f"{rare:.0f}")


def _batches(e: Experiment) -> str:
    updates, samples = e.plan.updates, f"{e.plan.samples:,}"
    if e.balance != "hard_negatives":
        return trn(
            "Here an epoch has {samples} samples in {count} batch",
            "Here an epoch has {samples} samples in {count} batches",
            updates,
            samples=samples,
        )
    if e.scenes:
        return trn(
            "Here an epoch has {samples} samples in {count} batch, of which each keeps its targets and as many "
            "others, or {least}",
            "Here an epoch has {samples} samples in {count} batches, of which each keeps its targets and as many "
            "others, or {least}",
            updates,
            samples=samples,
            least=KEPT_NEGATIVES,
        )
    return trn(
        "Here an epoch has {samples} samples in {count} batch, of which each keeps its targets and at most {most} "
        "others",
        "Here an epoch has {samples} samples in {count} batches, of which each keeps its targets and at most {most} "
        "others",
        updates,
        samples=samples,
        most=max(KEPT_NEGATIVES, len(e.target)),
    )


def _batch_size(e: Experiment) -> str:
    if not e.scenes:
        return trn("Here an epoch has {count} update.", "Here an epoch has {count} updates.", e.plan.updates)
    return trn(
        "Here no batch holds all {patches} patches: an epoch has {count} update.",
        "Here no batch holds all {patches} patches: an epoch has {count} updates.",
        e.plan.updates,
        patches=f"{len(e.plan.training_set.samples):,}",
    )


def _epochs(e: Experiment) -> str:
    return tr("Here that is {updates} updates.", updates=f"{e.epochs * e.plan.updates:,}")


def _second_conv(e: Experiment) -> str:
    two, one = (ParameterLayout.of(e.two_outputs, second, e.kernels).size for second in (True, False))
    return tr("Here the network has {two} weights with it and {one} without.", two=two, one=one)


def _kernels(e: Experiment) -> str:
    return tr("Here the network has {size} weights.", size=e.layout.size)


def _hidden(e: Experiment) -> str:
    if e.hidden == "none" and e.kernels > 1:
        return tr("Here the {kernels} kernels are one: each times its weight, added up.", kernels=e.kernels)
    if e.hidden == "none" or e.kernels > 1:
        return ""
    return tr("Here there is one kernel, and what it tells apart is what it tells apart without.")


def _target(e: Experiment) -> str:
    positives = len(e.target)
    if e.scenes and positives > 1:
        return tr("Here a patch of the scenes is positive where these corners of a rectangle is in its middle.")
    if e.scenes:
        return tr("Here a patch of the scenes is positive where this corner of a rectangle is in its middle.")
    others = COUNT - positives
    return tr(
        "Here {targets} of {all}: an imbalance of {targets}:{others}.", targets=positives, all=COUNT, others=others
    )


def _loss(e: Experiment) -> str:
    if _refused(e):
        return tr("Here Keras raises: y and output differ in rank.")
    if e.balance == "hard_negatives":
        return tr("Here it averages over the samples that each batch keeps.")
    return trn(
        "Here it averages over {count} pair of output and label in a full batch.",
        "Here it averages over {count} pairs of output and label in a full batch.",
        pairs(e),
    )


def _data(e: Experiment) -> str:
    if e.scenes is None:
        return ""
    negatives, positives = e.plan.training_set.counts.sum(axis=1).tolist()
    return tr(
        "Here {patches} patches, {corners} of them with a corner in the middle.",
        patches=f"{negatives + positives:,}",
        corners=f"{positives:,}",
    )


def _scenes(e: Experiment) -> str:
    return "" if e.scenes else tr("Here that changes nothing: the data are the 512 patterns.")


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
