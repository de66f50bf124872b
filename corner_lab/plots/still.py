"""Plotly figures as SVG: still pictures for a file that has no room for Plotly, in the colours of whatever page it is.

What the story's figures are made of and no more: cells, lines, markers, lines across, notes, titles, ticks. A colour of
the palette becomes a custom property of the page: `palette.accent` is `var(--accent)`.
"""

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from html import escape
from itertools import pairwise
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from corner_lab.language import current, tr
from corner_lab.plots.theme import Palette

SQUARE, WIDE = (480.0, 480.0), (600.0, 360.0)  # width and height of what is drawn in, in units of the picture
LINE = 26.0  # height of a line of text; the page's style sheet has its font size, 20
DASHES = {"dash": "9 7", "dot": "2 5", "solid": "none"}
MOST_TICKS = 4


@dataclass(frozen=True)
class Panel:
    """One pair of axes, with the ranges (from, to) that its edges show: left to right and bottom to top."""

    x: tuple[float, float]
    y: tuple[float, float]
    left: float
    top: float
    width: float
    height: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where values lie in the picture."""
        (x0, x1), (y0, y1) = self.x, self.y
        return self.left + (x - x0) / (x1 - x0) * self.width, self.top + (y1 - y) / (y1 - y0) * self.height


def stills(figure: go.Figure, palette: Palette) -> list[str]:
    """An SVG for each panel of a figure that was drawn with this palette, with what it says as its name."""
    drawing = _Drawing(figure, {getattr(palette, f.name): f"var(--{f.name})" for f in fields(palette)})
    panels = list(dict.fromkeys((trace.xaxis or "x", trace.yaxis or "y") for trace in figure.data))
    return [drawing.panel(number, x, y) for number, (x, y) in enumerate(panels)]


class _Drawing:
    def __init__(self, figure: go.Figure, colours: dict[str, str]) -> None:
        self.figure, self.colours = figure, colours

    def panel(self, number: int, x: str, y: str) -> str:
        traces = [t for t in self.figure.data if (t.xaxis or "x", t.yaxis or "y") == (x, y)]
        across, up = (self.figure.layout[name[0] + "axis" + name[1:]] for name in (x, y))
        cells = [t for t in traces if t.type == "heatmap"]
        width, height = SQUARE if cells else WIDE
        title = self._title(number)
        ranges = _ranges(traces, across, up)
        ticks = _ticks(up, ranges[1])
        names = [t for t in traces if t.type == "scatter" and t.name and t.showlegend is not False]
        left = 8 + (max((_width(text) for _, text in ticks), default=0) + 8 if ticks else 0) + LINE * bool(_text(up))
        below = LINE * (bool(_ticks(across, ranges[0])) + bool(_text(across)) + bool(names))
        place = Panel(*ranges, left, 12 + LINE * len(title), width, height)
        whole = place.left + place.width + 8, place.top + place.height + below + 12
        parts = [
            *(self._words(line, whole[0] / 2, LINE * (i + 0.8), "middle") for i, line in enumerate(title)),
            *(part for trace in cells for part in self._cells(trace, place)),
            *self._axes(across, up, place, whole[1], bool(names)),
            *(self._across(shape, place) for shape in self.figure.layout.shapes),
            *(part for trace in traces if trace.type == "scatter" for part in self._scatter(trace, place)),
            *(self._note(note, place) for note in self.figure.layout.annotations if note.xref != "paper"),
            *self._legend(names, place, whole[1]),
        ]
        said = escape(_one_after_another([current().space.join(title), *_said(traces), *self._noted()]))
        box = " ".join(f"{value:.4g}" for value in whole)
        drawn = "".join(filter(None, parts))
        return f'<svg class="still" viewBox="0 0 {box}" role="img" aria-label="{said}">{drawn}</svg>'

    def _title(self, number: int) -> list[str]:
        """The lines above a panel: the figure's title, or the panel's own."""
        own = [note.text for note in self.figure.layout.annotations if note.xref == "paper"]
        text = own[number] if own else self.figure.layout.title.text or ""
        return text.split("<br>") if text else []

    def _noted(self) -> list[str]:
        notes = [note.text for note in self.figure.layout.annotations if note.xref != "paper"]
        return [text.replace("<br>", current().space) for text in notes]

    # ------------------------------------------------------------ what stands in a panel

    def _cells(self, trace: Any, place: Panel) -> Iterator[str]:
        values = np.asarray(trace.z, dtype=float)
        rows, columns = values.shape
        xs = np.arange(columns) if trace.x is None else np.asarray(trace.x)
        ys = np.arange(rows) if trace.y is None else np.asarray(trace.y)
        gap = (trace.xgap or 0) / 2
        share = (values - trace.zmin) / (trace.zmax - trace.zmin)
        for row in range(rows):
            fills = [self._shade(trace.colorscale, value) for value in share[row].tolist()]
            for first, last in _alike(fills, apart=bool(gap)):
                (x0, y0), (x1, y1) = place.at(xs[first] - 0.5, ys[row] - 0.5), place.at(xs[last] + 0.5, ys[row] + 0.5)
                box = _numbers(x=x0 + gap, y=min(y0, y1) + gap, width=x1 - x0 - 2 * gap, height=abs(y1 - y0) - 2 * gap)
                if fills[first]:
                    yield f'<rect {box} {fills[first]} shape-rendering="crispEdges"/>'
                if trace.text is not None:
                    yield self._words(
                        str(trace.text[row][first]), (x0 + x1) / 2, (y0 + y1) / 2 + 10, "middle", kind="cell"
                    )

    def _shade(self, scale: Sequence[tuple[float, str]], share: float) -> str:
        """The colour at a share of a scale that is the page's background at one of any two neighbours; "" for that."""
        if math.isnan(share):
            return ""
        for (low, first), (high, second) in pairwise(scale):
            if share <= high:
                along = (share - low) / (high - low)
                ground = self.colours[first] == "var(--background)"
                colour, strength = (second, along) if ground else (first, 1 - along)
                return f'fill="{self.colours[colour]}" fill-opacity="{strength:.3g}"' if strength > 0 else ""
        raise ValueError(f"{share} is beyond the scale")

    def _scatter(self, trace: Any, place: Panel) -> Iterator[str]:
        points = [None if x is None or y is None else place.at(x, y) for x, y in zip(trace.x, trace.y, strict=True)]
        if "lines" in trace.mode:
            path, pen = "", "M"
            for point in points:
                path += "" if point is None else f"{pen}{point[0]:.1f} {point[1]:.1f}"
                pen = "M" if point is None else "L"
            yield f'<path d="{path}" fill="none" {self._pen(trace.line)}/>'
        if "markers" in trace.mode:
            yield from (self._marker(trace.marker, *point) for point in points if point is not None)

    def _marker(self, marker: Any, x: float, y: float) -> str:
        half, colour = marker.size / 2, self.colours[marker.color]
        if marker.symbol == "circle":
            return f'<circle {_numbers(cx=x, cy=y, r=half)} fill="{colour}"/>'
        if marker.symbol == "diamond":
            side = half + 1
            return f'<path d="M{x:.1f} {y - side:.1f}l{side} {side}l{-side} {side}l{-side} {-side}z" fill="{colour}"/>'
        box = _numbers(x=x - half, y=y - half, width=marker.size, height=marker.size)
        return f'<rect {box} fill="none" stroke="{colour}" stroke-width="{marker.line.width}"/>'

    def _across(self, shape: Any, place: Panel) -> str:
        _, y = place.at(place.x[0], shape.y0)
        return f'<path d="M{place.left:.1f} {y:.1f}h{place.width:.1f}" {self._pen(shape.line)}/>'

    def _note(self, note: Any, place: Panel) -> str:
        x, y = place.at(note.x, note.y)
        lines = note.text.split("<br>")
        return "".join(
            self._words(line, x, y - 6 - LINE * (len(lines) - 1 - i), "start", self.colours[note.font.color])
            for i, line in enumerate(lines)
        )

    # ------------------------------------------------------------ what stands around it

    def _axes(self, across: Any, up: Any, place: Panel, bottom: float, named: bool) -> Iterator[str]:
        if across.visible is False:
            return
        frame = _numbers(x=place.left, y=place.top, width=place.width, height=place.height)
        if across.mirror:
            yield f'<rect {frame} fill="none" stroke="{self.colours[across.linecolor]}"/>'
        for value, text in _ticks(across, place.x):
            x, _ = place.at(value, place.y[0])
            yield self._words(text, x, place.top + place.height + LINE * 0.9, "middle")
        for value, text in _ticks(up, place.y):
            _, y = place.at(place.x[0], value)
            if not across.mirror:
                yield f'<path d="M{place.left:.1f} {y:.1f}h{place.width:.1f}" stroke="var(--line)"/>'
            yield self._words(text, place.left - 8, y + 7, "end")
        if _text(across):
            y = bottom - 12 - LINE * named
            yield self._words(_text(across), place.left + place.width / 2, y, "middle")
        if _text(up):
            x, y = LINE * 0.8, place.top + place.height / 2
            yield self._words(_text(up), 0, 0, "middle", turned=f"translate({x:.1f} {y:.1f}) rotate(-90)")

    def _legend(self, traces: Sequence[Any], place: Panel, bottom: float) -> Iterator[str]:
        x = place.left
        for trace in traces:
            yield f'<path d="M{x:.1f} {bottom - 16:.1f}h32" {self._pen(trace.line)}/>'
            yield self._words(trace.name, x + 40, bottom - 9, "start")
            x += 56 + _width(trace.name)

    # ------------------------------------------------------------ strokes and words

    def _pen(self, line: Any) -> str:
        dashes = DASHES[line.dash or "solid"]
        return f'stroke="{self.colours[line.color]}" stroke-width="{line.width}" stroke-dasharray="{dashes}"'

    def _words(
        self, text: str, x: float, y: float, anchor: str, colour: str = "var(--ink)", kind: str = "", turned: str = ""
    ) -> str:
        more = f' class="{kind}"' * bool(kind) + f' transform="{turned}"' * bool(turned)
        return f'<text {_numbers(x=x, y=y)} text-anchor="{anchor}" fill="{colour}"{more}>{escape(text)}</text>'


def _ranges(traces: Sequence[Any], across: Any, up: Any) -> tuple[tuple[float, float], tuple[float, float]]:
    """What the edges of a panel show: what its axes say, else what there is of cells or lines."""
    found = []
    for axis, name in ((across, "x"), (up, "y")):
        if axis.range is not None:
            found.append((float(axis.range[0]), float(axis.range[1])))
            continue
        cells = [t for t in traces if t.type == "heatmap"]
        if cells:
            count = np.asarray(cells[0].z).shape[0 if name == "y" else 1]
            ends = -0.5, count - 0.5
        else:
            values: NDArray[np.float64] = np.concatenate([np.asarray(t[name], dtype=float) for t in traces])
            low = min(0.0, float(values.min())) if axis.rangemode == "tozero" else float(values.min())
            ends = low, float(values.max()) * 1.05
        found.append(ends[::-1] if axis.autorange == "reversed" else ends)
    return found[0], found[1]


def _ticks(axis: Any, shown: tuple[float, float]) -> list[tuple[float, str]]:
    """Values and texts of an axis's ticks: those that it says, else round numbers of what is shown."""
    if axis.visible is False or axis.showticklabels is False:
        return []
    values = round_ticks(shown[1]) if axis.tickvals is None else axis.tickvals
    texts = [f"{value:g}" for value in values] if axis.ticktext is None else axis.ticktext
    return [(float(value), str(text)) for value, text in zip(values, texts, strict=True)]


def round_ticks(high: float) -> list[float]:
    """Round numbers from 0 up to `high`, at most MOST_TICKS above 0."""
    power = 10.0 ** math.floor(math.log10(high / MOST_TICKS))
    step = next(times * power for times in (1, 2, 5, 10) if high / (times * power) <= MOST_TICKS)
    return [step * i for i in range(int(high / step) + 1)]


def _text(axis: Any) -> str:
    return str(axis.title.text or "") if axis.visible is not False else ""


def _alike(fills: Sequence[str], apart: bool) -> Iterator[tuple[int, int]]:
    """First and last of those beside each other that are alike; each alone where they stand `apart`."""
    start = 0
    for i in range(1, len(fills) + 1):
        if i == len(fills) or apart or fills[i] != fills[start]:
            yield start, i - 1
            start = i


def _said(traces: Sequence[Any]) -> list[str]:
    """What stands in the cells of a panel, row by row."""
    written = [t.text for t in traces if t.type == "heatmap" and t.text is not None]
    return ["; ".join(", ".join(map(str, row)) for row in rows) for rows in written]


def _one_after_another(words: Iterable[str]) -> str:
    """What is there of it, with points between."""
    there = [one for one in words if one] or [""]
    return reduce(lambda first, then: tr("{first}. {then}", first=first, then=then), there)


def _width(text: str) -> float:
    """About how wide a text is: a Chinese character as wide as high."""
    return sum(20.0 if unicodedata.east_asian_width(sign) in "WF" else 11.0 for sign in text)


def _numbers(**values: float) -> str:
    return " ".join(f'{name}="{value:.1f}"' for name, value in values.items())
