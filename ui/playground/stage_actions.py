"""The stage's buttons: which are offered at which moment, and what a press does."""

import re
from dataclasses import replace
from typing import Any

import streamlit as st

from corner_lab.analysis.separability import unsolvable
from corner_lab.diagnostics import Remedy
from corner_lab.experiment.chains import next_step
from corner_lab.experiment.experiment import Experiment, repaired
from corner_lab.experiment.initializers import INITS, linear_weights
from corner_lab.experiment.scenarios import SCENARIOS, on_target, scenario_of
from corner_lab.language import Message, current, msg, tr, trc
from corner_lab.language.languages import SOURCE
from corner_lab.network.numpy_model import slopes
from corner_lab.network.patterns import COUNT
from corner_lab.training.engine import Warming
from ui.server.keras_loading import loading, pool
from ui.state import bench_endpoint
from ui.state.session import Session, session
from ui.state.stage_channel import STAGE
from ui.state.train_actions import continue_from_bench, train, train_settings, train_with_locks
from ui.state.words import Later, Words

Action = dict[str, Any]
ASKED = SCENARIOS["as asked"]
PERFECT = ("by_hand", "matched")  # the words of init whose weights get all 512 right
# What Next says of so many remedies in one.
TOGETHER: dict[int, Message] = {2: msg("both remedies together"), 3: msg("three remedies together")}
_TRAIN: dict[str, Message] = {
    "zeros": msg("Train from zeros"),
    "by_hand": msg("Train from the hand-set weights"),
    "matched": msg("Train from the matched filter"),
    "given": msg("Train from the given weights"),
}
_AIMS: dict[str, Message] = {
    "target": msg("Make target"),
    "also": msg("Also a target"),
    "not": msg("No longer a target"),
}
RANDOM = tuple(word for word, init in INITS.items() if init.keras_initializer)


def offered(s: Session) -> dict[str, list[Action]]:
    """The buttons by situation (see the stage's `situation`). One of them trains what the sidebar shows; it is primary
    as long as that was not trained yet."""
    e, run = s.experiment, s.on_stage
    started = run is not None and run.history is not None
    trains = {"id": "train", "text": train_text(e), "primary": s.run is None or s.run.experiment != e}
    go_on = {"id": "continue", "text": tr("Continue from here"), "primary": False}
    asked = [{"id": "asked", "text": ASKED.title, "primary": False}] * (on_target(ASKED, e) != e)
    following = [{"id": "next", "text": step[0], "primary": not trains["primary"]}] if (step := _next(s)) else []
    perfect = [{"id": "perfect", "text": tr("Train from perfect weights"), "primary": False}]
    perfect *= _can_be_perfect(e)
    begun = started and run is not None and run.history is not None and run.history.last > 0
    return {
        "start": [*asked, *perfect, trains],
        "end": [*following, *asked, trains],
        "between": [go_on, trains] if begun else [*following, *asked, trains],
        "playing": [],
        "edited": [{"id": "bench", "text": tr("Train from your weights"), "primary": True}],
        "running": [{"id": "stop", "text": trc("a button", "Stop"), "primary": False}],
    }


def train_text(e: Experiment) -> str:
    """What the button is called that trains this experiment: with what is special about where it starts."""
    return str(_TRAIN.get(e.init, msg("Train")))


def _next(s: Session) -> tuple[str, Remedy] | None:
    """What to try after the run on the stage, and its button's words: the next step of the chain of cures, or what the
    findings say, with what that came to where it was tried."""
    run, why = s.on_stage, s.why
    if run is None or run.history is None:
        return None
    if (step := _cure(run.experiment)) is not None:
        return step
    if why is None or why.run is not run or why.next is None or not s.at_rest:
        return None
    remedy, effect = why.next
    parts = len(why.combined.parts) if why.combined is not None and remedy is why.combined.remedy else 1
    does = TOGETHER.get(parts, _within(remedy.label))
    tried = effect.in_short if effect is not None else ""  # without the figures, which Why has
    if tried:
        return tr("Next: {does} (tried: {effect})", does=does, effect=tried), remedy
    return tr("Next: {does}", does=does), remedy


def _within(label: str) -> str:
    """A label within a sentence: in English with a small letter first."""
    return label[:1].lower() + label[1:] if current().code == SOURCE else label


def _cure(e: Experiment) -> tuple[str, Remedy] | None:
    """The next step of the chain of cures after this experiment, if there is one that leads anywhere."""
    step = next_step(e)
    if step is None or (step.cure and unsolvable(e)):
        return None
    return step.label, Remedy(step.label, step.experiment)


def needs_remedies(e: Experiment) -> bool:
    """Whether what is to be tried next after this experiment is known only once its remedies were trained."""
    return _cure(e) is None


def press() -> None:
    """Do what the pressed button of the stage says."""
    # What comes with the press counts before it, whatever the order of the callbacks.
    bench_endpoint.reported("playhead")
    s, pressed = session(), getattr(st.session_state[STAGE], "press", None)
    s.channel.pressed += 1  # first: what is refused is an answer too
    if pressed == "train":
        train_settings()
    elif pressed == "asked":
        _train_as(on_target(ASKED, s.experiment), ASKED.title)
    elif pressed == "perfect" and _can_be_perfect(s.experiment):
        s.notes.append(_why_not_by_hand(s.experiment))
        e = replace(s.experiment, init="matched", epochs=s.experiment.epochs or ASKED.experiment.epochs)
        _train_as(e, tr("Train from perfect weights"), msg("From perfect weights"))
    elif pressed == "next" and (step := _next(s)):
        _train_next(*step)
    elif pressed in ("continue", "bench"):
        continue_from_bench()
    elif pressed == "stop" and s.run is not None:
        s.run.stop()
    elif aimed := re.fullmatch(r"(target|also|not):(\d{1,3})", str(pressed), re.ASCII):
        _aim(s, aimed[1], int(aimed[2]))


def _aim(s: Session, how: str, index: int) -> None:
    """Make a pattern the only target, another one, or none any more. Raises ExperimentError for what cannot be."""
    targets = set(s.experiment.target)
    wanted = {"target": {index}, "also": targets | {index}, "not": targets - {index}}[how]
    experiment, notes = repaired(s.experiment, target=tuple(wanted))
    s.replace_settings(experiment, str(_AIMS[how]))
    s.notes += notes


def _train_next(label: str, remedy: Remedy) -> None:
    """A step of the chain trains what is locked, as the other buttons do; a finding's remedy what its run had held."""
    if remedy.held or remedy.start is not None:
        session().replace_settings(remedy.experiment, label)
        train(remedy.experiment, remedy.start, Later(lambda: remedy.label), dict(remedy.held))
    else:
        _train_as(remedy.experiment, label, Later(lambda: remedy.label))


def _train_as(experiment: Experiment, by: str, title: Words = "") -> None:
    """Put the experiment into the sidebar and train it, called by its scenario's title or, where it is none, by this
    one. `by`: the words of the button."""
    session().replace_settings(experiment, by)
    train_with_locks(experiment, title="" if scenario_of(experiment) else title)


def _can_be_perfect(e: Experiment) -> bool:
    """Whether there are perfect weights that the settings do not start from anyway."""
    return len(e.target) == 1 and e.init in RANDOM


def _why_not_by_hand(e: Experiment) -> str:
    """Why a start from perfect weights is not one from the hand-set weights that the bench opens with."""
    (target,) = e.target
    by_hand, matched = (int((slopes(linear_weights(name, target), e.head) != 0).sum()) for name in PERFECT)
    return tr(
        "The start is the matched filter, not the hand-set weights: the head's slope is exactly 0 for {there} of "
        "{all} patterns there, and for {here} here.",
        there=COUNT - by_hand,
        here=COUNT - matched,
        all=COUNT,
    )


def warm_up(s: Session) -> None:
    """Compile ahead what the settings, the first button and the next cure will need, whenever the settings change."""
    if not loading().done or loading().problem or s.warmed == s.experiment:
        return
    s.warmed = s.experiment
    following = next_step(s.experiment)
    wanted = [s.experiment, on_target(ASKED, s.experiment), *([following.experiment] if following else [])]
    pool().ahead(*map(Warming, wanted))
