"""Run all tests in two processes at once, those of the browser beside the others; before these, those of the
JavaScript that needs no browser.

Half of a browser test is waiting, and Playwright keeps an event loop in its process that AppTest cannot live with. The
first process writes as it goes, the other's output follows when both have ended. A browser test that fails beside a
busy neighbour gets a second look once it has the machine to itself: a failure there and then is printed like any other,
but fails the run only if it comes again. Exits with 0 only if all passed in the end. Standard library only.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

FAILED = 1  # pytest's code for "some tests failed"
SECOND_LOOK = ["--last-failed", "--last-failed-no-failures", "none"]


def main(options: list[str]) -> int:
    command = [sys.executable, "-m", "pytest", *options]
    browser = [*command, "-o", "cache_dir=.pytest_cache/browser", "tests/browser"]
    with tempfile.TemporaryFile("w+") as output:
        beside = subprocess.Popen(browser, stdout=output, stderr=subprocess.STDOUT)
        try:
            first = subprocess.run([sys.executable, "tools/js.py", "test"]).returncode
            first = subprocess.run([*command, "tests/core", "tests/app"]).returncode or first
            second = beside.wait()
        finally:
            beside.terminate()
        output.seek(0)
        print(output.read(), end="", flush=True)
    if second == FAILED:
        print("The browser tests that failed, once more and alone:", flush=True)
        second = subprocess.run([*browser, *SECOND_LOOK]).returncode
    return first or second


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
