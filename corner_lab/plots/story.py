"""The Plotly figures of the story: those of the other pages, to be read from the last row."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from corner_lab.analysis.autopsy import Autopsy
from corner_lab.analysis.autopsy_text import comparisons, printed
from corner_lab.experiment.initializers import linear_weights
from corner_lab.formatting import capital, exact
from corner_lab.language import tr, trn
from corner_lab.network.parameters import Vector
from corner_lab.pictures.corners import Corner
from corner_lab.pictures.scenes import KINDS, Scene
from corner_lab.plots.autopsy import pair_matrix, progress_bars
from corner_lab.plots.theme import Palette
from corner_lab.plots.training import kernel_heatmaps

SIZE = 20  # px of all text
PAPER = 0.6  # of that, where it is read from a page


def printed_figure(a: Autopsy, palette: Palette) -> go.Figure:
    """The running mean of the batches' losses, and what the bar of Keras 3.3 makes of it.

    What each ends at stands at the left, on a line of its height: that has room on a phone too.
    """
    figure = progress_bars(a, palette)
    figure.layout.annotations = ()
    bar = float(a.old_bar[-1])
    ends = (
        (tr("evaluate:<br>{loss}", loss=exact(a.evaluated)), a.evaluated, palette.accent),
        (tr("printed:<br>{loss}", loss=printed(bar)), bar, palette.wrong),
    )
    for text, y, colour in ends:
        figure.add_hline(y=y, line={"color": colour, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=0.8, y=y, text=text, showarrow=False, align="left", xanchor="left", yanchor="bottom",
            font={"color": colour},
        )  # fmt: skip
    figure.update_xaxes(range=[0.5, a.batches + 1.5], tickvals=[1, *range(4, a.batches + 1, 4)])
    enlarged(figure, palette)
    figure.update_annotations(font_size=SIZE, yshift=2)
    return figure


def pairs_figure(name: str, a: Autopsy, palette: Palette) -> go.Figure:
    """What the batch of the target averages, and how many of its pairs cost something."""
    figure, target = pair_matrix(a, a.batch_of_target, palette), int(np.flatnonzero(a.positive)[0])
    costly, pairs = np.count_nonzero(a.pairs(a.batch_of_target)), f"{comparisons(a):,}"
    title = tr("{network}:<br>{costly} of {pairs} pairs cost something", network=name, costly=costly, pairs=pairs)
    figure.update_layout(title={"text": title})
    figure.update_traces(showscale=False, selector={"type": "heatmap"})
    figure.update_traces(name=tr("what was meant"), selector={"type": "scatter"})
    figure.update_xaxes(title_text=tr("label"), side="bottom", tickvals=[target], ticktext=[f"{target}: 1"])
    output = f"{target}: {a.outputs[target]:.0f}"
    figure.update_yaxes(title_text=tr("output"), tickvals=[target], ticktext=[output])
    return enlarged(figure, palette)


def kernels(learned: Vector | None, target: int, palette: Palette) -> go.Figure:
    """The learned kernel, where there is one, beside the matched filter."""
    if learned is not None:
        return enlarged(kernel_heatmaps(learned, (target,), palette), palette)
    figure = kernel_heatmaps(linear_weights("matched", target), (), palette)
    figure.layout.annotations[0].text = tr("matched filter")
    return enlarged(figure, palette)


def scene_figure(kind: str, scene: Scene, found: Sequence[Corner], palette: Palette) -> go.Figure:
    """A scene, and what a network calls a corner in it as squares around the pixels."""
    height, width = scene.picture.shape
    pixels = [[0, palette.background], [1, palette.muted]]
    figure = go.Figure(
        go.Heatmap(z=scene.picture, zmin=0, zmax=1, colorscale=pixels, showscale=False, hoverinfo="skip")
    )
    figure.add_scatter(
        x=[corner.column for corner in found],
        y=[corner.row for corner in found],
        mode="markers",
        marker={"symbol": "square-open", "size": 18, "color": palette.accent, "line": {"width": 4}},
        hovertemplate=tr("row %{y}, column %{x}<extra></extra>"),
        showlegend=False,
    )
    named = capital(KINDS[kind].label)
    title = trn("{kind}: {count} corner found", "{kind}: {count} corners found", len(found), kind=named)
    figure.update_layout(title={"text": title})
    figure.update_layout(paper_bgcolor=palette.background, plot_bgcolor=palette.background)
    frame = {
        "visible": True,
        "showticklabels": False,
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "mirror": True,
    }
    figure.update_xaxes(range=[-0.5, width - 0.5], constrain="domain", linecolor=palette.line, **frame)
    figure.update_yaxes(
        range=[height - 0.5, -0.5], scaleanchor="x", constrain="domain", linecolor=palette.line, **frame
    )
    return enlarged(figure, palette)


def enlarged(figure: go.Figure, palette: Palette) -> go.Figure:
    """The same figure with all text large, as high as the page has room."""
    text = {"size": SIZE, "color": palette.ink}
    legend = {"font": text, "orientation": "h", "yref": "container", "yanchor": "bottom", "y": 0, "x": 0}
    title = {"font": {"size": SIZE + 2, "color": palette.ink, "weight": 400}, "x": 0.5, "xanchor": "center"}
    margin = {"l": 8, "r": 8, "t": 92 if figure.layout.title.text else 48, "b": 8}
    figure.update_layout(height=None, font=text, margin=margin, legend=legend, title=title)
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(tickfont=text, title_font=text)
    for note in figure.layout.annotations:
        note.update(font={"size": SIZE + 4, "color": note.font.color or palette.ink}, yshift=note.yshift or 6)
    figure.update_traces(textfont_size=SIZE + 8, selector={"type": "heatmap"})
    return figure


def on_paper(figure: go.Figure, palette: Palette) -> go.Figure:
    """The same figure for a page: letters, marks and margins PAPER times as large, and nothing of a screen's theme."""
    small = go.Figure(_scaled(figure.to_dict(), False))
    plain = {"template": "none", "paper_bgcolor": palette.background, "plot_bgcolor": palette.background}
    small.update_layout(plain, font_family="Source Sans, Source Sans 3, sans-serif")
    for axes in (small.update_xaxes, small.update_yaxes):
        axes(gridcolor=palette.line, zeroline=False, automargin=True, title_standoff=10)
    return small


SIZES = ("size", "xshift", "yshift", "l", "r", "t", "b")  # in px


def _scaled(part: Any, is_size: bool) -> Any:
    """A part of a figure with its sizes scaled. `is_size`: whether it is one."""
    if isinstance(part, dict):
        return {name: _scaled(value, name in SIZES) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_scaled(one, False) for one in part]
    return part * PAPER if is_size and isinstance(part, int | float) else part
