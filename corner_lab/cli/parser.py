"""The options of the command line: their names and help come from the fields of `Experiment` and the registries."""

import argparse
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import NoReturn

from corner_lab import logs
from corner_lab.cli.options_listing import allowed
from corner_lab.cli.request import CLOSED_FORMS, EVALUATED
from corner_lab.experiment.experiment import CHECKS, Experiment
from corner_lab.experiment.field_help import GENERAL
from corner_lab.movie.request import FORMATS as MOVIES
from corner_lab.movie.request import LONGEST, PARTS, SHORTEST
from corner_lab.pictures.corners import ORIENTATIONS
from corner_lab.pictures.files import FORMATS
from corner_lab.pictures.scenes import KINDS, LARGEST, SMALLEST
from corner_lab.player.page import LOCAL_APP, page_address
from corner_lab.story.audience_link import VARIABLE

EXIT_STATUS = (
    "Exit status: 0 done, also where the run diverged or Keras refused it (the status says so); 1 failed; 2 refused, "
    "before anything was trained; 130 stopped by Ctrl+C. The first Ctrl+C ends training after its current chunk, and "
    "what was trained is printed and written as usual, with status stopped; before training it ends at once."
)

SCRIPT = "corner-lab"  # how an installed package is called
VERBOSE = f"log to stderr what goes on; the environment variable {logs.VARIABLE} ({', '.join(logs.LEVELS)}) does, too"
SCENARIO = "a named experiment (`options` lists them)"
LINK = "a link of the app, or its query string"
WEIGHTS = (
    f"{', '.join(CLOSED_FORMS)}, or a file: a `train --json` document (whose settings then count, unless an option "
    "says otherwise) or what --save wrote"
)

Commands = Mapping[str, Callable[[argparse.Namespace], int]]


class UsageError(Exception):
    """A command line that argparse refuses."""


class Parser(argparse.ArgumentParser):
    """A parser that raises what it refuses, instead of printing its usage and leaving."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message.removeprefix("argument "))


def parser_for(commands: Commands) -> Parser:
    """The parser whose result has, as `command`, what is to be done with it."""
    parser = Parser(
        prog=SCRIPT if Path(sys.argv[0]).stem == SCRIPT else "python -m corner_lab",
        description="Why a small Keras network does not learn to find a corner, and what makes it learn.",
        allow_abbrev=False,
    )
    subparsers = parser.add_subparsers(required=True, metavar="{" + ",".join(commands) + "}")
    _add_train(subparsers, commands)
    _add_evaluate(subparsers, commands)
    _add_export(subparsers, commands)
    _add_detect(subparsers, commands)
    _add_player(subparsers, commands)
    _add_movie(subparsers, commands)
    _add_story_and_site(subparsers, commands)
    _add_scenes(subparsers, commands)
    _add_grade(subparsers, commands)
    listing = subparsers.add_parser("options", help="list every choice, with explanations", allow_abbrev=False)
    listing.set_defaults(command=commands["options"])
    _add_json(listing)
    for command in subparsers.choices.values():
        command.add_argument("--verbose", action="store_true", help=VERBOSE)
    return parser


def _add_train(subparsers: "argparse._SubParsersAction[Parser]", commands: Commands) -> None:
    parser = subparsers.add_parser("train", help="train a network and report", epilog=EXIT_STATUS, allow_abbrev=False)
    parser.set_defaults(command=commands["train"])
    _add_trained(parser)
    parser.add_argument("--explain", action="store_true", help="say why it came out so, and train what would fix it")
    _add_json(parser)


def _add_export(subparsers: "argparse._SubParsersAction[Parser]", commands: Commands) -> None:
    parser = subparsers.add_parser(
        "export",
        help="train, and write a Keras script that trains the same and asserts how it ends",
        epilog=EXIT_STATUS,
        allow_abbrev=False,
    )
    parser.set_defaults(command=commands["export"])
    _add_trained(parser)
    parser.add_argument("--output", metavar="FILE", help="write the script here (default: print it)")
    parser.add_argument("--keras", metavar="FILE", help="write the trained network as a Keras model (.keras)")


def _add_player(subparsers: "argparse._SubParsersAction[Parser]", commands: Commands) -> None:
    parser = subparsers.add_parser(
        "player",
        help="train, and write one HTML file that plays the runs without a server or a network",
        epilog="Needs a checkout of Corner Lab: the file holds the stage of the app. " + EXIT_STATUS,
        allow_abbrev=False,
    )
    parser.set_defaults(command=commands["player"])
    for option, said in (("scenario", SCENARIO), ("link", LINK)):
        parser.add_argument(
            f"--{option}",
            metavar=option.upper() if option == "link" else "NAME",
            dest="runs",
            nargs="+",
            action="extend",
            type=partial(_run_word, option),
            help=f"{said}; may name several runs, and be repeated (default: the question as asked)",
        )
    parser.add_argument("--output", metavar="FILE", required=True, help="write the file here (.html)")


def _add_movie(subparsers: "argparse._SubParsersAction[Parser]", commands: Commands) -> None:
    parser = subparsers.add_parser(
        "movie",
        help="train, and write a moving picture of the stage playing the run, for a slide or a README",
        epilog="Ends at the epoch of the link, with the weights that it has on the bench. Needs a checkout of Corner "
        "Lab, the packages playwright and, for MP4, imageio-ffmpeg, and an installed Chromium, Chrome or Edge. "
        + EXIT_STATUS,
        allow_abbrev=False,
    )
    parser.set_defaults(command=commands["movie"], start=None)
    _add_base(parser.add_mutually_exclusive_group())
    parser.add_argument("--output", metavar="FILE", required=True, help=f"write it here: .{', .'.join(MOVIES)}")
    length = f"how long it is, {SHORTEST:g} to {LONGEST:g} (default 8)"
    parser.add_argument("--seconds", metavar="SECONDS", default="8", help=length)
    parser.add_argument("--size", metavar="SIZE", default="1280x720", help="WIDTHxHEIGHT in pixels (default 1280x720)")
    parser.add_argument("--dark", action="store_true", help="light on dark")
    parts = ",".join(PARTS)
    parser.add_argument("--show", metavar="PARTS", default=parts, help=f"parts of the stage (default {parts})")
    parser.add_argument("--browser", metavar="BROWSER", help="which one draws, a path or a command (default: found)")


def _add_story_and_site(subparsers: "argparse._SubParsersAction[Parser]", commands: Commands) -> None:
    epilog = (
        "Needs a checkout of Corner Lab: the files hold the stage of the app. Exit status: 0 done; 1 failed; 2 "
        "refused, before anything was trained; 130 stopped by Ctrl+C, and nothing was written."
    )
    for name, said, what in (
        ("story", "write the story as one HTML file, for a talk without a server or a network", "FILE"),
        ("site", "write a folder of HTML files for any host or disk: a list, the story, a player each", "FOLDER"),
    ):
        parser = subparsers.add_parser(name, help=f"train, and {said}", epilog=epilog, allow_abbrev=False)
        parser.set_defaults(command=commands[name])
        parser.add_argument("--output", metavar=what, required=True, help=f"write the {what.lower()} here")
        base = f"the app's address, to which every run links back (default: {VARIABLE}, else {LOCAL_APP})"
        parser.add_argument("--base", metavar="URL", default="", type=_base_address, help=base)


def _base_address(text: str) -> str:
    """The address of a page; nothing stands for the default."""
    if text.strip() and not page_address(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no address of a page, such as https://lab.example.org")
    return text


def _run_word(option: str, text: str) -> tuple[str, str]:
    """One of several runs, whichever option names it: they stay in their order."""
    return option, text


def _add_trained(parser: Parser) -> None:
    """What is to be trained, and the files that hold it."""
    _add_base(parser.add_mutually_exclusive_group())
    _add_fields(parser, list(CHECKS), "override a field of the scenario or link (default: the question as asked)")
    parser.add_argument("--history", metavar="FILE", help="write a row per epoch, metrics and weights (.csv or .json)")
    parser.add_argument("--save", metavar="FILE", help="write the weights as JSON")
    _add_start(parser)


def _add_base(group: "argparse._MutuallyExclusiveGroup") -> None:
    group.add_argument("--scenario", metavar="NAME", help=f"start from {SCENARIO}")
    group.add_argument("--link", metavar="LINK", help=f"start from {LINK}")


def _add_start(parser: Parser) -> None:
    start_help = "start from these weights: a `train --json` document or what --save wrote"
    parser.add_argument("--from", metavar="FILE", dest="start", help=start_help)


def _add_evaluate(subparsers: "argparse._SubParsersAction[Parser]", commands: Commands) -> None:
    parser = subparsers.add_parser(
        "evaluate", help="what given weights cost, by Keras's own evaluate", epilog=EXIT_STATUS, allow_abbrev=False
    )
    parser.set_defaults(command=commands["evaluate"])
    parser.add_argument(
        "--weights",
        required=True,
        metavar="WEIGHTS",
        help=WEIGHTS,
    )
    _add_fields(parser, list(EVALUATED), "settings (default: the question as asked)")
    _add_json(parser)


def _add_detect(subparsers: "argparse._SubParsersAction[Parser]", commands: Commands) -> None:
    parser = subparsers.add_parser(
        "detect",
        help="find corners in picture files, with given weights or with those that training gives",
        epilog="--json prints, for each picture, its size and its corners: row and column of the rectangle's own "
        f"corner pixel, from 0, and the orientation, of {', '.join(ORIENTATIONS)}. " + EXIT_STATUS,
        allow_abbrev=False,
    )
    parser.set_defaults(command=commands["detect"])
    parser.add_argument("pictures", nargs="+", metavar="PICTURE", help=f"a file: {', '.join(FORMATS)}")
    base = parser.add_mutually_exclusive_group(required=True)
    base.add_argument("--weights", metavar="WEIGHTS", help=WEIGHTS)
    _add_base(base)
    _add_fields(parser, list(CHECKS), "override a field of the scenario or link; with --weights, of their settings")
    _add_start(parser)
    group = parser.add_argument_group("pictures")
    group.add_argument(
        "--brightness",
        type=float,
        default=0.5,
        metavar="VALUE",
        help="a pixel is 1 where it is brighter than this, 0 black to 1 white (default 0.5)",
    )
    group.add_argument("--invert", action="store_true", help="a pixel is 1 where it is not brighter: dark on light")
    group.add_argument(
        "--padding",
        choices=("valid", "same"),
        default="valid",
        help="as Keras has it: valid (default) leaves out the pixels at the border, same puts zeros around the picture",
    )
    group.add_argument(
        "--orientations",
        action="store_true",
        help="find all four corners: turn the network, which is for one of them, by quarter turns",
    )
    parser.add_argument("--csv", metavar="FILE", help="write the corners of all pictures as a table, a row each (.csv)")
    parser.add_argument("--overlay", metavar="FILE", help="write the picture with its corners marked (.png)")
    _add_json(parser)


def _add_scenes(subparsers: "argparse._SubParsersAction[Parser]", commands: Commands) -> None:
    parser = subparsers.add_parser(
        "scenes", help="write pictures of rectangles, and where their corners are", allow_abbrev=False
    )
    parser.set_defaults(command=commands["scenes"])
    parser.add_argument("--kind", default="filled", metavar="KIND", help=f"{', '.join(KINDS)} (default filled)")
    parser.add_argument("--count", type=int, default=1, metavar="N", help="how many, with seeds one after the other")
    parser.add_argument("--seed", type=int, default=0, metavar="SEED", help="the first one's seed (default 0)")
    parser.add_argument(
        "--size",
        default="32",
        metavar="SIZE",
        help=f"pixels a side, or HEIGHTxWIDTH, each {SMALLEST} to {LARGEST} (default 32)",
    )
    parser.add_argument("--out", required=True, metavar="FOLDER", help="where the PNG files and truth.json go")


def _add_grade(subparsers: "argparse._SubParsersAction[Parser]", commands: Commands) -> None:
    parser = subparsers.add_parser(
        "grade",
        help="check which tasks the solutions in progress files and links reach, training them where needed",
        epilog="Each solution is looked at anew, and nothing else in a file counts. What cannot be read is said to be, "
        "and the others are graded: exit status 1. " + EXIT_STATUS,
        allow_abbrev=False,
    )
    parser.set_defaults(command=commands["grade"])
    what = "what the page Tasks saves (.json), or its progress link, in quotation marks"
    parser.add_argument("files", nargs="+", metavar="LINK_OR_FILE", help=what)
    _add_json(parser)


def _add_json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def _add_fields(parser: Parser, names: Sequence[str], title: str) -> None:
    """An option for each of these fields of Experiment; a value stays text until `value_from_text` has read it."""
    group = parser.add_argument_group(title)
    for field in fields(Experiment):
        if field.name not in names:
            continue
        option = "--" + field.name.replace("_", "-")
        if isinstance(field.default, bool):
            said = GENERAL[field.name]
            group.add_argument(option, dest=field.name, action=argparse.BooleanOptionalAction, default=None, help=said)
        else:
            group.add_argument(option, dest=field.name, metavar="VALUE", help=allowed(field.name).replace("%", "%%"))


def values_joined(argv: Sequence[str]) -> list[str]:
    """Options joined with values like -1e-3, which argparse would take for options."""
    words: list[str] = []
    for word in argv:
        if words and re.fullmatch(r"--[a-z-]+", words[-1]) and re.fullmatch(r"-[^-h].*", word, re.DOTALL):
            words[-1] += "=" + word
        else:
            words.append(word)
    return words
