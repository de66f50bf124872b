"""Options that several commands have: what is to be trained, from where, files of it, and the exit status."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeAlias

from corner_lab.cli.options_listing import allowed
from corner_lab.cli.parser.argument_parser import Parser
from corner_lab.cli.request import CLOSED_FORMS
from corner_lab.experiment.experiment import CHECKS, Experiment
from corner_lab.experiment.field_help import GENERAL
from corner_lab.language import tr

Commands = Mapping[str, Callable[[argparse.Namespace], int]]
Subparsers: TypeAlias = "argparse._SubParsersAction[Parser]"
Group: TypeAlias = "argparse._MutuallyExclusiveGroup"


def add_command(subparsers: Subparsers, commands: Commands, name: str, said: str, epilog: str | None = None) -> Parser:
    """The parser of a command, which its result has as `command`; `said`: its help, `epilog`: what stands below."""
    parser: Parser = subparsers.add_parser(name, help=said, epilog=epilog)
    parser.set_defaults(command=commands[name])
    return parser


def exit_status() -> str:
    return tr(
        "Exit status: 0 done, also where the run diverged or Keras refused it (the status says so); 1 failed; 2 "
        "refused, before anything was trained; 130 stopped by Ctrl+C. The first Ctrl+C ends training after its current "
        "chunk, and what was trained is printed and written as usual, with status stopped; before training it ends at "
        "once."
    )


def weights_help() -> str:
    return tr(
        "{words}, or a file: a `train --json` document (whose settings then count, unless an option says otherwise) or "
        "what --save wrote",
        words=", ".join(CLOSED_FORMS),
    )


def add_trained(parser: Parser) -> None:
    """What is to be trained, and the files that hold it."""
    add_base(parser.add_mutually_exclusive_group())
    title = tr("override a field of the scenario or link (default: the question as asked)")
    add_fields(parser, list(CHECKS), title)
    said = tr("write a row per epoch, metrics and weights (.csv or .json)")
    parser.add_argument("--history", metavar="FILE", help=said)
    parser.add_argument("--save", metavar="FILE", help=tr("write the weights as JSON"))
    add_start(parser)


def add_base(group: Group) -> None:
    said = tr("start from a named experiment (`options` lists them)")
    group.add_argument("--scenario", metavar="NAME", help=said)
    group.add_argument("--link", metavar="LINK", help=tr("start from a link of the app, or its query string"))


def add_start(parser: Parser) -> None:
    said = tr("start from these weights: a `train --json` document or what --save wrote")
    parser.add_argument("--from", metavar="FILE", dest="start", help=said)


def add_json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help=tr("print one JSON document and nothing else"))


def add_fields(parser: Parser, names: Sequence[str], title: str) -> None:
    """An option for each of these fields of Experiment; a value stays text until `value_from_text` has read it."""
    group = parser.add_argument_group(title)
    for field in fields(Experiment):
        if field.name not in names:
            continue
        how: dict[str, Any] = {"metavar": "VALUE", "help": allowed(field.name)}
        if isinstance(field.default, bool):
            how = {"action": argparse.BooleanOptionalAction, "default": None, "help": str(GENERAL[field.name])}
        how["help"] = how["help"].replace("%", "%%")
        group.add_argument("--" + field.name.replace("_", "-"), dest=field.name, **how)
