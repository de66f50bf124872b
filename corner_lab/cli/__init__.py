"""The command line: `python -m corner_lab`."""

from corner_lab.cli.commands import main

__all__ = ["main"]
