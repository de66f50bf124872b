"""The page of the three causes: the cube with its switches, and what each change does alone.

Everything is measured here, in the pool that trains the runs, and known to the whole process. Meanwhile the page asks
for news and the fragment answers with a few small elements.
"""

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from corner_lab.analysis.ablation import ABLATION, CASES, EPOCHS, SEEDS, SWITCHES, VERTICES, Case, vertex_id
from corner_lab.analysis.ablation_study import Causes, ablation_findings, figure, findings, heading, progress
from corner_lab.analysis.stored_results import StoredResults
from corner_lab.experiment.losses import LOSSES
from corner_lab.language import joined, msg, tr
from corner_lab.training.seed_sweep import Tally
from ui import pages, theme
from ui.components import cube, polling
from ui.components.polling import Questions
from ui.server.keras_loading import loading, pool
from ui.state.session import session
from ui.state.train_actions import open_run

CUBE, BARS, NEWS = "cube", "bars", "causes-news"  # the keys of the components
STYLE = "<style>.st-key-open-corner button p { color: light-dark(#FFFFFF, #0B1513); }</style>"  # as on the stage
REMOVE = {
    "shapes": msg("Fix the label shapes"),
    "loss": msg("A loss that never saturates"),
    "imbalance": msg("Balance the batches"),
}


@dataclass
class Visit:
    """What one visitor has chosen on this page."""

    vertex: str = "000"
    drawn: str = "000"  # what the switches of this version began with
    version: int = 0  # of the switches' widgets: new ones where the cube was clicked, see `settings.key`
    questions: Questions = field(default_factory=Questions)
    opening: str = ""  # the case that is to be opened in the playground


@st.cache_resource
def causes() -> Causes:
    """The measurement that all visitors share, with what was measured before."""
    return Causes(SEEDS, stored=StoredResults.of_this_machine())


def page() -> None:
    st.html(theme.STYLE + STYLE)
    theme.show_problems(session().problems)
    theme.show_notes(session().notes)
    st.subheader(tr("The three causes"), anchor=False)
    st.markdown(
        tr(
            "Three switches, eight experiments, each trained from {seeds} seeds for up to {epochs} epochs with Adam at "
            "0.01 and batches of 32. A ring is the share of seeds solved: all 512 patterns right at some epoch. The "
            "median of that epoch stands below.",
            seeds=SEEDS,
            epochs=f"{EPOCHS:,}",
        )
    )
    st.fragment(_view)()


def _view() -> None:
    visit = _visit()
    measured = _measured(visit)
    if visit.opening:
        _open(CASES[visit.opening])
    more = _grows(measured)  # read before what is drawn of it
    for sentence in findings(measured) if measured else []:
        st.markdown(f"**{sentence}**")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        cube.show(_cube_data(visit, measured), key=CUBE, on_pick=_picked)
    with right:
        _switches(visit)
        _vertex(VERTICES[visit.vertex], measured)
    st.caption(_progress(measured))
    if measured is not None and (failure := measured.failure):
        st.error(theme.plain(failure), icon=":material/error:")
        st.button(tr("Try again"), on_click=measured.again, key="try-again")
    if measured is not None and measured.provenance is not None:
        impossible = bool(loading().problem)  # and what is stored would be gone from the page
        st.button(tr("Measure again here"), on_click=measured.measure_again, key="measure-again", disabled=impossible)
    st.subheader(tr("One change at a time"), anchor=False)
    for sentence in ablation_findings(measured) if measured else []:
        st.markdown(sentence)
    st.caption(tr("A row opens its experiment in the playground. Hatched: seeds that were solved and lost it again."))
    cube.show_bars(
        {"groups": [_bars(group.title, group.cases, measured) for group in ABLATION]}, key=BARS, on_open=_opened
    )
    polling.show(visit.questions, more, key=NEWS)


def _grows(measured: Causes | None) -> bool:
    """Whether there is more to come."""
    if loading().problem:
        return False
    return measured is None or not (measured.problem or measured.current is None)


def _measured(visit: Visit) -> Causes | None:
    """The measurement, once Keras is loaded or if nothing is left to measure; that in turn starts once the cube is on
    the screen and has asked."""
    if visit.questions.asked:
        loading().start()
    measured = causes()
    if measured.current is None:
        return measured
    if loading().problem:
        return measured  # what is known of it
    if not loading().done:
        return None
    if measured.watch():
        pool().submit(measured)
    return measured


def _visit() -> Visit:
    if "causes" not in st.session_state:
        st.session_state["causes"] = Visit()
    found: Visit = st.session_state["causes"]
    return found


# ---------------------------------------------------------------- what is shown


def _cube_data(visit: Visit, measured: Causes | None) -> dict[str, Any]:
    return {
        "vertices": [_node(case, _tally(case, measured)) for case in VERTICES.values()],
        "switches": [{"name": switch.name, "label": f"{REMOVE[switch.name]} →"} for switch in SWITCHES],
        "selected": visit.vertex,
    }


def _node(case: Case, tally: Tally) -> dict[str, Any]:
    """A vertex of the cube."""
    known = tally.status in ("running", "finished")
    return {
        "id": case.id,
        "share": tally.solved / tally.seeds if known else None,
        "number": str(tally.solved) if known else "",
        "note": _note(tally),
        "say": tr("{case}: {figures}", case=case.title, figures=figure(tally)),
    }


def _note(tally: Tally) -> str:
    """What stands below a vertex."""
    if tally.status == "failed":
        return tr("failed")
    if tally.status == "running":
        return tr("by epoch {epoch}", epoch=f"{tally.epoch:,}")
    if tally.median is not None:
        return tr("epoch {epoch}", epoch=f"{tally.median:,}")
    return tr("not yet") if tally.status == "waiting" else tr("of {seeds}", seeds=tally.seeds)


def _bars(title: str, cases: tuple[Case, ...], measured: Causes | None) -> dict[str, Any]:
    tallies = [(case, _tally(case, measured)) for case in cases]
    rows = [
        {
            "id": case.id,
            "title": case.title,
            "share": tally.solved / tally.seeds,
            "kept": (tally.right if tally.over else tally.solved) / tally.seeds,
            "words": figure(tally),
        }
        for case, tally in tallies
    ]
    return {"title": title, "rows": rows}


def _tally(case: Case, measured: Causes | None) -> Tally:
    return measured.tally(case) if measured else Tally((None,) * SEEDS)


def _vertex(case: Case, measured: Causes | None) -> None:
    """The selected vertex in words."""
    tally = _tally(case, measured)
    st.markdown(f"#### {case.title}\n{case.text}\n\n**{figure(tally)}**")
    refusal = measured.refusal(case) if measured else ""
    if refusal and case.refused is not None:
        wanted, trained = LOSSES[case.refused.loss].label, LOSSES[case.experiment.loss].label
        st.markdown(tr("Keras refuses {loss} with these shapes, in its own words:", loss=wanted))
        st.code(refusal, language=None, wrap_lines=True)
        st.markdown(tr("Trained instead: the same with {loss}, which Keras accepts.", loss=trained))
    if tally.status == "failed":
        st.error(tally.message, icon=":material/error:")
    if tally.over and tally.solved_at[0] is not None:
        st.caption(tr("Seed 0, which opens, was solved at epoch {epoch}.", epoch=f"{tally.solved_at[0]:,}"))
    if st.button(tr("Open in the playground"), type="primary", key="open-corner"):
        _open(case)


def _progress(measured: Causes | None) -> str:
    if measured is not None and measured.provenance is not None and measured.current is None:
        return joined(
            [tr("Measured with {provenance}.", provenance=theme.plain(str(measured.provenance))), loading().problem]
        )
    if loading().problem:
        return loading().problem
    if measured is None:
        return tr("TensorFlow is still loading; measuring follows by itself.")
    case = measured.current
    if case is None and measured.failed:
        done, cases = len(measured.cases) - len(measured.failed), len(measured.cases)
        return tr("{done} of {cases} experiments are measured.", done=done, cases=cases)
    if case is None:
        return tr(
            "All {vertices} vertices and the single changes are measured, on this machine, with Keras.",
            vertices=len(VERTICES),
        )
    taken_over = tr("A process that measured ended; another one went on.") if measured.takeovers else ""
    return joined([progress(measured, case), taken_over])


# ---------------------------------------------------------------- what a visitor does


def _switches(visit: Visit) -> None:
    """They begin where the cube stands, by `value`: what is set through the session state the browser has for a moment
    at its default, and a question sent in that moment would bring that."""
    for switch, digit in zip(SWITCHES, visit.drawn, strict=True):
        st.toggle(str(REMOVE[switch.name]), value=digit == "1", key=_key(visit, switch.name), on_change=_flipped)


def _flipped() -> None:
    visit = _visit()
    switched = (
        st.session_state.get(_key(visit, switch.name), digit == "1")
        for switch, digit in zip(SWITCHES, visit.vertex, strict=True)
    )
    visit.vertex = vertex_id(switched)


def _key(visit: Visit, name: str) -> str:
    return f"cause-{name}-{visit.version}"


def _picked() -> None:
    visit, picked = _visit(), getattr(st.session_state[CUBE], "pick", None)
    if isinstance(picked, str) and picked in VERTICES and picked != visit.vertex:
        visit.vertex = visit.drawn = picked
        visit.version += 1


def _opened() -> None:
    row = getattr(st.session_state[BARS], "open", None)
    if isinstance(row, str) and row in CASES:
        _visit().opening = row


def _open(case: Case) -> None:
    """Train the case on the stage and go there."""
    _visit().opening = ""
    open_run(case.experiment, heading(case))
    pages.open_page("play")
