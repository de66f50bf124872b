"""A link to all that a visitor has in front of them: the experiment, how its run began, the bench and the playhead.

A query string. The experiment's fields stand as `Experiment.query` writes them; the rest is optional:

    v=1             the version of these words
    pixels=432      the pattern on the bench
    weights=1,-1,…  the numbers on the bench where they were edited, as `ParameterLayout.bench` orders them; their count
                    says which network they are of
    locks=k4,bias   the numbers that training is to keep, by the names of `parameters.linear_names`
    epoch=100       train, and put the playhead there
    start=0.5,…     the flat weights that the run started from (see `ParameterLayout`), where `init` does not say it
    held=k4:1.5     the numbers that the run kept, and their values

And how much of the page is to be seen:

    show=bench,atlas    these parts of the stage alone, fitted to the window, in a frame above all; see `PARTS`
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import numpy as np

from corner_lab.experiment.experiment import MAX_EPOCHS, Experiment, ExperimentError
from corner_lab.experiment.parsing import by_name, from_fields, only
from corner_lab.language import tr
from corner_lab.network.parameters import BENCHES, ParameterLayout, Vector
from corner_lab.network.patterns import COUNT
from corner_lab.training.run import Run

VERSION = "1"
STAGE_WORDS = ("v", "pixels", "weights", "locks", "epoch")  # the stage writes these into the address itself
RUN_WORDS = ("start", "held")
SHOW = "show"
PARTS = ("bench", "atlas", "curves", "transport", "picture", "outcome")  # of the stage, as `show` names them
ALL_PARTS = tuple(part for part in PARTS if part != "picture")  # what `show` shows that names none of them
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"


@dataclass(frozen=True)
class Link:
    """What a link says. None, or empty, where it says nothing."""

    experiment: Experiment = field(default_factory=Experiment)
    pixels: int | None = None
    weights: tuple[float, ...] | None = None
    locks: frozenset[int] = frozenset()
    epoch: int | None = None
    start: Vector | None = None
    held: Mapping[int, float] = field(default_factory=dict)
    show: tuple[str, ...] = ()  # parts of the stage; () for the whole page


def read(link: str, ignore: tuple[str, ...] = ()) -> tuple[Link, list[ExperimentError]]:
    """What a query string or a whole URL says, and everything that is wrong with it.

    Each wrong, unknown or repeated word is named and left out; names in `ignore` are passed over.
    """
    try:
        query = urlsplit(link).query if "://" in link or link.lstrip().startswith(("/", "?")) else link
        pairs = parse_qsl(query.strip(), keep_blank_values=True)
    except ValueError:
        return Link(), [ExperimentError("link", link, tr("neither a URL nor a query string"))]
    return read_pairs([(name, text) for name, text in pairs if name not in ignore])


def read_pairs(pairs: list[tuple[str, str]]) -> tuple[Link, list[ExperimentError]]:
    """As `read`, from (name, text) pairs."""
    own = (*STAGE_WORDS, *RUN_WORDS, SHOW)
    experiment, errors = from_fields([(name, text) for name, text in pairs if name not in own])
    words = by_name((name, text) for name, text in pairs if name in own)
    values: dict[str, Any] = {}
    if SHOW in words:
        values[SHOW], wrong = shown_parts(words.pop(SHOW))
        errors += wrong
    for name in sorted(words, key=own.index):  # what stands on the bench before what is locked of it
        try:
            shape = _bench_shape(experiment, values.get("weights")) if name == "locks" else _shape(experiment)
            values[name] = READERS[name](name, only(name, words[name]).strip(), shape)
        except ExperimentError as error:
            errors.append(error)
    values.pop("v", None)
    return Link(experiment, **values), errors


def shown_parts(texts: Iterable[str]) -> tuple[tuple[str, ...], list[ExperimentError]]:
    """The parts that texts as "bench,atlas" name, each once, in their order, and what is wrong with the rest of them.

    Its twin, for addresses that Python does not see, is ui/components/stage/embed/parts.js.
    """
    names = dict.fromkeys(name.strip().lower() for text in texts for name in text.split(","))
    parts = tuple(name for name in names if name in PARTS) or ALL_PARTS
    wrong = ",".join(name for name in names if name and name not in PARTS)
    told = tr("allowed are {words}; shown now: {shown}", words=", ".join(PARTS), shown=", ".join(parts))
    return parts, [ExperimentError(SHOW, wrong, told)] if wrong else []


def _whole(name: str, text: str, most: int) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) > most:
        raise ExperimentError(name, text, tr("a whole number from 0 to {most}", most=f"{most:,}"))
    return int(text)


def _numbers(name: str, text: str, count: int) -> Vector:
    """`count` finite float32 numbers, separated by commas."""
    wanted = tr("one finite number") if count == 1 else tr("{count} finite numbers separated by commas", count=count)
    parts = text.split(",", count)
    if len(parts) != count or not all(re.fullmatch(NUMBER, part, re.ASCII) for part in parts):
        raise ExperimentError(name, text, wanted)
    values = [float(part) for part in parts]
    with np.errstate(over="ignore"):
        numbers = np.array(values).astype(np.float32)
    if not np.isfinite(numbers).all():
        raise ExperimentError(name, text, wanted)
    return numbers


def _vector(name: str, text: str, shape: ParameterLayout) -> Vector:
    """The flat weights of this network. Raises ExperimentError, also for what z cannot hold."""
    return _held_by_z(name, text, lambda: shape.checked(_numbers(name, text, shape.size)))


def _bench(name: str, text: str, shape: ParameterLayout) -> tuple[float, ...]:
    """The numbers of this network's bench, or of another's: a bench stays as it is while the settings change."""
    count = text.count(",") + 1
    numbers = _numbers(name, text, count if count in BENCHES else len(shape.bench_names))
    _held_by_z(name, text, lambda: ParameterLayout.of_bench(len(numbers)).from_bench(numbers))
    return tuple(numbers.tolist())


def _held_by_z(name: str, text: str, weights: Callable[[], Vector]) -> Vector:
    try:
        return weights()
    except ExperimentError:
        raise
    except ValueError as error:
        raise ExperimentError(name, text, str(error)) from None


def _bench_shape(e: Experiment, bench: tuple[float, ...] | None) -> ParameterLayout:
    """The network whose numbers stand on the bench: that of its numbers, where the link has such."""
    return e.layout if bench is None else ParameterLayout.of_bench(len(bench))


def _named(name: str, word: str, shape: ParameterLayout) -> int:
    names = shape.linear_names
    if word not in names:
        raise ExperimentError(name, word, tr("allowed are {words}", words=", ".join(names)))
    return names.index(word)


def _held(name: str, text: str, shape: ParameterLayout) -> dict[int, float]:
    values = dict[int, float]()
    for part in text.split(","):
        word, _, number = part.partition(":")
        i = _named(name, word, shape)
        if i >= 10 and not shape.seconds:
            raise ExperimentError(name, word, tr("this network has no second convolution"))
        values[i] = float(_numbers(name, number, 1)[0])
    ones = [float(part.startswith("w2")) for part in shape.linear_names]
    numbers = np.array([values.get(i, one) for i, one in enumerate(ones)], dtype=np.float32)
    _held_by_z(name, text, lambda: shape.from_linear(numbers))
    return values


def _version(name: str, text: str, shape: ParameterLayout) -> None:
    if text != VERSION:
        raise ExperimentError(name, text, tr("this Corner Lab reads links of version {version}", version=VERSION))


READERS: Mapping[str, Callable[[str, str, ParameterLayout], object]] = {
    "v": _version,
    "pixels": lambda name, text, shape: _whole(name, text, COUNT - 1),
    "weights": _bench,
    "locks": lambda name, text, shape: frozenset(_named(name, word, shape) for word in text.split(",")),
    "epoch": lambda name, text, shape: _whole(name, text, MAX_EPOCHS),
    "start": _vector,
    "held": _held,
}


def _shape(e: Experiment) -> ParameterLayout:
    return e.layout


# ---------------------------------------------------------------- writing


def query(link: Link) -> str:
    """The link as a query string, without the question mark."""
    words = run_words(link.experiment, link.start, link.held)
    state = dict[str, str]()
    if link.pixels is not None:
        state["pixels"] = str(link.pixels)
    if link.weights is not None:
        state["weights"] = numbers_text(link.weights)
    if link.locks:
        shape = link.experiment.layout if link.weights is None else ParameterLayout.of_bench(len(link.weights))
        state["locks"] = ",".join(shape.linear_names[i] for i in sorted(link.locks))
    if link.epoch is not None:
        state["epoch"] = str(link.epoch)
    return query_of(words | ({"v": VERSION} if state else {}) | state)


def query_of(words: Mapping[str, str]) -> str:
    """Words as a query string, without the question mark."""
    return urlencode(words, safe=",:")


def run_words(
    experiment: Experiment, start: Vector | None = None, held: Mapping[int, float] | None = None
) -> dict[str, str]:
    """The words for the experiment and for how its run began."""
    words = experiment.differences()
    if experiment.init == "given":  # a word that says nothing without the weights
        del words["init"]
    if start is not None:
        words["start"] = numbers_text(start)
    if held:
        names = experiment.layout.linear_names
        words["held"] = ",".join(f"{names[i]}:{numbers_text((value,))}" for i, value in sorted(held.items()))
    return words


def leads_to(experiment: Experiment, run: Run) -> bool:
    """Whether a link with this experiment, and with how the run began, leads to the run."""
    return run.experiment in (experiment, replace(experiment, init="given"))


def words_of(experiment: Experiment, run: Run | None) -> dict[str, str]:
    """The words of a page that shows this experiment, and this run if they lead to it."""
    if run is None or run.history is None or not leads_to(experiment, run):
        return run_words(experiment)
    start = run.history.weights_at(0) if run.experiment.init == "given" else None
    return run_words(experiment, start, run.held)


def numbers_text(numbers: Vector | tuple[float, ...]) -> str:
    """Each number in the fewest digits that give the same float32, separated by commas."""
    return ",".join(_shortest(np.float32(value)) for value in numbers)


def _shortest(value: np.float32) -> str:
    plain = value == 0 or 1e-4 <= abs(value) < 1e7
    return np.format_float_positional(value, trim="-") if plain else str(value).replace("+", "")
