"""Plotly figures of the autopsy: the pairs that a batch's loss averages, and what becomes of the batches' losses."""

import numpy as np
import plotly.graph_objects as go

from corner_lab.analysis.autopsy import Autopsy
from corner_lab.analysis.autopsy_text import printed
from corner_lab.formatting import decimals, exact
from corner_lab.language import tr
from corner_lab.plots.theme import Palette

TICKED = 32  # up to this batch size every row of the pair matrix has its tick
FONT = 12
DOTTED = 64  # up to this many batches every one has its marker


def pair_matrix(a: Autopsy, batch: int, palette: Palette) -> go.Figure:
    """What a batch (from 0) averages: outputs down, labels across; outlined is what was meant, grey what does not
    count."""
    picked, pairs = a.patterns(batch), a.grid(batch)
    output, label = a.outputs[picked], a.positive[picked]
    figure = go.Figure(
        go.Heatmap(
            z=pairs.astype(np.float32),
            x=picked,
            y=picked,
            hoverongaps=False,
            colorscale=[(0.0, palette.background), (1.0, palette.negative)],
            zmin=0,
            zmax=float(np.nanmax(pairs)) or 1.0,
            colorbar={"title": {"text": tr("cost")}, "thickness": 12, "outlinewidth": 0, "tickfont": {"size": FONT}},
            hovertemplate=tr("output of pattern %{y}<br>label of pattern %{x}<br>cost %{z:.4g}<extra></extra>"),
        )
    )
    x, y = _outlines(picked, picked)
    meant = tr("what was meant: each output with its own label")
    figure.add_scatter(
        x=x, y=y, name=meant, mode="lines", line={"color": palette.ink, "width": 1.5}, hoverinfo="skip", showlegend=True
    )
    if np.isnan(pairs).any():
        grey = {"symbol": "square", "size": 10, "color": palette.line, "line": {"color": palette.muted, "width": 1}}
        figure.add_scatter(x=[None], y=[None], name=tr("does not count"), mode="markers", marker=grey)
        figure.update_layout(plot_bgcolor=palette.line)
    rows = np.arange(len(picked)) if len(picked) <= TICKED else np.unique([*np.flatnonzero(label), output.argmax()])
    texts = [f"{picked[i]}: {decimals(output[i], 2)}" for i in rows]
    figure.update_yaxes(title_text=tr("pattern: output"), tickvals=picked[rows], ticktext=texts)
    figure.update_yaxes(range=[picked[-1] + 0.5, picked[0] - 0.5])
    ones = picked[label]
    figure.update_xaxes(
        title_text=tr("label: 0, except where it says 1"),
        tickvals=ones,
        ticktext=[f"{index}: 1" for index in ones],
        range=[picked[0] - 0.5, picked[-1] + 0.5],
        side="top",
    )
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(showgrid=False, zeroline=False, linecolor=palette.muted, mirror=True, tickfont={"size": FONT})
    _sized(figure, 600)
    figure.update_layout(margin_t=88)  # the labels' axis is at the top, below Plotly's buttons
    return figure


def _outlines(x: np.ndarray, y: np.ndarray) -> tuple[list[float | None], list[float | None]]:
    """The outlines of cells of side 1 around points (n,), as one line with gaps."""
    across: list[float | None] = []
    down: list[float | None] = []
    for column, row in zip(x.tolist(), y.tolist(), strict=True):
        across += [column - 0.5, column + 0.5, column + 0.5, column - 0.5, column - 0.5, None]
        down += [row - 0.5, row - 0.5, row + 0.5, row + 0.5, row - 0.5, None]
    return across, down


def batch_losses(a: Autopsy, palette: Palette) -> go.Figure:
    """The loss of each batch and the running mean over the batches, which ends at what `evaluate` returns."""
    batch = np.arange(1, a.batches + 1)
    figure = go.Figure()
    figure.add_bar(x=batch, y=a.batch_losses, name=tr("loss of the batch"), marker_color=palette.muted, opacity=0.5)
    _line(figure, batch, a.running_means, tr("running mean"), palette.accent, "solid", "circle")
    _note(figure, a.batches, a.evaluated, exact(a.evaluated), palette.accent, palette.background)
    return _over_batches(figure)


def progress_bars(a: Autopsy, palette: Palette) -> go.Figure:
    """The running mean and what the bar of Keras 3.3 makes of it, which is asked once more at the end."""
    batch = np.arange(1, a.batches + 1)
    figure = go.Figure()
    _line(figure, batch, a.running_means, tr("running mean"), palette.accent, "solid", "circle")
    _line(figure, np.append(batch, a.batches + 1), a.old_bar, tr("Keras 3.3's bar"), palette.wrong, "dash", "diamond")
    last = float(a.old_bar[-1])
    _note(figure, a.batches + 1, last, printed(last), palette.wrong, palette.background)
    return _over_batches(figure)


def _line(figure: go.Figure, x: np.ndarray, y: np.ndarray, name: str, colour: str, dash: str, symbol: str) -> None:
    """A series told by colour, dash and marker."""
    figure.add_scatter(
        x=x,
        y=y,
        name=name,
        mode="lines+markers" if len(x) <= DOTTED else "lines",
        line={"color": colour, "width": 2, "dash": dash},
        marker={"symbol": symbol, "size": 8, "color": colour},
        hovertemplate="%{x}: %{y:.7g}<extra>" + name + "</extra>",
    )


def _note(figure: go.Figure, x: float, y: float, text: str, colour: str, background: str) -> None:
    figure.add_annotation(
        x=x, y=y, text=text, showarrow=False, yshift=18, xanchor="right", font={"color": colour, "size": 14},
        bgcolor=background, opacity=0.9,
    )  # fmt: skip


def _over_batches(figure: go.Figure) -> go.Figure:
    figure.update_xaxes(title_text=tr("batch"), showgrid=False, tickfont={"size": FONT})
    figure.update_yaxes(title_text=tr("loss"), rangemode="tozero", exponentformat="power", tickfont={"size": FONT})
    return _sized(figure, 360)


def _sized(figure: go.Figure, height: int) -> go.Figure:
    legend = {
        "orientation": "h",
        "yanchor": "top",
        "y": -0.18 if height < 500 else -0.02,
        "x": 0,
        "font": {"size": FONT},
    }
    figure.update_layout(height=height, margin={"l": 8, "r": 8, "t": 32, "b": 8}, legend=legend)
    return figure
