"""`python -m corner_lab`, and `corner-lab` where the package is installed: see `corner_lab.cli`."""

import sys
from typing import NoReturn


def run() -> NoReturn:
    """Run the process's command line and leave with its exit status."""
    try:
        from corner_lab.cli.commands import main

        sys.exit(main())
    except KeyboardInterrupt:  # before `main` could take care of it
        print("error: interrupted", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    run()
