"""The few kinds of figure that findings draw their evidence with. Plotly is imported when one is drawn."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from corner_lab.formatting import quoted
from corner_lab.language import tr
from corner_lab.network.patterns import pixels
from corner_lab.plots.theme import Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

MARGIN = {"l": 56, "r": 16, "t": 24, "b": 40}


def bars(
    names: Sequence[str],
    series: Mapping[str, Sequence[float]],
    axis: str,
    palette: Palette,
    *,
    marked: str = "",
    figures: bool = True,
    below: str = "",
) -> "go.Figure":
    """Bars in groups, a colour for each of the (at most three) series; `marked` is the one in the accent colour."""
    import plotly.graph_objects as go

    plain = iter((palette.muted, palette.line, palette.ink))
    figure = go.Figure()
    for label, values in series.items():
        colour = palette.accent if label == marked else next(plain)
        text = [quoted(v) for v in values] if figures else None
        figure.add_trace(go.Bar(x=list(names), y=list(values), name=label, marker_color=colour, text=text))
    figure.update_traces(textposition="outside", cliponaxis=False)
    figure.update_yaxes(title_text=axis, rangemode="tozero")
    figure.update_xaxes(title_text=below, type="category")
    margin = MARGIN if below else {**MARGIN, "b": 16}
    figure.update_layout(height=260, margin=margin, barmode="group", showlegend=len(series) > 1, bargap=0.3)
    figure.update_layout(legend={"orientation": "h", "y": 1.15})
    return figure


def lines(
    series: Mapping[str, tuple[np.ndarray, np.ndarray]],
    axis: str,
    palette: Palette,
    *,
    marked: str = "",
    event: tuple[float, str] | None = None,
    level: tuple[float, str] | None = None,
) -> "go.Figure":
    """Curves over the epochs; `event` is a line at an epoch, `level` one across, both with words."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for label, (x, y) in series.items():
        colour, dash = (palette.accent, "solid") if label == marked else (palette.muted, "dash")
        figure.add_trace(
            go.Scatter(x=x, y=y, name=label, mode="lines", line={"color": colour, "width": 2, "dash": dash})
        )
    grey = {"color": palette.ink, "width": 1}
    if event:
        figure.add_vline(x=event[0], line=grey, annotation_text=event[1], annotation_position="top right")
    if level:
        figure.add_hline(y=level[0], line=grey, annotation_text=level[1], annotation_position="bottom right")
    figure.update_xaxes(title_text=tr("epoch"))
    figure.update_yaxes(title_text=axis)
    figure.update_layout(height=260, margin=MARGIN, showlegend=len(series) > 1, legend={"orientation": "h", "y": 1.15})
    return figure


def grids(titled: Sequence[tuple[str, int]], palette: Palette) -> "go.Figure":
    """Patterns side by side, a title over each; filled is on."""
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    figure = make_subplots(rows=1, cols=len(titled), subplot_titles=[title for title, _ in titled])
    scale = [(0.0, palette.line), (1.0, palette.ink)]
    for col, (_, index) in enumerate(titled, 1):
        cells = pixels(index).reshape(3, 3)
        drawn = go.Heatmap(z=cells, zmin=0, zmax=1, colorscale=scale, showscale=False, xgap=2, ygap=2, hoverinfo="skip")
        figure.add_trace(drawn, row=1, col=col)
        figure.update_xaxes(visible=False, range=[-0.5, 2.5], constrain="domain", row=1, col=col)
        figure.update_yaxes(visible=False, range=[2.5, -0.5], constrain="domain", row=1, col=col)
        figure.update_yaxes(scaleanchor="x" if col == 1 else f"x{col}", row=1, col=col)
    figure.update_annotations(yshift=4)
    figure.update_layout(height=190, margin={"l": 8, "r": 8, "t": 40, "b": 8})
    return figure
