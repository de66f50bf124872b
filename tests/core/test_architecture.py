"""Does each part import only what it may? And does a foreign Keras setting decide anything?"""

from __future__ import annotations

import ast
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import pytest

from corner_lab.network.keras_model import load_keras

ROOT = Path(__file__).resolve().parents[2]


def imported(folder: str) -> dict[str, set[str]]:
    """The top-level packages that each Python file of a folder imports, wherever in the file."""
    found = {}
    for path in [*(ROOT / folder).rglob("*.py"), *ROOT.glob(f"{folder}.py")]:
        names = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add((node.module or "").split(".")[0])
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                function = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
                words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                if function in ("import_module", "__import__"):
                    names |= {str(word).split(".")[0] for word in words}
        found[str(path.relative_to(ROOT))] = names
    assert found, folder
    return found


def test_the_core_never_imports_the_screen() -> None:
    assert not {file: names for file, names in imported("corner_lab").items() if names & {"streamlit", "ui", "app"}}


def test_the_screen_never_imports_keras_or_tensorflow() -> None:
    files = imported("ui") | (imported("app") if (ROOT / "app.py").exists() else {})
    assert not {file: names for file, names in files.items() if names & {"keras", "tensorflow"}}


CORE = (
    ("language",),
    ("registry", "terms", "formatting", "notebook", "logs", "counters"),
    ("workers",),
    ("network",),
    ("pictures",),
    ("experiment",),
    ("training",),
    ("analysis",),
    ("plots",),
    ("export",),
    ("diagnostics",),
    ("tasks",),
    ("story",),
    ("player",),
    ("movie",),
    ("cli",),
)
PAGE = (("server", "theme"), ("components",), ("state",), ("playground", "story"), ("pages",))


def within(package: str, path: Path) -> set[str]:
    """The modules of the same package that a file imports, by their full names, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] == package}


@pytest.mark.parametrize(("package", "order"), [("corner_lab", CORE), ("ui", PAGE)])
def test_imports_go_downward_only(package: str, order: tuple[tuple[str, ...], ...]) -> None:
    rank = {room: number for number, rooms in enumerate(order) for room in rooms}
    upward = []
    for path in sorted((ROOT / package).rglob("*.py")):
        here = path.relative_to(ROOT / package).parts[0].removesuffix(".py")
        if here in ("__init__", "__main__"):
            continue  # the library's front door and the command line's offer what lies below both
        assert here in rank, f"{path.relative_to(ROOT)}: its place in the order is missing"
        for name in within(package, path):
            there = name.split(".")[1]
            if rank.get(there, len(order)) > rank[here]:  # `from corner_lab import Run` would be the front door
                upward.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not upward


def test_no_folder_has_more_files_than_one_can_overlook() -> None:
    folders = [path.parent for room in ("corner_lab", "ui") for path in (ROOT / room).rglob("__init__.py")]
    python = {folder: list(folder.glob("*.py")) for folder in folders}
    components = ROOT / "ui/components"
    scripts = {folder: list(folder.glob("*.js")) for folder in components.rglob("*") if folder.is_dir()}
    counts = {str(folder.relative_to(ROOT)): len(files) for folder, files in [*python.items(), *scripts.items()]}
    assert len(counts) > 10
    assert {folder: count for folder, count in counts.items() if count > 12} == {}


PACKAGES = sorted(path.parent.name for path in ROOT.glob("corner_lab/*/__init__.py"))


@pytest.mark.parametrize("package", PACKAGES)
def test_does_every_package_say_what_lives_there_and_export_its_public_names(package: str) -> None:
    module = importlib.import_module(f"corner_lab.{package}")
    assert module.__doc__ and 1 <= len(module.__all__) <= 12
    for name in module.__all__:
        home = getattr(getattr(module, name), "__module__", f"corner_lab.{package}")
        assert home.startswith((f"corner_lab.{package}", "builtins", "types", "numpy", "typing")), (name, home)


def in_a_fresh_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KERAS_")}
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, cwd=ROOT, env=clean | environment, capture_output=True, text=True, timeout=120)


def test_importing_the_core_loads_neither_tensorflow_nor_streamlit() -> None:
    done = in_a_fresh_python(
        """
import importlib, pkgutil, sys
import corner_lab
names = [m.name for m in pkgutil.walk_packages(corner_lab.__path__, "corner_lab.") if "__main__" not in m.name]
for name in names:
    importlib.import_module(name)
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import initial_weights
from corner_lab.experiment.parsing import from_query
from corner_lab.training.run import Run
Run(from_query("head=softmax&loss=mse")[0])
initial_weights("matched", seed=0, head="linear", second_conv=True, target=(432,))
print(len(names), sorted({"keras", "tensorflow", "streamlit"} & set(sys.modules)))
"""
    )
    assert done.returncode == 0, done.stderr
    count, loaded = done.stdout.split(maxsplit=1)
    assert int(count) >= 15 and loaded.strip() == "[]"


def test_is_plotly_loaded_only_to_draw() -> None:
    done = in_a_fresh_python(
        """
import importlib, pkgutil, sys
import corner_lab
names = [m.name for m in pkgutil.walk_packages(corner_lab.__path__, "corner_lab.") if "__main__" not in m.name]
for name in names:
    if not name.startswith("corner_lab.plots.") or name.endswith((".theme", ".evidence")):
        importlib.import_module(name)
print("plotly" in sys.modules)
"""
    )
    assert (done.stdout, done.stderr) == ("False\n", "")


TRAIN = """
import gc
collected = []
gc.callbacks.append(lambda phase, info: collected.append(phase))
from corner_lab.network.keras_model import load_keras
before = len(collected)
load_keras()
assert collected[before:] in ([], ["start", "stop"]), "the collector walks through Keras again and again"
assert gc.isenabled()
from corner_lab.experiment.experiment import Experiment
from corner_lab.training.run import Run
run = Run(Experiment(epochs=1)).train()
import keras
print(run.status, run.message, keras.backend.backend())
"""


def test_foreign_settings_do_not_change_what_is_trained(tmp_path: Path) -> None:
    """Those of keras.json alone; cli/test_commands has one with KERAS_BACKEND besides."""
    told = {"backend": "jax", "floatx": "float64", "image_data_format": "channels_first"}
    (tmp_path / "keras.json").write_text(json.dumps(told))
    done = in_a_fresh_python(TRAIN, KERAS_HOME=str(tmp_path), TF_CPP_MIN_LOG_LEVEL="3")
    assert done.stdout.split() == ["finished", "tensorflow"], done.stdout + done.stderr


def test_a_backend_that_is_loaded_already_is_refused_clearly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(RuntimeError, match=r"jax.*KERAS_BACKEND=tensorflow") as raised:
        load_keras()
    assert "\n" not in str(raised.value)
