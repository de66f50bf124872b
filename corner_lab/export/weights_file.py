"""Files of the command line: weights to read, histories and weights to write. What is wrong with one is one line."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corner_lab.network.parameters import ParameterLayout, Vector

MAX_BYTES = 1_000_000  # a weights file has about one thousand

Cell = float | int | None


class FileError(Exception):
    """A file that cannot be read or written: names the option and the file, and says why."""

    def __init__(self, option: str, path: str, why: object) -> None:
        if isinstance(why, OSError):
            why = (why.strerror or str(why)).lower()
        super().__init__(f"{option} {path!r}: {why}")


# ---------------------------------------------------------------- weights


def read_weights(option: str, path: str) -> tuple[object, Mapping[str, Any]]:
    """The weights in a file, unchecked, and the fields of the experiment that stands beside them, if one does.

    The file is the JSON document that `train --json` prints, or its `weights` object. Raises FileError.
    """
    try:
        with open(path, "rb") as file:
            return parsed_weights(file.read(MAX_BYTES + 1))
    except (OSError, ValueError) as error:
        raise FileError(option, path, error) from None


def parsed_weights(data: bytes) -> tuple[object, Mapping[str, Any]]:
    """As `read_weights`, from the bytes of a file. Raises ValueError with what is wrong and what is expected."""
    if len(data) > MAX_BYTES:
        raise ValueError(f"weights take less than {MAX_BYTES:,} bytes, this file has more")
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError("not a JSON file; expected is what train --json or --save writes") from None
    if not isinstance(document, dict) or "weights" not in document:
        return document, {}
    experiment = document.get("experiment", {})
    if not isinstance(experiment, dict):
        raise ValueError("its experiment is not a JSON object of fields")
    return document["weights"], experiment


def weights_vector(option: str, path: str, weights: object, shape: ParameterLayout) -> Vector:
    """What `read_weights` gave, as the flat vector of a network of this shape. Raises FileError."""
    try:
        return shape.from_json(weights)
    except ValueError as error:
        raise FileError(option, path, error) from None


def write_weights(path: str, weights: Mapping[str, Any]) -> None:
    write_text(path, json.dumps(weights, allow_nan=False) + "\n")


def write_text(path: str, text: str) -> None:
    Path(path).write_text(text, encoding="utf-8")


# ---------------------------------------------------------------- histories


def write_history(path: str, names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """One row per epoch: CSV with a header and empty cells for None, or a JSON list of one object per line."""
    if path.lower().endswith(".csv"):
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(csv_text(names, rows))
        return
    with open(path, "w", encoding="utf-8") as file:
        for i, row in enumerate(rows):
            file.write("[\n" if i == 0 else ",\n")
            file.write(json.dumps(dict(zip(names, row, strict=True)), allow_nan=False))
        file.write("\n]\n")


def csv_text(names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """A header and a line per row, with empty cells for None."""
    text = io.StringIO()
    csv.writer(text).writerows([names, *rows])
    return text.getvalue()


# ---------------------------------------------------------------- whether writing will work


ENDINGS = {"--history": (".csv", ".json"), "--keras": (".keras",)}  # the other files may have any name


def check_outputs(files: Mapping[str, str | None]) -> None:
    """Find out before a long run whether its files, by option, can be written after it. Raises FileError."""
    seen: dict[Path, str] = {}
    for option, path in files.items():
        if path is None:
            continue
        endings = ENDINGS.get(option, ("",))
        if not path.lower().endswith(endings):
            raise FileError(option, path, f"must end in {' or '.join(endings)}")
        _check_writable(option, path)
        taken = seen.setdefault(Path(path).resolve(), option)
        if taken != option:
            raise FileError(option, path, f"is the file of {taken} as well; use two")


def _check_writable(option: str, path: str) -> None:
    existed = Path(path).exists()
    try:
        with open(path, "ab"):
            pass
        if not existed:
            Path(path).unlink()
    except (OSError, ValueError) as error:
        raise FileError(option, path, error) from None
