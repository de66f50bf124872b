"""Plotly figures for pictures that rest: data in, figure out."""

import html
import math
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import linear_weights
from corner_lab.formatting import signed
from corner_lab.language import current, tr
from corner_lab.language.languages import SOURCE
from corner_lab.network.metrics import Counts
from corner_lab.network.numpy_model import parted
from corner_lab.network.parameters import Vector
from corner_lab.plots.theme import Palette
from corner_lab.terms import TERMS
from corner_lab.training.history import History, spread_rows
from corner_lab.training.outcome import target_name

MOST_TICKS = 5  # of a log axis, without the first
ABREAST = 4  # most kernels in a row
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
            [
                (tr("targets"), "gradient_targets", palette.accent),
                (tr("others"), "gradient_others", palette.muted),
            ],
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
    figure.update_xaxes(title_text=tr("epoch"), row=2)
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
    return label[0].lower() + label[1:] if current().code == SOURCE else label


def html_page(figures: list[go.Figure], title: str) -> str:
    """The figures as one HTML page that needs no network: Plotly travels with it (about 5 MB)."""
    alone = [_alone(figure) for figure in figures]
    parts = [figure.to_html(full_html=False, include_plotlyjs=i == 0) for i, figure in enumerate(alone)]
    head = f'<!doctype html><html lang="{current().tag}"><meta charset="utf-8"><title>{html.escape(title)}</title>'
    return f"{head}<body>{''.join(parts)}</body></html>"


def _alone(figure: go.Figure) -> go.Figure:
    """The figure with the room for its labels that the app's page gives it there."""
    alone = go.Figure(figure).update_xaxes(automargin=True).update_yaxes(automargin=True)
    return alone.update_layout(legend={"y": -0.2, "yanchor": "top"})  # below the axes' titles


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


def kernel_heatmaps(numbers: Vector, target: tuple[int, ...], palette: Palette, hidden: str = "none") -> go.Figure:
    """The effective kernel (kernel times w2) beside the matched filter 2T-1, the value in each cell.

    Of several kernels first each times its w2; all of them added up are the effective kernel, which there is none of
    with relu between the convolutions (`hidden`).
    """
    kernels, _, w2, _ = parted(numbers)
    parts = (kernels * w2[:, None]).reshape(-1, 3, 3).astype(np.float32)
    pictures = (
        [(tr("kernel {number} × {w2}", number=k, w2=f"{w2[k]:.3g}"), part) for k, part in enumerate(parts)]
        if len(parts) > 1
        else []
    )
    if hidden == "none":
        pictures.append((tr("learned {kernel}", kernel=_named("effective-kernel")), parts.sum(axis=0)))
    elif not pictures:
        pictures.append((tr("kernel × {w2}", w2=f"{w2[0]:.3g}"), parts[0]))
    if len(target) == 1:
        pictures.append((_named("matched-filter"), linear_weights("matched", target[0])[:9].reshape(3, 3)))
    rows, cols = math.ceil(len(pictures) / ABREAST), min(len(pictures), ABREAST)
    figure = make_subplots(rows=rows, cols=cols, subplot_titles=[title for title, _ in pictures])
    for place, (_, values) in enumerate(pictures):
        row, col = place // ABREAST + 1, place % ABREAST + 1
        largest = float(np.abs(values).max()) or 1.0
        heatmap = go.Heatmap(
            z=values,
            text=[[signed(float(v)) for v in line] for line in values],
            texttemplate="%{text}",
            textfont={"color": palette.ink, "size": 14 if len(pictures) < ABREAST else 11},
            colorscale=palette.diverging,
            zmin=-largest,
            zmax=largest,
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate=tr("row %{y}, column %{x}: %{text}<extra></extra>"),
        )
        figure.add_trace(heatmap, row=row, col=col)
        figure.update_xaxes(visible=False, row=row, col=col)
        figure.update_yaxes(visible=False, autorange="reversed", row=row, col=col)
        figure.update_yaxes(scaleanchor=f"x{place + 1}" if place else "x", row=row, col=col)
    figure.update_layout(height=_height(len(pictures)), margin={"l": 8, "r": 8, "t": 32, "b": 8})
    return figure


def heatmaps_height(e: Experiment) -> int:
    """How high the kernels' figure of such a network is, px."""
    several = e.kernels if e.kernels > 1 else 0
    return _height(several + (e.hidden == "none" or not several) + (len(e.target) == 1))


def _height(pictures: int) -> int:
    return 60 + 190 * math.ceil(pictures / ABREAST)


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
            x=[tr("corner"), tr("not a corner")],
            y=[tr("target"), tr("other")],
            text=cells,
            texttemplate="%{text}",
            textfont={"color": palette.ink, "size": 16},
            colorscale=palette.diverging,
            zmin=-1.5,
            zmax=1.5,
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate=tr("%{y} called %{x}: %{text}<extra></extra>"),
        )
    )
    figure.update_xaxes(title_text=tr("the network's answer"), side="top", showgrid=False)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_layout(height=250, margin={"l": 8, "r": 8, "t": 56, "b": 8})
    return figure
