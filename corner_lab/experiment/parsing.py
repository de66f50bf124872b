"""An experiment from text: a field's value, a link, (name, text) pairs. What is wrong is named; its default stands."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from corner_lab.experiment.experiment import CHECKS, Experiment, ExperimentError
from corner_lab.network.patterns import TARGET_WORDS, target_word

WHOLE_NUMBERS = ("scene_count", "scene_seed", "kernels", "batch_size", "epochs", "seed")
NO_WEIGHTS = (
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
        return Experiment(), [ExperimentError("link", link, "neither a URL nor a query string")]
    pairs = parse_qsl(query.strip(), keep_blank_values=True)
    return from_fields([(name, text) for name, text in pairs if name not in ignore])


def from_fields(pairs: list[tuple[str, str]]) -> tuple[Experiment, list[ExperimentError]]:
    """As `from_query`, from (name, text) pairs."""
    errors: list[ExperimentError] = []
    values: dict[str, Any] = {}
    seen: set[str] = set()
    for name, text in pairs:
        try:
            if name not in CHECKS:
                raise ExperimentError("unknown field", name, "fields are " + ", ".join(CHECKS))
            if name in seen:
                values.pop(name, None)
                raise ExperimentError(name, text, "appears more than once")
            seen.add(name)
            value = value_from_text(name, text)
            if name == "init" and value == "given":
                raise ExperimentError(name, text, NO_WEIGHTS)
            values[name] = value
        except ExperimentError as error:
            errors.append(error)
    while True:
        try:
            return Experiment(**values), errors
        except ExperimentError as error:  # fields that do not go together: name it, and let its default stand
            errors.append(error)
            del values[error.field]
