"""Does the proxy serve what never changes itself, and does a visitor stay with one replica?"""

from __future__ import annotations

import gzip
import http.client
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import PATIENCE
from tests.browser.seen import STATS, button
from tests.online.conftest import Proxy, proxied
from tests.processes import ROOT, free_port, healthy, serving, started, wait_for


class Echo(BaseHTTPRequestHandler):
    """Stands for a replica: it answers anything with its port and the Host that it was asked for."""

    def do_GET(self) -> None:
        body = f"{self.server.server_address[1]} {self.headers['Host']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def replica() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def asked(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """The status, headers and body of an answer as it came."""
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


@pytest.fixture
def proxy(files: Path, tmp_path: Path) -> Iterator[Proxy]:
    with ExitStack() as stack:
        replicas = [stack.enter_context(replica()) for _ in range(3)]
        yield stack.enter_context(proxied(files, tmp_path, replicas))


def test_does_it_serve_what_never_changes_itself(proxy: Proxy, files: Path) -> None:
    script = max(files.glob("static/js/*.js"), key=lambda path: path.stat().st_size)
    (module,) = files.glob("corner-lab/modules/stage.*.js")
    for file in (script, module):
        path, plain = f"/{file.relative_to(files)}", file.read_bytes()
        for accepted, coding in (("gzip, br", "br"), ("gzip", "gzip"), ("", None)):
            status, headers, body = asked(proxy.port, path, Accept_Encoding=accepted)
            assert (status, headers.get("content-encoding")) == (200, coding)
            assert headers["cache-control"] == "public, max-age=31536000, immutable"
            if coding == "gzip":
                body = gzip.decompress(body)
            elif coding == "br":
                assert len(body) < 0.4 * len(plain)
                body = subprocess.run(["brotli", "--decompress"], input=body, capture_output=True, check=True).stdout
            assert body == plain
        assert set(proxy.replicas(path)) == {"-"}
    # Of another version: who knows is the app.
    assert asked(proxy.port, "/static/js/gone.123.js")[0] == 200 and proxy.replicas("gone")[0] != "-"


def test_does_a_visitor_stay_with_one_replica_and_a_class_share_all(proxy: Proxy) -> None:
    chosen = []
    for _ in range(40):  # of one address, with browsers of one name
        _, headers, _ = asked(proxy.port, "/")
        cookie = headers["set-cookie"].split(";")[0]
        answers = [asked(proxy.port, path, Cookie=cookie) for path in ("/_stcore/host-config", "/corner-lab/bench")]
        assert not [headers for _, headers, _ in answers if "set-cookie" in headers]
        (one,) = {body.split()[0] for _, _, body in answers}
        chosen.append(one)
    assert len(set(chosen)) == 3
    # Where no cookie is kept, it is still one.
    assert len({asked(proxy.port, "/", User_Agent="slides")[2] for _ in range(10)}) == 1
    # Streamlit compares the Host with the page's origin, port and all.
    assert asked(proxy.port, "/", Host="lab.example:8443")[2].split()[1] == b"lab.example:8443"


def test_are_the_numbers_for_this_machine_alone(proxy: Proxy) -> None:
    assert asked(proxy.port, "/metrics")[0] == 200
    assert "deny all" in (ROOT / "deploy/nginx.conf").read_text()


def test_does_the_app_work_behind_it(browser: Browser, files: Path, tmp_path: Path) -> None:
    """Two replicas: the bench's direct line, training and a picture of the run reach the one that has the session."""
    with ExitStack() as stack:
        ports = [free_port(), free_port()]
        for port in ports:
            stack.enter_context(started(serving(port), ROOT))
        for port in ports:
            wait_for(lambda port=port: healthy(port))  # type: ignore[misc]
        proxy = stack.enter_context(proxied(files, tmp_path, ports))
        context = browser.new_context()
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.goto(f"http://localhost:{proxy.port}/causes")
        page.get_by_role("link", name="Play").click()
        page.wait_for_function(f"() => ({STATS})().pixels !== undefined")
        before = page.evaluate(f"() => ({STATS})().pixels")
        with page.expect_response("**/corner-lab/bench") as line:
            button(page, "Pixel, row 1, column 1").click()
        assert line.value.ok and page.evaluate(f"() => ({STATS})().pixels") != before
        page.goto(f"http://localhost:{proxy.port}/?labels=aligned&head=sigmoid&loss=binary_crossentropy&epochs=3")
        button(page, "Train").click()
        page.wait_for_function(f"() => ({STATS})().epoch === 3")
        context.close()
    assert not problems
    assert set(proxy.replicas("GET /static/")) == set(proxy.replicas("GET /corner-lab/modules/")) == {"-"}
    assert len(set(proxy.replicas("/corner-lab/bench") + proxy.replicas("/_stcore/stream"))) == 1
