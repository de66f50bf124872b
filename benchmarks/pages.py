"""Servers and one Chromium for the browser benchmarks, and a stopwatch that runs inside the page."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tools import chromium

ROOT = Path(__file__).resolve().parents[1]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# The apps beside which ours is measured.
ONLY_X = 'import streamlit as st\n\nst.write("x")\n'
ONE_BUTTON = """import streamlit as st

if st.button("Add"):
    st.session_state["n"] = st.session_state.get("n", 0) + 1
st.write(f"The number is {st.session_state.get('n', 0)}.")
"""

# Every page can ask where the stage is, and whether it and its bench are there to be clicked.
IN_PAGE = """
window.bench = {
  host: () => [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"], #stage')].find(e => e._stats),
  root() { const host = this.host(); return host && (host.shadowRoot ?? host); },
  stats() { return this.host()?._stats; },
  notice() { return this.root()?.querySelector("#notice")?.textContent; },
  clickable(pixel) {
    const cell = this.root()?.querySelectorAll(".pixel")[pixel];
    if (!cell) return null;
    const box = cell.getBoundingClientRect(), x = box.left + box.width / 2, y = box.top + box.height / 2;
    return box.width > 4 && this.root().elementFromPoint(x, y) === cell ? { x, y } : null;
  },
  // Where Python's answers stand: in the text of the page, and in the stage's line below it.
  answers() {
    const all = id => [...document.querySelectorAll(`[data-testid="${id}"]`)];
    const lines = all("stBidiComponentIsolated").map(e => e.shadowRoot).filter(e => e?.querySelector(".says"));
    return [...all("stMarkdownContainer"), ...lines];
  },
  says(text) { return this.answers().some(e => text.test(e.textContent)); },
};
"""


@dataclass(frozen=True)
class Server:
    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """Processor time that the server has used so far, in all its processes and those of them that have ended."""
        if Path("/proc/self/stat").exists():
            ticks = 0
            for stat in Path("/proc").glob("[0-9]*/stat"):
                with suppress(OSError):  # it has ended meanwhile
                    fields = stat.read_text().rpartition(")")[2].split()
                    if int(fields[3]) == self.pid:  # its session: see `_served`
                        ticks += sum(map(int, fields[11:15]))
            return ticks / os.sysconf("SC_CLK_TCK")
        shown = subprocess.run(["ps", "-o", "time=", "-g", str(self.pid)], capture_output=True, text=True, check=True)
        return sum(_seconds(time_) for time_ in shown.stdout.split())

    def wait_until_quiet(self, limit: float = 60) -> None:
        """Wait until what it does in the background (compiling ahead) is over: a second of less than 5 % CPU."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            before = self.cpu_seconds()
            time.sleep(1)
            if self.cpu_seconds() - before < 0.05:
                return
        raise TimeoutError(f"the server was still busy after {limit:.0f} s")


def _seconds(shown: str) -> float:
    """What `ps` writes as [days-][hours:]minutes:seconds."""
    total = 0.0
    for part in shown.replace("-", ":").split(":"):
        total = 60 * total + float(part)
    return total


@contextmanager
def app() -> Iterator[Server]:
    """Corner Lab."""
    with _served(ROOT) as server:
        yield server


@contextmanager
def tiny(source: str) -> Iterator[Server]:
    """An app of a few lines with Corner Lab's settings."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / ".streamlit", Path(folder) / ".streamlit")
        (Path(folder) / "app.py").write_text(source)
        with _served(Path(folder)) as server:
            yield server


@contextmanager
def _served(folder: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += ["--server.headless", "true", "--server.port", str(port), "--server.address", "localhost"]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            server = Server(f"http://localhost:{port}", process.pid)
            _wait_until_healthy(process, server.url)
            yield server
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            output.seek(0)
            if "Traceback" in (said := output.read()):
                print(f"The server of {folder} has failed:\n{said}", file=sys.stderr)


def _wait_until_healthy(process: subprocess.Popen[bytes], url: str, limit: float = 60) -> None:
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"the server did not answer within {limit:.0f} s")


@contextmanager
def chrome() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(whole=True), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody who has never been here: nothing is in the cache."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(60_000)
    context.add_init_script(IN_PAGE)
    try:
        yield context
    finally:
        context.close()


@contextmanager
def page(browser: Browser) -> Iterator[Page]:
    """A new visitor's page."""
    with visitor(browser) as context:
        yield context.new_page()


def wait_until_loaded(shown: Page, server: Server) -> None:
    """Wait until the bench is there, TensorFlow is loaded and the server has nothing left to do."""
    shown.wait_for_function("() => bench.clickable(0)")
    shown.wait_for_function("() => bench.notice() === ''")
    server.wait_until_quiet()
