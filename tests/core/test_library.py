"""`import corner_lab`: what it offers, what it loads, and the lines in the README that show it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import corner_lab
from corner_lab.diagnostics import findings
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.pictures import detect, match, scene
from corner_lab.training import evaluate as module_of_evaluate
from corner_lab.training.history import History
from corner_lab.training.run import Run
from tests.core.test_architecture import in_a_fresh_python

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_library_is_what_lives_in_the_rooms() -> None:
    offered = {name: getattr(corner_lab, name) for name in corner_lab.__all__}
    assert offered == {
        "Experiment": Experiment,
        "SCENARIOS": SCENARIOS,
        "Run": Run,
        "History": History,
        "evaluate": module_of_evaluate.evaluate,  # the function, not the module of that name
        "diagnose": findings,
        "scene": scene,
        "detect": detect,
        "match": match,
    }
    assert set(corner_lab.__all__) <= set(dir(corner_lab))
    assert all(name in (corner_lab.__doc__ or "") for name in corner_lab.__all__)


def test_a_name_that_is_not_offered_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"module 'corner_lab' has no attribute 'train'"):
        corner_lab.train  # noqa: B018


def test_the_whole_library_is_imported_without_tensorflow_and_streamlit() -> None:
    done = in_a_fresh_python(
        """
import sys, corner_lab
before = sorted(name for name in sys.modules if name.startswith(("corner_lab", "numpy")))
from corner_lab import *
run = Run(Experiment(loss="hinge"))
print(before, diagnose(run), sorted({"keras", "tensorflow", "streamlit"} & set(sys.modules)))
"""
    )
    assert done.stdout == "['corner_lab'] [] []\n", done.stderr


def test_the_lines_in_the_readme_print_what_they_say(capsys: pytest.CaptureFixture[str]) -> None:
    (lines,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    exec(lines, {})
    printed = capsys.readouterr().out.splitlines()
    said = re.findall(r"^print\(.*\)  # (.*)$", lines, re.MULTILINE)
    assert [printed[0], printed[-1]] == said
    issues = [finding for finding in findings(Run(Experiment()).train()) if finding.status == "issue"]
    assert printed[1:-1] == [f"{issue.title} - {issue.sentence}" for issue in issues] and issues
