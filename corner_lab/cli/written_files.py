"""The files that a command writes after training, by option."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corner_lab.cli.progress import Show
from corner_lab.cli.sigint import Interrupts
from corner_lab.export.keras_script import script_of
from corner_lab.export.run_report import history_table, report
from corner_lab.export.share_link import Link
from corner_lab.export.weights_file import FileError, keras_file, write_history, write_text, write_weights
from corner_lab.language import tr, trn
from corner_lab.movie import Movie, made
from corner_lab.story.audience_link import VARIABLE
from corner_lab.story.steps import STEPS
from corner_lab.story.trained_runs import TOLD
from corner_lab.training.run import Run

if TYPE_CHECKING:
    from corner_lab.player.played_run import Played


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

    return script_of(run, lambda: sentences(run))


def player_file(path: str, runs: Sequence[tuple[Run, Link]], links: Sequence[str]) -> str:
    """Write the file that plays these runs, each with the findings about it; what was written, in a line."""
    from corner_lab.player.page import app_address, page

    told = [_told(run, link) for run, link in runs]
    written_bytes = Path(path).write_bytes(page(told, app_address(*links, os.environ.get(VARIABLE, ""))).encode())
    size = f"{written_bytes / 1000:,.0f}"
    return trn("{file}: {count} run, {size} kB", "{file}: {count} runs, {size} kB", len(runs), file=path, size=size)


def movie_file(movie: Movie, browser: str | None, asked: tuple[Run, Link], show: Show, interrupts: Interrupts) -> str:
    """Write the moving picture of a run that is over; Ctrl+C ends it. What was written, in a line."""
    before = interrupts.seen

    def tell(done: int, total: int) -> None:
        if interrupts.seen > before:
            raise KeyboardInterrupt
        show(tr("drawing") if done < total else tr("packing"), done, total, "picture")

    found = made(_told(*asked), movie, browser, tell)
    return trn(
        "{file}: {count} picture, {seconds} s, {size} kB",
        "{file}: {count} pictures, {seconds} s, {size} kB",
        len(found.epochs),
        file=movie.output,
        seconds=f"{sum(found.durations) / 1000:g}",
        size=f"{found.size / 1000:,.0f}",
    )


def _told(run: Run, link: Link) -> "Played":
    """A run as the player shows it, with the findings about it."""
    from corner_lab.diagnostics.explanation import Explanation, Wanted
    from corner_lab.player.played_run import played

    return played(run, "", Explanation(run, Wanted.FINDINGS).finished(), link)


def story_file(path: str, runs: Mapping[str, Run], base: str) -> str:
    """Write the file that tells the story of these runs; what was written, in a line."""
    from corner_lab.player.story_page import story_page

    written_bytes = Path(path).write_bytes(story_page(runs, _app(base)).encode())
    return tr(
        "{file}: {steps} steps, {runs}, {size} kB",
        file=path,
        steps=len(STEPS),
        runs=trn("{count} run", "{count} runs", len(TOLD)),
        size=f"{written_bytes / 1000:,.0f}",
    )


def site_folder(path: str, runs: Mapping[str, Run], base: str) -> str:
    """Write the folder that shows these runs and the story; what was written, in a line."""
    from corner_lab.player.site import INDEX, site_files

    files = site_files(runs, _app(base))
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    written_bytes = sum((folder / name).write_bytes(text.encode()) for name, text in files.items())
    return trn(
        "{index}: {count} file, {size} MB in all",
        "{index}: {count} files, {size} MB in all",
        len(files),
        index=folder / INDEX,
        size=f"{written_bytes / 1e6:.1f}",
    )


def _app(base: str) -> str:
    """The address of the app, which ends in a slash."""
    from corner_lab.player.page import app_address

    return app_address(base, os.environ.get(VARIABLE, "")).rstrip("/") + "/"


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
