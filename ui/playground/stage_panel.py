"""The stage's panel: makes the record for what the session shows, mounts the stage, draws the page again when due."""

import time
from dataclasses import replace
from typing import Any

import streamlit as st

from corner_lab.export.share_link import leads_to, words_of
from corner_lab.export.stage_record import Record, first_scene, packed, run_record, set_record
from corner_lab.language import current, tr, trn
from ui.components import stage, visit
from ui.playground import below_stage, diagnosis, page_news, sidebar, stage_actions, task_strip
from ui.server.keras_loading import loading, pool
from ui.server.streamlit_internals import visitors
from ui.state import bench_endpoint, url
from ui.state.session import Session, locks_in, opening_weights, reporting, session, shown_layout
from ui.state.stage_channel import STAGE, STAGE_VIEW
from ui.state.train_actions import watch

MOMENT = 0.08  # s
WAITS = (40, 100, 300)  # ms to the questions after a press: most runs have something to show at once
# More for each run that is first, ms, and at most: a room that waits is not to keep the server from answering clicks.
PLACE, MOST = 50, 2000
VISITOR = 10  # ms for each visitor there is, at least, but to the first questions: all ask of one process


def show() -> None:
    """Draw the stage in its fragment, which answers what the stage reports and asks. What stands below it is drawn
    again where that has changed, the whole page where more has."""
    s = session()
    page_news.note(s)
    st.fragment(_view, key=STAGE_VIEW)(s.channel.painted)


def _view(was_painted: bool) -> None:
    s = session()
    channel = s.channel
    watch()
    if not channel.whole:
        _wait_for_a_short_run(s)
    if was_painted:
        loading().start()  # only now that the whole page is there: importing would have delayed it
    elif channel.asked:
        channel.painted = True
    if s.sees("outcome"):
        diagnosis.follow(s)
    stage.show(
        _packed(s),
        key=STAGE,
        on_report=bench_endpoint.reported,
        on_press=reporting(stage_actions.press),
        on_ask=_asked,
    )
    if not s.shown:
        bench_endpoint.show(s)
    page_news.draw_if_due(s)  # after the record was packed: where a run has ended meanwhile, the stage asks no more
    if not channel.whole and not s.shown:
        sidebar.follow(s)
        task_strip.follow(s)
        below_stage.follow(s)
    if s.sees("outcome"):
        stage_actions.warm_up(s)


def _wait_for_a_short_run(s: Session) -> None:
    """Answer a press with the whole run where that takes but a moment: each further answer costs more than training."""
    run = s.run
    if run is None or run.id == s.channel.awaited or not loading().done:
        return
    s.channel.awaited, end = run.id, time.monotonic() + MOMENT
    while not run.over and time.monotonic() < end:
        time.sleep(0.005)


def _packed(s: Session) -> bytes:
    """The stage's record; the same bytes as before if nothing that it shows has changed and it did not ask.

    An answer to the stage always differs from the last, or Streamlit would not hand it over.
    """
    phase = _phase(s)
    run, notice, ask, channel = s.on_stage, _notice(s, phase), _ask(s), s.channel
    url.show_arrival(s)
    leads = run is not None and leads_to(s.experiment, run)
    showing = (run.id, run.history.last, run.status) if run is not None and run.history is not None else _opening_key(s)
    actions = stage_actions.offered(s)
    told = diagnosis.headline(s)
    words, awaited = words_of(s.experiment, run), s.run is not None and s.run is not run and not s.run.over
    content = (
        showing,
        notice,
        channel.rev,
        ask,
        channel.answer,
        awaited,
        words,
        leads,
        channel.pressed,
        phase,
        str(actions),
        told,
        s.shown,
        current().code,
    )
    if channel.cached is None or channel.cached[0] != content:
        record = run_record(run, str(s.staged[1])) if run is not None and s.staged else _opening(s)
        channel.tick += channel.cached is None or channel.cached[0][0] != showing
        header = replace(
            record.header,
            tick=channel.tick,
            notice=notice,
            loading=not loading().done,
            phase=phase,
            pressed=channel.pressed,
            ask=ask,
            answer=channel.answer,
            actions=actions,
            say=record.header.say | told,
            pixels=s.pixels,
            weights=list(s.bench.numbers) if s.bench is not None else None,
            locks=sorted(locks_in(s, shown_layout(s))),
            rev=channel.rev,
            at=s.arrival.link.epoch if s.arrival and s.arrival.shown else None,
            arriving=s.arrival is not None and not s.arrival.shown,
            awaited=awaited,
            leads=leads,
            words=words,
            home=s.experiment.target[0],
            wanted=list(s.experiment.target),
            session=s.id,
            fresh=not channel.painted,
            scene=first_scene(),
            parts=list(s.shown) or None,
        )
        channel.cached = (content, packed(vars(header), record.columns))
    return channel.cached[1]


def _ask(s: Session) -> int | None:
    """After how many ms the stage is to ask for the next record: while something is under way."""
    if not s.channel.painted:
        return 30  # once it is on the screen
    if s.waiting and s.channel.waits < len(WAITS):
        return WAITS[s.channel.waits] + min(PLACE * _before(s), MOST)
    later = _later(s)
    return None if later is None else max(later, min(VISITOR * visitors(), MOST))


def _later(s: Session) -> int | None:
    if s.run is not None and s.run.status == "running" and not s.waiting:
        return 150
    if s.waiting:
        return WAITS[-1] + min(PLACE * _before(s), MOST)
    return diagnosis.pause(s) if loading().done else WAITS[-1]


def _asked() -> None:
    s = session()
    s.channel.asked += 1
    s.channel.answer = visit.number(getattr(st.session_state.get(STAGE), "ask", None)) or s.channel.answer
    s.channel.waits = s.channel.waits + 1 if s.waiting else 0


def _phase(s: Session) -> str:
    """What the run that was asked for is in, if one is under way."""
    if s.run is None or s.run.over:
        return ""
    return s.run.phase if loading().done else "tensorflow"


def _notice(s: Session, phase: str) -> str:
    """What the visitor is waiting for, if anything. Training says itself how far it is."""
    tensorflow = loading()
    if tensorflow.problem:
        return tensorflow.problem
    if not tensorflow.done:
        if phase:
            return tr("TensorFlow is still loading; training follows.")
        return tr("TensorFlow is still loading; the bench already works.")
    if phase == "compiling":
        return tr("Keras is compiling the training loop.")
    if phase == "queued":
        if before := _before(s):
            return trn(
                "Waiting for a worker: {count} other first.", "Waiting for a worker: {count} others first.", before
            )
        return tr("Waiting for a worker.")
    return ""


def _before(s: Session) -> int:
    """How many runs are trained before the one that was asked for."""
    return pool().before(s.run) if s.run is not None and s.run.phase == "queued" else 0


def _opening_key(s: Session) -> tuple[Any, ...]:
    names = ("head", "loss", "target", "init", "second_conv", "kernels", "hidden", "seed")
    return tuple(getattr(s.experiment, name) for name in names[: 7 if s.experiment.kernels == 1 else 8])


def _opening(s: Session) -> Record:
    numbers, title = opening_weights(s.experiment)
    s.opening = numbers
    return set_record(s.experiment, numbers, title)
