"""The record: a run as columns and a header, the form in which the stage plays it."""

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.experiment import Experiment
from corner_lab.language import tr
from corner_lab.network.metrics import confusion_counts
from corner_lab.network.numpy_model import outputs, pre_activations, slopes
from corner_lab.network.parameters import Vector, linear_names
from corner_lab.network.patterns import CORNER, is_target
from corner_lab.pictures.picture_link import SceneWord, drawing_text
from corner_lab.pictures.scenes import scene
from corner_lab.training.evaluate import named_losses, reference_costs
from corner_lab.training.history import History, spread_rows
from corner_lab.training.outcome import opening, outcome
from corner_lab.training.run import Run
from corner_lab.workers.process import WorkerEnded

MEASURES = ("recall", "gap", "live_fraction", "gradient_targets", "gradient_others")
MEASURED = ("epoch", "loss", "corner_output", "worst_other_output", *MEASURES)
COLUMNS = (*MEASURED, *linear_names(1))  # of a network of one kernel

FORMAT = 1  # of header and columns together: what is made to be kept says which one it is
GROWING_ROWS = 1000  # most rows of a record that still grows; the finished one is complete


@dataclass(frozen=True)
class Header:
    """What the stage is told beside the columns, JSON-ready. Its twin is `RecordHeader` in the stage's core/record.js.

    Its texts are in the language that was spoken when it was made: whoever keeps one keeps one for each language.
    The fields with a default are the page's: it sets them with `dataclasses.replace`.
    """

    target: list[int]  # pattern indices
    head: str
    labels: str
    second_conv: bool
    kernels: int
    hidden: str
    threshold: float  # on z
    run: str  # an id; another one is another run
    held: list[int]  # which of the numbers that give z training keeps
    growing: bool  # more rows will come
    status: str  # of the run; "running", or "set" where there is none
    last: int  # epoch of the last row
    planned: int  # epochs
    title: str
    edges: dict[str, float]  # w_max, z_low and z_high over all rows
    markers: list[dict[str, Any]]  # kind, epoch, text
    references: list[dict[str, Any]]  # text, loss: lines in the plot of the loss
    say: dict[str, tuple[str, str]]  # a sentence and its reason at "start", "end" and when "running"
    autoplay: bool

    format: int = FORMAT
    tick: int = 0  # another one is another record
    notice: str = ""  # what the visitor waits for
    loading: bool = False  # TensorFlow is
    phase: str = ""  # what the run that was asked for is in: "tensorflow" is loading, or `Run.phase`
    pressed: int = 0  # how many presses of its buttons were answered
    ask: int | None = None  # ms after which to ask for news
    answer: float = 0  # the question that the stage last put: without another one Streamlit would not hand it over
    actions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # buttons (id, text, primary) by situation
    pixels: int | None = CORNER  # the bench: a pattern index (None for the one that stands there), ...
    weights: list[float] | None = None  # ... edited numbers, ...
    locks: list[int] = field(default_factory=list)  # ... and what is locked, adopted where
    rev: int = 0  # has changed
    at: int | None = None  # the epoch that a link names
    arriving: bool = False  # the run of a link is still to come
    awaited: bool = False  # another run was asked for that has nothing to show yet
    leads: bool = False  # the settings lead to this run
    words: dict[str, str] = field(default_factory=dict)  # the address's, but for the bench and the playhead
    home: int = CORNER  # the pattern that needs no word in the address
    wanted: list[int] = field(default_factory=lambda: [CORNER])  # the targets of the settings, not of the run
    session: str = ""
    fresh: bool = False  # the page was just opened
    scene: dict[str, Any] | None = None  # a picture for the atlas, `text` as a link has it, and its true `corners`
    # Which parts show; None for all. On another page "bench", "atlas", "curves", "move"; in a frame those of `PARTS`.
    parts: list[str] | None = None
    guest: bool = False  # on another page: reports, writes and remembers nothing


@dataclass(frozen=True)
class Record:
    """What the stage is to show: a header and float32 columns of equal length."""

    header: Header
    columns: Mapping[str, NDArray[np.float32]]


def run_record(run: Run, title: str, costs: Mapping[str, float] | None = None) -> Record:
    """The record of a run that has begun: thinned while it grows, complete once it is over.

    `costs`: its `reference_costs` where they are known; None: Keras tells them.
    """
    history = run.history
    if history is None:
        raise ValueError(tr("the run has not begun"))
    over = run.over  # read before the rows: a run that is over has all of them
    last = history.last
    chosen = np.arange(last + 1) if over else growing_rows(last, run.experiment.epochs)
    numbers = history.shape.bench(history.weights[chosen])
    columns = {
        "epoch": chosen.astype(np.float32),
        "loss": history.column("loss", chosen),
        "corner_output": history.column("corner_output", chosen),
        "worst_other_output": history.column("worst_other_output", chosen),
        "recall": history.column("tp", chosen) / len(run.experiment.target),
        "gap": history.gap(chosen),
        **{name: history.column(name, chosen) for name in ("live_fraction", "gradient_targets", "gradient_others")},
        **dict(zip(history.shape.bench_names, numbers.T, strict=True)),
    }
    ending = outcome(run) if over else (title, "")
    header = Header(
        **_about(run.experiment),
        run=run.id,
        held=sorted(run.held),
        growing=not over,
        status=run.status if over else "running",
        last=int(chosen[-1]),
        planned=run.experiment.epochs,
        title=title,
        edges={
            "w_max": float(np.abs(numbers[:, : 9 * history.shape.kernels]).max()),
            "z_low": float(history.column("lowest_z", chosen).min()),
            "z_high": float(history.column("highest_z", chosen).max()),
        },
        markers=_markers(run, history) if over else [],
        references=_references(run.experiment, costs),
        say={"start": ending if history.last == 0 else (title, ""), "end": ending, "running": (title, "")},
        autoplay=history.last > 0 or not over,
    )
    return Record(header, columns)


def _references(e: Experiment, costs: Mapping[str, float] | None) -> list[dict[str, Any]]:
    """What is drawn beside the loss; nothing where no worker process can tell now."""
    try:
        named = named_losses(reference_costs(e) if costs is None else costs)
        return [{"text": name, "loss": loss} for name, loss in named]
    except WorkerEnded:  # the log has it
        return []


def growing_rows(last: int, planned: int) -> NDArray[np.int64]:
    """Which rows show a run that has come to row `last` of those planned: the last, and always the same before it, so
    that each is measured once."""
    rows = spread_rows(planned + 1, GROWING_ROWS)
    return np.append(rows[rows < last], last)


def set_record(experiment: Experiment, numbers: Vector, title: str) -> Record:
    """The record of weights that were set, not trained: one row, no loss. Needs no TensorFlow."""
    hidden = experiment.hidden
    z, output = pre_activations(numbers, hidden), outputs(numbers, experiment.head, hidden)
    positive = is_target(experiment.target)
    shape = experiment.layout
    row = {
        "epoch": 0,
        "loss": np.nan,
        "corner_output": output[positive].min(),
        "worst_other_output": output[~positive].max(),
        "recall": confusion_counts(z, experiment.target, experiment.threshold).recall,
        "gap": z[positive].min() - z[~positive].max(),
        "live_fraction": (slopes(numbers, experiment.head, hidden) != 0).mean(),
        "gradient_targets": np.nan,
        "gradient_others": np.nan,
        **dict.fromkeys(shape.bench_names, 0.0),  # the other class's
        **dict(zip(shape.linear_names, numbers, strict=True)),
    }
    what = (experiment.target, experiment.head, experiment.loss, hidden, numbers.tobytes())
    header = Header(
        **_about(experiment),
        run=f"set-{hash(what) & 0xFFFFFFFF:x}",
        held=[],
        growing=False,
        status="set",
        last=0,
        planned=0,
        title=title,
        edges={
            "w_max": float(np.abs(numbers[: 9 * shape.kernels]).max()),
            "z_low": float(z.min()),
            "z_high": float(z.max()),
        },
        markers=[],
        references=[],
        say={"start": opening(experiment, z, title), "end": ("", ""), "running": ("", "")},
        autoplay=False,
    )
    return Record(header, {name: np.array([value], dtype=np.float32) for name, value in row.items()})


def _about(e: Experiment) -> dict[str, Any]:
    return {
        "target": list(e.target),
        "head": e.head,
        "labels": e.labels,
        "second_conv": e.second_conv,
        "kernels": e.kernels,
        "hidden": e.hidden,
        "threshold": e.threshold,  # on z
    }


def _markers(run: Run, history: History) -> list[dict[str, Any]]:
    found = []
    if history.died_at and history.column("target_z", np.array([history.died_at]))[0] <= run.experiment.threshold:
        found.append({"kind": "died", "epoch": history.died_at, "text": tr("gradient died")})
    if history.collapsed_at:
        found.append({"kind": "collapsed", "epoch": history.collapsed_at, "text": tr("collapsed")})
    if history.solved_at:
        found.append({"kind": "solved", "epoch": history.solved_at, "text": tr("solved")})
    if run.status == "diverged":
        found.append({"kind": "diverged", "epoch": history.last, "text": tr("diverged")})
    return found


@lru_cache(maxsize=1)
def first_scene() -> dict[str, Any]:
    """What the atlas shows "in a picture" until one was drawn."""
    word = SceneWord()
    made = scene(word.kind, word.seed, word.side, word.side)
    corners = [(corner.row, corner.column, corner.orientation) for corner in made.corners]
    return {"text": drawing_text(made.picture), "corners": corners}


# ---------------------------------------------------------------- as bytes


def packed(
    header: Mapping[str, Any], columns: Mapping[str, NDArray[np.float32]], measured: tuple[str, ...] = MEASURED
) -> bytes:
    """The record as the stage reads it: u32 header length, JSON header, then the columns as float32, one after another.

    `columns` maps names to arrays of one length (rows,); their names and the number of rows go into the header. The
    header is padded with spaces so that the floats start at a multiple of 4. Raises ValueError where a column is
    missing: one of the `measured`, or of the numbers that give z.
    """
    needed = (*measured, *linear_names(header.get("kernels", 1)))
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) != 1:
        raise ValueError(tr("columns of a record must be equally long, got {lengths}", lengths=lengths))
    missing = [name for name in needed if name not in columns]
    if missing:
        raise ValueError(tr("the record lacks the columns {names}", names=", ".join(missing)))
    rows = next(iter(lengths.values()))
    if rows == 0:
        raise ValueError(tr("a record needs at least row 0, the initial weights"))
    full = _without_nan({**header, "rows": rows, "columns": list(columns)})
    text = json.dumps(full, allow_nan=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    body = b"".join(np.ascontiguousarray(values, dtype="<f4").tobytes() for values in columns.values())
    return struct.pack("<I", len(text)) + text + body


def _without_nan(value: Any) -> Any:
    """The same JSON value with null for every NaN and infinity, NumPy numbers as plain ones."""
    if isinstance(value, Mapping):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_without_nan(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
