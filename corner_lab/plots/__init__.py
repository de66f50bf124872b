"""Plots: Plotly figures, data in and figure out, and their theme, which alone is exported: it needs no Plotly."""

from corner_lab.plots.theme import DARK, LIGHT, Palette

__all__ = ["DARK", "LIGHT", "Palette"]
