"""Find a Chromium for the browser tests and the benchmarks, or install one.

    python tools/chromium.py                 print its path
    python tools/chromium.py --whole         no headless shell: a browser as people have it
    python tools/chromium.py --stamp FILE    write its path to FILE; what goes wrong is printed on stdout

Looked for in this order: $CHROMIUM, the PATH, the usual places on macOS, Playwright's own download. If there is none,
it is installed: with apt-get where we are root on Debian or Ubuntu, else as Playwright's download. The headless shell,
which is the same engine without a browser's windows, comes first: the browser tests take a quarter less processor time
with it. Standard library only: nothing may be needed to say that something is missing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

SHELL = "chromium-headless-shell"  # the name of Debian's package, too
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = (SHELL, "chromium")  # tried in this order
MAC_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


class NoChromium(Exception):
    """Its text is the one line to show."""


def usable(path: str | None) -> bool:
    """Whether it starts: Ubuntu's `chromium-browser` may be a stub that only names a snap to install."""
    if not path:
        return False
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and "Chrom" in done.stdout


def playwrights_own() -> str | None:
    """Where Playwright would keep its Chromium, asked in another process: its driver needs an event loop of its own."""
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    try:
        done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    path = done.stdout.strip()
    return path if done.returncode == 0 and Path(path).exists() else None


def candidates(whole: bool) -> Iterator[str | None]:
    for name in NAMES:
        if name != SHELL or not whole:
            yield shutil.which(name)
    yield from MAC_APPS
    yield playwrights_own()


def find(whole: bool = False) -> str | None:
    """The first Chromium that starts, or None; `whole`: one with windows, as people have it.

    A $CHROMIUM that does not start is an error, not a hint to ignore.
    """
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        path = shutil.which(chosen)
        if not usable(path):
            raise NoChromium(f"CHROMIUM={chosen} is not a Chromium that starts")
        return path
    return next((path for path in candidates(whole) if usable(path)), None)


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(command: Sequence[str]) -> str | None:
    """Run the command quietly; what it says of its failure, in one line, or None."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=quiet
        )
    except OSError as error:
        return str(error)
    if not done.returncode:
        return None
    # Playwright ends with a stack trace; the line that names the error stands above it.
    named = [line.strip() for line in done.stdout.splitlines() if line.startswith(("E:", "Error", "Failed"))]
    return named[-1][:200] if named else f"{command[0]} ended with code {done.returncode}"


def install(whole: bool = False) -> str:
    """Install a Chromium, of the kind that `find` looks for, and return its path."""
    root_with_apt = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None
    if root_with_apt:
        tell("Installing Chromium with apt-get")
        run(["apt-get", "update"])
        for package in PACKAGES[whole:]:
            run(["apt-get", "install", "-y", "--no-install-recommends", package, "fonts-liberation"])
            path = find(whole)
            if path:
                return path
    # Also the way on where apt-get gave no browser: on Ubuntu its package is only a pointer to a snap.
    tell("Downloading Chromium with Playwright")
    playwright = [sys.executable, "-m", "playwright", "install"]
    trouble = run([*playwright, *(["--with-deps"] if root_with_apt else []), "chromium"])
    path = find(whole)
    if path:
        return path
    if playwrights_own():
        raise NoChromium(
            "the downloaded Chromium does not start, probably for want of system libraries: "
            f'run "{" ".join(playwright[:-1])} install-deps chromium" as root, then try again'
        )
    raise NoChromium(
        "no Chromium found and none could be installed: install Chromium or Chrome, or name one with CHROMIUM=/path"
        + (f" ({trouble})" if trouble else "")
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="Find a Chromium, or install one.")
    parser.add_argument("--whole", action="store_true", help="no headless shell: a browser as people have it")
    parser.add_argument("--stamp", type=Path, help="write the path to this file instead of stdout")
    asked = parser.parse_args()
    stamp: Path | None = asked.stamp
    try:
        path = find(asked.whole) or install(asked.whole)
    except NoChromium as problem:
        # The Makefile shows what a step prints on stdout as its error, and takes any exit code but 0 for a crash.
        if stamp:
            print(problem)
            return 0
        tell(str(problem))
        return 1
    if stamp:
        stamp.write_text(path + "\n")
    else:
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
