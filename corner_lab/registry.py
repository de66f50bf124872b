"""What every registry entry has: the word of a choice or of the app, its label, one sentence, where it is defined."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from corner_lab.language import Message, msg

HERE = msg("defined in this app")


@dataclass(frozen=True)
class Choice:
    """One word of an `Experiment` field. Sidebar, command line and docs read the registries made of these.

    Made of messages (or of text that is the same in any language); `label`, `explanation` and `source` say them in the
    language of whoever reads.
    """

    word: str  # as written in links, JSON and on the command line
    label_message: Message | str
    explanation_message: Message | str
    source_message: Message | str

    @property
    def label(self) -> str:
        """As shown on screen."""
        return str(self.label_message)

    @property
    def explanation(self) -> str:
        """One sentence."""
        return str(self.explanation_message)

    @property
    def source(self) -> str:
        """Where it is defined: a Keras name or a paper."""
        return str(self.source_message)


@dataclass(frozen=True)
class Term(Choice):
    """A word of the app. `word` is its anchor in the glossary: letters, digits and hyphens."""

    source_message: Message | str = HERE
    further: str = ""  # names of pages, apart by spaces

    @property
    def met(self) -> tuple[str, ...]:
        """The names of the pages on which it is met."""
        return ("play", *self.further.split())


C = TypeVar("C", bound=Choice)


def registry(*choices: C) -> dict[str, C]:
    """Choices by word, in the order in which they are offered."""
    return {choice.word: choice for choice in choices}


class Texts(Mapping[str, str]):
    """Texts by word, each said in the language of whoever reads it; `message` is what can be said later."""

    def __init__(self, messages: Mapping[str, Message | str]) -> None:
        self._messages = dict(messages)

    def __getitem__(self, word: str) -> str:
        return str(self.message(word))

    def __iter__(self) -> Iterator[str]:
        return iter(self._messages)

    def __len__(self) -> int:
        return len(self._messages)

    def message(self, word: str) -> Message | str:
        """Raises KeyError for a word that there is not."""
        return self._messages[word]
