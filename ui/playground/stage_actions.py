"""The stage's buttons: which are offered at which moment, and what a press does."""

from typing import Any

import streamlit as st

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.scenarios import SCENARIOS, next_step, on_target
from ui.server.keras_loading import loading, pool
from ui.state import bench_endpoint
from ui.state.session import Session, session
from ui.state.stage_channel import STAGE
from ui.state.train_actions import continue_from_bench, train_with_locks

Action = dict[str, Any]


def offered(s: Session) -> dict[str, list[Action]]:
    learn = {"id": "learn", "text": "Let Keras learn it", "primary": True}
    go_on = {"id": "continue", "text": "Continue from here", "primary": False}
    run = s.on_stage
    if run is None or run.history is None:
        perfect = {"id": "perfect", "text": "Train from perfect weights", "primary": False}
        beginning = [learn] if len(s.experiment.target) > 1 else [perfect, learn]
        ending = beginning
    else:
        step = next_step(run.experiment, run.history.solved(), run.status == "diverged")
        ending = [*([{"id": "next", "text": step[0], "primary": False}] if step else []), learn]
        beginning = ending if run.history.last == 0 else [go_on, learn]
    return {
        "start": beginning,
        "end": ending,
        "between": [go_on, learn],
        "playing": [],
        "edited": [{"id": "bench", "text": "Train from these weights", "primary": True}],
        "running": [{"id": "stop", "text": "Stop", "primary": False}],
    }


def press() -> None:
    # What comes with the press counts before it, whatever the order of the callbacks.
    bench_endpoint.reported("playhead")
    s, pressed = session(), getattr(st.session_state[STAGE], "press", None)
    if pressed == "learn":
        _train_as(on_target(SCENARIOS["as asked"], s.experiment))
    elif pressed == "perfect":
        _train_as(on_target(SCENARIOS["a perfect start, as asked"], s.experiment))
    elif pressed == "next" and (run := s.on_stage) is not None and run.history is not None:
        step = next_step(run.experiment, run.history.solved(), run.status == "diverged")
        if step:
            _train_as(step[1])
    elif pressed in ("continue", "bench"):
        continue_from_bench()
    elif pressed == "stop" and s.run is not None:
        s.run.stop()


def _train_as(experiment: Experiment) -> None:
    """Put the experiment into the sidebar and train it."""
    session().experiment = experiment
    train_with_locks(experiment)


def warm_up(s: Session) -> None:
    """Compile ahead what the settings, the first button and the next cure will need, whenever the settings change."""
    if not loading().done or loading().problem or s.warmed == s.experiment:
        return
    s.warmed = s.experiment
    following = next_step(s.experiment, solved=False)
    asked = on_target(SCENARIOS["as asked"], s.experiment)
    pool().warm(s.experiment, asked, *([following[1]] if following else []))
