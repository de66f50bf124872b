"""Python source as text, laid out as `ruff format` lays it out."""

import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 100


def code(text: str) -> list[str]:
    """The lines of an indented block of source."""
    return textwrap.dedent(text).strip("\n").splitlines()


def comment(*texts: str) -> list[str]:
    """Sentences as comment lines."""
    return textwrap.wrap(" ".join(texts), WIDTH, initial_indent="# ", subsequent_indent="# ")


def call(start: str, arguments: Sequence[str], indent: int = 0) -> list[str]:
    """A call such as `model = keras.Sequential` with its arguments: on one line if it fits, otherwise one per line."""
    line = f"{start}({', '.join(arguments)})"
    # Three characters for what may follow: a bracket and a comma.
    if indent + len(line) <= WIDTH - 3:
        return [line]
    return [f"{start}(", *(f"    {argument}," for argument in arguments), ")"]


def asserted(condition: str, message: str) -> list[str]:
    """An assertion with its message, an f-string's inside."""
    line = f'assert {condition}, f"{message}"'
    return [line] if len(line) <= WIDTH else [f"assert {condition}, (", f'    f"{message}"', ")"]


def indented(lines: Iterable[str], by: int = 4) -> list[str]:
    return [" " * by + line if line else line for line in lines]


def joined(paragraphs: Iterable[Sequence[str]]) -> str:
    """Paragraphs of lines as one file: two empty lines around definitions, one anywhere else."""
    text, after_definition = "", False
    for lines in paragraphs:
        if not lines:
            continue
        definitions = [line.startswith(("def ", "class ")) for line in lines]
        if text:
            text += "\n\n\n" if definitions[0] or after_definition else "\n\n"
        text += "\n".join(lines)
        after_definition = any(definitions)
    return text + "\n"
