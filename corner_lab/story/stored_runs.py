"""Runs that were trained before, kept with where they come from beside the results of many seeds (`stored_results`).

What training leaves is stored: the rows, what Keras measured of them, and how it ended. All else is computed of it, so
that the story is there before Keras is.
"""

import json
import lzma
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corner_lab.analysis.stored_results import Provenance, files_of_this_machine
from corner_lab.experiment.experiment import Experiment
from corner_lab.training.epoch_metrics import OF_GRADIENTS
from corner_lab.training.evaluate import REFERENCES, reference_costs
from corner_lab.training.history import ENDS, History, Rows
from corner_lab.training.run import Run, Seconds, at_its_bar

TABLE = """CREATE TABLE IF NOT EXISTS runs (
    query TEXT PRIMARY KEY, told TEXT, rows BLOB, gradients BLOB, provenance TEXT
)"""

MOST = 64 * 2**20  # bytes of numbers that are read
# What reading a file raises that is another program's, was broken off, or was changed.
WRONG = (
    *(OSError, sqlite3.Error, lzma.LZMAError, EOFError),
    *(LookupError, ValueError, TypeError, ArithmeticError, RecursionError),
)


@dataclass(frozen=True)
class Stored:
    """A run that was trained before: `rows` (epochs + 1, 3 + weights) and OF_GRADIENTS of each, (epochs + 1, 2)."""

    rows: Rows
    gradients: Rows
    seconds: Seconds
    costs: Mapping[str, float]  # see `reference_costs`
    provenance: Provenance

    def fits(self, e: Experiment) -> bool:
        """Whether a run of this experiment can have come to this."""
        epochs, columns = len(self.rows) - 1, self.rows.shape[1]
        ended = epochs == e.epochs or (0 < epochs < e.epochs and e.stop != "never")
        return ended and columns == 1 + len(ENDS) + e.layout.size

    def run(self, e: Experiment) -> Run:
        """A new run that has come to this."""
        run, last = Run(e), len(self.rows) - 1
        run.history = History.of(e, self.rows, self.gradients)
        run.seconds = self.seconds
        if last < e.epochs:
            run.status, run.reason = "stopped", "stop_rule"
            run.ended_message = at_its_bar(e.stop, f"{last:,}")
        else:
            run.status, run.reason = "finished", "all_epochs"
        return run


class StoredRuns:
    """Reads the files in order, what comes first counts more; writes the first one. A file that cannot be read has
    nothing, one that cannot be written stays as it is: nobody is to miss a page for it."""

    def __init__(self, *files: Path) -> None:
        self._files = files
        self._known: dict[str, Stored] = {}
        for file in reversed(files):
            self._known |= _read(file)

    @classmethod
    def of_this_machine(cls) -> "StoredRuns":
        """What was trained here before, and what is shipped."""
        return cls(*files_of_this_machine())

    def of(self, e: Experiment) -> Stored | None:
        """What is known of an experiment, from its own start."""
        found = self._known.get(e.query)
        return found if found is not None and found.fits(e) else None

    def keep(self, run: Run, provenance: Provenance) -> bool:
        """Remember a run that has come to its own end, and write it down. Returns whether that could be done."""
        if run.history is None or run.reason not in ("all_epochs", "stop_rule") or not run.history.last:
            raise ValueError("only a run that was trained to its own end is kept")
        history, query = run.history, run.experiment.query
        gradients = np.stack([history.column(name) for name in OF_GRADIENTS], axis=1)
        if not np.isfinite(gradients).all():  # no worker process could tell them
            return False
        stored = Stored(history.rows.copy(), gradients, run.seconds, reference_costs(run.experiment), provenance)
        self._known[query] = stored
        told = {"columns": stored.rows.shape[1], "seconds": asdict(stored.seconds), "costs": stored.costs}
        row = query, json.dumps(told), packed(stored.rows), packed(gradients), json.dumps(asdict(provenance))
        try:
            self._files[0].parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._files[0], timeout=5)) as file, file:
                file.execute(TABLE)
                file.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?)", row)
        except (OSError, sqlite3.Error):
            return False
        return True


def packed(values: Rows) -> bytes:
    """Float32 (rows, columns) as bytes, exact: how their bits change from row to row, which is little, compressed."""
    bits = np.ascontiguousarray(values.T).view("<u4")
    steps = np.diff(bits, axis=1, prepend=np.zeros((len(bits), 1), "<u4"))
    return lzma.compress(np.ascontiguousarray(steps.view(np.uint8).reshape(-1, 4).T).tobytes())


def unpacked(data: bytes, columns: int) -> Rows:
    """What `packed` made of so many columns. Raises LZMAError, EOFError and ValueError for what is none."""
    decompressor = lzma.LZMADecompressor()
    flat = decompressor.decompress(data, MOST)
    if not decompressor.eof:
        raise EOFError("too much, or not all of it")
    steps = np.ascontiguousarray(np.frombuffer(flat, np.uint8).reshape(4, -1).T).view("<u4").reshape(columns, -1)
    return np.ascontiguousarray(np.cumsum(steps, axis=1, dtype="<u4").view("<f4").T)


def _read(path: Path) -> dict[str, Stored]:
    """All that a file has; of another program's, or of one that was broken off, nothing."""
    found: dict[str, Stored] = {}
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            for query, *values in file.execute("SELECT query, told, rows, gradients, provenance FROM runs"):
                found[query] = _stored(*values)
    except WRONG:
        return {}
    return found


def _stored(told: str, rows: bytes, gradients: bytes, provenance: str) -> Stored:
    words: dict[str, Any] = json.loads(told)
    found, measured = unpacked(rows, words["columns"]), unpacked(gradients, len(OF_GRADIENTS))
    costs = {name: float(words["costs"][name]) for name in words["costs"] if name in REFERENCES}
    seconds = Seconds(float(words["seconds"]["warm_up"]), float(words["seconds"]["train"]))
    numbers = (found, measured, [*costs.values()], [seconds.warm_up, seconds.train])
    if len(found) != len(measured) or not all(np.isfinite(values).all() for values in numbers):
        raise ValueError("not as it was written")
    return Stored(found, measured, seconds, costs, Provenance.from_json(json.loads(provenance)))
