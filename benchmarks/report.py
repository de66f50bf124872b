"""What a benchmark gives back, and the table of all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

HEADINGS = ("what", "ours", "beside it", "ratio", "bar", "")


@dataclass(frozen=True)
class Line:
    """One comparison. `value` is what the bar is about; without a bar it is shown and not judged.

    `bar` is the limit: "<=" what the value may reach at most, ">=" what it must reach at least.
    """

    what: str
    ours: str
    beside: str = ""
    ratio: str = ""
    value: float = 0.0
    bar: tuple[str, float, str] | None = None  # "<=" or ">=", the limit, how to write it

    @property
    def verdict(self) -> str:
        if self.bar is None:
            return ""
        sign, limit, _ = self.bar
        return "ok" if (self.value <= limit if sign == "<=" else self.value >= limit) else "missed"

    def cells(self) -> tuple[str, ...]:
        bar = f"{self.bar[0]} {self.bar[2]}" if self.bar else ""
        return (self.what, self.ours, self.beside, self.ratio, bar, self.verdict)


def faster(what: str, ours: float, beside: float, beside_name: str, at_least: float | None = None) -> Line:
    """How many times faster ours is; both in seconds."""
    ratio = beside / ours
    bar = (">=", at_least, f"{at_least:,.0f}x") if at_least else None
    return Line(what, seconds(ours), f"{seconds(beside)} {beside_name}", times(ratio) + " faster", ratio, bar)


def longer(what: str, ours: float, beside: float, beside_name: str, at_most: float) -> Line:
    """How many times as long ours takes; both in seconds."""
    ratio = ours / beside
    beside_text = f"{seconds(beside)} {beside_name}"
    return Line(what, seconds(ours), beside_text, times(ratio), ratio, ("<=", at_most, f"{at_most:g}x"))


def seconds(value: float) -> str:
    if value < 1:
        return f"{1000 * value:.1f} ms" if value < 0.1 else f"{1000 * value:.0f} ms"
    return f"{value:.2f} s" if value < 100 else f"{value:,.0f} s"


def times(ratio: float) -> str:
    return f"{ratio:,.0f}x" if ratio >= 20 else f"{ratio:.2f}x"


def table(lines: Iterable[Line]) -> str:
    rows = [HEADINGS, *(line.cells() for line in lines)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADINGS))]
    aligned = ([cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows)
    return "\n".join("  ".join(cells).rstrip() for cells in aligned)
