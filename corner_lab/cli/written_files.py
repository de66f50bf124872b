"""The files that a command writes after training, by option."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from corner_lab.export.keras_script import script_of
from corner_lab.export.run_report import history_table, report
from corner_lab.export.share_link import Link
from corner_lab.export.weights_file import FileError, keras_file, write_history, write_text, write_weights
from corner_lab.story.audience_link import VARIABLE
from corner_lab.training.run import Run


def written(files: Mapping[str, str | None], run: Run) -> Iterator[FileError]:
    """Write the files asked for, by option; yields what went wrong."""
    for option, path in files.items():
        if path is not None:
            try:
                WRITERS[option](path, run)
            except OSError as error:
                yield FileError(option, path, error)


def script(run: Run) -> str:
    """The Keras script of a run, with the findings about it in its head."""
    from corner_lab.diagnostics.explanation import sentences

    return script_of(run, sentences(run))


def player_file(path: str, runs: Sequence[tuple[Run, Link]], links: Sequence[str]) -> int:
    """Write the file that plays these runs, each with the findings about it. Returns how many bytes it has."""
    from corner_lab.diagnostics.explanation import Explanation, Wanted
    from corner_lab.player.page import app_address, page
    from corner_lab.player.played_run import played

    told = [played(run, "", Explanation(run, Wanted.FINDINGS).finished(), link) for run, link in runs]
    return Path(path).write_bytes(page(told, app_address(*links, os.environ.get(VARIABLE, ""))).encode())


def _write_history(path: str, run: Run) -> None:
    write_history(path, *history_table(run))


def _write_weights(path: str, run: Run) -> None:
    write_weights(path, report(run)["weights"])


def _write_script(path: str, run: Run) -> None:
    write_text(path, script(run))


def _write_keras(path: str, run: Run) -> None:
    """The trained network as a Keras model file, which `keras.saving.load_model` opens in safe mode."""
    Path(path).write_bytes(keras_file(run))


WRITERS: Mapping[str, Callable[[str, Run], None]] = {
    "--history": _write_history,
    "--save": _write_weights,
    "--output": _write_script,
    "--keras": _write_keras,
}
