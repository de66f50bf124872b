"""What `player`, `movie`, `story` and `site` can be asked for: files that show runs."""

import argparse
from functools import partial

from corner_lab.cli.parser.argument_parser import Parser
from corner_lab.cli.parser.shared import Commands, Subparsers, add_base, add_command, exit_status
from corner_lab.language import joined, tr
from corner_lab.movie.request import FORMATS, LONGEST, PARTS, SHORTEST
from corner_lab.player.page import LOCAL_APP, page_address
from corner_lab.story.audience_link import VARIABLE


def add_player(subparsers: Subparsers, commands: Commands) -> None:
    said = tr("train, and write one HTML file that plays the runs without a server or a network")
    needs = tr("Needs a checkout of Corner Lab: the file holds the stage of the app.")
    parser = add_command(subparsers, commands, "player", said, joined([needs, exit_status()]))
    said = tr(
        "a named experiment (`options` lists them); may name several runs, and be repeated (default: the question as "
        "asked)"
    )
    _add_runs(parser, "scenario", "NAME", said)
    said = tr(
        "a link of the app, or its query string; may name several runs, and be repeated (default: the question as "
        "asked)"
    )
    _add_runs(parser, "link", "LINK", said)
    parser.add_argument("--output", metavar="FILE", required=True, help=tr("write the file here (.html)"))


def _add_runs(parser: Parser, option: str, metavar: str, said: str) -> None:
    """One of several runs, whichever option names it: they stay in their order, as (option, text)."""
    read = partial(_run_word, option)
    parser.add_argument(f"--{option}", metavar=metavar, dest="runs", nargs="+", action="extend", type=read, help=said)


def _run_word(option: str, text: str) -> tuple[str, str]:
    return option, text


def add_movie(subparsers: Subparsers, commands: Commands) -> None:
    said = tr("train, and write a moving picture of the stage playing the run, for a slide or a README")
    ends = tr("Ends at the epoch of the link, with the weights that it has on the bench.")
    needs = tr(
        "Needs a checkout of Corner Lab, the packages playwright and, for MP4, imageio-ffmpeg, and an installed "
        "Chromium, Chrome or Edge."
    )
    parser = add_command(subparsers, commands, "movie", said, joined([ends, needs, exit_status()]))
    parser.set_defaults(start=None)
    add_base(parser.add_mutually_exclusive_group())
    said = tr("write it here: {endings}", endings=", ".join(f".{ending}" for ending in FORMATS))
    parser.add_argument("--output", metavar="FILE", required=True, help=said)
    said = tr("how long it is, {shortest} to {longest} (default 8)", shortest=f"{SHORTEST:g}", longest=f"{LONGEST:g}")
    parser.add_argument("--seconds", metavar="SECONDS", default="8", help=said)
    said = tr("WIDTHxHEIGHT in pixels (default 1280x720)")
    parser.add_argument("--size", metavar="SIZE", default="1280x720", help=said)
    parser.add_argument("--dark", action="store_true", help=tr("light on dark"))
    parts = ",".join(PARTS)
    said = tr("parts of the stage (default {parts})", parts=parts)
    parser.add_argument("--show", metavar="PARTS", default=parts, help=said)
    said = tr("which one draws, a path or a command (default: found)")
    parser.add_argument("--browser", metavar="BROWSER", help=said)


def add_story_and_site(subparsers: Subparsers, commands: Commands) -> None:
    story = tr("train, and write the story as one HTML file, for a talk without a server or a network")
    site = tr("train, and write a folder of HTML files for any host or disk: a list, the story, a player each")
    for name, said, metavar, written in (
        ("story", story, "FILE", tr("write the file here")),
        ("site", site, "FOLDER", tr("write the folder here")),
    ):
        parser = add_command(subparsers, commands, name, said, _needs())
        parser.add_argument("--output", metavar=metavar, required=True, help=written)
        base = tr(
            "the app's address, to which every run links back (default: {variable}, else {address})",
            variable=VARIABLE,
            address=LOCAL_APP,
        )
        parser.add_argument("--base", metavar="URL", default="", type=_base_address, help=base)


def _needs() -> str:
    return joined(
        [
            tr("Needs a checkout of Corner Lab: the files hold the stage of the app."),
            tr(
                "Exit status: 0 done; 1 failed; 2 refused, before anything was trained; 130 stopped by Ctrl+C, and "
                "nothing was written."
            ),
        ]
    )


def _base_address(text: str) -> str:
    """The address of a page; nothing stands for the default."""
    if text.strip() and not page_address(text):
        refused = tr("{text} is no address of a page, such as https://lab.example.org", text=repr(text))
        raise argparse.ArgumentTypeError(refused)
    return text
