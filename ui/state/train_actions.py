"""What a visitor does with runs: train, continue, train longer, and keep alive only the run that somebody looks at."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from corner_lab import counters
from corner_lab.experiment.experiment import Experiment, ExperimentError
from corner_lab.experiment.scenarios import scenario_of
from corner_lab.language import msg, tr
from corner_lab.network.conversion import converted, converted_locks
from corner_lab.network.parameters import Vector
from corner_lab.training.run import Run
from ui.server.keras_loading import pool
from ui.server.limits import limits
from ui.state.session import Bench, Kept, Session, bench, locks_in, session
from ui.state.settings import Given
from ui.state.words import Later, Words


@dataclass
class Viewer:
    """Ties what goes on for a session to its connection: gone with it, back when the page is drawn again."""

    session: Session | None = None


def _left(viewer: Viewer) -> None:
    s = viewer.session
    if s is not None and s.run is not None:
        s.run.abandon()
    if s is not None and s.why is not None:
        s.why.pause()


@st.cache_resource(scope="session", on_release=_left)
def _viewer() -> Viewer:
    return Viewer()


def watch() -> None:
    """Say that somebody looks at this session's run and what explains it. Called whenever the stage is drawn."""
    s = _viewer().session = session()
    if s.run is not None:
        s.run.keep()
        if s.run.reason == "abandoned" and s.run.resume():  # after a sleep, or away for long
            s.notes.append(tr("Training had stopped while nobody was looking: it goes on."))
            _submit(s.run)
        if (last := s.run.taken_over_at) is not None:
            s.run.taken_over_at = None
            on = msg(
                "The process that trained this run ended; another one goes on from epoch {epoch}.", epoch=f"{last:,}"
            )
            anew = msg("The process that trained this run ended; another one begins anew.")
            s.notes.append(str(on if last else anew))
    if s.why is not None and s.why.interrupted:
        s.why.interrupted = False
        s.notes.append(tr("The process that explained this run ended; another one goes on."))
    if s.why is not None and s.why.resume():
        pool().submit(s.why)


def _submit(run: Run) -> None:
    counters.trainings.begun(run)
    pool().submit(run)


def train(
    experiment: Experiment, weights: Vector | None = None, title: Words = "", held: Mapping[int, float] | None = None
) -> None:
    """Train in the background and put the run on the stage; a run that still goes there is stopped.

    What is locked on the bench counts for nothing: the run keeps the numbers that `held` gives, see `Run`.
    """
    s = session()
    check_epochs(experiment.epochs)
    run = Run(experiment, weights, held)
    if weights is not None:
        s.given = Given(experiment.layout, weights)
    if s.run is not None:
        s.run.stop()
    if not title:
        scenario = scenario_of(experiment)
        title = Later(lambda: scenario.title) if scenario else msg("Your settings")
    if held:
        title = msg("{title}, {count} locked", title=title, count=len(held))
    s.run, s.called, s.bench, s.problems, s.arrival = run, title, None, [], None
    _submit(run)


def check_epochs(epochs: int) -> None:
    """Raises ExperimentError for more epochs of a run than this server grants."""
    if epochs > (most := limits().epochs):
        told = tr("this server trains at most {most} a run; ask for fewer", most=f"{most:,}")
        raise ExperimentError("epochs", epochs, told)


def train_with_locks(experiment: Experiment, weights: Vector | None = None, title: Words = "") -> None:
    """The same for what is trained where the bench is in sight: what is locked there keeps the bench's numbers."""
    train(experiment, weights, title, held_numbers(session(), experiment))


def train_settings() -> None:
    """Train what the sidebar shows, from where it says. Weights that were given are those that training last was
    asked to start from."""
    s = session()
    e, start = s.experiment, s.given_weights()
    if e.init == "given" and start is None:
        told = tr("there are no given weights any more; choose where to start from")
        raise ExperimentError("init", "given", told)
    if e.epochs == 0:
        s.notes.append(tr("Epochs is 0: the start is shown, and nothing is trained."))
    train_with_locks(e, start)


def open_run(experiment: Experiment, title: Words = "") -> None:
    """Put what another page shows into the sidebar and train it, as it was shown there."""
    session().replace_settings(experiment, str(title) or tr("Opened"))
    train(experiment, title=title)


def continue_from_bench() -> None:
    """Train with the sidebar's settings from what the bench shows: edited weights, or those at the playhead.

    Where they are of another network they are converted. Raises ExperimentError if there are none, or they cannot be.
    """
    s = session()
    shown, layout, hidden, run = bench(s), s.experiment.layout, s.experiment.hidden, s.on_stage
    if shown is None:
        told = tr("there are no weights to continue from yet; train first, or edit the kernel")
        raise ExperimentError("init", "given", told)
    title = msg("From your weights, with a fresh optimizer")
    try:
        if s.bench is None and run is not None and run.history is not None:
            title = msg("From epoch {epoch}, with a fresh optimizer", epoch=f"{s.epoch:,}")
            weights = converted(shown.layout, run.history.weights_at(s.epoch), layout, hidden)  # all, exactly
        else:
            weights = shown.weights(layout, hidden)
    except ValueError as error:
        raise ExperimentError("init", "given", str(error)) from None
    train_with_locks(s.experiment, weights, title)


def train_longer() -> None:
    """Go on with the run on the stage for as many epochs as the sidebar says, keeping its optimizer."""
    s = session()
    if s.run is None:
        told = tr("there is no run to train longer yet; train first")
        raise ExperimentError("epochs", s.experiment.epochs, told)
    check_epochs((s.run.history.last if s.run.history is not None else 0) + s.experiment.epochs)
    s.run.extend(s.experiment.epochs)
    _submit(s.run)


def bring_back(kept: Kept) -> None:
    """Show again what was kept, and have its run go on if that was stopped to make room."""
    s = session()
    if s.run is not None and s.run is not kept.run:
        s.run.stop()
    s.bring_back(kept)
    if s.run is not None and kept.growing and s.run.resume():
        _submit(s.run)


def held_numbers(s: Session, experiment: Experiment) -> dict[int, float]:
    """What a training of this experiment is to keep: the locked numbers that its network has, at the bench's values.

    A network without a second convolution has w2 and b2 in its kernel and bias. Raises ExperimentError where the
    numbers are of another network and cannot be converted.
    """
    shown, layout = bench(s), experiment.layout
    if shown is None and s.opening is not None:
        shown = Bench.edited(s.opening.tolist())
    if shown is None or not s.locks:
        return {}
    try:
        numbers = layout.linear(shown.weights(layout, experiment.hidden))
    except ValueError as error:
        raise ExperimentError("init", "given", str(error)) from None
    locks = converted_locks(shown.layout, locks_in(s, shown.layout), layout)
    return {i: float(numbers[i]) for i in sorted(locks)}
