"""The set-up: what `make` says when the machine lacks something, and the files that pin and configure."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

# A stand-in for Python: it reports a version, may lack venv, and installs itself as .venv/bin/python, where its "pip"
# writes down each call and answers as the test wants.
FAKE_PYTHON = """#!/bin/sh
case "$*" in
    *sys.version_info*) echo {version} ;;
    *"import venv"*) {has_venv} ;;
    "-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    "-m pip"*) echo "$*" >>pip-calls; {pip} ;;
    *) exit 1 ;;
esac
"""
NO_NETWORK = "echo 'NewConnectionError: Failed to establish a new connection: Name or service not known'; exit 1"


class Checkout:
    """A copy of what `make setup` needs, and fake Pythons to try it with."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "tools").mkdir()
        for name in ("Makefile", "requirements.txt", "requirements-test.txt", "tools/setup.sh", "tools/chromium.py"):
            shutil.copy(ROOT / name, root / name)

    def fake_python(self, version: str, has_venv: bool = True, pip: str = "true") -> Path:
        fake = self.root / "fake-python"
        fake.write_text(FAKE_PYTHON.format(version=version, has_venv="true" if has_venv else "exit 1", pip=pip))
        fake.chmod(0o755)
        return fake

    def make(self, *words: str) -> subprocess.CompletedProcess[str]:
        # Under `make test` this is a make within a make, which must not inherit the outer one's flags.
        clean = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
        return subprocess.run(["make", *words], cwd=self.root, env=clean, capture_output=True, text=True, timeout=60)

    def pip_calls(self) -> list[str]:
        calls = self.root / "pip-calls"
        return calls.read_text().splitlines() if calls.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.mark.parametrize("version", ["2.7.18", "3.9.18", "3.10.13", "3.14.0"])
def test_a_wrong_python_is_one_line(checkout: Checkout, version: str) -> None:
    done = checkout.make("setup", f"PYTHON={checkout.fake_python(version)}")
    assert done.returncode != 0
    (line,) = (done.stdout + done.stderr).splitlines()
    assert version in line and "needs Python 3.11, 3.12 or 3.13" in line and "PYTHON=" in line
    assert not (checkout.root / ".venv").exists()


def test_a_missing_python_is_one_line(checkout: Checkout) -> None:
    done = checkout.make("run", "PYTHON=no-such-python")
    assert done.returncode != 0
    (line,) = (done.stdout + done.stderr).splitlines()
    assert "no-such-python was not found" in line


def test_a_missing_venv_module_names_the_package(checkout: Checkout) -> None:
    done = checkout.make("setup", f"PYTHON={checkout.fake_python('3.12.1', has_venv=False)}")
    assert done.returncode != 0
    (line,) = (done.stdout + done.stderr).splitlines()
    assert "apt install python3-venv" in line


def test_no_network_is_one_line_that_names_the_log(checkout: Checkout) -> None:
    done = checkout.make("setup", f"PYTHON={checkout.fake_python('3.13.0', pip=NO_NETWORK)}")
    assert done.returncode != 0
    # Two lines of progress, then what went wrong; pip's own words are in the log only.
    creating, installing, line = (done.stdout + done.stderr).splitlines()
    assert creating.startswith("Creating .venv") and installing.startswith("Installing requirements.txt")
    assert "no network?" in line and ".venv/setup.log" in line
    assert "NewConnectionError" in (checkout.root / ".venv/setup.log").read_text()
    # Nothing is taken for installed: the next call tries again.
    assert "no network?" in checkout.make("setup").stderr
    assert len(checkout.pip_calls()) == 2


def test_a_second_call_installs_nothing(checkout: Checkout) -> None:
    fake = checkout.fake_python("3.11.7")
    assert checkout.make("setup", f"PYTHON={fake}").returncode == 0
    assert len(checkout.pip_calls()) == 1
    again = checkout.make("setup")
    assert again.returncode == 0 and again.stderr == ""
    assert len(checkout.pip_calls()) == 1
    # A changed pin is installed; the environment itself stays.
    stamp = (checkout.root / ".venv/.app").stat().st_mtime
    os.utime(checkout.root / "requirements.txt", (stamp + 5, stamp + 5))
    assert "Creating" not in checkout.make("setup").stderr
    assert len(checkout.pip_calls()) == 2


def test_a_dry_run_does_nothing(checkout: Checkout) -> None:
    done = checkout.make("-n", "setup", f"PYTHON={checkout.fake_python('3.12.1')}")
    assert done.returncode == 0
    assert not (checkout.root / ".venv").exists() and not checkout.pip_calls()


def test_a_chromium_that_does_not_start_is_one_line(tmp_path: Path) -> None:
    # What Ubuntu installs as chromium-browser where snaps cannot run.
    stub = tmp_path / "chromium-browser"
    stub.write_text("#!/bin/sh\necho 'requires the chromium snap to be installed'\nexit 1\n")
    stub.chmod(0o755)
    command = [sys.executable, ROOT / "tools/chromium.py"]
    done = subprocess.run(command, env={**os.environ, "CHROMIUM": str(stub)}, capture_output=True, text=True)
    assert done.returncode == 1 and done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert str(stub) in line


def test_do_tests_take_the_headless_shell_and_benchmarks_a_whole_browser(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if name != "CHROMIUM"} | {"PATH": str(tmp_path)}
    for name in ("chromium", "chromium-headless-shell"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'Chromium 1.0'\n")
        (tmp_path / name).chmod(0o755)
    for options, found in (([], "chromium-headless-shell"), (["--whole"], "chromium")):
        command = [sys.executable, ROOT / "tools/chromium.py", *options]
        done = subprocess.run(command, env=clean, capture_output=True, text=True)
        assert done.stdout == f"{tmp_path / found}\n", done.stderr


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt", "requirements-bench.txt"])
def test_requirements_are_exact_pins(name: str) -> None:
    for requirement in requirements(name):
        (pin,) = requirement.specifier
        assert pin.operator == "==" and "*" not in pin.version, requirement


@pytest.mark.parametrize(
    ("sys_platform", "platform_machine", "package"),
    [
        ("linux", "x86_64", "tensorflow-cpu"),
        ("win32", "AMD64", "tensorflow-cpu"),
        ("linux", "aarch64", "tensorflow"),
        ("darwin", "arm64", "tensorflow"),
    ],
)
def test_every_machine_gets_one_tensorflow(sys_platform: str, platform_machine: str, package: str) -> None:
    machine = {**default_environment(), "sys_platform": sys_platform, "platform_machine": platform_machine}
    chosen = [r.name for r in requirements("requirements.txt") if r.marker is None or r.marker.evaluate(machine)]
    assert [name for name in chosen if name.startswith("tensorflow")] == [package]


def requirements(name: str) -> list[Requirement]:
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    return [Requirement(line) for line in lines if line]


def test_every_option_is_known_to_streamlit() -> None:
    from streamlit import config

    known = config.get_config_options()
    options = dict(flatten(tomllib.loads((ROOT / ".streamlit/config.toml").read_text())))
    assert options.keys() <= known.keys()
    assert not [name for name in options if known[name].deprecated]
    # Others reach the app only where it was started for them.
    assert options["server.address"] == "localhost"
    # Without this each click costs most of a second once TensorFlow is loaded.
    assert options["runner.postScriptGC"] is False


def flatten(table: dict[str, object], prefix: str = "") -> list[tuple[str, object]]:
    pairs: list[tuple[str, object]] = []
    for key, value in table.items():
        pairs += flatten(value, f"{prefix}{key}.") if isinstance(value, dict) else [(prefix + key, value)]
    return pairs


def test_the_app_stays_on_localhost_unless_told_otherwise() -> None:
    (command,) = re.findall(r"serve\.py .*", (ROOT / "Makefile").read_text())
    assert "--server.address $(or $(ADDRESS),localhost)" in command
    assert '"--server.address", "localhost"' in (ROOT / "serve.py").read_text()


def test_ci_is_make_test_and_nothing_cleverer() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-1] == "exec make test"


def test_the_hosting_runs_make_test_on_the_oldest_and_the_newest_python_and_builds_the_site() -> None:
    workflow = (ROOT / ".github/workflows/test.yml").read_text()
    site = ["make check-site", "make site BASE='${{ vars.CORNER_LAB_URL }}'"]
    assert re.findall(r"\brun: (.*)", workflow) == ["make test", *site]
    allowed = SpecifierSet(PROJECT["requires-python"])
    every = [f"3.{minor}" for minor in range(30) if f"3.{minor}" in allowed]
    (versions,) = re.findall(r"python: \[(.*)\]", workflow)
    assert versions.replace('"', "").split(", ") == [every[0], every[-1]]


def test_a_commit_is_checked_by_what_make_test_checks_first() -> None:
    assert re.findall(r"\bentry: (.*)", (ROOT / ".pre-commit-config.yaml").read_text()) == ["make check"]
    (checks,) = re.findall(r"^check: .*\n(.*)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert checks.endswith("tools/checks.py") and '"tools/checks.py"' in (ROOT / "tools" / "tests.py").read_text()
