"""One real Chromium and one real server for all browser tests, and pages that fail a test on any error."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partialmethod
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebSocketRoute, expect, sync_playwright

from tests.browser.seen import SETTLED
from tests.processes import free_port, serving
from tools import chromium
from ui.components import stage
from ui.server import js_modules

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "test-results"
SERVER_LOG = RESULTS / f"server-{os.getpid()}.log"  # two processes share the tests
# The sidebar has followed the first picture, and Keras is loaded.
READY = "() => [...document.querySelectorAll('*')].some(e => e._stats && !e._stats.waits)"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    # Nothing but the app may use the network or the clock.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # All pages of a context in one process, which keeps what was compiled of Streamlit's scripts and Plotly's. Compiled
    # as they stream in, they would be compiled anew each time. PaintHolding stays off as in Playwright's list, whose
    # place this takes.
    "--renderer-process-limit=1",
    "--disable-features=ScriptStreaming,PaintHolding",
    # No page lives so long that compiling its functions a second and a third time would pay.
    "--js-flags=--no-opt --no-maglev",
]
PATIENCE = 90_000  # ms for any state that has to come, however busy the machine is
expect.set_options(timeout=PATIENCE)
# Playwright asks at every frame, for which the page has to make one: what waits costs a core a tenth of its time.
Page.wait_for_function = partialmethod(Page.wait_for_function, polling=50)  # type: ignore[method-assign]
# A display of 10 frames a second: without a graphics card each is drawn and put together by the processor. All that is
# asked for between two of them comes in the next, as ever.
FEWER_FRAMES = """(() => {
  const real = window.requestAnimationFrame.bind(window);
  const asked = new Map();
  let last = 0;
  const draw = at => {
    const now = [...asked];
    asked.clear();
    for (const [, callback] of now) try { callback(at); } catch (problem) { reportError(problem); }
  };
  window.requestAnimationFrame = callback => {
    if (!asked.size) setTimeout(() => real(draw), 100 - (performance.now() % 100));
    asked.set(++last, callback);
    return last;
  };
  window.cancelAnimationFrame = id => asked.delete(id);
})()"""
# What moves by itself (placeholders, bars of progress, what fades while a script runs) has the window put together anew
# 60 times a second, for as long as it takes: on a busy machine that was a third of what a page costs. So everything is
# at once as it is to be, in the shadow trees of the components too.
AT_REST = """(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*, *::before, *::after { animation: none !important; transition: none !important; }');
  document.adoptedStyleSheets.push(sheet);
  const attachShadow = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attachShadow.call(this, options);
    root.adoptedStyleSheets.push(sheet);
    return root;
  };
})()"""
REPORTS = pytest.StashKey[dict[str, pytest.TestReport]]()
OpenPage = Callable[..., Page]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Let fixtures see how the test went, and show what the server wrote when one fails."""
    report: pytest.TestReport = yield  # type: ignore[misc]
    item.stash.setdefault(REPORTS, {})[report.when] = report
    if report.failed and SERVER_LOG.exists():
        report.sections.append((f"end of {SERVER_LOG.relative_to(ROOT)}", log_tail()))
    return report  # type: ignore[return-value]


def log_tail(lines: int = 40) -> str:
    # Streamlit colours its tracebacks even in a file.
    text = re.sub(r"\x1b\[[0-9;]*m", "", SERVER_LOG.read_text(errors="replace"))
    return "\n".join(text.splitlines()[-lines:])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        path = chromium.find()
    except chromium.NoChromium as problem:
        pytest.fail(str(problem), pytrace=False)
    if path is None:
        pytest.fail("no Chromium found: `make test` installs one, or name one with CHROMIUM=/path", pytrace=False)
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chrome
        chrome.close()


@pytest.fixture(scope="module")
def lab(browser: Browser) -> Iterator[Page]:
    """A blank page on which `lab` holds everything that the stage's modules define."""
    context = browser.new_context()
    page = context.new_page()
    named = js_modules.sources(stage.MAIN)
    source = js_modules.joined(named).replace("export default ", "")
    page.set_content("<!doctype html><title>modules</title>")
    names = ", ".join(sorted(name for module in named.values() for name in js_modules.TOP_LEVEL.findall(module)))
    page.add_script_tag(content=f"{source}\nwindow.lab = {{ {names} }};\n", type="module")
    page.wait_for_function("() => window.lab !== undefined")
    yield page
    context.close()


@contextmanager
def served(port: int, log_file: Path = SERVER_LOG, **environment: str) -> Iterator[str]:
    """The app with its own settings on a port, without what the user has measured before; gives its address."""
    url = f"http://localhost:{port}"
    RESULTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as cache:
        about = {**os.environ, "XDG_CACHE_HOME": cache, **environment}
        with log_file.open("w") as log:
            # A process group of its own, so that whatever the server starts ends with it.
            told: dict[str, Any] = {"stdout": log, "stderr": subprocess.STDOUT, "start_new_session": True}
            server = subprocess.Popen(serving(port), cwd=ROOT, env=about, **told)
        try:
            wait_until_healthy(server, url)
            yield url
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


@pytest.fixture(scope="session")
def app_url() -> Iterator[str]:
    """The address of the app, started once, on the port of the moment."""
    with served(free_port()) as url:
        yield url


def wait_until_healthy(server: subprocess.Popen[bytes], url: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.poll() is not None:
            pytest.fail(f"the server ended with code {server.returncode}:\n{log_tail()}", pytrace=False)
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server did not answer within {seconds:.0f} s:\n{log_tail()}", pytrace=False)


class Contexts:
    """The contexts that pages share: one for each set of options (a phone, a finger), with the browser's cache.

    A page that stays open in each keeps its process. Opening a page and drawing figures then takes a third less of the
    renderer's time.
    """

    def __init__(self, browser: Browser, app_url: str) -> None:
        self._browser, self._app_url = browser, app_url
        self._opened: dict[str, BrowserContext] = {}

    def of(self, options: dict[str, Any]) -> BrowserContext:
        key = repr(sorted(options.items()))
        if key not in self._opened:
            self._opened[key] = self._browser.new_context(**options)
            self._opened[key].add_init_script(FEWER_FRAMES)
            self._opened[key].add_init_script(AT_REST)
            self._opened[key].grant_permissions(["clipboard-read", "clipboard-write"])
            self._opened[key].new_page().goto(f"{self._app_url}/_stcore/health")
        return self._opened[key]

    def close(self) -> None:
        for context in self._opened.values():
            context.close()


@pytest.fixture(scope="session")
def contexts(browser: Browser, app_url: str) -> Iterator[Contexts]:
    shared = Contexts(browser, app_url)
    yield shared
    shared.close()


@pytest.fixture
def open_page(contexts: Contexts, app_url: str, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """`open_page("?labels=aligned", viewport=(390, 844), color_scheme="dark")` -> a Page that has settled.

    Each is a new visitor's: nothing is in the storage. `init` runs before the page's own scripts,
    `socket` stands between page and server. Console errors, page errors and Streamlit's exception box fail the test
    when it ends. Further keywords go to Playwright's `new_context`.
    """
    opened: list[Page] = []
    problems: list[str] = []

    def note_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(f"console error: {message.text} ({message.location.get('url', '')})")

    def note_error(error: Exception) -> None:
        problems.append(f"page error: {error}")

    def open_one(
        path: str = "/",
        *,
        viewport: tuple[int, int] = (1440, 900),
        color_scheme: Literal["light", "dark"] = "light",
        reduced_motion: Literal["reduce", "no-preference"] = "no-preference",
        settle: bool = True,
        init: str = "",
        socket: Callable[[WebSocketRoute], None] | None = None,
        **context: Any,
    ) -> Page:
        page = contexts.of(context).new_page()
        page.set_default_timeout(PATIENCE)
        opened.append(page)
        page.set_viewport_size({"width": viewport[0], "height": viewport[1]})
        page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        page.on("console", note_console)
        page.on("pageerror", note_error)
        if init:
            page.add_init_script(init)
        if socket is not None:
            page.route_web_socket(re.compile("_stcore/stream"), socket)
        page.goto(f"{app_url}/{path.removeprefix('/')}")
        if settle:
            page.wait_for_function(READY)
            page.wait_for_selector(SETTLED)
        return page

    yield open_one

    for page in opened:
        if not page.is_closed():
            for box in page.locator('[data-testid="stException"]:visible').all():
                problems.append(f"exception on the page: {box.inner_text()}")
    call = request.node.stash.get(REPORTS, {}).get("call")
    failed = bool(problems) or call is None or call.failed
    if failed:
        save_screenshots(request.node.nodeid, opened)
    for page in opened:
        page.remove_listener("console", note_console)
        page.remove_listener("pageerror", note_error)
        page.context.clear_cookies()
    for page in opened:
        if not page.is_closed():
            page.evaluate("localStorage.clear()")
            page.close()
    if problems:
        pytest.fail("\n".join(dict.fromkeys(problems)), pytrace=False)


def save_screenshots(nodeid: str, pages: list[Page]) -> None:
    RESULTS.mkdir(exist_ok=True)
    name = re.sub(r"\W+", "-", nodeid).strip("-")
    for number, page in enumerate(pages, 1):
        if not page.is_closed():
            page.screenshot(path=RESULTS / f"{name}-{number}.png")
