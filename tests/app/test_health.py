"""What a server says of itself: healthy while training works, with the reason where it does not, and how it began."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import keras
import pytest
import streamlit

from ui.server import health
from ui.server.keras_loading import loading
from ui.server.limits import limits

ROOT = Path(__file__).resolve().parents[2]


def test_is_a_server_that_cannot_train_unhealthy_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    route = health.routes("/lab", [])[0]
    for problem, done, status, code in (
        ("", False, "starting", 200),
        ("", True, "ok", 200),
        ("TensorFlow did not load", True, "failed", 503),
    ):
        monkeypatch.setattr(loading(), "_problem", problem)
        monkeypatch.setattr(type(loading()), "done", done)
        answer = asyncio.run(route.endpoint(None))
        told = json.loads(answer.body)
        assert route.path == "/lab/healthz"
        assert (answer.status_code, told["status"], told["problem"]) == (code, status, problem)


def test_does_it_know_its_memory_and_that_of_its_children() -> None:
    if not Path("/proc/self/statm").exists():
        pytest.skip("this system does not tell")
    sleeper = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert sleeper.pid in health.children()
        status = Path("/proc/self/status").read_text()
        kilobytes = int(status.split("VmRSS:")[1].split()[0])
        # The kernel adds both up at different moments.
        assert health.resident(os.getpid()) == pytest.approx(1024 * kilobytes, rel=0.05)
    finally:
        sleeper.communicate()


def test_does_the_log_begin_with_versions_and_limits(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        health.log_start()
    (record,) = caplog.records
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    told = record.getMessage()
    assert told.startswith(
        f"Corner Lab {version} with Python {sys.version.split()[0]}, streamlit {streamlit.__version__}"
    )
    assert f"keras {keras.__version__}" in told and f"limits: {limits()}, {os.cpu_count()} processors" in told
