"""Plotly figures of the landscape: contour and surface, flat regions hatched, marks and ways upon them."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from corner_lab.analysis.landscape_plane import MARKS, MATCHED, PERFECT
from corner_lab.analysis.loss_landscape import Landscape
from corner_lab.formatting import small
from corner_lab.language import tr
from corner_lab.plots.theme import Palette

Floats = NDArray[np.float64]

FLOOR = 1e-6  # lower losses are drawn at this height: the axis is logarithmic
SYMBOLS = {MATCHED: "diamond", PERFECT: "square"}  # anything else: x
FONT = 12
HATCH = 3  # cells between two hatch lines
CHOICES = "points to choose"  # the name of a trace that nobody reads


@dataclass(frozen=True, eq=False)
class Way:
    """A line to draw: a run's shadow or the way downhill. `loss`: the height under it; arrays (n,)."""

    name: str
    scale: Floats
    bias: Floats
    loss: Floats
    of_run: bool


def contour(land: Landscape, ways: list[Way], palette: Palette, chosen: tuple[float, float] | None = None) -> go.Figure:
    """The landscape from above, with an unseen point wherever one can be chosen. `chosen`: one to mark."""
    z = _height(land.loss)
    low, high = float(z.min()), float(z.max())
    figure = go.Figure(
        go.Contour(
            x=land.scales,
            y=land.biases,
            z=z,
            colorscale=_colours(palette),
            contours={"start": low, "end": high, "size": (high - low) / 20 or 1},
            line={"color": palette.muted, "width": 0.5},
            colorbar=_ticks(low, high) | {"title": {"text": tr("loss")}, "thickness": 12, "outlinewidth": 0},
            hoverinfo="skip",
        )
    )
    figure.add_scatter(**_choices(land))
    x, y, _ = hatching(land)
    if len(x):
        name, line = tr("flat: gradient exactly 0"), {"color": palette.muted, "width": 1}
        figure.add_scatter(x=x, y=y, mode="lines", name=name, line=line, hoverinfo="skip")
    if land.outline.size:
        figure.add_scatter(x=land.outline[0], y=land.outline[1], mode="lines", **_outlined(palette, 2))
    for name, (scale, bias) in _marks(land).items():
        figure.add_scatter(
            x=[scale], y=[bias], mode="markers", name=str(MARKS[name]), showlegend=False,
            hovertemplate=_of_mark(land, name), **_marker(name, palette, 12),
        )  # fmt: skip
        figure.add_annotation(x=scale, y=bias, **_label(name, palette))
    for way in ways:
        figure.add_scatter(
            x=way.scale, y=way.bias, mode="lines+markers", name=way.name, hoverinfo="skip", **_style(way, palette)
        )
    if chosen is not None:
        ring = {"symbol": "circle-open", "size": 16, "color": palette.ink, "line": {"width": 3}}
        figure.add_scatter(
            x=[chosen[0]], y=[chosen[1]], mode="markers", name=tr("on the bench"), marker=ring, hoverinfo="skip"
        )
    plain = {"showgrid": False, "zeroline": False, "tickfont": {"size": FONT}}
    figure.update_xaxes(
        title_text=tr("scale along the matched filter"), range=[land.scales[0], land.scales[-1]], **plain
    )
    figure.update_yaxes(title_text=tr("bias"), range=[land.biases[0], land.biases[-1]], **plain)
    figure.update_layout(dragmode="zoom")  # Streamlit would have it move where points can be chosen
    return _sized(figure)


def surface(land: Landscape, ways: list[Way], palette: Palette) -> go.Figure:
    """The landscape as a surface to turn, its height the logarithm of the loss."""
    z = _height(land.loss)
    ticks = _ticks(float(z.min()), float(z.max()))
    figure = go.Figure(
        go.Surface(
            x=land.scales,
            y=land.biases,
            z=z,
            colorscale=_colours(palette),
            showscale=False,
            customdata=land.loss,
            hovertemplate=tr("scale %{x:.2f}, bias %{y:.2f}<br>loss %{customdata:.4g}<extra></extra>"),
        )
    )
    x, y, height = hatching(land)
    if len(x):
        name, line = tr("flat: gradient exactly 0"), {"color": palette.muted, "width": 2}
        figure.add_scatter3d(x=x, y=y, z=height, mode="lines", name=name, line=line, hoverinfo="skip")
    lift = 0.02 * float(np.ptp(z))  # or the surface would swallow half of what lies on it
    if land.outline.size:
        x, y, top = land.outline
        figure.add_scatter3d(x=x, y=y, z=_height(top) + lift, mode="lines", **_outlined(palette, 4))
    for way in ways:
        style = _style(way, palette)
        figure.add_scatter3d(
            x=way.scale, y=way.bias, z=_height(way.loss) + lift, mode="lines", name=way.name, hoverinfo="skip",
            line=style["line"] | {"width": 5},
        )  # fmt: skip
    names = []
    for name, (scale, bias) in _marks(land).items():
        top = _height(land.at[name].loss) + lift
        figure.add_scatter3d(
            x=[scale], y=[bias], z=top, mode="markers", name=str(MARKS[name]), showlegend=False, hoverinfo="skip",
            **_marker(name, palette, 6),
        )  # fmt: skip
        names.append(_label(name, palette) | {"x": scale, "y": bias, "z": float(top[0])})
    axis: dict[str, Any] = {"backgroundcolor": palette.background, "gridcolor": palette.line, "color": palette.ink}
    axis["tickfont"] = {"size": FONT}
    figure.update_layout(
        scene={
            "xaxis": axis | {"title": {"text": tr("scale")}},
            "yaxis": axis | {"title": {"text": tr("bias")}},
            "zaxis": axis | ticks | {"title": {"text": tr("loss")}},
            "camera": {"eye": {"x": -1.5, "y": -1.3, "z": 0.8}, "center": {"x": 0, "y": 0, "z": -0.15}},
            "aspectmode": "manual",
            "aspectratio": {"x": 1.3, "y": 1.3, "z": 0.8},
            "annotations": names,
        }
    )
    return _sized(figure)


def _choices(land: Landscape) -> dict[str, Any]:
    """The grid as points that cannot be seen: Plotly has a press only on points, not on a contour."""
    scales, biases = np.meshgrid(land.scales, land.biases)
    unseen = {"marker": {"opacity": 0}}
    return {
        "x": scales.ravel(),
        "y": biases.ravel(),
        "mode": "markers",
        "name": CHOICES,
        "showlegend": False,
        "marker": {"size": 10, "opacity": 0},
        "selected": unseen,
        "unselected": unseen,
        "customdata": np.stack([land.loss.ravel(), land.right.ravel(), land.target_output.ravel()], axis=1),
        "hovertemplate": tr(
            "scale %{x:.2f}, bias %{y:.2f}<br>loss %{customdata[0]:.4g}<br>"
            "%{customdata[1]} of 512 right, target's output %{customdata[2]:.3f}<extra></extra>"
        ),
    }


def _of_mark(land: Landscape, name: str) -> str:
    """What is read where a mark is pointed at."""
    loss = small(float(land.at[name].loss[0]))
    return tr("{mark}<br>loss {loss}<extra></extra>", mark=MARKS[name], loss=loss)


def _outlined(palette: Palette, width: float) -> dict[str, Any]:
    return {"name": tr("all 512 right"), "line": {"color": palette.ink, "width": width}, "hoverinfo": "skip"}


def hatching(land: Landscape) -> tuple[list[float | None], list[float | None], list[float | None]]:
    """Diagonal lines over the flat points of the grid: x, y and height, with None between two lines."""
    x: list[float | None] = []
    y: list[float | None] = []
    height: list[float | None] = []
    rows, columns = land.flat.shape
    z = _height(land.loss)
    starts = [(row, 0) for row in range(0, rows, HATCH)] + [(0, column) for column in range(HATCH, columns, HATCH)]
    for row, column in starts:
        inside = False
        for i, j in zip(range(row, rows), range(column, columns), strict=False):
            if land.flat[i, j]:
                x.append(float(land.scales[j]))
                y.append(float(land.biases[i]))
                height.append(float(z[i, j]))
            elif inside:
                for line in (x, y, height):
                    line.append(None)
            inside = bool(land.flat[i, j])
        if inside:
            for line in (x, y, height):
                line.append(None)
    return x, y, height


def _height(loss: Floats) -> Floats:
    return np.asarray(np.log10(np.maximum(loss, FLOOR)))


def _ticks(low: float, high: float) -> dict[str, Any]:
    """Round losses along the logarithmic axis: powers of ten, or 1, 2 and 5 times them where those are few."""
    powers = range(int(np.floor(low)), int(np.ceil(high)) + 1)
    for factors in ((1,), (1, 2, 5)):
        values = [k * 10.0**p for p, k in product(powers, factors) if low <= np.log10(k * 10.0**p) <= high]
        if len(values) > 2:
            break
    else:
        values = np.linspace(10**low, 10**high, 4).tolist()
    return {
        "tickvals": np.log10(values).tolist(),
        "ticktext": [f"{value:.3g}" for value in values],
        "tickfont": {"size": FONT},
    }


def _colours(palette: Palette) -> list[tuple[float, str]]:
    """Low is blue, high is the background."""
    return [(0.0, palette.positive), (1.0, palette.background)]


def _style(way: Way, palette: Palette) -> dict[str, Any]:
    """Runs are solid, the way downhill is dashed; the last point is marked."""
    colour, dash = (palette.wrong, "solid") if way.of_run else (palette.ink, "dot")
    sizes = [0] * (len(way.scale) - 1) + [9]
    symbol = "circle" if way.of_run else "triangle-down"
    marker = {"symbol": symbol, "size": sizes, "color": colour, "opacity": 1, "line": {"width": 0}}
    return {"line": {"color": colour, "width": 2.5, "dash": dash}, "marker": marker}


def _marker(name: str, palette: Palette, size: int) -> dict[str, Any]:
    outline = {"color": palette.background, "width": 1.5}
    return {"marker": {"symbol": SYMBOLS.get(name, "x"), "size": size, "color": palette.ink, "line": outline}}


def _label(name: str, palette: Palette) -> dict[str, Any]:
    """Names of points with all right stand to the right of their mark, others above it to the left."""
    place = {"xanchor": "left", "xshift": 10} if name in SYMBOLS else {"xanchor": "right", "xshift": 6, "yshift": 18}
    font = {"color": palette.ink, "size": 13}
    return {
        "text": str(MARKS[name]),
        "showarrow": False,
        "font": font,
        "bgcolor": palette.background,
        "opacity": 0.9,
        **place,
    }


def _marks(land: Landscape) -> dict[str, tuple[float, float]]:
    """The marks to draw: where two coincide, the later name."""
    return {name: point for point, name in {point: name for name, point in land.marks.items()}.items()}


def _sized(figure: go.Figure) -> go.Figure:
    legend = {"orientation": "h", "yanchor": "top", "y": -0.12, "x": 0, "font": {"size": FONT}}
    figure.update_layout(height=560, margin={"l": 8, "r": 8, "t": 24, "b": 8}, legend=legend)
    return figure
