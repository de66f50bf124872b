"""Plotly figures of the autopsy: the pairs that a batch's loss averages, and what becomes of the batches' losses."""

import numpy as np
import plotly.graph_objects as go

from corner_lab.autopsy import Autopsy, broadcasts
from corner_lab.autopsy_text import exact, printed
from corner_lab.palette import Palette

TICKED = 32  # up to this batch size every row of the pair matrix has its tick
DOTTED = 64  # up to this many batches every one has its marker


def pair_matrix(a: Autopsy, batch: int, palette: Palette) -> go.Figure:
    """What a batch (from 0) averages: outputs down, labels across; squares, or a line, mark what was meant."""
    picked, pairs = a.patterns(batch), a.pairs(batch)
    output, label = a.outputs[picked], a.positive[picked].astype(int)
    rows = [f"{index}: {value:.2f}".replace("-", "−") for index, value in zip(picked, output, strict=True)]
    columns = [f"{index}: {value}" for index, value in zip(picked, label, strict=True)]
    if not broadcasts(a.rank):
        columns = ["its own label"]
    few = len(rows) <= TICKED
    figure = go.Figure(
        go.Heatmap(
            z=pairs.astype(np.float32),
            x=columns,
            y=rows,
            colorscale=[(0.0, palette.background), (1.0, palette.negative)],
            zmin=0,
            zmax=float(pairs.max()) or 1.0,
            xgap=1 if few else 0,
            ygap=1 if few else 0,
            colorbar={"title": {"text": "cost"}, "thickness": 12, "outlinewidth": 0},
            hovertemplate="output of %{y}<br>label of %{x}<br>cost %{z:.4g}<extra></extra>",
        )
    )
    figure.add_scatter(
        x=columns if len(columns) > 1 else columns * len(rows),
        y=rows,
        name="what was meant: each output with its own label",
        mode="markers" if few else "lines",
        marker={"symbol": "square-open", "size": 9, "color": palette.ink, "line": {"width": 1.5}},
        line={"color": palette.ink, "width": 1.5},
        hoverinfo="skip",
        showlegend=True,
    )
    of_interest = range(len(rows)) if few else sorted({*np.flatnonzero(label).tolist(), int(output.argmax())})
    figure.update_yaxes(title_text="pattern: output", tickvals=[rows[i] for i in of_interest], autorange="reversed")
    if len(columns) > 1:
        across = range(len(columns)) if few else np.flatnonzero(label).tolist()
        text = [columns[i] if label[i] else "0" for i in across]
        figure.update_xaxes(title_text="label", tickvals=[columns[i] for i in across], ticktext=text, tickangle=0)
    figure.update_xaxes(side="top")
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(showgrid=False, zeroline=False, linecolor=palette.muted, mirror=True)
    return _sized(figure, 640)


def batch_losses(a: Autopsy, palette: Palette) -> go.Figure:
    """The loss of each batch and the running mean over the batches, which ends at what `evaluate` returns."""
    batch = np.arange(1, a.batches + 1)
    figure = go.Figure()
    figure.add_bar(x=batch, y=a.batch_losses, name="loss of the batch", marker_color=palette.muted, opacity=0.5)
    _line(figure, batch, a.running_means, "running mean", palette.accent, "solid", "circle")
    _note(figure, a.batches, a.evaluated, exact(a.evaluated), palette.accent)
    return _over_batches(figure)


def progress_bars(a: Autopsy, palette: Palette) -> go.Figure:
    """The running mean and what the bar of Keras 3.3 makes of it, which is asked once more at the end."""
    batch = np.arange(1, a.batches + 1)
    figure = go.Figure()
    _line(figure, batch, a.running_means, "running mean", palette.accent, "solid", "circle")
    _line(figure, np.append(batch, a.batches + 1), a.old_bar, "Keras 3.3's bar", palette.wrong, "dash", "diamond")
    last = float(a.old_bar[-1])
    _note(figure, a.batches + 1, last, printed(last), palette.wrong)
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


def _note(figure: go.Figure, x: float, y: float, text: str, colour: str) -> None:
    figure.add_annotation(
        x=x, y=y, text=text, showarrow=False, yshift=16, xanchor="right", font={"color": colour, "size": 14}
    )


def _over_batches(figure: go.Figure) -> go.Figure:
    figure.update_xaxes(title_text="batch", showgrid=False)
    figure.update_yaxes(title_text="loss", rangemode="tozero", exponentformat="power")
    return _sized(figure, 360)


def _sized(figure: go.Figure, height: int) -> go.Figure:
    legend = {"orientation": "h", "yanchor": "top", "y": -0.18 if height < 500 else -0.02, "x": 0}
    figure.update_layout(height=height, margin={"l": 8, "r": 8, "t": 32, "b": 8}, legend=legend)
    return figure
