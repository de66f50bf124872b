"""Playground: the panels of the Play page."""
