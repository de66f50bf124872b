"""An experiment from text: a field's value, a link, (name, text) pairs. What is wrong is named; its default stands."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from corner_lab.experiment.experiment import CHECKS, Experiment, ExperimentError
from corner_lab.language import msg, tr
from corner_lab.network.patterns import TARGET_WORDS, target_word

WHOLE_NUMBERS = ("scene_count", "scene_seed", "kernels", "batch_size", "epochs", "seed")
NO_WEIGHTS = msg(
    "a link carries no weights by this word; open their file in the sidebar under “Weights from a file” "
    "(on the command line: --from FILE), or choose another init"
)


def value_from_text(name: str, text: str) -> object:
    """A field's value from how it is written in a link or on the command line. Raises ExperimentError."""
    text = text.strip()
    value: object = text
    if isinstance(Experiment.__dataclass_fields__[name].default, bool):
        value = {"true": True, "false": False}.get(text.lower(), text)
    elif name == "target":
        value = _targets(text) or text
    elif name in WHOLE_NUMBERS and re.fullmatch(r"-?\d{1,12}", text, re.ASCII):
        value = int(text)
    elif name == "learning_rate" and re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", text, re.ASCII):
        value = float(text)
    return CHECKS[name](name, value)


def _targets(text: str) -> tuple[int, ...]:
    """The pattern indices that indices and names of `TARGETS` between commas stand for; none if one is neither."""
    found: list[int] = []
    for part in text.split(","):
        named = TARGET_WORDS.get(target_word(part))
        if named is None and not re.fullmatch(r"\d{1,9}", part, re.ASCII):
            return ()
        found += named or (int(part),)
    return tuple(found)


def from_query(link: str, ignore: tuple[str, ...] = ()) -> tuple[Experiment, list[ExperimentError]]:
    """The experiment that a query string or a whole URL describes, and everything that is wrong with it.

    Each wrong, unknown or repeated field is named and has its default; names in `ignore` are passed over.
    """
    try:
        query = urlsplit(link).query if "://" in link or link.lstrip().startswith(("/", "?")) else link
    except ValueError:
        return Experiment(), [ExperimentError(tr("link"), link, tr("neither a URL nor a query string"))]
    pairs = parse_qsl(query.strip(), keep_blank_values=True)
    return from_fields([(name, text) for name, text in pairs if name not in ignore])


def from_fields(pairs: Iterable[tuple[str, str]]) -> tuple[Experiment, list[ExperimentError]]:
    """As `from_query`, from (name, text) pairs. However many there are, there is one error for a field at most, one for
    all that are unknown, and those for fields that do not go together."""
    texts = by_name(pairs)
    errors: list[ExperimentError] = []
    values: dict[str, Any] = {}
    for name in (name for name in texts if name in CHECKS):
        try:
            value = value_from_text(name, only(name, texts[name]))
            if name == "init" and value == "given":
                raise ExperimentError(name, texts[name][0], str(NO_WEIGHTS))
            values[name] = value
        except ExperimentError as error:
            errors.append(error)
    unknown = [name for name in texts if name not in CHECKS]
    if unknown:
        errors.append(_unknown(unknown))
    while True:
        try:
            return Experiment(**values), errors
        except ExperimentError as error:  # fields that do not go together: name it, and let its default stand
            errors.append(error)
            del values[error.field]


def by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What is said by each name, in the order of the names' first appearance."""
    texts: dict[str, list[str]] = {}
    for name, text in pairs:
        texts.setdefault(name, []).append(text)
    return texts


def only(name: str, texts: list[str]) -> str:
    """The one text of a name. Raises ExperimentError where there are more."""
    if len(texts) > 1:
        raise ExperimentError(name, texts[1], tr("appears more than once"))
    return texts[0]


def _unknown(names: list[str]) -> ExperimentError:
    what = tr("unknown field") if len(names) == 1 else tr("{count} unknown fields", count=f"{len(names):,}")
    return ExperimentError(what, ", ".join(names[:20]), tr("fields are {fields}", fields=", ".join(CHECKS)))
