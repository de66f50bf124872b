"""The whole command line: names and help of the options come from the fields of `Experiment` and the registries."""

import argparse
import sys
from pathlib import Path

from corner_lab import logs
from corner_lab.cli.parser.argument_parser import Parser
from corner_lab.cli.parser.shared import Commands, Subparsers, add_command, add_json, exit_status
from corner_lab.cli.parser.showing import add_movie, add_player, add_story_and_site
from corner_lab.cli.parser.training import add_detect, add_evaluate, add_export, add_scenes, add_train
from corner_lab.cli.parser.words import LANG, there
from corner_lab.language import joined, tr
from corner_lab.language.languages import SOURCE

SCRIPT = "corner-lab"  # how an installed package is called


def parser_for(commands: Commands) -> Parser:
    """The parser whose result has, as `command`, what is to be done with it; its help is in the language spoken now."""
    parser = Parser(
        prog=SCRIPT if Path(sys.argv[0]).stem == SCRIPT else "python -m corner_lab",
        description=tr("Why a small Keras network does not learn to find a corner, and what makes it learn."),
    )
    subparsers = parser.add_subparsers(required=True, metavar="{" + ",".join(commands) + "}")
    add_train(subparsers, commands)
    add_evaluate(subparsers, commands)
    add_export(subparsers, commands)
    add_detect(subparsers, commands)
    add_player(subparsers, commands)
    add_movie(subparsers, commands)
    add_story_and_site(subparsers, commands)
    add_scenes(subparsers, commands)
    _add_grade(subparsers, commands)
    add_json(add_command(subparsers, commands, "options", tr("list every choice, with explanations")))
    verbose = tr(
        "log to stderr what goes on; the environment variable {variable} ({levels}) does, too",
        variable=logs.VARIABLE,
        levels=", ".join(logs.LEVELS),
    )
    for command in subparsers.choices.values():
        command.add_argument("--verbose", action="store_true", help=verbose)
    for command in (parser, *subparsers.choices.values()):
        _add_language(command)
    return parser


def _add_grade(subparsers: Subparsers, commands: Commands) -> None:
    said = tr("check which tasks the solutions in progress files and links reach, training them where needed")
    below = [
        tr("Each solution is looked at anew, and nothing else in a file counts."),
        tr("What cannot be read is said to be, and the others are graded: exit status 1."),
        exit_status(),
    ]
    parser = add_command(subparsers, commands, "grade", said, joined(below))
    what = tr("what the page Tasks saves (.json), or its progress link, in quotation marks")
    parser.add_argument("files", nargs="+", metavar="LINK_OR_FILE", help=what)
    add_json(parser)


def _add_language(parser: Parser) -> None:
    """`--lang`, which `language_asked` has read."""
    said = tr("the language of what is said, {there} (default {source})", there=there(), source=SOURCE)
    parser.add_argument(LANG, metavar="LANG", default=argparse.SUPPRESS, help=said)
