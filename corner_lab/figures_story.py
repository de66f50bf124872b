"""The Plotly figures of the story: those of the other pages, to be read from the last row."""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from corner_lab.autopsy import Autopsy
from corner_lab.autopsy_text import comparisons, exact
from corner_lab.figures import kernel_heatmaps
from corner_lab.figures_autopsy import pair_matrix, progress_bars
from corner_lab.initial import linear_weights
from corner_lab.palette import Palette
from corner_lab.weights import Vector

SIZE = 20  # px of all text


def printed_figure(a: Autopsy, palette: Palette) -> go.Figure:
    """The running mean of the batches' losses, and what the bar of Keras 3.3 makes of it."""
    figure = progress_bars(a, palette)
    last = figure.layout.annotations[0]  # at the end of the bar's line, to which the running mean gets its like
    last.update(text=f"printed: {last.text}")
    figure.add_annotation(last)
    mean = {"x": a.batches, "y": a.evaluated, "text": f"evaluate: {exact(a.evaluated)}"}
    figure.layout.annotations[1].update(mean, font={"color": palette.accent})
    for note in figure.layout.annotations:
        note.update(xanchor="left", xshift=14, yshift=-1)
    figure.update_xaxes(range=[0.5, a.batches * 1.32], tickvals=[1, *range(4, a.batches + 1, 4)])
    return enlarged(figure, palette)


def pair_matrices(named: list[tuple[str, Autopsy]], palette: Palette) -> go.Figure:
    """What the batch of the target averages, for several networks side by side: which of its pairs cost something."""
    titles = []
    for name, a in named:
        pairs = a.pairs(a.batch_of_target)
        titles.append(f"{name}: {np.count_nonzero(pairs)} of {comparisons(a):,} cost something")
    figure = make_subplots(rows=1, cols=len(named), subplot_titles=titles, horizontal_spacing=0.12)
    for col, (_, a) in enumerate(named, 1):
        one, target = pair_matrix(a, a.batch_of_target, palette), int(np.flatnonzero(a.positive)[0])
        for trace in one.data:
            trace.update(showscale=False) if trace.type == "heatmap" else trace.update(showlegend=col == 1)
            figure.add_trace(trace, row=1, col=col)
        axis = {"showgrid": False, "zeroline": False, "linecolor": palette.muted, "mirror": True, "tickvals": [target]}
        ticks = {"title_text": "label", "ticktext": [f"{target}: 1"], "range": one.layout.xaxis.range}
        figure.update_xaxes(**axis, **ticks, row=1, col=col)
        ticks = {"title_text": "output", "ticktext": [f"{target}: {a.outputs[target]:.0f}"]}
        figure.update_yaxes(**axis, **ticks, range=one.layout.yaxis.range, row=1, col=col)
    return enlarged(figure, palette)


def kernels(learned: Vector | None, target: int, palette: Palette) -> go.Figure:
    """The learned kernel, where there is one, beside the matched filter."""
    if learned is not None:
        return enlarged(kernel_heatmaps(learned, (target,), palette), palette)
    figure = kernel_heatmaps(linear_weights("matched", target), (), palette)
    figure.layout.annotations[0].text = "matched filter"
    return enlarged(figure, palette)


def enlarged(figure: go.Figure, palette: Palette) -> go.Figure:
    """The same figure with all text large, as high as the page has room."""
    text = {"size": SIZE, "color": palette.ink}
    legend = {"font": text, "orientation": "h", "yanchor": "top", "y": -0.16, "x": 0}
    figure.update_layout(height=None, font=text, margin={"l": 8, "r": 8, "t": 48, "b": 8}, legend=legend)
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(tickfont=text, title_font=text)
    for note in figure.layout.annotations:
        note.update(font={"size": SIZE + 4, "color": note.font.color or palette.ink}, yshift=note.yshift or 6)
    figure.update_traces(textfont_size=SIZE + 8, selector={"type": "heatmap"})
    return figure
