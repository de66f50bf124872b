"""Run all tests in two processes at once, those of the browser beside the others; before these, those of the
JavaScript that needs no browser.

Half of a browser test is waiting, and Playwright keeps an event loop in its process that AppTest cannot live with. The
first process writes as it goes, the other's output follows when both have ended. Exits with 0 only if all passed.
Standard library only.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile


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
    return first or second


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
