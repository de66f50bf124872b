"""What the real server lets in and sends out. That the whole page runs under its policy every other test here holds:
what a browser refuses is an error in its console."""

from __future__ import annotations

from contextlib import closing
from email.message import Message
from http.client import HTTPConnection
from urllib.parse import urlsplit

from playwright.sync_api import Browser

NAMES = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}

INJECT = """() => {
  const script = document.createElement('script');
  script.textContent = 'window.got = 1';
  document.body.append(script);
  document.body.innerHTML += '<img src="x" onerror="window.got = 2">';
}"""


def ask(url: str, path: str, method: str = "GET", **headers: str) -> tuple[int, Message]:
    """The status and the headers that the server answers with."""
    with closing(HTTPConnection(urlsplit(url).netloc, timeout=30)) as line:
        line.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        with line.getresponse() as answer:
            return answer.status, answer.headers


def test_is_every_answer_guarded_and_every_foreign_question_refused(app_url: str) -> None:
    paths = ["/", "/causes", "/nowhere", "/favicon.png", "/_stcore/health", "/_stcore/host-config", "/media/none.png"]
    paths += ["/corner-lab/modules/none.js", "/corner-lab/bench", "/static/none.js", "/nothing%00", "//x"]
    for path in paths:
        status, found = ask(app_url, path)
        assert all(found[name] for name in NAMES), (path, status, found.items())
        assert ask(app_url, path, Host="evil.example")[0] == 403, path
        assert ask(app_url, path, Origin="https://evil.example")[0] == 403, path
    told = {"Content_Type": "application/json", "Content_Length": "0"}
    assert ask(app_url, "/corner-lab/bench", "POST", **told)[0] == 400
    assert ask(app_url, "/corner-lab/bench", "POST", **told, Origin="https://evil.example")[0] == 403
    stream = "/_stcore/stream"
    assert ask(app_url, stream, **UPGRADE, Origin=app_url)[0] == 101
    assert ask(app_url, stream, **UPGRADE, Origin="https://evil.example")[0] == 403
    assert ask(app_url, stream, **UPGRADE, Host="evil.example", Origin="http://evil.example")[0] == 403


def test_does_the_browser_run_no_script_that_somebody_has_put_into_the_page(browser: Browser, app_url: str) -> None:
    page = browser.new_page()
    page.goto(f"{app_url}/_stcore/health")
    page.evaluate(INJECT)
    page.wait_for_function("() => document.images[0]?.complete")
    assert page.evaluate("() => window.got") is None
    page.close()
