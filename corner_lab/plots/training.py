"""Plotly figures for pictures that rest: data in, figure out."""

import html
import math
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from corner_lab.experiment.initializers import linear_weights
from corner_lab.formatting import signed
from corner_lab.network.metrics import Counts
from corner_lab.network.parameters import Vector
from corner_lab.plots.theme import Palette
from corner_lab.terms import TERMS
from corner_lab.training.history import History, spread_rows
from corner_lab.training.outcome import target_name

MOST_TICKS = 5  # of a log axis, without the first
POINTS = 1000  # most bins of a drawn curve; each keeps its lowest and highest value


def training_curves(history: History, epoch: int, palette: Palette) -> go.Figure:
    """Loss (log axis), the outputs, the gradient norms and the live fraction over the epochs; a line at `epoch`."""
    name = target_name(history.experiment.target)
    panels = (
        ("loss", [(_named("loss"), "loss", palette.ink)]),
        (
            "output",
            [
                (name, "corner_output", palette.accent),
                (_named("worst-other"), "worst_other_output", palette.muted),
            ],
        ),
        (
            "gradient",
            [("targets", "gradient_targets", palette.accent), ("others", "gradient_others", palette.muted)],
        ),
        ("live-fraction", [(_named("live-fraction"), "live_fraction", palette.ink)]),
    )
    figure = make_subplots(rows=2, cols=2, subplot_titles=[_named(word) for word, _ in panels], horizontal_spacing=0.1)
    for number, (word, lines) in enumerate(panels):
        row, col = divmod(number, 2)
        for label, column, colour in lines:
            x, y = min_max_bins(history.column(column), POINTS)
            dash = "dash" if colour == palette.muted else "solid"
            line = {"color": colour, "width": 2, "dash": dash}
            trace = go.Scatter(x=x, y=y, name=label, mode="lines", line=line, showlegend=len(lines) > 1)
            figure.add_trace(trace, row=row + 1, col=col + 1)
        if word in ("loss", "gradient"):
            drawn = np.concatenate([history.column(column) for _, column, _ in lines])
            figure.update_yaxes(
                type="log", exponentformat="power", dtick=decades_apart(drawn), row=row + 1, col=col + 1
            )
        if word == "live-fraction":
            figure.update_yaxes(range=[-0.03, 1.03], row=row + 1, col=col + 1)
        figure.add_vline(x=epoch, line={"color": palette.muted, "width": 1}, row=row + 1, col=col + 1)
    figure.update_xaxes(title_text="epoch", row=2)
    figure.update_layout(height=520, margin={"l": 56, "r": 8, "t": 32, "b": 48}, legend={"orientation": "h"})
    return figure


def decades_apart(values: np.ndarray) -> int:
    """How many powers of ten lie between two ticks of a log axis that shows these values: at most six ticks stand on a
    panel of a phone without touching. Only what is above 0 is drawn."""
    shown = values[np.isfinite(values) & (values > 0)]
    span = float(np.log10(shown.max()) - np.log10(shown.min())) if len(shown) else 0.0
    return max(1, math.ceil(span / MOST_TICKS))


def _named(word: str) -> str:
    """A term's label inside a figure."""
    label = TERMS[word].label
    return label[0].lower() + label[1:]


def html_page(figures: list[go.Figure], title: str) -> str:
    """The figures as one HTML page that needs no network: Plotly travels with it (about 5 MB)."""
    parts = [figure.to_html(full_html=False, include_plotlyjs=i == 0) for i, figure in enumerate(figures)]
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
    return f"{head}<body>{''.join(parts)}</body></html>"


def min_max_bins(values: np.ndarray, bins: int) -> tuple[np.ndarray, np.ndarray]:
    """Epochs and values to draw: all, or each bin's lowest and highest; bins lie along the epoch axis."""
    if len(values) <= 2 * bins:
        return np.arange(len(values)), values
    edges = spread_rows(len(values), bins + 1)
    kept: set[int] = {0, len(values) - 1}
    for start, end in pairwise(edges):
        part = values[start:end]
        kept |= {start + int(part.argmin()), start + int(part.argmax())}
    chosen = np.array(sorted(kept))
    return chosen, values[chosen]


def kernel_heatmaps(numbers: Vector, target: tuple[int, ...], palette: Palette) -> go.Figure:
    """The effective kernel (kernel times w2) beside the matched filter 2T-1, the value in each cell."""
    learned = (numbers[:9] * numbers[10]).reshape(3, 3)
    pictures = [(f"learned {_named('effective-kernel')}", learned)]
    if len(target) == 1:
        pictures.append((_named("matched-filter"), linear_weights("matched", target[0])[:9].reshape(3, 3)))
    figure = make_subplots(rows=1, cols=len(pictures), subplot_titles=[title for title, _ in pictures])
    for col, (_, values) in enumerate(pictures, 1):
        largest = float(np.abs(values).max()) or 1.0
        heatmap = go.Heatmap(
            z=values,
            text=[[signed(float(v)) for v in line] for line in values],
            texttemplate="%{text}",
            textfont={"color": palette.ink, "size": 14},
            colorscale=palette.diverging,
            zmin=-largest,
            zmax=largest,
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate="row %{y}, column %{x}: %{text}<extra></extra>",
        )
        figure.add_trace(heatmap, row=1, col=col)
        figure.update_xaxes(visible=False, row=1, col=col)
        figure.update_yaxes(visible=False, autorange="reversed", row=1, col=col)
        figure.update_yaxes(scaleanchor="x" if col == 1 else f"x{col}", row=1, col=col)
    figure.update_layout(height=250, margin={"l": 8, "r": 8, "t": 32, "b": 8})
    return figure


def confusion_matrix(counts: Counts, palette: Palette) -> go.Figure:
    """The four counts, truth down, answer across."""
    cells = [[counts.tp, counts.fn], [counts.fp, counts.tn]]
    right = [[1, -1], [-1, 1]]
    figure = go.Figure(
        go.Heatmap(
            z=[
                [sign * min(1, count) for sign, count in zip(*pair, strict=True)]
                for pair in zip(right, cells, strict=True)
            ],
            x=["corner", "not a corner"],
            y=["target", "other"],
            text=cells,
            texttemplate="%{text}",
            textfont={"color": palette.ink, "size": 16},
            colorscale=palette.diverging,
            zmin=-1.5,
            zmax=1.5,
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate="%{y} called %{x}: %{text}<extra></extra>",
        )
    )
    figure.update_xaxes(title_text="the network's answer", side="top", showgrid=False)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_layout(height=250, margin={"l": 8, "r": 8, "t": 56, "b": 8})
    return figure
