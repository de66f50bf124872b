"""What one visitor has in front of them: the experiment of the sidebar, the run on the stage, the bench.

Lives in `st.session_state`. Widgets and the stage change it in their callbacks; pages read it.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import streamlit as st

from corner_lab import counters
from corner_lab.diagnostics.explanation import Explanation
from corner_lab.experiment.experiment import Experiment, ExperimentError
from corner_lab.experiment.field_help import changes
from corner_lab.experiment.initializers import INITS, linear_weights
from corner_lab.export.share_link import Link
from corner_lab.language import msg, tr
from corner_lab.network.conversion import converted, converted_locks
from corner_lab.network.parameters import ParameterLayout, Vector, linear_names
from corner_lab.network.patterns import CORNER
from corner_lab.training.run import Run
from ui.server.streamlit_internals import script_run
from ui.state.progress import Progress
from ui.state.settings import Given, Settings
from ui.state.stage_channel import Playhead, StageChannel
from ui.state.words import Words

VISITOR = "corner_lab_visitor"  # of the run of a script


@dataclass(frozen=True)
class Bench:
    """The numbers on the bench, as `ParameterLayout.bench` orders them, and which network they are of."""

    numbers: tuple[float, ...]
    layout: ParameterLayout

    @classmethod
    def of(cls, layout: ParameterLayout, weights: Vector) -> "Bench":
        """What the bench shows of flat weights (layout.size,)."""
        return cls(tuple(layout.bench(weights).tolist()), layout)

    @classmethod
    def edited(cls, numbers: Sequence[float]) -> "Bench":
        """Numbers that were set by hand; their count says which network they are of. Raises ValueError for a count
        that no bench has, and where z cannot hold what they give."""
        bench = cls(tuple(map(float, numbers)), ParameterLayout.of_bench(len(numbers)))
        bench.weights(bench.layout)
        return bench

    @property
    def vector(self) -> Vector:
        return np.array(self.numbers, dtype=np.float32)

    @property
    def linear(self) -> Vector:
        """Those of its numbers that give z."""
        return self.vector[: len(self.layout.linear_names)]

    def weights(self, to: ParameterLayout, hidden: str = "none") -> Vector:
        """As flat weights (to.size,) of a network, with the same z as far as `converted` can. Raises ValueError as that
        does."""
        return converted(self.layout, self.layout.from_bench(self.vector), to, hidden)


@dataclass
class Arrival:
    """What a link asks for beyond settings: a run, and where its playhead rests with which numbers on the bench."""

    link: Link
    started: bool = False
    shown: bool = False  # on the stage


@dataclass(frozen=True)
class Kept:
    """What stood in the sidebar and on the stage before a press replaced it."""

    experiment: Experiment
    bench: Bench | None
    run: Run | None
    staged: tuple[Run, Words] | None
    called: Words
    given: Given | None
    replaced: Settings | None
    growing: bool  # whether the run was being trained


@dataclass
class Session:
    """One visitor's state, and in `channel` what travels between it and the stage in the browser."""

    id: str = field(default_factory=secrets.token_urlsafe)  # 256 bits: whoever knows it can set the bench
    experiment: Experiment = field(default_factory=Experiment)
    run: Run | None = None
    called: Words = ""  # the run; `title` says it
    staged: tuple[Run, Words] | None = None  # the last run that had something to show, and what it is called
    pixels: int = CORNER
    bench: Bench | None = None  # if it was edited
    opening: Vector | None = None  # the numbers that the stage shows where nothing was edited or trained
    locks: frozenset[int] = frozenset()  # which of the numbers that give z training is to keep: those of a network ...
    locked_kernels: int = 1  # ... of so many kernels
    playhead: Playhead = field(default_factory=Playhead)
    arrival: Arrival | None = None
    given: Given | None = None  # what the settings start from where they say that weights are given
    replaced: Settings | None = None  # what the visitor had set before a button set something else
    versions: dict[str, int] = field(default_factory=dict)  # of the sidebar's widgets,
    widgets_in: str = ""  # in the language of this code
    notes: list[str] = field(default_factory=list)  # shown once
    problems: list[ExperimentError] = field(default_factory=list)  # of the link that opened the page,
    problems_in: str = ""  # in the language of this code, and
    link: list[tuple[str, str]] = field(default_factory=list)  # its words
    admitted: bool = False  # whether the server had a place for this visitor
    opened: bool = False  # whether what the address said was taken
    shown: tuple[str, ...] = ()  # the parts of the stage that show alone, in a frame; () for the whole page
    warmed: Experiment | None = None  # what was last compiled ahead
    channel: StageChannel = field(default_factory=StageChannel)
    why: Explanation | None = None  # the findings about the run that is over
    looks_at_why: bool = False  # whether they are in sight
    progress: Progress = field(default_factory=Progress)  # with the tasks
    language: str = ""  # the code of the one this visitor reads; "" before that is known
    language_asked: str = ""  # by the address
    studied: tuple[Any, list[Any]] | None = None  # the figures of the study that are drawn, and what they are of

    @property
    def title(self) -> str:
        """What the run is called."""
        return str(self.called)

    @property
    def on_stage(self) -> Run | None:
        """The run that the stage shows: the newest that has its first row. The one before stays until then."""
        run = self.run  # once: the direct line asks from another thread
        if run is not None and run.history is not None:
            self.staged = run, self.called
        staged = self.staged
        return staged[0] if staged else None

    def replace_settings(self, experiment: Experiment, by: str) -> None:
        """Put an experiment into the sidebar that the visitor has not set there: say what changes, and keep what it
        replaces for `undo_settings`. `by`: the words of the button or choice."""
        if experiment == self.experiment:
            return
        self.notes.append(tr("{by}: {changes}.", by=by, changes=changes(self.experiment, experiment)))
        self.experiment, self.replaced = experiment, Settings(self.experiment, self.given_weights())

    def undo_settings(self) -> None:
        """Bring back what `replace_settings` replaced, if the visitor has set nothing since."""
        if self.replaced is not None:
            back, self.replaced = self.replaced, None
            self.experiment = back.experiment
            if back.given is not None:
                self.given = Given(back.experiment.layout, back.given)

    def given_weights(self) -> Vector | None:
        """The flat weights that the settings start from, if they say that these are given and it is known which.
        Raises ExperimentError where they are of another network and cannot be converted."""
        e = self.experiment
        if e.init != "given" or self.given is None:
            return None
        try:
            return converted(self.given.layout, self.given.weights, e.layout, e.hidden)
        except ValueError as error:
            raise ExperimentError("init", "given", str(error)) from None

    def show_weights(self, experiment: Experiment, weights: Vector, by: str) -> None:
        """Put an experiment into the sidebar and weights (flat) of its network on the bench, both `by` name a file.

        A run of another network, shown or awaited, makes room for them; that is said.
        """
        same = ("head", "second_conv", "kernels", "hidden", "target")
        runs = [run for run in (self.run, self.on_stage) if run is not None]
        others = [run for run in runs if any(getattr(run.experiment, n) != getattr(experiment, n) for n in same)]
        if others:
            history, stopped = others[0].history, self.run is not None and not self.run.over
            said = {"by": by, "epoch": f"{history.last:,}" if history is not None else "0"}
            ended = msg("{by}: the run was of another network. It was stopped at epoch {epoch} and made room.", **said)
            left = msg("{by}: the run was of another network. It made room.", by=by)
            self.notes.append(str(ended if stopped else left))
            self.leave_run()
        self.replace_settings(experiment, by)
        self.bench = Bench.of(experiment.layout, weights)
        self.channel.rev += 1

    def kept(self) -> "Kept":
        """What `show_weights` may replace."""
        growing = self.run is not None and not self.run.over
        shown = (self.experiment, self.bench, self.run, self.staged, self.called)
        return Kept(*shown, self.given, self.replaced, growing)

    def bring_back(self, kept: "Kept") -> None:
        """Show again what was kept; `train_actions.bring_back` also has its run go on."""
        self.experiment, self.bench, self.run = kept.experiment, kept.bench, kept.run
        self.staged, self.called, self.given, self.replaced = kept.staged, kept.called, kept.given, kept.replaced
        self.channel.rev += 1

    def leave_run(self) -> None:
        """Show the settings alone again, as before anything was trained."""
        if self.run is not None:
            self.run.stop()
        self.run, self.staged, self.arrival, self.called = None, None, None, ""

    def sees(self, part: str) -> bool:
        """Whether the visitor sees a part of the stage."""
        return not self.shown or part in self.shown

    @property
    def waiting(self) -> bool:
        """Whether a run was asked for that has nothing to show yet: Keras is loading or compiling."""
        return self.run is not None and self.run.history is None and not self.run.over

    @property
    def at_rest(self) -> bool:
        """Whether a run that is over stands still, so that the pictures that rest can be drawn."""
        run = self.on_stage
        if run is None or run.history is None or not run.over or run is not self.run:
            return False
        return run.history.last == 0 or (self.playhead.run == run.id and not self.playhead.playing)

    @property
    def epoch(self) -> int:
        """The epoch at the playhead, within the record."""
        run = self.on_stage
        if run is None or run.history is None:
            return 0
        return min(self.playhead.epoch, run.history.last) if self.playhead.run == run.id else run.history.last

    @property
    def epoch_to_rest_at(self) -> int:
        """Where the playhead rests, or comes to rest if nobody stops it: while it plays Python hears nothing of it."""
        run = self.on_stage
        plays = run is not None and self.playhead.run == run.id and self.playhead.playing
        return run.history.last if plays and run is not None and run.history is not None else self.epoch


by_id: WeakValueDictionary[str, Session] = WeakValueDictionary()  # those that Streamlit still keeps


def session() -> Session:
    """The visitor's whose script runs; one who is new gets one."""
    found = known(script_run())
    if found is None:
        found = st.session_state["session"] = Session()
        counters.add("visitors")
    by_id[found.id] = found
    return found


def known(run: Any) -> Session | None:
    """The session of the visitor whose script this thread runs, if there is one. Every sentence asks for it, so the run
    of the script (see `script_run`) keeps it: Streamlit takes ten times as long to look it up."""
    found: Session | None = getattr(run, VISITOR, None)
    if found is None and "session" in st.session_state:
        found = st.session_state["session"]
        if run is not None:
            setattr(run, VISITOR, found)
    return found


def reporting(action: Callable[..., None]) -> Callable[..., None]:
    """A callback whose ExperimentErrors become notes on the page."""

    def callback(*args: Any) -> None:
        try:
            action(*args)
        except ExperimentError as error:
            session().notes.append(tr("{problem}.", problem=error))

    return callback


def opening_weights(e: Experiment) -> tuple[Vector, str]:
    """What the bench shows before anything was trained: the closed form that init names, or the hand-set one.

    With several targets there is neither, and the bench starts at zero.
    """
    if e.init == "zeros" or len(e.target) != 1:
        names = linear_names(e.kernels)
        zero = np.zeros(len(names), dtype=np.float32)
        if e.init != "zeros":
            zero[[name.startswith("w2") for name in names]] = 1
        return zero, tr("All zero")
    init = e.init if INITS[e.init].one_target else "by_hand"
    numbers = linear_weights(init, e.target[0], e.kernels, e.hidden, e.seed)
    return numbers, tr("Set by hand") if init == "by_hand" else tr("Matched filter")


def locks_in(s: Session, layout: ParameterLayout) -> frozenset[int]:
    """The locks as those of another network: what both have."""
    return converted_locks(ParameterLayout(s.locked_kernels, 1), s.locks, ParameterLayout(layout.kernels, 1))


def shown_layout(s: Session) -> ParameterLayout:
    """The network whose numbers the bench shows."""
    found = bench(s)
    return s.experiment.layout if found is None else found.layout


def bench(s: Session) -> Bench | None:
    """What stands on the bench: edited, or at the playhead; None where nothing was set or trained."""
    edited = s.bench  # once: see `on_stage`
    return unedited_bench(s) if edited is None else edited


def unedited_bench(s: Session) -> Bench | None:
    """What would stand on the bench if nothing was edited."""
    run = s.on_stage
    if run is not None and run.history is not None:
        return Bench.of(run.experiment.layout, run.history.weights_at(s.epoch))
    return None
