"""Does Ctrl+C end `make run` at any moment, soon and without a word, and SIGTERM too? With real processes."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import sys
from pathlib import Path

import pytest

from tests.processes import ROOT, ended, free_port, healthy, serving, started, wait_for

MAKE = ("make", "--no-print-directory")
# What is interrupted tells so by this file. The shell becomes what waits: before it starts a process it blocks signals
# for a moment, and one that comes then ends the shell alone.
REACHED = ': >"$REACHED"; exec sleep 30'
# A Python that installs itself, and sleeps where it is told to.
FAKE = """#!/bin/sh
case "$*" in
    *sys.version_info*) echo 3.12.1 ;;
    *"import venv"*) ;;
    "-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python; {venv} ;;
    "-m pip"*) {pip} ;;
    serve.py*) exec {python} "$@" ;;
    *) exit 1 ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "tools").mkdir()
    for name in ("Makefile", "requirements.txt", "tools/setup.sh", "serve.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("moment", ["venv", "pip"])
def test_does_the_set_up_end(checkout: Path, moment: str) -> None:
    fake, reached = checkout / "fake-python", checkout / "reached"
    steps = {"venv": "true", "pip": "true", moment: REACHED}
    fake.write_text(FAKE.format(**steps, python=sys.executable))
    fake.chmod(0o755)
    with started([*MAKE, "run", f"PYTHON={fake}"], checkout, REACHED=str(reached)) as process:
        wait_for(reached.exists)
        code, told = ended(process)
    assert code == 130 and all(re.match("Creating|Installing|make: .* Interrupt$", line) for line in told.splitlines())
    # The next call takes nothing for done that is not.
    assert not (checkout / ".venv/.app").exists()
    assert (checkout / ".venv/bin/python").exists() == (moment == "pip")


@pytest.mark.parametrize("moment", ["sitecustomize", "streamlit"])
def test_does_make_run_end_while_python_starts(checkout: Path, moment: str) -> None:
    # Python imports the first before a line of ours, the second is what takes longest after that.
    reached, path = checkout / "reached", checkout / "path"
    path.mkdir()
    (path / f"{moment}.py").write_text(
        f"import pathlib, time\npathlib.Path({str(reached)!r}).touch()\ntime.sleep(30)\n"
    )
    fake = checkout / "fake-python"
    fake.write_text(FAKE.format(venv="true", pip="true", python=f"env PYTHONPATH={path} {sys.executable}"))
    fake.chmod(0o755)
    with started([*MAKE, "run", f"PYTHON={fake}"], checkout) as process:
        wait_for(reached.exists)
        code, told = ended(process)
    assert code == 130 and all(re.match("Creating|Installing|make: .* Interrupt$", line) for line in told.splitlines())


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_does_the_server_end_in_the_middle_of_a_request(number: int, code: int) -> None:
    port = free_port()
    with started(serving(port), ROOT) as process:
        wait_for(lambda: healthy(port))
        with socket.create_connection(("localhost", port)) as visitor:
            visitor.sendall(b"POST /corner-lab/bench HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
            assert healthy(port)  # answered after that arrived
            got, told = ended(process, number)
    assert got == code
    assert re.match(r"\s*You can .*\s+URL: .*\s+\S+ \S+ INFO ui.server: Corner Lab .*\n", told), told
    assert "Traceback" not in told and "Aborted" not in told, told  # workers may say what they begin with
