"""The parser of the command line: argparse's, in the language that is spoken, which raises what it refuses."""

import argparse
from typing import Any, NoReturn

from corner_lab.cli.text_width import columns, wrapped
from corner_lab.language import msgc, trc


class UsageError(Exception):
    """A command line that argparse refuses."""


class Help(argparse.HelpFormatter):
    """Help whose lines are as wide as they stand in a terminal."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in wrapped(text, width - len(indent)))

    def _format_usage(self, *args: Any) -> str:
        """argparse counts letters: its further lines are moved under what stands wider on the first one."""
        prefix = _said("usage: ")
        wider = columns(prefix) - len(prefix)
        self._width -= wider
        first, *further = super()._format_usage(*args).splitlines(keepends=True)
        self._width += wider
        return first + "".join(" " * wider + line if line.strip() else line for line in further)


class Parser(argparse.ArgumentParser):
    """A parser that raises what it refuses, instead of printing its usage and leaving."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=Help, **options)

    def error(self, message: str) -> NoReturn:
        raise UsageError(message.removeprefix("argument "))


# What argparse itself says of commands like these; of what is not here its English.
_WORDS = (
    msgc("argparse", "usage: "),
    msgc("argparse", "positional arguments"),
    msgc("argparse", "options"),
    msgc("argparse", "show this help message and exit"),
    msgc("argparse", "argument %(argument_name)s: %(message)s"),
    msgc("argparse", "the following arguments are required: %s"),
    msgc("argparse", "one of the arguments %s is required"),
    msgc("argparse", "unrecognized arguments: %s"),
    msgc("argparse", "not allowed with argument %s"),
    msgc("argparse", "ignored explicit argument %r"),
    msgc("argparse", "expected one argument"),
    msgc("argparse", "expected at least one argument"),
    msgc("argparse", "invalid %(type)s value: %(value)r"),
    msgc("argparse", "invalid choice: %(value)r (choose from %(choices)s)"),
)


def _said(text: str) -> str:
    return trc("argparse", text)


vars(argparse).update(_=_said)  # in place of gettext's, which would look in a catalogue of the machine
