"""The words of the command line: what can be asked for, and its help, in the language that `--lang` asks for."""

from corner_lab.cli.parser.argument_parser import UsageError
from corner_lab.cli.parser.parser_for import parser_for
from corner_lab.cli.parser.words import language_asked, values_joined

__all__ = ["UsageError", "language_asked", "parser_for", "values_joined"]
