"""Is it quiet until asked, and does it then say what went on, failures with their traceback?"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from corner_lab import logs
from corner_lab.cli import commands
from corner_lab.diagnostics import explanation
from corner_lab.experiment.experiment import Experiment
from corner_lab.training.run import Run
from corner_lab.workers import WorkerEnded

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def quiet_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(logs.VARIABLE, raising=False)
    yield
    monkeypatch.delenv(logs.VARIABLE, raising=False)
    logs.set_up()


def logged(capsys: pytest.CaptureFixture[str]) -> str:
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        logging.getLogger("corner_lab.training").log(level, "level %s", logging.getLevelName(level))
    return capsys.readouterr().err


def test_is_nothing_logged_until_somebody_asks() -> None:
    code = "import logging, corner_lab; logging.getLogger('corner_lab.training').error('lost')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_does_set_up_write_from_a_level_on_and_once(capsys: pytest.CaptureFixture[str]) -> None:
    for level, lines in (("", 0), ("ERROR", 1), ("INFO", 3), ("INFO", 3), ("DEBUG", 4), ("", 0)):
        logs.set_up(level)
        told = logged(capsys)
        assert len(told.splitlines()) == lines, level
        assert not lines or "ERROR corner_lab.training: level ERROR" in told


def test_does_the_environment_decide(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(logs.VARIABLE, " debug ")
    logs.set_up("ERROR")
    assert len(logged(capsys).splitlines()) == 4


def test_is_a_level_that_there_is_not_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(logs.VARIABLE, "loud")
    assert commands.main(["options"]) == 2
    assert capsys.readouterr() == ("", "error: CORNER_LAB_LOG 'LOUD': allowed are DEBUG, INFO, WARNING, ERROR\n")


def test_does_verbose_say_what_training_took(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["train", "--init", "matched", "--epochs", "0", "--json"]
    assert commands.main(words) == 0
    quiet = capsys.readouterr().err
    assert quiet == ""
    assert commands.main([*words, "--verbose"]) == 0
    told = capsys.readouterr().err
    assert "INFO corner_lab.cli: Keras imported in" in told and "512 of 512 right" in told


def test_is_a_failed_command_logged_with_its_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> NoReturn:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(commands, "all_choices", broken)
    assert commands.main(["options"]) == 1
    assert capsys.readouterr().err == "error: RuntimeError: out of memory\n"
    assert commands.main(["options", "--verbose"]) == 1
    told = capsys.readouterr().err
    assert "Traceback" in told and "in broken" in told and told.endswith("error: RuntimeError: out of memory\n")


def test_is_an_explanation_that_fails_logged_with_the_link_of_its_run(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Run) -> NoReturn:
        raise RuntimeError("no evidence")

    monkeypatch.setattr(explanation, "findings", broken)
    work = explanation.Explanation(Run(Experiment(labels="aligned", epochs=7)))
    assert not work.step() and work.problem == "RuntimeError: no evidence"
    (record,) = caplog.records
    assert record.name == "corner_lab.diagnostics" and record.exc_info
    assert record.getMessage() == "explaining the run of ?labels=aligned&epochs=7 failed"


def test_is_an_explanation_whose_process_ended_not_told_twice(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The pool has told it; and where the server ends nothing has failed."""

    def ended(_: Run) -> NoReturn:
        raise WorkerEnded("the worker process 5 ended: SIGKILL")

    monkeypatch.setattr(explanation, "findings", ended)
    work = explanation.Explanation(Run(Experiment(labels="aligned", epochs=7)))
    assert not work.step() and work.problem == "The worker process 5 ended: SIGKILL"
    assert caplog.records == []
