"""The landscape page: the loss over scale and bias, for the session's experiment and its nearest variations."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import streamlit as st

from corner_lab.analysis import landscape_text as words
from corner_lab.analysis.descent_path import downhill
from corner_lab.analysis.landscape_plane import MATCHED, Path, numbers_at, path, plane_for
from corner_lab.analysis.loss_landscape import heights, landscape
from corner_lab.experiment.experiment import REGISTRIES, Experiment, reasons, repaired
from corner_lab.formatting import typed_number
from corner_lab.language import joined, msg, tr, trn
from corner_lab.network.parameters import LARGEST_Z
from corner_lab.plots.landscape import Way, contour, surface
from corner_lab.training.engine_state import RefusedByKeras
from corner_lab.training.run import Run
from corner_lab.workers.process import WorkerEnded, told
from ui import pages, theme
from ui.components import polling
from ui.components.polling import Questions
from ui.server.keras_loading import loading
from ui.server.streamlit_internals import wait_until_sent
from ui.state.session import Bench, Kept, Session, session
from ui.state.train_actions import bring_back, open_run
from ui.state.words import key_in_words

NEWS = "landscape-news"  # the key of the component
CHART = "landscape-chart"  # of the contour
TAKEN = "landscape-taken"  # the point whose weights were put on the bench
FIELDS = {"labels": msg("Labels"), "head": msg("Head"), "loss": msg("Loss")}  # what is compared here
STATE = "landscape"  # the session's experiment when the page last looked, and the variation that is shown


def page() -> None:
    s = session()
    st.html(theme.STYLE)
    theme.show_problems(s.problems)
    theme.show_notes(s.notes)
    e = _shown(s)
    awaited = _awaited(s, e)
    st.subheader(tr("The landscape of the loss"), anchor=False)
    st.caption(_settings(e))
    as_surface = _controls(e)
    theme.show_notes(s.notes)
    if without := words.on_no_plane(e):
        st.info(without, icon=":material/info:")
    elif loading().done:
        _landscape(s, e, as_surface, awaited)
    else:
        loading().start()
        st.info(tr("TensorFlow is still loading; the landscape follows by itself."), icon=":material/hourglass_empty:")
    st.fragment(_news)(e, awaited)


def _awaited(s: Session, e: Experiment) -> Literal["", "tensorflow", "run"]:
    """What the page of this experiment waits for."""
    if words.on_no_plane(e):
        return ""
    if not loading().done:
        return "tensorflow"
    return "run" if s.run is not None and not s.run.over and _same(s.run, e) else ""


def _news(e: Experiment, awaited: str) -> None:
    """Ask for news while something is awaited; once it has come, draw the page again."""
    questions: Questions = st.session_state.setdefault(NEWS + "-asked", Questions())
    polling.show(questions, bool(awaited), key=NEWS)
    if _awaited(session(), e) != awaited:
        wait_until_sent()
        st.rerun()


def _settings(e: Experiment) -> str:
    """The settings that shape the landscape and are not chosen on this page."""
    return trn(
        "From Play: target pattern {targets} · balance {balance} · batch size {size}",
        "From Play: target patterns {targets} · balance {balance} · batch size {size}",
        len(e.target),
        targets=", ".join(map(str, e.target)),
        balance=_label("balance", e.balance),
        size=e.batch_size,
    )


# ---------------------------------------------------------------- what is shown


def _shown(s: Session) -> Experiment:
    """The session's experiment, or the variation of it that was chosen here."""
    base, chosen = st.session_state.get(STATE, (None, s.experiment))
    e: Experiment = chosen if base == s.experiment else s.experiment
    st.session_state[STATE] = (s.experiment, e)
    return e


def _controls(e: Experiment) -> bool:
    """Labels, head and loss to compare. Returns whether the surface is wanted."""
    columns = st.columns([2, 4, 6, 2], vertical_alignment="bottom")
    for column, (field, name) in zip(columns, FIELDS.items(), strict=False):
        why = reasons(field, e)
        offered = [word for word in why if field == "head" or not why[word]]
        key = key_in_words(f"landscape-{field}")
        if st.session_state.get(key) != getattr(e, field):
            st.session_state[key] = getattr(e, field)
        column.segmented_control(
            str(name),
            offered,
            required=True,
            wrap=True,
            key=key,
            format_func=partial(_label, field),
            on_change=partial(_take, field, key),
        )
    return bool(columns[3].toggle(tr("Surface"), key="landscape-surface"))


def _label(field: str, word: str) -> str:
    return REGISTRIES[field][word].label


def _take(field: str, key: str) -> None:
    s = session()
    base, e = st.session_state[STATE]
    e, notes = repaired(e, **{field: st.session_state[key]})
    st.session_state[STATE] = (base, e)
    s.notes += notes


# ---------------------------------------------------------------- the picture and what it says


def _landscape(s: Session, e: Experiment, as_surface: bool, awaited: str) -> None:
    if loading().problem:
        st.error(loading().problem, icon=":material/error:")
        return
    way = _run_path(s, e)
    try:
        land = landscape(e, plane_for(e, way))
        walk = downhill(e, *land.marks[MATCHED])
        ways = [Way(tr("downhill from the matched filter"), walk.scale, walk.bias, walk.loss, of_run=False)]
        if way is not None:
            below = heights(e, way.scale, way.bias).loss
            ways.append(Way(tr("the run's shadow"), way.scale, way.bias, below, of_run=True))
    except RefusedByKeras as refused:
        st.warning(
            tr("Keras refuses these shapes, so there is no loss to draw: {why}", why=theme.plain(str(refused))),
            icon=":material/block:",
        )
        return
    except WorkerEnded as ended:
        st.error(theme.plain(told(ended)), icon=":material/error:")
        st.button(tr("Try again"), key="landscape-again")
        return
    palette = theme.palette()
    left, right = st.columns([7, 4], gap="medium")
    taken = _taken(s, e)
    with left:
        if as_surface:
            st.plotly_chart(surface(land, ways, palette), key="landscape-surface-chart", config=theme.saved_chart())
        else:
            chosen = (taken.scale, taken.bias) if taken is not None else None
            st.plotly_chart(
                contour(land, ways, palette, chosen),
                key=CHART,
                config=theme.saved_chart(),
                on_select=partial(_choose, e),
                selection_mode="points",
            )
        _point(e)
    with right:
        if taken is not None:
            _on_the_bench(s, e, taken)
        sentences = words.on_marks(land), words.on_downhill(land, walk), words.on_solved(land), words.on_flat(land)
        for sentence in sentences:
            st.markdown(sentence)
        _about_the_run(s, e, way, awaited)
        st.caption(joined([words.on_heights(e), tr("z = scale × (matched filter · pixels) + bias.")]))


# ---------------------------------------------------------------- a point of it on the bench


@dataclass(frozen=True)
class Taken:
    """A point whose weights were put on the bench, for which settings, and what stood there before."""

    scale: float
    bias: float
    experiment: Experiment
    bench: Bench | None
    before: Kept


def _taken(s: Session, e: Experiment) -> Taken | None:
    """The point whose weights are on the bench, as long as nothing else is."""
    taken: Taken | None = st.session_state.get(TAKEN)
    return taken if taken is not None and taken.bench is s.bench and taken.experiment == s.experiment == e else None


def _choose(e: Experiment) -> None:
    """Take the point that was pressed; what is none changes nothing."""
    points = st.session_state[CHART].selection.points
    if not isinstance(points, list) or not points or not isinstance(points[0], dict):
        return  # the same one once more is none
    place: list[Any] = [points[0].get(axis) for axis in ("x", "y")]
    if all(type(at) in (int, float) and abs(at) <= LARGEST_Z for at in place):
        _take_point(e, *map(float, place))


def _point(e: Experiment) -> None:
    """Any point, typed."""
    st.caption(tr("Press a point, or type one, and its weights are on the bench of Play."))
    left, middle, right = st.columns([2, 2, 3], vertical_alignment="bottom")
    left.text_input(tr("Scale"), "1", key="landscape-scale")
    middle.text_input(tr("Bias"), "−3.5", key="landscape-bias")
    right.button(tr("Put on the bench"), key="landscape-put", on_click=_take_typed, args=(e,))


def _take_typed(e: Experiment) -> None:
    """Take the point that is typed, also if it has come with the press itself."""
    try:
        scale, bias = (typed_number(st.session_state[f"landscape-{name}"]) for name in ("scale", "bias"))
    except ValueError as error:
        session().notes.append(tr("{problem}.", problem=error))
        return
    _take_point(e, scale, bias)


def _take_point(e: Experiment, scale: float, bias: float) -> None:
    """Put the weights of a point on the bench, and the settings that are shown here into the sidebar."""
    s, before = session(), session().kept()
    try:
        weights = Bench.edited(numbers_at(e.target[0], scale, bias).tolist()).weights(e.layout)
    except ValueError as error:
        place = tr("scale {scale}, bias {bias}", scale=f"{scale:g}", bias=f"{bias:g}")
        s.notes.append(tr("{place}: {problem}.", place=place, problem=error))
        return
    s.show_weights(e, weights, tr("From the landscape"))
    st.session_state[TAKEN] = Taken(scale, bias, e, s.bench, before)
    s.notes.append(tr("The bench shows the weights of {place}.", place=words.place(scale, bias)))


def _on_the_bench(s: Session, e: Experiment, taken: Taken) -> None:
    """What the point is, the way to Play, and the way back."""
    st.markdown(words.on_point(e, taken.scale, taken.bias))
    with st.container(horizontal=True):
        play = st.button(tr("Play with them"), key="landscape-play", icon=":material/arrow_forward:")
        st.button(
            tr("Undo"),
            icon=":material/undo:",
            type="tertiary",
            key="landscape-undo",
            on_click=bring_back,
            args=(taken.before,),
            help=tr("The bench, the settings and the run as they were."),
        )
    if play:
        pages.open_page("play")


def _same(run: Run | None, e: Experiment) -> bool:
    """Whether a run was trained with these settings, whatever its start and its length."""
    return run is not None and replace(run.experiment, epochs=e.epochs, stop=e.stop, init=e.init) == e


def _run_path(s: Session, e: Experiment) -> Path | None:
    """The path of the run on the stage, if it was trained with these settings."""
    run = s.on_stage
    if run is None or run.history is None or run.history.last == 0:
        return None
    return path(run.history) if _same(run, e) else None


def _about_the_run(s: Session, e: Experiment, way: Path | None, awaited: str) -> None:
    if awaited == "run":
        st.markdown(tr("The run with these settings still goes; its path follows."))
        return
    if way is not None:
        st.markdown(words.on_path(way))
        return
    trained = s.on_stage is not None and s.on_stage.history is not None and s.on_stage.history.last > 0
    st.markdown(
        tr("The run on the stage has other settings. Train these on Play to see their path here.")
        if trained
        else tr("Nothing is trained with these settings yet. Train them on Play to see the path here.")
    )
    if st.button(tr("Train this on Play"), key="landscape-train"):
        open_run(replace(e, init="glorot_uniform") if e.init == "given" else e)
        pages.open_page("play")
