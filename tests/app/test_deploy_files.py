"""Do the files that put the app online agree with each other, with the app and with the documents?"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from corner_lab import logs
from corner_lab.story import audience_link
from ui import pages
from ui.server import limits, menu

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()
NGINX = (ROOT / "deploy/nginx.conf").read_text()


def copied() -> set[str]:
    """What the images take from the checkout."""
    lines = re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE)
    return {name for line in lines for name in line.split()}


def test_does_the_image_have_all_that_the_app_needs_and_nothing_else() -> None:
    assert copied() == {
        *("app.py", "serve.py", "pyproject.toml", "requirements.txt", ".streamlit", "corner_lab", "ui"),
        *("tools/static_files.py", "deploy/nginx.conf"),
    }
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert let_in == copied()


def test_do_image_compose_and_proxy_speak_of_the_same() -> None:
    targets = set(re.findall(r"target: (\w+)", COMPOSE))
    assert targets == {"app", "proxy"} <= set(re.findall(r" AS (\w+)", DOCKERFILE))
    app_port, proxy_port = re.findall(r"^EXPOSE (\d+)", DOCKERFILE, re.MULTILINE)
    assert f"server app:{app_port} " in NGINX and f"127.0.0.1:{app_port}/healthz" in DOCKERFILE
    assert f"listen {proxy_port};" in NGINX and f':{proxy_port}"]' in COMPOSE
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
    assert users == ["lab", "root", "www-data"]  # root only where the files are made
    assert COMPOSE.count("read_only: true") == COMPOSE.count("cap_drop: [ALL]") == 2


def test_does_the_document_name_every_variable_of_ours() -> None:
    told = (ROOT / "docs/deploy.md").read_text()
    for variable in (logs.VARIABLE, audience_link.VARIABLE, menu.VARIABLE, *limits.MOST):
        assert f"`{variable}`" in told


def test_does_the_container_for_development_set_up_and_forward_the_apps_port() -> None:
    told = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())
    assert told["postCreateCommand"] == "make setup" and told["forwardPorts"] == [8501]


def test_does_the_menu_lead_to_places_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    here = "https://lab.example/folder/causes?labels=aligned"
    for contact, report in (("", None), ("mailto:lab@example.org", "mailto:lab@example.org"), ("javascript:x", None)):
        monkeypatch.setenv(menu.VARIABLE, contact)
        assert menu.items(here)["Report a bug"] == report
    assert menu.items(here)["Get help"] == "https://lab.example/folder/glossary" and "glossary" in pages.OTHERS
    assert menu.items(None)["Get help"] is None  # nobody has said where this is
