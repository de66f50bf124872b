"""Tasks are said in the language of whoever reads them, and what is kept of them in none."""

from __future__ import annotations

import re

import pytest

from corner_lab.language import speaking
from corner_lab.tasks import TASKS
from corner_lab.tasks.grading import verdict_of
from corner_lab.tasks.progress_file import progress_text, read_progress
from corner_lab.tasks.progress_link import progress_word, read_link
from corner_lab.tasks.tasks import BY_WORD
from tests.chinese import translated

CHINESE = re.compile("[\u4e00-\u9fff]")
SAID = ("title", "goal", "begins", "hint", "told", "teaches")


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    translated(monkeypatch)


@pytest.mark.parametrize("name", SAID)
def test_does_a_task_say_all_it_says_to_each_reader_in_his_own_language(name: str) -> None:
    english = [getattr(task, name) for task in TASKS]
    with speaking("zh"):
        said = [getattr(task, name) for task in TASKS]
    assert english == [getattr(task, name) for task in TASKS]
    for here, there in zip(english, said, strict=True):
        assert bool(here) == bool(there) and not CHINESE.search(here)
        assert not here or (CHINESE.search(there) and "{" not in there)
        if name != "title":
            assert not there or there[-1] in "。？"


def test_are_the_figures_of_a_task_the_same_in_both_languages() -> None:
    """A number that is a word in one of them ("two", "三") is none of the figures."""

    def figures(text: str) -> set[str]:
        return {found for found in re.findall(r"[−\d][\d.,/]*\d|\d", text) if len(found) > 1}

    for task in TASKS:
        for name in SAID:
            here = figures(getattr(task, name))
            with speaking("zh"):
                assert figures(getattr(task, name)) == here, (task.word, name)


def test_is_a_verdict_that_is_kept_said_in_the_language_of_who_asks_next() -> None:
    link = BY_WORD["corner_right"].start
    assert verdict_of("corner_right", link).sentence == "511 of 512 are right: 1 target rejected."
    with speaking("zh"):
        assert verdict_of("corner_right", link).sentence == "512个图案中511个正确：1个目标被判为非角点。"
        assert verdict_of("one_change", "").sentence == "还没有训练。"
    assert verdict_of("corner_right", link).sentence == "511 of 512 are right: 1 target rejected."


def test_holds_what_is_kept_no_sentence() -> None:
    solved = {task.word: task.answer for task in TASKS}
    kept = progress_text(solved), progress_word(solved)
    with speaking("zh"):
        assert (progress_text(solved), progress_word(solved)) == kept
        assert read_progress(kept[0].encode()) == read_link(f"progress={kept[1]}") == solved
        with pytest.raises(ValueError, match="无法解压，可能被截断了"):
            read_link(f"progress={kept[1][:-6]}")
