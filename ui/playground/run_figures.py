"""Study: the run on the stage in Plotly, at rest: to zoom, read off and download.

The figures take the browser longer than all the rest of the page, and most runs are watched on the stage alone: they
are drawn once somebody looks. Until then their places are kept, so that nothing moves.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.field_help import changes
from corner_lab.formatting import gap_text, margin_text, percent
from corner_lab.language import current, tr
from corner_lab.network.metrics import margin
from corner_lab.plots.theme import Palette
from corner_lab.plots.training import confusion_matrix, heatmaps_height, kernel_heatmaps, training_curves
from corner_lab.terms import TERMS
from corner_lab.training.outcome import scores_on_scenes
from corner_lab.training.run import Run
from ui import theme
from ui.components import sight
from ui.playground import downloads
from ui.state.session import Session

HEIGHTS = (250, 250, 520)  # px of the figures' places


def show(s: Session, fragment: str) -> Callable[[], list[go.Figure]]:
    """Draw the study of the session's run at its playhead, in a container of the key "study" of the fragment of the key
    `fragment`, and return what makes its figures. Call when `s.at_rest`."""
    if s.run is None or s.run.history is None:
        return list
    run, history, e, epoch, palette = s.run, s.run.history, s.run.experiment, s.epoch, theme.palette()
    numbers, counts = history.linear(slice(epoch, epoch + 1))[0], history.counts(epoch)
    st.subheader(
        tr("Study: {title}, epoch {epoch} of {last}", title=s.title, epoch=f"{epoch:,}", last=f"{history.last:,}"),
        anchor=False,
    )
    changed = changes(Experiment(), e)
    st.caption(tr("Settings: {changes}.", changes=changed) if changed else tr("Settings: the question as asked."))
    with st.container(gap=None):  # what watches takes no room
        st.markdown(tr("##### Kernel and answers"))
        seen = sight.show("study", fragment)
    shown = (run.id, epoch, history.last, palette, current().code)
    if seen and (s.studied is None or s.studied[0] != shown):
        s.studied = shown, figures(run, epoch, palette)
    # They stay when they are left, until there are others to draw.
    drawn = s.studied[1] if s.studied is not None and s.studied[0] == shown else []
    columns = st.columns([3, 2])
    with columns[0]:
        _figure(drawn, 0, "study-kernel", heatmaps_height(e))
    with columns[1]:
        _figure(drawn, 1, "study-confusion")
    precision = tr("none called") if counts.precision is None else percent(counts.precision)
    facts = {
        "right": tr("{right} of 512", right=counts.right),
        "recall": percent(counts.recall),
        "precision": precision,
        "balanced-accuracy": percent(counts.balanced_accuracy),
        "separation-gap": gap_text(float(history.gap(np.array([epoch]))[0])),
        "margin": margin_text(margin(numbers, e.target)) if e.hidden == "none" else tr("none: relu"),
        "update": f"{epoch * e.plan.updates:,}",
    }
    st.markdown(tr("##### Numbers"))
    for column, (word, value) in zip(st.columns(len(facts)), facts.items(), strict=True):
        column.metric(TERMS[word].label, value, help=TERMS[word].explanation)
    if on_scenes := scores_on_scenes(run, epoch):
        st.caption(on_scenes)
    if _has_curves(run):
        st.markdown(tr("##### Over the epochs"))
        _figure(drawn, 2, "study-curves")
    return partial(figures, run, epoch, palette)


def figures(run: Run, epoch: int, palette: Palette) -> list[go.Figure]:
    """The figures of a run that has begun, at an epoch."""
    history = run.history
    assert history is not None
    numbers, e = history.linear(slice(epoch, epoch + 1))[0], run.experiment
    found = [kernel_heatmaps(numbers, e.target, palette, e.hidden), confusion_matrix(history.counts(epoch), palette)]
    return [*found, training_curves(history, epoch, palette)] if _has_curves(run) else found


def _has_curves(run: Run) -> bool:
    return run.history is not None and run.history.last > 0 and run.status != "refused_by_keras"


def _figure(drawn: list[go.Figure], which: int, key: str, height: int = 0) -> None:
    """One of the figures, or its place."""
    if drawn:
        st.plotly_chart(drawn[which], key=key, config=_config())
    else:
        st.space(height or HEIGHTS[which])


def _config() -> dict[str, Any]:
    return theme.saved_chart(st.session_state.get(downloads.FORMAT, downloads.FORMATS[0]))
