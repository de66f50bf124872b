"""Colours of the Plotly figures; the stage has the same colours in its stylesheet."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours of one theme. Weights: orange negative, blue positive, the background at zero."""

    background: str
    ink: str
    muted: str
    line: str
    accent: str
    wrong: str
    negative: str
    positive: str

    @property
    def diverging(self) -> list[tuple[float, str]]:
        return [(0.0, self.negative), (0.5, self.background), (1.0, self.positive)]


LIGHT = Palette("#FFFFFF", "#1B1E23", "#5A6069", "#E1E1DC", "#0A7160", "#B0245C", "#F0903F", "#64A6E8")
DARK = Palette("#14171B", "#ECEEF0", "#A6ADB6", "#2C3138", "#45C9B0", "#FF8DB4", "#A4530E", "#2B69B2")
