"""Study: the run on the stage in Plotly, at rest: to zoom, read off and download."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.field_help import changes
from corner_lab.formatting import gap_text, margin_text, percent
from corner_lab.network.metrics import margin
from corner_lab.plots.training import confusion_matrix, kernel_heatmaps, training_curves
from corner_lab.terms import TERMS
from ui import theme
from ui.playground import downloads
from ui.state.session import Session


def show(s: Session) -> list[go.Figure]:
    """Draw the study of the session's run at its playhead, and return its figures. Call when `s.at_rest`."""
    if s.run is None or s.run.history is None:
        return []
    history, e, epoch = s.run.history, s.run.experiment, s.epoch
    palette = theme.palette()
    numbers, counts = history.linear(slice(epoch, epoch + 1))[0], history.counts(epoch)
    st.subheader(f"Study: {s.title}, epoch {epoch:,} of {history.last:,}", anchor=False)
    st.caption(f"Settings: {changes(Experiment(), e) or 'the question as asked'}.")
    st.markdown("##### Kernel and answers")
    figures = [kernel_heatmaps(numbers, e.target, palette), confusion_matrix(counts, palette)]
    columns = st.columns([3, 2])
    with columns[0]:
        st.plotly_chart(figures[0], key="study-kernel", config=_config())
    with columns[1]:
        st.plotly_chart(figures[1], key="study-confusion", config=_config())
    precision = "none called" if counts.precision is None else percent(counts.precision)
    facts = {
        "right": f"{counts.right} of 512",
        "recall": percent(counts.recall),
        "precision": precision,
        "balanced-accuracy": percent(counts.balanced_accuracy),
        "separation-gap": gap_text(float(history.gap(np.array([epoch]))[0])),
        "margin": margin_text(margin(numbers, e.target)),
        "update": f"{epoch * e.plan.updates:,}",
    }
    st.markdown("##### Numbers")
    for column, (word, value) in zip(st.columns(len(facts)), facts.items(), strict=True):
        column.metric(TERMS[word].label, value, help=TERMS[word].explanation)
    if history.last > 0 and s.run.status != "refused_by_keras":
        st.markdown("##### Over the epochs")
        figures.append(training_curves(history, epoch, palette))
        st.plotly_chart(figures[-1], key="study-curves", config=_config())
    return figures


def _config() -> dict[str, Any]:
    return theme.saved_chart(st.session_state.get(downloads.FORMAT, downloads.FORMATS[0]))
