"""Plots: Plotly figures, data in and figure out, and their theme."""
