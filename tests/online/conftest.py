"""The reverse proxy as it is put online: Debian's nginx with deploy/nginx.conf, before replicas on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser.conftest import browser
from tests.processes import ROOT, free_port, wait_for
from tools import static_files

__all__ = ["browser", "files"]  # fixtures

NEEDED = ("nginx", "brotli")
INSTALL = "as root: apt install nginx brotli libnginx-mod-http-brotli-static"


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the proxy serves itself, as its image has it."""
    if not all(map(shutil.which, NEEDED)):
        pytest.fail(INSTALL, pytrace=False)
    folder = tmp_path_factory.mktemp("files") / "corner-lab"
    static_files.compress(static_files.write(folder))
    return folder


@dataclass(frozen=True)
class Proxy:
    port: int
    log: Path

    def replicas(self, text: str) -> list[str]:
        """The replica that answered each request whose line in the log has this in it; "-" where nginx itself did.

        nginx logs a request after it has answered, a page's connection when that is closed.
        """

        def found() -> list[str]:
            return [line.split()[-1] for line in self.log.read_text().splitlines() if text in line]

        wait_for(lambda: bool(found()))
        return found()


@contextmanager
def proxied(files: Path, folder: Path, replicas: Sequence[int]) -> Iterator[Proxy]:
    """nginx before these ports: its file, with its port, its folder, its log and its replicas changed."""
    proxy = Proxy(free_port(), folder / "access.log")
    text = (ROOT / "deploy/nginx.conf").read_text()
    servers = "".join(f"server 127.0.0.1:{port} max_fails=2 fail_timeout=5s;" for port in replicas)
    changes = {
        "/tmp/": f"{folder}/",  # first: what follows may contain it
        "server app:8501 max_fails=2 fail_timeout=5s;": servers,
        "listen 8080;": f"listen 127.0.0.1:{proxy.port};",
        "/srv/corner-lab": str(files),
        "/dev/stdout": str(proxy.log),
    }
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / "nginx.conf").write_text(text)
    # Started by root, nginx would become somebody who may not read what a test has made.
    user = "user root;" if os.geteuid() == 0 else ""
    command = ["nginx", "-c", str(folder / "nginx.conf"), "-g", f"daemon off;{user}"]
    nginx = subprocess.Popen(command)
    try:
        wait_for((folder / "nginx.pid").exists)
        yield proxy
    finally:
        nginx.terminate()
        with suppress(subprocess.TimeoutExpired):
            nginx.wait(10)
        nginx.kill()
