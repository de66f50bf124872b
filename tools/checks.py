"""Lint, format and types, one after the other, up to the first that has something to say. Standard library only."""

from __future__ import annotations

import subprocess
import sys

CHECKS = (
    ["-m", "ruff", "check"],
    ["-m", "ruff", "format", "--check"],
    ["-m", "mypy"],
    ["tools/js.py", "check"],
)


def main() -> int:
    """The exit code of the first check that fails, or 0."""
    codes = (subprocess.run([sys.executable, *check]).returncode for check in CHECKS)
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
