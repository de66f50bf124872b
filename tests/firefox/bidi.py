"""Debian's Firefox, driven through WebDriver BiDi, which it speaks itself: no driver beside it.

Playwright brings a Firefox of its own, which its registry alone has, and asks a plain one for commands that it lacks.
What the journeys need is small: go somewhere, look, click where something is, press keys, hear errors.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from tests.processes import free_port, wait_for

PATIENCE = 90.0  # s for any state that has to come
KEYS = {"Enter": "\ue007", "PageDown": "\ue00f", "PageUp": "\ue00e", "End": "\ue010", "Space": " "}
# Everything on the page, through shadow roots, and what a person can name of it.
LOOK = """
const all = root => [...root.querySelectorAll('*')].flatMap(e => e.shadowRoot ? [e, ...all(e.shadowRoot)] : [e]);
const name = e => (e.getAttribute('aria-label') ?? e.textContent).trim().replace(/\\s+/g, ' ');
const seen = e => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
const find = (selector, pattern) =>
  all(document).find(e => e.matches(selector) && seen(e) && new RegExp(pattern).test(name(e)));
const stage = () => all(document).find(e => e._stats && e.shadowRoot)?._stats ?? {};
"""
POINT = "const e = find(%s, %s); e?.scrollIntoView({ block: 'center', behavior: 'instant' }); return e;"


class Firefox:
    """One tab at a time. `errors` are what its console and its page have said of errors so far."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection, self._calls, self.errors = connection, 0, list[str]()
        self.name = self._call("session.new", capabilities={})["capabilities"]["browserVersion"]
        self._call("session.subscribe", events=["log.entryAdded"])
        self._tab = ""

    def new_tab(self) -> None:
        """Go on in another tab: what the page in this one was still loading is an error there."""
        left, self._tab = self._tab, self._call("browsingContext.create", type="tab")["context"]
        self._call("browsingContext.setViewport", context=self._tab, viewport={"width": 1440, "height": 900})
        if left:
            self._call("browsingContext.close", context=left)
        self.errors.clear()

    def goto(self, url: str) -> None:
        self._call("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def ask(self, body: str) -> Any:
        """What the body of a JavaScript function returns, which may use `find`, `name`, `all` and `stage`."""
        return json.loads(self._run(f"return JSON.stringify((() => {{ {body} }})() ?? null);")["value"])

    def _run(self, body: str) -> dict[str, Any]:
        """The same as the protocol tells it: an element is one that can be pointed at."""
        code = f"(() => {{ {LOOK} {body} }})()"
        told = self._call("script.evaluate", expression=code, target={"context": self._tab}, awaitPromise=False)
        if told["type"] == "exception":
            raise AssertionError(f"{told['exceptionDetails']['text']}: {body}")
        found: dict[str, Any] = told["result"]
        return found

    def until(self, condition: str) -> Any:
        """Wait until this JavaScript expression holds; gives it."""
        end = time.monotonic() + PATIENCE
        while not (found := self.ask(f"return Boolean({condition});")):
            if time.monotonic() > end:
                raise AssertionError(f"it never came: {condition}; {'; '.join(self.errors)}")
            time.sleep(0.05)
        return found

    def click(self, selector: str, pattern: str) -> None:
        """Click the first thing in sight that the selector and its name match, wherever it has moved meanwhile."""
        words = json.dumps(selector), json.dumps(pattern)
        self.until(f"find({words[0]}, {words[1]})?.disabled === false || find({words[0]}, {words[1]})?.matches('a')")
        element = {"type": "element", "element": {"sharedId": self._run(POINT % words)["sharedId"]}}
        move = {"type": "pointerMove", "x": 0, "y": 0, "origin": element}
        press, release = ({"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp"))
        mouse = {"type": "pointer", "id": "mouse", "actions": [move, press, release]}
        self._call("input.performActions", context=self._tab, actions=[mouse])

    def press(self, key: str) -> None:
        down, up = ({"type": kind, "value": KEYS[key]} for kind in ("keyDown", "keyUp"))
        keys = {"type": "key", "id": "keys", "actions": [down, up]}
        self._call("input.performActions", context=self._tab, actions=[keys])

    def screenshot(self) -> str:
        """A PNG in base64."""
        return str(self._call("browsingContext.captureScreenshot", context=self._tab)["data"])

    def _call(self, method: str, **params: Any) -> Any:
        self._calls += 1
        self._connection.send(json.dumps({"id": self._calls, "method": method, "params": params}))
        while True:
            told = json.loads(self._connection.recv(timeout=PATIENCE))
            if told.get("method") == "log.entryAdded":
                said = told["params"]
                if said["level"] == "error" and said["source"].get("context") == self._tab:
                    self.errors.append(f"{said.get('text')} {said.get('stackTrace', '')}")
            if told.get("id") == self._calls:
                if told["type"] == "error":
                    raise AssertionError(f"{method}: {told['error']}: {told['message']}")
                return told["result"]


@contextmanager
def firefox(program: str, profile: Path) -> Iterator[Firefox]:
    """A Firefox without a window and with a profile of its own."""
    port = free_port()
    profile.mkdir(exist_ok=True)
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    made: list[ClientConnection] = []

    def connected() -> bool:
        with suppress(OSError, WebSocketException):
            made.append(connect(f"ws://127.0.0.1:{port}/session", max_size=None, compression=None))
        return bool(made)

    try:
        wait_for(connected)
        with made[0] as connection:
            yield Firefox(connection)
    finally:
        process.terminate()
        process.wait(30)
