"""Pictures on the command line: those that `detect` reads and what it writes of them, and those that `scenes` makes."""

import argparse
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from corner_lab.cli.output import json_text
from corner_lab.cli.parser import UsageError
from corner_lab.cli.progress import Show
from corner_lab.experiment.experiment import Experiment
from corner_lab.export.weights_file import FileError, check_outputs, csv_text
from corner_lab.language import msg, tr, trc, trn
from corner_lab.network.numpy_model import pre_activations
from corner_lab.network.parameters import Vector
from corner_lab.pictures import scenes
from corner_lab.pictures.corners import CORNER_PATTERNS, Corner, wanted_orientations
from corner_lab.pictures.detection import detect, detect_turned
from corner_lab.pictures.files import PictureError, read, write_overlay, write_png
from corner_lab.pictures.patches import Picture
from corner_lab.plots.theme import DARK, LIGHT
from corner_lab.training.run import Run

MAX_SCENES = 10_000
NAMES = {
    "top_left": msg("top left"),
    "top_right": msg("top right"),
    "bottom_right": msg("bottom right"),
    "bottom_left": msg("bottom left"),
}  # of the orientations

Pictures = list[tuple[str, Picture]]  # by file, as it was typed
Document = Mapping[str, Any]


# ---------------------------------------------------------------- detect


def pictures_in(args: argparse.Namespace, show: Show) -> Pictures:
    """The pictures that are to be looked at, unscaled, so that a corner's row and column are the file's own.

    Refuses what is no picture, and files to write that cannot be: UsageError, FileError.
    """
    if not 0 <= args.brightness <= 1:
        raise UsageError(tr("--brightness {value}: allowed are numbers from 0 to 1", value=args.brightness))
    outputs = {"--csv": args.csv, "--overlay": args.overlay}
    if args.overlay is not None and len(args.pictures) > 1:
        why = tr("shows one picture, and there are {count}", count=len(args.pictures))
        raise FileError("--overlay", args.overlay, why)
    for option, path in outputs.items():
        if path is not None and Path(path).resolve() in {Path(name).resolve() for name in args.pictures}:
            raise FileError(option, path, tr("is a picture to look at; write to another file"))
    check_outputs(outputs)
    pictures = []
    for i, name in enumerate(args.pictures):
        show(tr("reading"), i, len(args.pictures), "picture")
        try:
            pictures.append((name, read(name, args.brightness, args.invert, largest=None)))
        except PictureError as refused:
            raise FileError(trc("before the name of a file", "picture"), name, refused) from None
    return pictures


def check_orientations(target: Sequence[int]) -> None:
    """Refuse --orientations for a network that is not for one corner: UsageError."""
    if len(target) != 1 or len(wanted_orientations(target)) != 1:
        raise UsageError(
            tr(
                "--orientations turns a network that is for one corner; allowed is one target, of {words}, each with "
                "_corner",
                words=", ".join(CORNER_PATTERNS),
            )
        )


def detected(
    pictures: Pictures, network: Run | tuple[Experiment, Vector], args: argparse.Namespace, show: Show
) -> Document:
    """The document that `detect --json` prints: the corners that a network finds in each of the pictures."""
    if isinstance(network, Run):
        assert network.history is not None, "it was trained"
        experiment, weights = network.experiment, network.history.weights_at(-1)
    else:
        experiment, weights = network
    z = pre_activations(experiment.layout.linear(weights), experiment.hidden)
    look = detect_turned if args.orientations else detect
    entries = []
    for i, (name, picture) in enumerate(pictures):
        show(tr("looking"), i, len(pictures), "picture")
        corners = look(picture, z, experiment.threshold, experiment.target, args.padding == "same")
        entries.append(_entry(name, picture, corners))
    return {"pictures": entries}


def _entry(name: str, picture: Picture, corners: Iterable[Corner]) -> dict[str, Any]:
    places = [{"row": c.row, "column": c.column, "orientation": c.orientation} for c in corners]
    return {"file": name, "size": list(picture.shape), "corners": places}


def detected_text(found: Document) -> str:
    """What was found, a line a picture and a line a corner."""
    lines = []
    for entry in found["pictures"]:
        height, width = entry["size"]
        lines.append(
            trn(
                "{file}: {height} × {width}, {count} corner",
                "{file}: {height} × {width}, {count} corners",
                len(entry["corners"]),
                file=entry["file"],
                height=height,
                width=width,
            )
        )
        lines += ["  " + _found(corner) for corner in entry["corners"]]
    return "\n".join(lines)


def _found(corner: Mapping[str, Any]) -> str:
    place = {"row": corner["row"], "column": corner["column"]}
    if not corner["orientation"]:
        return tr("row {row}, column {column}", **place)
    return tr("row {row}, column {column}: {orientation}", **place, orientation=NAMES[corner["orientation"]])


def write_detected(args: argparse.Namespace, pictures: Pictures, found: Document) -> Iterator[FileError]:
    """Write the files asked for; yields what went wrong."""
    if args.csv is not None:
        names = ("row", "column", "orientation")
        rows = [[e["file"], *(c[name] for name in names)] for e in found["pictures"] for c in e["corners"]]
        yield from _written("--csv", args.csv, csv_text(("file", *names), rows).encode())
    if args.overlay is not None:
        corners = [Corner(**corner) for corner in found["pictures"][0]["corners"]]
        overlay = write_overlay(pictures[0][1], corners, DARK.accent, LIGHT.accent)
        yield from _written("--overlay", args.overlay, overlay)


def _written(option: str, path: str, content: bytes) -> Iterator[FileError]:
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        yield FileError(option, path, error)


# ---------------------------------------------------------------- scenes


def write_scenes(args: argparse.Namespace, show: Show) -> str:
    """Write the scenes asked for as KIND-SEED.png and their corners as truth.json, shaped as what `detect` prints.

    Returns what was written, in a line. Refuses what cannot be: UsageError, FileError.
    """
    if not 1 <= args.count <= MAX_SCENES:
        most = f"{MAX_SCENES:,}"
        raise UsageError(tr("--count {count}: allowed are whole numbers from 1 to {most}", count=args.count, most=most))
    height, width = _size(args.size)
    seeds = range(args.seed, args.seed + args.count)
    for seed in (seeds[0], seeds[-1]):
        try:
            scenes.check(args.kind, seed, height, width)
        except ValueError as refused:
            raise UsageError(_option(args.kind, height, width) + str(refused)) from None
    folder = Path(args.out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise FileError("--out", args.out, error) from None
    check_outputs({"--out": str(folder / "truth.json")})
    entries = []
    for i, seed in enumerate(seeds):
        show(tr("drawing"), i, len(seeds), "scene")
        scene = scenes.scene(args.kind, seed, height, width)
        name = f"{args.kind}-{seed:04}.png"
        (folder / name).write_bytes(write_png(scene.picture))
        entries.append(_entry(name, scene.picture, scene.corners))
    (folder / "truth.json").write_text(json_text({"kind": args.kind, "seed": args.seed, "pictures": entries}) + "\n")
    return trn(
        "{count} scene and truth.json in {folder}",
        "{count} scenes and truth.json in {folder}",
        len(seeds),
        folder=args.out,
    )


def _option(kind: str, height: int, width: int) -> str:
    """What stands before the sentence that `scenes.check` refuses with, which begins with "kind", "seed" or a side."""
    fits = all(scenes.SMALLEST <= side <= scenes.LARGEST for side in (height, width))
    return "--" if fits or kind not in scenes.KINDS else "--size: "


def _size(text: str) -> tuple[int, int]:
    """ "32" or "32x48", height first."""
    found = re.fullmatch(r"(\d{1,4})(?:[x×](\d{1,4}))?", text, re.ASCII)
    if not found:
        raise UsageError(
            tr(
                "--size {text}: allowed are pixels a side, {smallest} to {largest}, or HEIGHTxWIDTH",
                text=repr(text),
                smallest=scenes.SMALLEST,
                largest=scenes.LARGEST,
            )
        )
    return int(found[1]), int(found[2] or found[1])
