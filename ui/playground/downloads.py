"""Take it along: the run as a Keras script, its weights, its history and its figures as files; weights from a file.

And the story, as one.
"""

import os
from collections.abc import Callable
from functools import lru_cache, partial
from urllib.parse import urljoin

import plotly.graph_objects as go
import streamlit as st

from corner_lab.diagnostics.explanation import sentences
from corner_lab.export.keras_script import script_of
from corner_lab.export.run_report import history_table
from corner_lab.export.share_link import Link
from corner_lab.export.weights_file import csv_text, experiment_and_weights, keras_file, weights_text
from corner_lab.language import current, speaking, tr
from corner_lab.player import page, played, story_page
from corner_lab.player.page import app_address
from corner_lab.plots.training import html_page
from corner_lab.story.audience_link import VARIABLE
from corner_lab.story.trained_runs import Rehearsal
from corner_lab.training.run import Run
from corner_lab.workers.process import WorkerEnded, told
from ui import theme
from ui.state.session import Session, session
from ui.state.words import expander

TAKE, UPLOAD = "take", "weights-file"
FORMAT, FORMATS = "picture-format", ("png", "svg")  # what the camera in a figure's corner saves


def show(s: Session, figures: Callable[[], list[go.Figure]]) -> None:
    """What can be taken of the run on the stage, at its playhead. Call when `s.at_rest`; `figures` makes the study's
    when they are asked for."""
    run, epoch, title = s.run, s.epoch, s.title
    if run is None or run.history is None or run.status == "failed":
        return
    box = expander(tr("Take it along"), TAKE, icon=":material/download:")
    with box:
        st.markdown(
            tr(
                "Plain Keras that trains the same network in the same batches from the same weights, and asserts that "
                "it ends as seen here. It needs nothing but `keras` and `numpy`."
            )
        )
        columns, address = st.columns(6), st.context.url or ""
        with columns[0]:
            _file("script", tr("Keras script"), lambda: _script(s, run).encode(), "corner.py", "text/x-python")
        with columns[1]:
            _file(
                "weights",
                tr("Weights (JSON)"),
                lambda: _weights(run, epoch).encode(),
                f"corner-epoch-{epoch}.json",
                "application/json",
            )
        with columns[2]:
            _file(
                "network",
                tr("Network (.keras)"),
                lambda: keras_file(run, epoch),
                f"corner-epoch-{epoch}.keras",
                "application/zip",
            )
        with columns[3]:
            _file(
                "history",
                tr("History (CSV)"),
                lambda: csv_text(*history_table(run)).encode(),
                "corner-history.csv",
                "text/csv",
            )
        with columns[4]:
            _file(
                "figures",
                tr("Figures (HTML)"),
                lambda: html_page(figures(), title).encode(),
                "corner-figures.html",
                "text/html",
            )
        with columns[5]:
            _file(
                "player",
                tr("Player (HTML)"),
                lambda: _player(s, run, title, address).encode(),
                "corner-player.html",
                "text/html",
            )
        st.segmented_control(
            tr("The camera in a figure's corner saves"),
            FORMATS,
            default=FORMATS[0],
            key=FORMAT,
            required=True,
            format_func=str.upper,
        )
        if box.open:
            try:
                st.code(_script(s, run), language="python", height=400)
            except WorkerEnded as ended:
                st.error(theme.plain(told(ended)), icon=":material/error:")


def _script(s: Session, run: Run) -> str:
    """The run's script, with what is known of its causes."""
    known = s.why.findings if s.why is not None and s.why.run is run else None
    return script_of(run, lambda: sentences(run, known) if known else ())


def _player(s: Session, run: Run, title: str, address: str) -> str:
    """The run as a file that plays it without this server, with what is known of its causes."""
    why = s.why if s.why is not None and s.why.run is run else None
    edited = s.bench.numbers if s.bench is not None else None
    shown = Link(run.experiment, pixels=s.pixels, weights=edited, epoch=s.epoch)
    return page([played(run, title, why, shown)], app_address(address))


def _weights(run: Run, epoch: int) -> str:
    assert run.history is not None
    return weights_text(run.history.shape, run.history.weights_at(epoch), run.experiment)


def _file(key: str, label: str, data: Callable[[], bytes], name: str, kind: str) -> None:
    """A button whose file is made when it is pressed, in the language spoken now: one made before would be gone with
    the next rerun."""
    made = partial(_made, name, data, current().code, session().notes)
    st.download_button(label, made, name, kind, on_click="ignore", width="stretch", key=f"take-{key}")


def _made(name: str, data: Callable[[], bytes], language: str, notes: list[str]) -> bytes:
    """The file. What fails is a note on the page: at the button Streamlit says only that it has failed."""
    with speaking(language):
        try:
            return data()
        except Exception as error:
            notes.append(tr("{file} could not be made: {why}", file=name, why=told(error)))
            raise


def offer_story(rehearsal: Rehearsal, trains: bool) -> None:
    """The story as a file, once its runs are ready. `trains`: whether Keras is loaded, which says how far the script of
    each run is to be trusted."""
    address, there = (os.environ.get(VARIABLE, ""), urljoin(st.context.url or "", ".")), rehearsal.whole and trains
    st.download_button(
        tr("Story (HTML)"),
        partial(_story, tuple(rehearsal.runs.items()), current().code, *address) if there else b"",
        "corner-story.html",
        "text/html",
        key="story-file",
        on_click="ignore",
        disabled=not there,
        help=None
        if there
        else tr("It is there once TensorFlow has loaded, and Keras has trained what the story tells of."),
    )


@lru_cache(maxsize=8)
def _story(runs: tuple[tuple[str, Run], ...], language: str, *addresses: str) -> bytes:
    """Made once for everybody who opens the app at these addresses and reads this language."""
    with speaking(language):
        return story_page(dict(runs), app_address(*addresses).rstrip("/") + "/").encode()


def open_file() -> None:
    """The place for a weights file, in the sidebar."""
    with expander(tr("Weights from a file"), "weights-from-file", icon=":material/upload:"):
        st.file_uploader(
            tr("A JSON file with weights: what “Take it along” or the command line writes"),
            type=["json"],
            key=UPLOAD,
            on_change=_take_file,
        )


def _take_file() -> None:
    """Put the weights of the file on the bench; what is wrong with it is one sentence, and nothing changes."""
    s, file = session(), st.session_state[UPLOAD]
    if file is None:
        return
    try:
        experiment, weights = experiment_and_weights(file.getvalue(), s.experiment)
    except ValueError as error:
        s.notes.append(tr("{file}: {problem}.", file=file.name[:60], problem=error))
        return
    s.show_weights(experiment, weights, file.name[:60])
    s.notes.append(tr("The bench shows the weights of {file}.", file=file.name[:60]))
