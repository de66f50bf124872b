"""Files of weights, networks and histories, to read and to write. What is wrong with one is said in one line."""

import csv
import io
import json
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from corner_lab.experiment.experiment import Experiment, ExperimentError, repaired
from corner_lab.language import tr
from corner_lab.network.keras_model import keras_model
from corner_lab.network.parameters import ParameterLayout, Vector
from corner_lab.network.weights_json import weights_from_json, weights_to_json
from corner_lab.training.run import Run
from corner_lab.workers.elsewhere import in_worker

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
        raise ValueError(tr("weights take less than {most} bytes, this file has more", most=f"{MAX_BYTES:,}"))
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError(tr("not a JSON file; expected is what train --json or --save writes")) from None
    if not isinstance(document, dict) or "weights" not in document:
        return document, {}
    experiment = document.get("experiment", {})
    if not isinstance(experiment, dict):
        raise ValueError(tr("its experiment is not a JSON object of fields"))
    return document["weights"], experiment


def weights_vector(option: str, path: str, weights: object, shape: ParameterLayout) -> Vector:
    """What `read_weights` gave, as the flat vector of a network of this shape. Raises FileError."""
    try:
        return weights_from_json(shape, weights)
    except ValueError as error:
        raise FileError(option, path, error) from None


def experiment_and_weights(data: bytes, experiment: Experiment) -> tuple[Experiment, Vector]:
    """The weights in a file, flat, and the experiment that they belong to: the file's own, or this one.

    Raises ValueError with what is wrong and what is expected.
    """
    weights, beside = parsed_weights(data)
    if beside:
        experiment = _experiment(beside)
    return experiment, weights_from_json(experiment.layout, weights)


def _experiment(beside: Mapping[str, Any]) -> Experiment:
    """The experiment in a document. Its init, `given`, says no more than that there are weights."""
    known = {field.name for field in fields(Experiment)}
    unknown = set(beside) - known
    if unknown:
        raise ValueError(tr("its experiment has no field {name}", name=repr(min(unknown)[:40])))
    values = dict(beside)
    if isinstance(values.get("target"), list):
        values["target"] = tuple(values["target"])
    try:
        found = Experiment(**values)
        return repaired(found, init="glorot_uniform")[0] if found.init == "given" else found
    except (ExperimentError, TypeError) as error:
        raise ValueError(tr("its experiment is wrong: {why}", why=error)) from None


def weights_text(shape: ParameterLayout, weights: Vector, experiment: Experiment | None = None) -> str:
    """Weights as the JSON that can be read here again, with the experiment beside them if there is one."""
    document: dict[str, Any] = {"weights": weights_to_json(shape, weights)}
    if experiment is not None:
        document = {"experiment": experiment.to_json(), **document}
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def write_weights(path: str, weights: Mapping[str, Any]) -> None:
    write_text(path, json.dumps(weights, allow_nan=False) + "\n")


def write_text(path: str, text: str) -> None:
    Path(path).write_text(text, encoding="utf-8")


# ---------------------------------------------------------------- networks


@in_worker
def keras_file(run: Run, epoch: int = -1) -> bytes:
    """The network of a run at an epoch (-1 is the last) as a `.keras` file, which Keras opens in its safe mode.

    Loads Keras. Raises ValueError for a run that has not begun.
    """
    if run.history is None:
        raise ValueError(tr("the run has not begun"))
    e = run.experiment
    model = keras_model(e.head, e.labels, e.second_conv, kernels=e.kernels, hidden=e.hidden)
    model.set_weights(run.history.shape.to_keras(run.history.weights_at(epoch)))
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        path = Path(folder) / "corner.keras"
        model.save(path)  # the warning is Keras's own, of NumPy
        return path.read_bytes()


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


# The other files may have any name.
ENDINGS = {"--history": (".csv", ".json"), "--keras": (".keras",), "--csv": (".csv",), "--overlay": (".png",)}


def check_outputs(files: Mapping[str, str | None]) -> None:
    """Find out before a long run whether its files, by option, can be written after it. Raises FileError."""
    seen: dict[Path, str] = {}
    for option, path in files.items():
        if path is None:
            continue
        endings = ENDINGS.get(option, ("",))
        if not path.lower().endswith(endings):
            raise FileError(option, path, _must_end(endings))
        _check_writable(option, path)
        taken = seen.setdefault(Path(path).resolve(), option)
        if taken != option:
            raise FileError(option, path, tr("is the file of {option} as well; use two", option=taken))


def _must_end(endings: tuple[str, ...]) -> str:
    """Where one or two are allowed."""
    if len(endings) == 1:
        return tr("must end in {ending}", ending=endings[0])
    return tr("must end in {one} or {other}", one=endings[0], other=endings[1])


def _check_writable(option: str, path: str) -> None:
    existed = Path(path).exists()
    try:
        with open(path, "ab"):
            pass
        if not existed:
            Path(path).unlink()
    except (OSError, ValueError) as error:
        raise FileError(option, path, error) from None
