"""The command line: `python -m corner_lab`."""
