"""The figures of findings, with words that are said when one is drawn: see `corner_lab.plots.evidence`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corner_lab.diagnostics.finding import Words
from corner_lab.plots import evidence
from corner_lab.plots.theme import Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

Series = Mapping[Any, Any]  # by their names, which are Words


def bars(
    names: Sequence[Words],
    series: Series,
    axis: Words,
    palette: Palette,
    *,
    marked: Words = "",
    figures: bool = True,
    below: Words = "",
) -> "go.Figure":
    return evidence.bars(
        [str(name) for name in names],
        _said(series),
        str(axis),
        palette,
        marked=str(marked),
        figures=figures,
        below=str(below),
    )


def lines(
    series: Series,
    axis: Words,
    palette: Palette,
    *,
    marked: Words = "",
    event: tuple[float, Words] | None = None,
    level: tuple[float, Words] | None = None,
) -> "go.Figure":
    return evidence.lines(
        _said(series),
        str(axis),
        palette,
        marked=str(marked),
        event=event and (event[0], str(event[1])),
        level=level and (level[0], str(level[1])),
    )


def grids(titled: Sequence[tuple[Words, int]], palette: Palette) -> "go.Figure":
    return evidence.grids([(str(title), pattern) for title, pattern in titled], palette)


def _said(series: Series) -> dict[str, Any]:
    return {str(name): values for name, values in series.items()}
