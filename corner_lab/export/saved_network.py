"""What a visitor takes along or brings: a trained network as a file, weights from one."""

import json
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from corner_lab.experiment.experiment import Experiment, ExperimentError, repaired
from corner_lab.export.weights_file import parsed_weights
from corner_lab.network.keras_model import keras_model
from corner_lab.network.parameters import ParameterLayout, Vector
from corner_lab.training.run import Run


def keras_file(run: Run, epoch: int = -1) -> bytes:
    """The network of a run at an epoch (-1 is the last) as a `.keras` file, which Keras opens in its safe mode.

    Loads Keras. Raises ValueError for a run that has not begun.
    """
    if run.history is None:
        raise ValueError("the run has not begun")
    e = run.experiment
    model = keras_model(e.head, e.labels, e.second_conv)
    model.set_weights(run.history.shape.to_keras(run.history.weights_at(epoch)))
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        path = Path(folder) / "corner.keras"
        model.save(path)  # the warning is Keras's own, of NumPy
        return path.read_bytes()


def weights_text(shape: ParameterLayout, weights: Vector, experiment: Experiment | None = None) -> str:
    """Weights as the JSON that `brought` and `train --from` read, with the experiment beside them if there is one."""
    document: dict[str, Any] = {"weights": shape.to_json(weights)}
    if experiment is not None:
        document = {"experiment": experiment.to_json(), **document}
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def brought(data: bytes, experiment: Experiment) -> tuple[Experiment, Vector]:
    """The weights in a file, flat, and the experiment that they belong to: the file's own, or this one.

    Raises ValueError with what is wrong and what is expected.
    """
    weights, beside = parsed_weights(data)
    if beside:
        experiment = _experiment(beside)
    return experiment, experiment.layout.from_json(weights)


def _experiment(beside: Mapping[str, Any]) -> Experiment:
    """The experiment in a document. Its init, `given`, says no more than that there are weights."""
    known = {field.name for field in fields(Experiment)}
    unknown = set(beside) - known
    if unknown:
        raise ValueError(f"its experiment has no field {sorted(map(str, unknown))[0]!r}")
    values = dict(beside)
    if isinstance(values.get("target"), list):
        values["target"] = tuple(values["target"])
    try:
        found = Experiment(**values)
        return repaired(found, init="glorot_uniform")[0] if found.init == "given" else found
    except (ExperimentError, TypeError) as error:
        raise ValueError(f"its experiment is wrong: {error}") from None
