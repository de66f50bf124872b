"""The story without a browser: its steps by button and by address, its notes, and the way to the playground."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from corner_lab.analysis.stored_results import SHIPPED
from corner_lab.language import speaking
from corner_lab.player import story_page
from corner_lab.story.pictures import by_hand
from corner_lab.story.steps import STEPS
from corner_lab.story.stored_runs import StoredRuns
from corner_lab.story.trained_runs import EXPERIMENTS, Rehearsal
from corner_lab.training import run as run_module
from tests.marked import MARK, mark_chinese
from ui.pages.story import _waiting
from ui.playground import downloads
from ui.state.session import Session
from ui.story import pictures
from ui.theme import plain


@pytest.fixture(autouse=True)
def not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is trained, nor was before: what the steps say without their runs is looked at here, the rest in a real
    browser."""
    monkeypatch.setattr("ui.pages.story.loading", lambda: Loaded(False))
    monkeypatch.setattr("ui.pages.story.rehearsal", Rehearsal)


def story(**words: str | list[str]) -> AppTest:
    at = AppTest.from_string("from ui.pages import story\nstory.page()", default_timeout=60)
    at.session_state["session"] = Session()
    for name, text in words.items():
        at.query_params[name] = text
    return shown(at)


def shown(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception, [node.value for node in at.exception]
    return at


def at_step(at: AppTest) -> str:
    """The step in the address; a word that stands there once is given as it is."""
    found = at.query_params.get("step", "1")
    return found if isinstance(found, str) else ",".join(found)


def press(at: AppTest, label: str) -> AppTest:
    (found,) = [button for button in at.button if button.label == label]
    found.click()
    return shown(at)


def test_does_every_step_stand_at_its_address_and_lead_to_the_next() -> None:
    at = story()
    for number, step in enumerate(STEPS, 1):
        assert [title.value for title in at.title] == [step.headline()]
        assert f"{number} of {len(STEPS)}" in [text.value for text in at.markdown]
        assert at_step(at) == str(number)
        if number < len(STEPS):
            press(at, "Next")
    assert [button.label for button in at.button if button.disabled] == ["Next"]
    press(at, "Back")
    assert at_step(at) == str(len(STEPS) - 1)
    again = story(step="4")
    assert [title.value for title in again.title] == [STEPS[3].headline()]


@pytest.mark.parametrize("word", ["0", "13", "x", "", ["2", "3"]])
def test_does_a_wrong_step_begin_the_story_and_say_why(word: str | list[str]) -> None:
    at = story(step=word)
    assert [title.value for title in at.title] == [STEPS[0].headline()]
    (warning,) = at.warning
    assert warning.value.startswith("The link says step") and warning.value.endswith("begins at its first step.")
    press(at, "Next")
    assert not at.warning and at_step(at) == "2"


def test_do_notes_and_code_come_and_go() -> None:
    at = story(step="2")
    for label, said in (("Notes", STEPS[1].notes), ("QR code", "The audience cannot open this page")):
        assert not any(said in text.value for text in at.markdown)
        press(at, label)
        assert any(said in text.value for text in at.markdown)
        press(at, label)
        assert not any(said in text.value for text in at.markdown)


class Loaded(SimpleNamespace):
    """Keras's import, done or not."""

    def __init__(self, done: bool) -> None:
        super().__init__(done=done, problem="", start=lambda: None)


def told(monkeypatch: pytest.MonkeyPatch, ready: Rehearsal, loaded: bool) -> None:
    """Have the story tell of these runs. Nothing is trained by itself."""
    monkeypatch.setattr("ui.pages.story.rehearsal", lambda: ready)
    monkeypatch.setattr("ui.pages.story.loading", lambda: Loaded(loaded))
    monkeypatch.setattr(ready, "watch", lambda: False)
    monkeypatch.setattr(pictures, "_sent", OrderedDict())


def said(at: AppTest) -> list[str]:
    return [text.value for text in at.markdown]


def test_is_the_story_offered_as_a_file_once_its_runs_are_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    def offered(at: AppTest) -> bool:
        (found,) = at.get("download_button")
        assert found.label == "Story (HTML)"
        return not found.disabled

    assert not offered(story())
    few = {name: replace(e, epochs=min(e.epochs, 2)) for name, e in EXPERIMENTS.items()}
    ready = Rehearsal(few)
    told(monkeypatch, ready, loaded=True)
    assert not ready.whole and not offered(story(step="2"))
    while ready.step():
        pass
    assert ready.whole and offered(story(step="2"))
    told(monkeypatch, ready, loaded=False)
    assert not offered(story(step="2")), "of each run it says how exact its script is, which Keras finds out"
    runs = tuple(ready.runs.items())
    made = downloads._story(runs, "en", "", "http://lab.example.org/corner/").decode()
    assert made == story_page(ready.runs, "http://lab.example.org/corner/")


def test_is_the_story_whole_whose_runs_were_trained_before_and_does_it_say_where(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ready = Rehearsal(stored=StoredRuns(tmp_path / "mine", SHIPPED))
    told(monkeypatch, ready, loaded=False)
    (provenance,) = ready.provenances()
    for number, step in enumerate(STEPS, 1):
        text = said(story(step=str(number)))
        assert step.then is None or step.then(ready.runs) in text
        assert not [sentence for sentence in text if "follows by itself" in sentence]
    on_paper = [text.value for text in story(step="all").caption]
    whence = plain(f"Trained with {provenance}.")
    assert on_paper.count(whence) == sum(bool(step.runs) for step in STEPS)
    at = press(story(step="4"), "Notes")
    assert plain(f"The runs: trained with {provenance}.") in said(at)
    (again,) = [button for button in at.button if button.label == "Train them again here"]
    assert again.disabled, "not before Keras is there"


def test_are_runs_that_were_trained_before_trained_again_for_who_asks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    few = {name: replace(e, epochs=min(e.epochs, 2)) for name, e in EXPERIMENTS.items()}
    first, stored = Rehearsal(few, StoredRuns(tmp_path / "mine")), tmp_path / "mine"
    while first.step():
        pass
    ready = Rehearsal(few, StoredRuns(stored))
    told(monkeypatch, ready, loaded=True)
    at = press(story(step="4"), "Notes")
    press(at, "Train them again here")
    (again,) = [button for button in at.button if button.label == "Train them again here"]
    assert again.disabled and ready.current == "as asked" and ready.whole
    with monkeypatch.context() as patch:
        patch.setattr(run_module, "train", lambda *_: 1 / 0)
        while ready.step():
            pass
    why = "This run failed. The question, as asked: ZeroDivisionError: division by zero"
    assert [text for text in said(shown(at)) if "This run failed" in text] == [f"*{plain(why)}*"]
    press(at, "Try again")
    while ready.step():
        pass
    shown(at)
    assert not [text for text in said(at) if "trained with" in text or "failed" in text]
    assert not {"Try again", "Train them again here"} & {button.label for button in at.button}


def test_is_a_run_that_failed_named_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    mark_chinese(monkeypatch)
    monkeypatch.setattr("ui.pages.story.loading", lambda: SimpleNamespace(problem=""))
    made = Rehearsal()
    made._problems["as asked"] = lambda: "The worker process 5 ended: SIGKILL"
    step = next(step for step in STEPS if "as asked" in (*step.needs, *step.shows))
    for language, named in (("en", "The question, as asked"), ("zh", f"{MARK}The question, as asked")):
        with speaking(language):
            assert _waiting(step, made).endswith(f"{named}: The worker process 5 ended: SIGKILL")


def test_has_the_handout_every_step_with_its_notes_and_leads_back() -> None:
    at = press(story(step="3"), "Handout")
    assert at_step(at) == "all" and [title.value for title in at.title] == [step.headline() for step in STEPS]
    text = "\n".join(node.value for node in at.markdown)
    assert all(step.notes in text and step.first() in text for step in STEPS)
    waits = sum(bool(step.needs or step.shows) for step in STEPS)
    assert f"Waits for {waits} of {len(STEPS)} pages." in text
    press(at, "Back to the story")
    assert at_step(at) == "3" and [title.value for title in at.title] == [STEPS[2].headline()]
    assert [title.value for title in story(step="all").title] == [step.headline() for step in STEPS]


@pytest.mark.parametrize("step", ["5", "13", "all"])
def test_is_everything_on_the_page_said_in_chinese(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mark_chinese(monkeypatch)
    monkeypatch.setattr(pictures, "_sent", OrderedDict())
    lines = (
        "from corner_lab.language import speaking",
        "from ui.pages import story",
        "with speaking('zh'): story.page()",
    )
    at = AppTest.from_string("\n".join(lines), default_timeout=60)
    at.session_state["session"] = Session()
    at.query_params["step"] = step
    shown(at)
    if step == "5":
        press(press(at, f"{MARK}Notes"), f"{MARK}QR code")
    words = [node.value for kind in (at.title, at.markdown, at.caption, at.warning) for node in kind]
    labels = [button.label for button in at.button]
    assert words and labels and all(text.lstrip("*").startswith(MARK) for text in (*words, *labels))


def test_is_the_record_of_one_language_not_sent_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    mark_chinese(monkeypatch)
    monkeypatch.setattr(pictures, "_sent", OrderedDict())
    marked = MARK.encode("unicode_escape")  # as JSON has it
    for code, there in {"en": False, "zh": True}.items():
        with speaking(code):
            sent = pictures._packed(STEPS[0], by_hand())
        assert (marked in sent) == there
