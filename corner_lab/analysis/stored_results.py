"""Results of many seeds that take minutes to measure, kept with where they come from, in a small SQLite file.

The package ships one (`SHIPPED`, made by tools/measure.py); what is measured on this machine goes into another
one, in the user's cache, and counts more.
"""

import json
import os
import platform
import re
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, astuple, dataclass, replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from corner_lab.experiment.experiment import Experiment
from corner_lab.language import tr, trn
from corner_lab.training.seed_sweep import Tally

SHIPPED = Path(__file__).with_name("measured.sqlite")
TABLE = """CREATE TABLE IF NOT EXISTS tallies (
    query TEXT, seeds INTEGER, tally TEXT, provenance TEXT, PRIMARY KEY (query, seeds)
)"""


@dataclass(frozen=True)
class Provenance:
    """Where a result comes from. `machine`: system and architecture; `date`: of the measurement, YYYY-MM-DD; versions
    and `commit` are "", `processors` 0, where they are not known."""

    keras: str
    tensorflow: str
    machine: str
    date: str
    commit: str = ""
    processors: int = 0

    @classmethod
    def here(cls, commit: str = "") -> "Provenance":
        """Of what is measured now, by this Python."""
        machine, today = f"{platform.system()} {platform.machine()}", datetime.now(UTC).date().isoformat()
        versions = _version("keras"), _version("tensorflow-cpu", "tensorflow")
        return cls(*versions, machine, today, commit, os.cpu_count() or 0)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Provenance":
        """As `asdict` gave it, also where that wrote the number of processors in words. Raises TypeError and ValueError
        for what is none."""
        told = dict(document)
        if words := re.fullmatch(r"(.*), (\d+) processors", str(told.get("machine"))):
            told |= {"machine": words[1], "processors": int(words[2])}
        found = cls(**told)
        if any(
            type(value) is not type(default) for value, default in zip(astuple(found), astuple(NOWHERE), strict=True)
        ):
            raise TypeError("not a provenance")
        return found

    def __str__(self) -> str:
        machine = self.machine
        if self.processors:
            machine = trn(
                "{machine}, {count} processor", "{machine}, {count} processors", self.processors, machine=machine
            )
        told = {
            "keras": self.keras or tr("of an unknown version"),
            "tensorflow": self.tensorflow or tr("of an unknown version"),
            "machine": machine,
            "date": self.date,
        }
        if self.commit:
            return tr(
                "Keras {keras} and TensorFlow {tensorflow} on {machine}, {date}, at commit {commit}",
                **told,
                commit=self.commit,
            )
        return tr("Keras {keras} and TensorFlow {tensorflow} on {machine}, {date}", **told)


NOWHERE = Provenance("", "", "", "")


@dataclass(frozen=True)
class Stored:
    """A tally that was measured before."""

    tally: Tally
    provenance: Provenance


class StoredResults:
    """Reads the files in order, what comes first counts more; writes the first one. A file that cannot be read has
    nothing, one that cannot be written stays as it is: nobody is to miss a page for it."""

    def __init__(self, *files: Path) -> None:
        self._files = files
        self._known: dict[tuple[str, int], Stored] = {}
        for file in reversed(files):
            self._known |= _read(file)

    @classmethod
    def of_this_machine(cls) -> "StoredResults":
        """What was measured here before, and what is shipped."""
        return cls(*files_of_this_machine())

    def of(self, e: Experiment, seeds: int) -> Stored | None:
        """What is known of an experiment from so many seeds."""
        return self._known.get((e.query, seeds))

    def keep(self, e: Experiment, tally: Tally, provenance: Provenance) -> bool:
        """Remember a tally that is over, and write it down. Returns whether that could be done."""
        if not tally.over:
            raise ValueError(tr("this tally still grows"))
        key, stored = (e.query, tally.seeds), Stored(tally, provenance)
        self._known[key] = stored
        try:
            self._files[0].parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._files[0], timeout=5)) as file, file:
                file.execute(TABLE)
                row = (*key, json.dumps(_to_json(tally)), json.dumps(asdict(provenance)))
                file.execute("INSERT OR REPLACE INTO tallies VALUES (?, ?, ?, ?)", row)
        except (OSError, sqlite3.Error):
            return False
        return True


def files_of_this_machine() -> tuple[Path, Path]:
    """That of the user, in the cache, and the one that is shipped."""
    try:
        cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    except RuntimeError:  # a user without a home, as in a container
        cache = tempfile.gettempdir()
    return Path(cache) / "corner-lab" / SHIPPED.name, SHIPPED


def _read(path: Path) -> dict[tuple[str, int], Stored]:
    """All that a file has; of another program's, or of one that was broken off, nothing."""
    found: dict[tuple[str, int], Stored] = {}
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            for query, seeds, tally, provenance in file.execute("SELECT query, seeds, tally, provenance FROM tallies"):
                found[query, seeds] = Stored(_tally(json.loads(tally)), Provenance.from_json(json.loads(provenance)))
    except (OSError, sqlite3.Error, ValueError, TypeError, LookupError, ArithmeticError, RecursionError):
        return {}
    return found


def _to_json(tally: Tally) -> dict[str, Any]:
    told = asdict(replace(tally, message_later=""))
    del told["message_later"]
    return told | {"message": tally.message}


def _tally(told: Mapping[str, Any]) -> Tally:
    """As `_to_json` gave it. Raises KeyError and TypeError for what is none."""
    rest = {name: value for name, value in told.items() if name != "message"}
    return Tally(**rest | {"solved_at": tuple(told["solved_at"]), "message_later": told["message"]})


def _version(*packages: str) -> str:
    for package in packages:
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return ""
