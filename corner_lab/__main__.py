"""`python -m corner_lab`: see `corner_lab.cli`."""

import sys

try:
    from corner_lab.cli.commands import main

    sys.exit(main())
except KeyboardInterrupt:  # before `main` could take care of it
    print("error: interrupted", file=sys.stderr)
    sys.exit(130)
