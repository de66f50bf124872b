"""Run all tests in four processes at once, two of the core and the app, two of the browser; before these lint, format,
types and the tests of the JavaScript that needs no browser. What lint, format or types say ends it at once.

Half of a browser test is waiting, and Playwright keeps an event loop in its process that AppTest cannot live with. The
first process writes as it goes; the others' output follows when all have ended, whole where it failed, so that what
failed stands last. Exits with 0 only if all passed. Standard library only.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

CORE = sorted(path.as_posix() for path in Path("tests/core").iterdir() if path.is_dir() or path.match("test_*.py"))
TRAINING = [path for path in CORE if Path(path).name in ("training", "workers") or path.endswith(".py")]
BROWSER = sorted(path.as_posix() for path in Path("tests/browser").glob("test_*.py"))
HALF = len(BROWSER) // 2
FIRST, *BESIDE = {  # each takes about as long as the others
    "training and app": [*TRAINING, "tests/app"],
    "core": sorted({*CORE} - {*TRAINING}),
    "browser, first half": BROWSER[:HALF],
    "browser, second half": BROWSER[HALF:],
}.items()


def main(options: list[str]) -> int:
    # The fault handler: a process that dies inside TensorFlow, even after its last test, says where.
    command = [sys.executable, "-X", "faulthandler", "-m", "pytest", *options]
    ends: dict[str, int] = {}
    with contextlib.ExitStack() as stack:
        beside = {}
        for number, (name, files) in enumerate(BESIDE):
            output = stack.enter_context(tempfile.TemporaryFile("w+"))
            own = [*command, "-o", f"cache_dir=.pytest_cache/beside{number}", *files]
            beside[name] = (subprocess.Popen(own, stdout=output, stderr=subprocess.STDOUT), output)
            stack.callback(beside[name][0].terminate)
        if code := subprocess.run([sys.executable, "tools/checks.py"]).returncode:
            for process, _ in beside.values():
                process.send_signal(signal.SIGINT)  # it ends the server and the browser that it has started
            for process, _ in beside.values():
                with contextlib.suppress(subprocess.TimeoutExpired):  # where nobody is to interrupt
                    process.wait(30)
            return code
        ends["JavaScript"] = subprocess.run([sys.executable, "tools/js.py", "test"]).returncode
        ends[FIRST[0]] = subprocess.run([*command, *FIRST[1]]).returncode
        for name, (process, output) in beside.items():
            ends[name] = process.wait()
            output.seek(0)
            lines = output.read().splitlines()
            print(*(lines if ends[name] else lines[-1:]), sep="\n")
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
