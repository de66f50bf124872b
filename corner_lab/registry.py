"""What every registry entry has: the word of a choice, its label, one sentence, and where it is defined."""

from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True)
class Choice:
    """One word of an `Experiment` field. Sidebar, command line and docs read the registries made of these."""

    word: str  # as written in links, JSON and on the command line
    label: str  # as shown on screen
    explanation: str  # one sentence
    source: str  # where it is defined: a Keras name or a paper


C = TypeVar("C", bound=Choice)


def registry(*choices: C) -> dict[str, C]:
    """Choices by word, in the order in which they are offered."""
    return {choice.word: choice for choice in choices}
