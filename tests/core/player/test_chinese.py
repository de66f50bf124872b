"""Files without a server in Chinese: all that is read in them, and none of it in the language of whoever wrote them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from corner_lab.diagnostics.explanation import Explanation, Wanted
from corner_lab.language import speaking
from corner_lab.player import page, played, story_page
from corner_lab.player.site import INDEX, site_files
from corner_lab.story.steps import STEPS, sentences
from corner_lab.story.trained_runs import TOLD
from corner_lab.training.outcome import outcome
from corner_lab.training.run import Run
from tests.core.player.test_player import Reader, headers, unfolded

APP = "https://lab.example.org/"
CHINESE = re.compile(r"[一-鿿]{2}")
ENGLISH = re.compile(r"[A-Za-z][a-z'’]*(?:[,;:]? [a-z'’]+){2,}")  # three words and more
SPOKEN = ("aria-label", "title", "alt", "placeholder")


class Spoken(HTMLParser):
    """All that a reader reads or hears of a file; code, scripts and styles are none of it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._code = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in ("code", "script", "style")
        self.texts += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in ("code", "script", "style")

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.texts.append(data)


def texts(part: Any) -> Iterator[str]:
    """The texts of a part of a JSON document."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for one in part.values() if isinstance(part, dict) else part:
            yield from texts(one)


def read(text: str) -> list[str]:
    """All that is read in a file, what its records and drawings say as well."""
    file = Reader(text)
    drawn = [json.loads(unfolded(block)) for block in file.all("script", class_="drawing")]
    said = [[one["say"], [item.get("name", []) for item in one.get("items", [])]] for one in drawn]
    played = [[header[name] for name in ("title", "say", "markers", "references")] for header in headers(file)]
    return [*Spoken(text).texts, *texts(said), *texts(played)]


@pytest.fixture(scope="module")
def files(story_runs: dict[str, Run]) -> dict[str, str]:
    """A story, a player of two runs, and a list of runs, by name."""
    with speaking("zh"):
        runs = [story_runs[name] for name in ("as asked", "shapes fixed")]
        told = [played(run, why=Explanation(run, Wanted.FINDINGS).finished()) for run in runs]
        return {
            "story": story_page(story_runs, APP, INDEX),
            "player": page(told, APP),
            "index": site_files(story_runs)[INDEX],
        }


@pytest.mark.parametrize("name", ["story", "player", "index"])
def test_is_a_file_in_the_language_that_is_spoken(name: str, files: dict[str, str]) -> None:
    assert [attrs["lang"] for tag, attrs, _ in Reader(files[name]).elements if tag == "html"] == ["zh-Hans"]
    assert not [text for text in read(files[name]) if ENGLISH.search(text)]


def test_says_a_file_what_the_app_says_in_chinese(files: dict[str, str], story_runs: dict[str, Run]) -> None:
    with speaking("zh"):
        story = [text for step in STEPS for text in (step.headline(), *sentences(step, story_runs), step.notes)]
        came = outcome(story_runs["as asked"])
    assert set(story) <= set(read(files["story"])) and all(CHINESE.search(text) for text in story)
    assert all(
        CHINESE.search(text) and text in Reader(files["story"]).all("article")[TOLD.index("as asked")] for text in came
    )
    program = unfolded(*Reader(files["story"]).all("script", id="program")).decode()
    assert 'const TAG = "zh-Hans";' in program
    with speaking("en"):
        assert '<html lang="en">' in page([played(story_runs["as asked"])], APP)
