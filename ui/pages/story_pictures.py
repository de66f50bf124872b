"""The pictures of the story: the stage and the figures of the other pages, and patterns."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import streamlit as st

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import linear_weights
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.export.stage_record import Record, packed, set_record
from corner_lab.network.patterns import CORNER, COUNT, NAMED
from corner_lab.plots.story import kernels, pairs_figure, printed_figure, scene_figure
from corner_lab.story import rectangles
from corner_lab.story import sentences as words
from corner_lab.story.steps import Picture, Step
from corner_lab.story.trained_runs import Rehearsal
from ui import theme
from ui.components import slides, stage

FIGURES: tuple[Picture, ...] = (
    "bar",
    "pairs",
    "kernels",
    "scenes",
)  # Plotly's, which takes a moment when it is first needed
PARTS = {"bench": ["bench", "atlas"], "stage": ["atlas", "curves", "move"]}


def show(step: Step, rehearsal: Rehearsal | None) -> None:
    """Draw the picture of a step; nothing if its run is not ready."""
    if step.picture in ("bench", "stage"):
        st.fragment(_stage)(step, rehearsal)
    elif step.picture in FIGURES:
        figure(step, rehearsal)
    elif step.picture == "sheet":
        slides.show_patterns(_sheet(), key="story-sheet")
    else:
        slides.show_patterns(_sums(), key="story-sums")


def figure(step: Step, rehearsal: Rehearsal | None, key: str = "story-figure") -> None:
    """Draw the Plotly figure of a step."""
    palette = theme.palette()
    if step.picture == "bar":
        drawn = [printed_figure(words.perfect(), palette)]
    elif step.picture == "pairs":
        networks = {"The perfect network": words.perfect(), "Rejecting everything": words.rejecting()}
        drawn = [pairs_figure(name, a, palette) for name, a in networks.items()]
    elif step.picture == "scenes":
        told = rehearsal.runs if rehearsal and rectangles.NETWORK in rehearsal.runs else None
        drawn = [
            scene_figure(kind, rectangles.shown(kind), rectangles.found(told, kind) if told else (), palette)
            for kind in rectangles.KINDS
        ]
    else:
        runs = rehearsal.runs if rehearsal else {}
        ready = all(name in runs for name in step.needs)
        drawn = [kernels(words.learned(runs) if ready else None, CORNER, palette)]
    with st.container(key=key):
        for number, (column, one) in enumerate(zip(st.columns(len(drawn)), drawn, strict=True)):
            column.plotly_chart(one, key=f"{key}-{step.id}-{number}", height="stretch", config=theme.PLAIN_CHART)


# ---------------------------------------------------------------- the stage


def _stage(step: Step, rehearsal: Rehearsal | None) -> None:
    """The stage in a fragment of its own, so that the switch draws nothing else again."""
    name = chosen(step)
    if len(step.shows) > 1:
        st.segmented_control(
            "Labels",
            step.shows,
            default=step.shows[0],
            required=True,
            key=_switch(step),
            format_func=_label,
            label_visibility="collapsed",
        )
        name = chosen(step)
    record = rehearsal.record(name) if rehearsal and name else _by_hand() if step.picture == "bench" else None
    if record is not None:
        stage.show(_packed(step.picture, record), key=f"story-stage-{step.id}")


def chosen(step: Step) -> str:
    """The run that a step shows; "" if it shows none."""
    return str(st.session_state.get(_switch(step)) or step.shows[0]) if step.shows else ""


def _switch(step: Step) -> str:
    return f"story-switch-{step.id}"


def _label(name: str) -> str:
    e = SCENARIOS[name].experiment
    if e.labels_shuffled:
        return "Labels shuffled"
    return "As asked" if e.labels == "as_asked" else "Aligned"


@lru_cache(maxsize=1)
def _by_hand() -> Record:
    return set_record(Experiment(), linear_weights("by_hand", CORNER), "Set by hand")


_sent: dict[tuple[str, str], bytes] = {}  # by picture and run; the runs are few and stay


def _packed(picture: Picture, record: Record) -> bytes:
    found = _sent.get((picture, record.header.run))
    if found is None:
        header = replace(record.header, parts=PARTS[picture], guest=True, tick=1, rev=1, session="story")
        found = _sent[picture, header.run] = packed(vars(header), record.columns)
    return found


# ---------------------------------------------------------------- patterns


def _sheet() -> dict[str, Any]:
    items = [{"pattern": index, "marked": index == CORNER} for index in range(COUNT)]
    return {"kind": "sheet", "say": f"All {COUNT} patterns; pattern {CORNER}, the corner, is marked", "items": items}


def _sums() -> dict[str, Any]:
    c = words.two_targets()
    (a, b), (x, y) = ([_named(index, index in c.targets) for index in pair] for pair in (c.targets, c.others))
    plus, equals = {"sign": "+"}, {"sign": "="}
    total = {"sums": list(c.sums), "name": ["how often each", "pixel is on"]}
    return {"kind": "sums2", "say": words.certificate_says(), "items": [a, plus, b, equals, total, equals, x, plus, y]}


def _named(index: int, target: bool) -> dict[str, Any]:
    kind = next((name for name, other in NAMED.items() if other == index), "not a corner")
    return {"pattern": index, "marked": target, "name": [str(index), kind]}
