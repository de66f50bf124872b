"""The Plotly figures of the story: those of the other pages, to be read from the last row."""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from corner_lab.autopsy import Autopsy
from corner_lab.autopsy_text import comparisons
from corner_lab.figures import kernel_heatmaps
from corner_lab.figures_autopsy import pair_matrix, progress_bars
from corner_lab.palette import Palette
from corner_lab.weights import Vector

SIZE = 20  # px of all text
HEIGHT = 600


def printed_figure(a: Autopsy, palette: Palette) -> go.Figure:
    """The running mean of the batches' losses, and what the bar of Keras 3.3 makes of it."""
    return enlarged(progress_bars(a, palette))


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
    return enlarged(figure)


def kernels(numbers: Vector, target: tuple[int, ...], palette: Palette) -> go.Figure:
    """A learned kernel beside the matched filter."""
    return enlarged(kernel_heatmaps(numbers, target, palette))


def enlarged(figure: go.Figure) -> go.Figure:
    """The same figure with all text in one large size."""
    figure.update_layout(
        height=HEIGHT, font={"size": SIZE}, margin={"l": 8, "r": 8, "t": 56, "b": 8}, legend={"font": {"size": SIZE}}
    )
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(tickfont={"size": SIZE}, title_font={"size": SIZE})
    figure.update_annotations(font_size=SIZE + 2)
    figure.update_traces(textfont_size=SIZE + 8, selector={"type": "heatmap"})
    return figure
