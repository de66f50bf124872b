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
from corner_lab.formatting import many
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

Pictures = list[tuple[str, Picture]]  # by file, as it was typed
Document = Mapping[str, Any]


# ---------------------------------------------------------------- detect


def pictures_in(args: argparse.Namespace, show: Show) -> Pictures:
    """The pictures that are to be looked at, unscaled, so that a corner's row and column are the file's own.

    Refuses what is no picture, and files to write that cannot be: UsageError, FileError.
    """
    if not 0 <= args.brightness <= 1:
        raise UsageError(f"--brightness {args.brightness}: allowed are numbers from 0 to 1")
    outputs = {"--csv": args.csv, "--overlay": args.overlay}
    if args.overlay is not None and len(args.pictures) > 1:
        raise FileError("--overlay", args.overlay, f"shows one picture, and there are {len(args.pictures)}")
    for option, path in outputs.items():
        if path is not None and Path(path).resolve() in {Path(name).resolve() for name in args.pictures}:
            raise FileError(option, path, "is a picture to look at; write to another file")
    check_outputs(outputs)
    pictures = []
    for i, name in enumerate(args.pictures):
        show("reading", i, len(args.pictures), "picture")
        try:
            pictures.append((name, read(name, args.brightness, args.invert, largest=None)))
        except PictureError as refused:
            raise FileError("picture", name, refused) from None
    return pictures


def check_orientations(target: Sequence[int]) -> None:
    """Refuse --orientations for a network that is not for one corner: UsageError."""
    if len(target) != 1 or len(wanted_orientations(target)) != 1:
        raise UsageError(
            "--orientations turns a network that is for one corner; allowed is one target, of "
            + ", ".join(CORNER_PATTERNS)
            + ", each with _corner"
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
        show("looking", i, len(pictures), "picture")
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
        lines.append(f"{entry['file']}: {height} × {width}, {many(len(entry['corners']), 'corner')}")
        for corner in entry["corners"]:
            name = corner["orientation"].replace("_", " ")
            lines.append(f"  row {corner['row']}, column {corner['column']}" + (f": {name}" if name else ""))
    return "\n".join(lines)


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


def write_scenes(args: argparse.Namespace, show: Show) -> int:
    """Write the scenes asked for as KIND-SEED.png and their corners as truth.json, shaped as what `detect` prints.

    Returns how many there are. Refuses what cannot be: UsageError, FileError.
    """
    if not 1 <= args.count <= MAX_SCENES:
        raise UsageError(f"--count {args.count}: allowed are whole numbers from 1 to {MAX_SCENES:,}")
    height, width = _size(args.size)
    seeds = range(args.seed, args.seed + args.count)
    for seed in (seeds[0], seeds[-1]):
        try:
            scenes.check(args.kind, seed, height, width)
        except ValueError as refused:
            raise UsageError("--" + re.sub("^(height|width)", r"size: \1", str(refused))) from None
    folder = Path(args.out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise FileError("--out", args.out, error) from None
    check_outputs({"--out": str(folder / "truth.json")})
    entries = []
    for i, seed in enumerate(seeds):
        show("drawing", i, len(seeds), "scene")
        scene = scenes.scene(args.kind, seed, height, width)
        name = f"{args.kind}-{seed:04}.png"
        (folder / name).write_bytes(write_png(scene.picture))
        entries.append(_entry(name, scene.picture, scene.corners))
    (folder / "truth.json").write_text(json_text({"kind": args.kind, "seed": args.seed, "pictures": entries}) + "\n")
    return len(seeds)


def _size(text: str) -> tuple[int, int]:
    """ "32" or "32x48", height first."""
    found = re.fullmatch(r"(\d{1,4})(?:[x×](\d{1,4}))?", text, re.ASCII)
    if not found:
        allowed = f"pixels a side, {scenes.SMALLEST} to {scenes.LARGEST}, or HEIGHTxWIDTH"
        raise UsageError(f"--size {text!r}: allowed are {allowed}")
    return int(found[1]), int(found[2] or found[1])
