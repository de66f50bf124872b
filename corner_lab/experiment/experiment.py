"""Experiment: everything that decides what a run does, in one frozen, validated value.

A link, the command line, the sidebar and a JSON document all say the same fields (`parsing` reads them from text). The
defaults are the question as asked.
"""

from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from corner_lab.experiment.data.label_shapes import broadcasts
from corner_lab.experiment.data.sampling import BatchPlan
from corner_lab.experiment.data.training_set import PATCHES, Scenes, scenes_of
from corner_lab.experiment.field_values import (
    BATCH_SIZES,
    CHECKS,
    MAX_EPOCHS,
    MAX_LEARNING_RATE,
    MAX_SCENE_SEED,
    MAX_SEED,
    MOST_UPDATES,
    REGISTRIES,
    ExperimentError,
)
from corner_lab.experiment.initializers import INITS, initial_weights
from corner_lab.experiment.losses import LOSSES
from corner_lab.language import current, tr
from corner_lab.network.heads import HEADS
from corner_lab.network.parameters import ParameterLayout, Vector
from corner_lab.network.patterns import CORNER
from corner_lab.notebook import card
from corner_lab.pictures.corners import CORNER_PATTERNS, wanted_orientations

__all__ = [
    "BATCH_SIZES",
    "CHECKS",
    "MAX_EPOCHS",
    "MAX_LEARNING_RATE",
    "MAX_SCENE_SEED",
    "MAX_SEED",
    "REGISTRIES",
    "Experiment",
    "ExperimentError",
    "reasons",
    "refusal",
    "repaired",
    "why_not",
]


@dataclass(frozen=True)
class Experiment:
    """The settings of a run; the defaults are the question as asked. Raises ExperimentError for what cannot be."""

    target: tuple[int, ...] = (CORNER,)
    head: str = "hard_sigmoid"
    labels: str = "as_asked"
    labels_shuffled: bool = False
    second_conv: bool = True
    kernels: int = 1
    hidden: str = "none"
    loss: str = "mse"
    balance: str = "none"
    optimizer: str = "adam"
    learning_rate: float = 0.01
    batch_size: int = 32
    epochs: int = 100
    init: str = "glorot_uniform"
    seed: int = 0
    stop: str = "never"
    data: str = "patterns"
    scene_count: int = 20
    scene_seed: int = 0

    def __post_init__(self) -> None:
        for name, check in CHECKS.items():
            object.__setattr__(self, name, check(name, getattr(self, name)))
        refused = refusal(self)
        if refused:
            raise refused

    def __repr__(self) -> str:
        """What differs from the default, as Python: "Experiment(labels='aligned', epochs=300)"."""
        changed = (f"{name}={getattr(self, name)!r}" for name in self.differences())
        return f"Experiment({', '.join(changed)})"

    def _repr_html_(self) -> str:
        changed = self.differences()
        fixed = {f.name: _text(getattr(self, f.name)) for f in fields(self) if f.name not in changed}
        rest = ", ".join(f"{name} {text}" for name, text in fixed.items())
        return card("Experiment", changed | {tr("as in the question"): rest})

    @property
    def two_outputs(self) -> bool:
        return HEADS[self.head].two_outputs

    @property
    def layout(self) -> ParameterLayout:
        """How many numbers this experiment's network has, and which is which."""
        return ParameterLayout.of(self.two_outputs, self.second_conv, self.kernels)

    def initial_weights(self, init: str = "", seed: int | None = None) -> Vector:
        """The flat weights that this network starts from, by its own init and seed where nothing else is said.

        Raises ValueError for `given`, which has none.
        """
        return initial_weights(
            init or self.init,
            seed=self.seed if seed is None else seed,
            head=self.head,
            second_conv=self.second_conv,
            target=self.target,
            kernels=self.kernels,
            hidden=self.hidden,
        )

    @property
    def broadcasts(self) -> bool:
        """Whether labels meet outputs of another shape, so that every output is compared with every label."""
        return broadcasts(self.labels, self.two_outputs)

    @property
    def mislabels(self) -> bool:
        """Whether outputs are compared with the labels of other samples, drawn by shuffling. Where labels are
        broadcast every output meets all labels of its batch in any order, and a batch of one has nothing to shuffle."""
        return self.labels_shuffled and not self.broadcasts and self.batch_size > 1

    @property
    def scenes(self) -> Scenes | None:
        """The scenes whose patches are learned from; None where that is the 512 patterns."""
        return scenes_of(self.data, self.scene_count, self.scene_seed)

    @property
    def plan(self) -> BatchPlan:
        return BatchPlan(self.target, self.balance, self.batch_size, self.scenes)

    @property
    def threshold(self) -> float:
        """The z above which the answer is "corner": 0, except for linear + mse (0.5). Exactly there is a tie, which is
        wrong for either label."""
        return LOSSES[self.loss].threshold(self.head)

    @property
    def query(self) -> str:
        """The experiment as a query string: only what differs from the default, without the question mark."""
        return urlencode(self.differences(), safe=",:")

    def differences(self) -> dict[str, str]:
        """The fields that differ from the default, as text."""
        default = Experiment()
        return {
            f.name: _text(getattr(self, f.name))
            for f in fields(self)
            if getattr(self, f.name) != getattr(default, f.name)
        }

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"target": list(self.target)}

    def warnings(self) -> list[str]:
        """What is allowed but cannot end well, one sentence each."""
        if LOSSES[self.loss].signed and self.head in ("hard_sigmoid", "sigmoid"):
            return [
                tr(
                    "{loss} wants outputs of −1 for the others; {head} gives 0 to 1, so it can never reach them.",
                    loss=self.loss,
                    head=self.head,
                )
            ]
        return []


def refusal(experiment: Experiment) -> ExperimentError | None:
    """Why these fields, each fine by itself, do not go together; None if they do."""
    e = experiment
    if e.two_outputs and e.loss not in ("categorical_crossentropy", "mse"):
        why = tr("compares one output, head {head} has two; use 'categorical_crossentropy' or 'mse'", head=repr(e.head))
        return ExperimentError("loss", e.loss, why)
    if LOSSES[e.loss].needs_two_outputs and not e.two_outputs:
        why = tr("compares two outputs, head {head} has one; use head 'softmax'", head=repr(e.head))
        return ExperimentError("loss", e.loss, why)
    if e.data != "patterns" and (refused := _refused_on_scenes(e)):
        return refused
    if not e.second_conv and (e.kernels > 1 or e.hidden != "none"):
        if e.kernels > 1:
            why = tr("are added up by the 1x1 convolution, and there is none; use second_conv true")
            return ExperimentError("kernels", e.kernels, why)
        why = tr("stands before the 1x1 convolution, and there is none; use second_conv true")
        return ExperimentError("hidden", e.hidden, why)
    if e.balance == "half_batch" and e.batch_size < 2:
        return ExperimentError("balance", e.balance, tr("half of a batch needs a batch_size of 2 or more"))
    if e.balance == "hard_negatives" and e.labels_shuffled:
        why = tr("chooses samples by their labels, and the labels are shuffled")
        return ExperimentError("balance", e.balance, why)
    if INITS[e.init].one_target and len(e.target) != 1:
        why = tr("is made from one target, and there are {count}", count=len(e.target))
        return ExperimentError("init", e.init, why)
    return None


def _refused_on_scenes(e: Experiment) -> ExperimentError | None:
    if len(wanted_orientations(e.target)) != len(e.target):
        corners = ", ".join(map(str, sorted(CORNER_PATTERNS.values())))
        why = tr(
            "knows the corners of rectangles alone; choose targets of {corners}, or data 'patterns'", corners=corners
        )
        return ExperimentError("data", e.data, why)
    if e.stop != "never":
        why = tr("speaks of all 512 patterns, of which scenes have a few, some with both labels; use 'never'")
        return ExperimentError("stop", e.stop, why)
    doubled = 2 if e.balance in ("oversample", "half_batch") else 1
    least = -(-doubled * PATCHES * e.scene_count // MOST_UPDATES)
    if e.batch_size < least:
        size = next(size for size in BATCH_SIZES if size >= least)
        why = tr(
            "makes more than {most} updates of these scenes' patches; use {size} or more, or fewer scenes",
            most=f"{MOST_UPDATES:,}",
            size=size,
        )
        return ExperimentError("batch_size", e.batch_size, why)
    return None


def repaired(experiment: Experiment, **changes: Any) -> tuple[Experiment, list[str]]:
    """The experiment with fields changed, and whatever no longer goes with them changed too, with a sentence for each.

    Raises ExperimentError if a changed field itself is wrong.
    """
    wanted: dict[str, Any] = dict(changes)
    notes: list[str] = []
    while True:
        try:
            return replace(experiment, **wanted), notes
        except ExperimentError as error:
            if error.field in wanted:
                raise
            other = (
                "categorical_crossentropy"
                if error.field == "loss" and wanted.get("head") == "softmax"
                else getattr(Experiment(), error.field)
            )
            wanted[error.field] = other
            notes.append(tr("{error}. It is {value} now.", error=error, value=other))


def reasons(field: str, experiment: Experiment, repair: bool = False) -> dict[str, str]:
    """For each word of a field's registry: why it cannot be chosen now, or "" if it can. `repair`: whether what no
    longer goes with it may change, too."""
    return {word: why_not(field, word, experiment, repair) for word in REGISTRIES[field]}


def why_not(field: str, value: object, experiment: Experiment, repair: bool = False) -> str:
    """Why a field cannot have this value now, or "" if it can; `repair` as in `reasons`."""
    return _why_not(field, value, _seedless(experiment), repair, current().code)


@lru_cache(maxsize=256)
def _seedless(experiment: Experiment) -> Experiment:
    return replace(experiment, seed=0)


@lru_cache(maxsize=4096, typed=True)
def _why_not(field: str, value: object, experiment: Experiment, repair: bool, _language: str) -> str:
    """Kept for all seeds: none refuses anything."""
    try:
        change: dict[str, Any] = {field: value}
        (repaired if repair else replace)(experiment, **change)
    except ExperimentError as error:
        return error.allowed
    return ""


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
