"""Does the story speak the language of whoever reads it, whoever read it before?"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.language import current, speaking
from corner_lab.story import pictures, trained_runs
from corner_lab.story.audience_link import NoInvitation, public_url
from corner_lab.story.steps import STEPS, sentences
from corner_lab.story.trained_runs import Rehearsal
from tests.marked import MARK, mark_chinese


def everything() -> list[list[str]]:
    """What each step says before anything is trained, in the language spoken."""
    said = [[step.headline(), step.notes, *sentences(step, {})] for step in STEPS]
    drawn = [pictures.patterns(step) for step in STEPS if step.picture in pictures.PATTERNS]
    return [*said, [one["say"] for one in drawn], [pictures.by_hand().header.title]]


def test_is_all_of_it_said_in_the_language_of_whoever_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    mark_chinese(monkeypatch)
    first = everything()
    with speaking("zh"):
        assert all(text.startswith(MARK) for texts in everything() for text in texts)
        names = [item["name"] for item in pictures.patterns(STEPS[-1])["items"] if "name" in item]
        assert all(MARK in json.dumps(name, ensure_ascii=False) for name in names)
        with pytest.raises(NoInvitation, match=MARK):
            public_url("", "")
    assert everything() == first and MARK not in str(first)


def test_are_records_made_in_every_language_once_a_run_is_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trained_runs, "run_record", lambda run, title, costs: current().code)
    made = Rehearsal({"as asked": replace(SCENARIOS["as asked"].experiment, epochs=1)})
    while made.step():
        pass
    assert made.record("as asked") == "en"
    with speaking("zh"):
        assert made.record("as asked") == "zh"
