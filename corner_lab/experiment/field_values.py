"""The values of an experiment's fields: the registries of what can be chosen, the ranges, a check for each field."""

import math
from collections.abc import Callable, Mapping

from corner_lab.experiment.data.label_shapes import LABELS
from corner_lab.experiment.data.sampling import BALANCES
from corner_lab.experiment.data.training_set import DATA, LEAST_SCENES, MOST_SCENES
from corner_lab.experiment.early_stopping import STOPS
from corner_lab.experiment.initializers import INITS
from corner_lab.experiment.losses import LOSSES
from corner_lab.experiment.optimizers import OPTIMIZERS
from corner_lab.language import tr
from corner_lab.network.heads import HEADS
from corner_lab.network.hidden import HIDDEN
from corner_lab.network.parameters import MOST_KERNELS
from corner_lab.network.patterns import COUNT
from corner_lab.registry import Choice

MAX_EPOCHS = 100_000
MAX_LEARNING_RATE = 1000.0
MAX_SEED = 2**31 - 1
MAX_SCENE_SEED = 1_000_000_000
MOST_UPDATES = 6_000  # in an epoch, which nothing interrupts
BATCH_SIZES = tuple(2**power for power in range(10))  # 1..512

REGISTRIES: Mapping[str, Mapping[str, Choice]] = {
    "head": HEADS,
    "labels": LABELS,
    "hidden": HIDDEN,
    "loss": LOSSES,
    "balance": BALANCES,
    "optimizer": OPTIMIZERS,
    "init": INITS,
    "stop": STOPS,
    "data": DATA,
}


class ExperimentError(ValueError):
    """A field that cannot be: names the field and the value, and says what is allowed."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        self.field, self.value, self.allowed = field, value, allowed
        shown = value if isinstance(value, str) else repr(value)
        shown = shown if len(shown) <= 40 else shown[:37] + "..."
        shown = repr(shown) if isinstance(value, str) else shown
        super().__init__(tr("{field} {value}: {allowed}", field=field, value=shown, allowed=allowed))


def _word(name: str, value: object) -> str:
    words = REGISTRIES[name]
    if not isinstance(value, str) or value not in words:
        raise ExperimentError(name, value, tr("allowed are {words}", words=", ".join(words)))
    return value


def _target(name: str, value: object) -> tuple[int, ...]:
    allowed = tr(
        "pattern indices 0..{last}, separated by commas, at least one and not all {count}; or a name, such as "
        "four_corners",
        last=COUNT - 1,
        count=COUNT,
    )
    if isinstance(value, int) and not isinstance(value, bool):
        value = (value,)
    if not isinstance(value, tuple | list) or not value:
        raise ExperimentError(name, value, allowed)
    if not all(isinstance(i, int) and not isinstance(i, bool) and 0 <= i < COUNT for i in value):
        raise ExperimentError(name, ",".join(map(str, value)), allowed)
    unique = tuple(sorted(set(value)))
    if len(unique) == COUNT:
        raise ExperimentError(name, tr("all {count}", count=COUNT), allowed)
    return unique


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ExperimentError(name, value, tr("true or false"))
    return value


def _whole(low: int, high: int) -> Callable[[str, object], int]:
    shown = {"low": f"{low:,}", "high": f"{high:,}"}

    def check(name: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ExperimentError(name, value, tr("a whole number from {low} to {high}", **shown))
        return value

    return check


def _learning_rate(name: str, value: object) -> float:
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    if not 0 < number <= MAX_LEARNING_RATE:  # also refuses NaN
        raise ExperimentError(name, value, tr("a number above 0 and up to {most}", most=f"{MAX_LEARNING_RATE:g}"))
    return float(number)


def _batch_size(name: str, value: object) -> int:
    if isinstance(value, bool) or value not in BATCH_SIZES:
        raise ExperimentError(
            name, value, tr("a power of two from {least} to {most}", least=BATCH_SIZES[0], most=BATCH_SIZES[-1])
        )
    assert isinstance(value, int | float)
    return int(value)


CHECKS: Mapping[str, Callable[[str, object], object]] = {
    "target": _target,
    **dict.fromkeys(("head", "labels"), _word),
    **dict.fromkeys(("labels_shuffled", "second_conv"), _flag),
    "kernels": _whole(1, MOST_KERNELS),
    "hidden": _word,
    **dict.fromkeys(("loss", "balance", "optimizer"), _word),
    "learning_rate": _learning_rate,
    "batch_size": _batch_size,
    "epochs": _whole(0, MAX_EPOCHS),
    "init": _word,
    "seed": _whole(0, MAX_SEED),
    "stop": _word,
    "data": _word,
    "scene_count": _whole(LEAST_SCENES, MOST_SCENES),
    "scene_seed": _whole(0, MAX_SCENE_SEED),
}
