"""What `train`, `evaluate`, `export`, `detect` and `scenes` can be asked for."""

from corner_lab.cli.parser.argument_parser import Parser
from corner_lab.cli.parser.shared import (
    Commands,
    Subparsers,
    add_base,
    add_command,
    add_fields,
    add_json,
    add_start,
    add_trained,
    exit_status,
    weights_help,
)
from corner_lab.cli.request import EVALUATED
from corner_lab.experiment.experiment import CHECKS
from corner_lab.language import joined, tr
from corner_lab.pictures.corners import ORIENTATIONS
from corner_lab.pictures.files import FORMATS
from corner_lab.pictures.scenes import KINDS, LARGEST, SMALLEST


def add_train(subparsers: Subparsers, commands: Commands) -> None:
    parser = add_command(subparsers, commands, "train", tr("train a network and report"), exit_status())
    add_trained(parser)
    said = tr("say why it came out so, and train what would fix it")
    parser.add_argument("--explain", action="store_true", help=said)
    add_json(parser)


def add_evaluate(subparsers: Subparsers, commands: Commands) -> None:
    said = tr("what given weights cost, by Keras's own evaluate")
    parser = add_command(subparsers, commands, "evaluate", said, exit_status())
    parser.add_argument("--weights", required=True, metavar="WEIGHTS", help=weights_help())
    add_fields(parser, list(EVALUATED), tr("settings (default: the question as asked)"))
    add_json(parser)


def add_export(subparsers: Subparsers, commands: Commands) -> None:
    said = tr("train, and write a Keras script that trains the same and asserts how it ends")
    parser = add_command(subparsers, commands, "export", said, exit_status())
    add_trained(parser)
    parser.add_argument("--output", metavar="FILE", help=tr("write the script here (default: print it)"))
    parser.add_argument("--keras", metavar="FILE", help=tr("write the trained network as a Keras model (.keras)"))


def add_detect(subparsers: Subparsers, commands: Commands) -> None:
    said = tr("find corners in picture files, with given weights or with those that training gives")
    printed = tr(
        "--json prints, for each picture, its size and its corners: row and column of the rectangle's own corner "
        "pixel, from 0, and the orientation, of {words}.",
        words=", ".join(ORIENTATIONS),
    )
    parser = add_command(subparsers, commands, "detect", said, joined([printed, exit_status()]))
    parser.add_argument(
        "pictures", nargs="+", metavar="PICTURE", help=tr("a file: {formats}", formats=", ".join(FORMATS))
    )
    base = parser.add_mutually_exclusive_group(required=True)
    base.add_argument("--weights", metavar="WEIGHTS", help=weights_help())
    add_base(base)
    title = tr("override a field of the scenario or link; with --weights, of their settings")
    add_fields(parser, list(CHECKS), title)
    add_start(parser)
    _add_looking(parser)
    said = tr("write the corners of all pictures as a table, a row each (.csv)")
    parser.add_argument("--csv", metavar="FILE", help=said)
    parser.add_argument("--overlay", metavar="FILE", help=tr("write the picture with its corners marked (.png)"))
    add_json(parser)


def _add_looking(parser: Parser) -> None:
    """How a picture is looked at."""
    group = parser.add_argument_group(tr("pictures"))
    said = tr("a pixel is 1 where it is brighter than this, 0 black to 1 white (default 0.5)")
    group.add_argument("--brightness", type=float, default=0.5, metavar="VALUE", help=said)
    said = tr("a pixel is 1 where it is not brighter: dark on light")
    group.add_argument("--invert", action="store_true", help=said)
    said = tr(
        "as Keras has it: valid (default) leaves out the pixels at the border, same puts zeros around the picture"
    )
    group.add_argument("--padding", choices=("valid", "same"), default="valid", help=said)
    said = tr("find all four corners: turn the network, which is for one of them, by quarter turns")
    group.add_argument("--orientations", action="store_true", help=said)


def add_scenes(subparsers: Subparsers, commands: Commands) -> None:
    said = tr("write pictures of rectangles, and where their corners are")
    parser = add_command(subparsers, commands, "scenes", said)
    said = tr("{words} (default filled)", words=", ".join(KINDS))
    parser.add_argument("--kind", default="filled", metavar="KIND", help=said)
    said = tr("how many, with seeds one after the other")
    parser.add_argument("--count", type=int, default=1, metavar="N", help=said)
    said = tr("the first one's seed (default 0)")
    parser.add_argument("--seed", type=int, default=0, metavar="SEED", help=said)
    said = tr(
        "pixels a side, or HEIGHTxWIDTH, each {smallest} to {largest} (default 32)", smallest=SMALLEST, largest=LARGEST
    )
    parser.add_argument("--size", default="32", metavar="SIZE", help=said)
    said = tr("where the PNG files and truth.json go")
    parser.add_argument("--out", required=True, metavar="FOLDER", help=said)
