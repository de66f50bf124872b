"""Run all tests in two processes at once, those of the browser beside the others; before these lint, format, types and
the tests of the JavaScript that needs no browser. What lint, format or types say ends it at once.

Half of a browser test is waiting, and Playwright keeps an event loop in its process that AppTest cannot live with. The
first process writes as it goes; the other's output follows when both have ended, whole where it failed, so that what
failed stands last. Exits with 0 only if all passed. Standard library only.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import tempfile

CORE, BROWSER = "core and app", "browser"


def main(options: list[str]) -> int:
    # The fault handler: a process that dies inside TensorFlow, even after its last test, says where.
    command = [sys.executable, "-X", "faulthandler", "-m", "pytest", *options]
    browser = [*command, "-o", "cache_dir=.pytest_cache/browser", "tests/browser"]
    ends = {}
    with tempfile.TemporaryFile("w+") as output:
        beside = subprocess.Popen(browser, stdout=output, stderr=subprocess.STDOUT)
        try:
            if code := subprocess.run([sys.executable, "tools/checks.py"]).returncode:
                beside.send_signal(signal.SIGINT)  # it ends the server and the browser that it has started
                with contextlib.suppress(subprocess.TimeoutExpired):  # where nobody is to interrupt
                    beside.wait(30)
                return code
            ends["JavaScript"] = subprocess.run([sys.executable, "tools/js.py", "test"]).returncode
            ends[CORE] = subprocess.run([*command, "tests/core", "tests/app"]).returncode
            ends[BROWSER] = beside.wait()
        finally:
            beside.terminate()
        output.seek(0)
        lines = output.read().splitlines()
    print(*(lines if ends[BROWSER] else lines[-1:]), sep="\n")
    for name, code in ends.items():
        print(f"{name}: {said(code)}")
    return int(any(ends.values()))


def said(code: int) -> str:
    """How a process ended, in words."""
    if code < 0:
        return f"FAILED, ended by {signal.Signals(-code).name}"
    return f"FAILED, exit code {code}" if code else "passed"


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
