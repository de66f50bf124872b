"""Messages: a sentence with names in braces for what is put in, said in the language of whoever reads it.

The English sentence is the key of the catalogue, so it is always one literal: `python tools/messages.py` collects the
literals of calls of `tr`, `trn`, `trc`, `msg`, `msgn` and `msgc`. A brace that is meant is doubled wherever something
is put in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from corner_lab.language.catalogue import catalogue
from corner_lab.language.languages import SOURCE, current


@dataclass(frozen=True)
class Message:
    """A sentence before it is known who reads it; `str` says it in the language spoken then. Hashable, and can be
    pickled. What is put in may be messages too.

    `context`: tells apart what is one word in English, and two in another language. `plural`, `count`: of what is
    counted; `{count}` is then the count with commas.
    """

    text: str
    values: tuple[tuple[str, Any], ...] = ()
    context: str = ""
    plural: str = ""
    count: int = 1

    def __str__(self) -> str:
        words = catalogue(current().code)
        if self.plural:
            said = words.ngettext(self.text, self.plural, self.count)
            return said.format(**{"count": f"{self.count:,}"} | dict(self.values))
        said = words.pgettext(self.context, self.text) if self.context else words.gettext(self.text)
        return said.format(**dict(self.values)) if self.values else said


@dataclass(frozen=True)
class Joined(Message):
    """Several sentences, one after the other. `text` is unused, `values` number the sentences."""

    def __str__(self) -> str:
        return joined(str(part) for _, part in self.values)


@dataclass(frozen=True)
class Cased(Message):
    """A name or a label with a large letter first, as an English sentence begins, or with a small one, as within it.
    `text` is unused, `context` says which of the two, `values` hold the words."""

    def __str__(self) -> str:
        said = str(self.values[0][1])
        if current().code != SOURCE:
            return said
        first = said[:1].upper() if self.context == "large" else said[:1].lower()
        return first + said[1:]


def msg(text: str, /, **values: Any) -> Message:
    """A sentence to be said later."""
    return Message(text, tuple(values.items()))


def msgc(context: str, text: str, /, **values: Any) -> Message:
    """A sentence to be said later whose translation depends on where it stands."""
    return Message(text, tuple(values.items()), context)


def msgn(one: str, many: str, count: int, /, **values: Any) -> Message:
    """A sentence to be said later about so many: `msgn("{count} pattern", "{count} patterns", 3)`."""
    return Message(one, tuple(values.items()), "", many, count)


def first_of(message: Message) -> Message:
    """The first sentence of several; of one, that itself."""
    return first_of(message.values[0][1]) if isinstance(message, Joined) else message


def begins(words: Message | str) -> Message:
    """A name or a label, with which a sentence begins."""
    return Cased("", (("words", words),), "large")


def within(words: Message | str) -> Message:
    """A label within a sentence."""
    return Cased("", (("words", words),), "small")


def tr(text: str, /, **values: Any) -> str:
    """A sentence in the language spoken now: `tr("{name} is wrong.", name="z")`. Without values braces are braces."""
    return str(Message(text, tuple(values.items())))


def trc(context: str, text: str, /, **values: Any) -> str:
    """As `tr`, of a text whose translation depends on where it stands."""
    return str(Message(text, tuple(values.items()), context))


def trn(one: str, many: str, count: int, /, **values: Any) -> str:
    """As `tr`, of what is counted: `trn("{count} pattern", "{count} patterns", 1234)` is "1,234 patterns"."""
    return str(Message(one, tuple(values.items()), "", many, count))


def joined(sentences: Iterable[str]) -> str:
    """Sentences one after the other, as the language writes them; empty ones are left out."""
    return current().space.join(sentence for sentence in sentences if sentence)
