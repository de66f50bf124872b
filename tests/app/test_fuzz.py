"""A little of `make fuzz`: links, weight files and reports of the page that nobody would send."""

from __future__ import annotations

import pytest

from tests.fuzz import __main__ as fuzz

A_LITTLE = {"links": 1500, "words": 1000, "files": 1500, "reports": 1000}


@pytest.mark.parametrize("name", fuzz.BUDGET)
def test_is_nothing_raised_and_nothing_said(name: str) -> None:
    assert fuzz.run(0, name, range(A_LITTLE[name])) == 0


def test_is_what_is_raised_or_said_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("tests.fuzz.reading.read", lambda text: 1 / 0)
    assert fuzz.run(3, "links", range(7, 17)) == 10
    told = capsys.readouterr()
    assert told.err.count("ZeroDivisionError: ") == fuzz.MOST and "seed 3, links 7:" in told.err
    assert told.out.startswith("links: 10 tried, 10 failed, ")
