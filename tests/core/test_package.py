"""The package: what it declares, what it imports, and its command."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.core.test_architecture import imported

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CORE = [Requirement(line) for line in PROJECT["dependencies"]]
APP, MOVIE = (list(map(Requirement, PROJECT["optional-dependencies"][extra])) for extra in ("app", "movie"))


MODULES = {
    "tensorflow-cpu": "tensorflow",
    "pillow": "PIL",
    "imageio-ffmpeg": "imageio_ffmpeg",
}  # where the two names differ


def modules(requirements: list[Requirement]) -> set[str]:
    """What one imports of these packages."""
    return {MODULES.get(r.name, r.name) for r in requirements}


def foreign(*folders: str) -> set[str]:
    """What the Python files of these folders import from elsewhere."""
    names = set().union(*(names for folder in folders for names in imported(folder).values()))
    return names - sys.stdlib_module_names - {"corner_lab", "ui"}


def test_the_core_imports_what_it_declares_and_nothing_else() -> None:
    moving = foreign("corner_lab/movie")
    assert foreign("corner_lab") - (moving - modules(CORE)) == modules(CORE)


def test_moving_pictures_import_what_their_extra_adds_and_nothing_else_does() -> None:
    assert foreign("corner_lab/movie") - modules(CORE) == modules(MOVIE)
    rest = [room.name for room in (ROOT / "corner_lab").iterdir() if room.is_dir() and any(room.glob("*.py"))]
    assert not foreign(*(f"corner_lab/{room}" for room in rest if room != "movie")) & modules(MOVIE)


def test_the_app_imports_what_its_extra_adds_and_nothing_else() -> None:
    assert foreign("ui", "app") - modules(CORE) == modules(APP)


def pinned(file: str) -> dict[str, Requirement]:
    lines = [line.split("#")[0].strip() for line in (ROOT / file).read_text().splitlines()]
    return {pin.name: pin for pin in map(Requirement, filter(None, lines))}


def test_every_range_has_a_pin_that_lies_in_it() -> None:
    pins, tools = pinned("requirements.txt"), pinned("requirements-test.txt")
    assert pins.keys() == {r.name for r in CORE + APP}
    pins |= {r.name: tools[r.name] for r in MOVIE}  # tests make moving pictures, the app makes none
    ranges = {r.name: r for r in CORE + APP + MOVIE}
    for name, pin in pins.items():
        (exact,) = pin.specifier
        assert exact.version in ranges[name].specifier and pin.marker == ranges[name].marker, pin


@pytest.mark.parametrize("called", ["corner-lab", "corner-lab.exe", "corner_lab/__main__.py"])
def test_the_installed_command_goes_by_its_name(called: str) -> None:
    module, function = PROJECT["scripts"]["corner-lab"].split(":")
    code = f"import sys; sys.argv[0] = {called!r}; from {module} import {function}; {function}()"
    done = subprocess.run([sys.executable, "-c", code, "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    name = "python -m corner_lab" if called.endswith(".py") else "corner-lab"
    assert done.returncode == 0 and done.stdout.startswith(f"usage: {name} [-h]"), done.stderr
