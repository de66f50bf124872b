"""The page of the tasks and the strip on Play, without a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from corner_lab.export.share_link import read
from corner_lab.language import speaking
from corner_lab.tasks import TASKS
from corner_lab.tasks.grading import verdict_of
from corner_lab.tasks.progress_file import read_progress
from corner_lab.tasks.progress_link import progress_word, read_link
from corner_lab.tasks.tasks import BY_WORD
from tests.app.conftest import Lab
from tests.app.test_bench import post
from tests.chinese import translated
from ui import pages
from ui.state import tasks
from ui.state.session import Bench, Session

OpenApp = Callable[..., Lab]


def strip(lab: Lab) -> dict[str, Any]:
    (found,) = lab._components("corner_lab_task_strip")
    task: dict[str, Any] = json.loads(found.proto.json)["task"]
    return task


PAGE = """
from corner_lab.language import speaking
from ui.pages import tasks
with speaking({language!r}):
    tasks.page()
"""


def drawn(session: Session, progress: str | None = None, language: str = "en") -> AppTest:
    at = AppTest.from_string(PAGE.format(language=language), default_timeout=60)
    at.session_state["session"] = session
    if progress is not None:
        at.query_params["progress"] = progress
    at.run()
    assert not at.exception, [node.value for node in at.exception]
    return at


def test_has_the_page_every_task_with_its_hint_and_a_link_to_its_answer() -> None:
    at = drawn(Session())
    text = "\n".join(node.value for node in at.markdown)
    for task in TASKS:
        for words in (f"#### {task.number}. {task.title}", task.goal, task.hint, task.told, task.teaches):
            assert words in text, task.word
    answers = [node.proto.url for node in at.get("link_button")]
    assert answers == [f"./?{task.answer}" for task in TASKS]
    assert "**0 of 15 reached**" in text and at.get("download_button")[0].proto.disabled
    assert [button.disabled for button in at.button if button.label == "Forget all"] == [True]


def test_is_the_page_in_the_language_of_the_visitor_with_the_same_keys_and_links(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    translated(monkeypatch)
    session = Session()
    session.progress.solved = {"corner_right": BY_WORD["corner_right"].answer}
    english, chinese = drawn(session), drawn(session, language="zh")
    assert [button.key for button in chinese.button] == [button.key for button in english.button]
    links = [[node.proto.url for node in at.get("link_button")] for at in (english, chinese)]
    assert links[0] == links[1] and len(links[0]) == len(TASKS) + 1
    text = said(chinese)
    assert "**15个任务中已达成1个**" in text and "#### :material/check_circle: 1. 用鼠标把角点调对" in text
    assert not re.search("[a-z]{4,} [a-z]{2,} [a-z]{2,}", re.sub("`.*?`", "", text)), "an English sentence"
    with speaking("zh"):
        tasks.take(session, BY_WORD["whole_numbers"])
        strip = tasks.told(session)
    assert strip is not None and strip["title"] == "任务2：只用整数" and strip["word"] == "whole_numbers"
    assert strip["sentence"] == "工作台上有1个数不是整数。"


def test_does_taking_a_task_lay_out_what_it_begins_with(monkeypatch: pytest.MonkeyPatch) -> None:
    went: list[str] = []
    monkeypatch.setattr(pages, "open_page", went.append)
    at, s = drawn(session := Session()), session
    at.button(key="take-four_corners").click().run()
    assert went == ["play"] and s.progress.taken is BY_WORD["four_corners"]
    assert (s.experiment.target, s.experiment.kernels, s.bench) == ((27, 54, 216, 432), 4, None)
    at.button(key="take-corner_right").click().run()
    begins = read(BY_WORD["corner_right"].start)[0].weights
    assert begins is not None and s.bench == Bench.edited(begins) and s.experiment.target == (432,)
    rev = s.channel.rev
    at.button(key="take-corner_right").click().run()  # goes on with it
    assert went == ["play"] * 3 and s.channel.rev == rev


def test_does_the_strip_say_whether_the_bench_reaches_the_goal(open_app: OpenApp) -> None:
    lab = open_app()
    assert not lab._components("corner_lab_task_strip"), "no task is taken"
    tasks.take(lab.session, BY_WORD["corner_right"])
    lab.run()
    assert strip(lab)["sentence"] == "511 of 512 are right: 1 target rejected." and not strip(lab)["reached"]
    lab.report(weights=list(read(BY_WORD["corner_right"].answer)[0].weights or ()))
    assert strip(lab)["reached"] and lab.session.progress.solved == {"corner_right": strip(lab)["link"]}
    assert verdict_of("corner_right", strip(lab)["link"]).reached
    lab.report(weights=list(read(BY_WORD["corner_right"].start)[0].weights or ()))
    assert not strip(lab)["reached"] and strip(lab)["link"], "once reached it stays so"
    at = drawn(lab.session)
    assert any(":material/check_circle: 1. " in node.value for node in at.markdown)
    at.button(key="forget-progress").click().run()
    assert (lab.session.progress.solved, lab.session.progress.taken) == ({}, None)


def test_does_the_benchs_line_bring_what_is_to_be_said_of_the_task(open_app: OpenApp) -> None:
    lab = open_app()
    s = lab.session
    tasks.take(s, BY_WORD["whole_numbers"])

    def told(**bench: Any) -> Any:
        return post(json.dumps({"session": s.id, "rev": s.channel.rev, **bench}).encode())[1]["task"]

    assert told()["sentence"] == "1 number on the bench is not whole."
    assert told(weights=list(read(BY_WORD["whole_numbers"].answer)[0].weights or ()))["reached"]
    assert list(s.progress.solved) == ["whole_numbers"]
    s.progress.taken = None
    assert told() is None


def test_is_a_run_looked_at_once_it_stands_still_and_kept_as_a_link_that_trains_it(open_app: OpenApp) -> None:
    lab = open_app("learning_rate=0.03&epochs=5")
    lab.session.progress.taken = BY_WORD["kill_the_gradient"]
    lab.run()
    assert strip(lab)["sentence"] == "Nothing was trained yet."
    lab.train()
    lab.trained()
    assert strip(lab)["sentence"] == "The run is looked at once it is trained and stands still."
    lab.rest()
    assert strip(lab)["sentence"] == "The corner's gradient is exactly 0 from epoch 2 on."
    assert strip(lab)["link"] == "learning_rate=0.03&epochs=5&v=1&epoch=5"


def test_is_what_the_browser_has_kept_taken_in_once(open_app: OpenApp) -> None:
    lab = open_app()
    (visit,) = lab._components("corner_lab_visit")
    assert json.loads(visit.proto.json)["tasks"]["heard"] is False
    kept = {"taken": "unlearn", "solved": {"be_sure": "v=1&epoch=3", "fly": "x", "two_free": "epoch=2"}}
    states = lab.at._tree.get_widget_states()
    states.widgets.append(WidgetState(id=visit.proto.id, json_value=json.dumps({"tasks": kept})))
    lab._answered(states)
    assert strip(lab)["title"] == "Task 3: Unlearn a perfect start"
    assert lab.session.progress.solved == {"be_sure": "v=1&epoch=3", "two_free": "epoch=2"}
    (visit,) = lab._components("corner_lab_visit")
    assert json.loads(visit.proto.json)["tasks"]["heard"] is True
    assert read_progress(b'{"format": "corner-lab-tasks", "version": 1, "solved": {"a": "b"}}') == {"a": "b"}


def said(at: AppTest) -> str:
    return "\n".join(node.value for node in at.markdown)


def test_is_somebodys_progress_shown_from_a_link_and_the_visitors_own_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, theirs = Session(), {task.word: task.answer for task in TASKS[:3]}
    mine.progress.solved = {"corner_right": "v=1&pixels=3"}
    own = drawn(mine)
    links = [code.value for code in own.code]
    assert links[0] == f'python -m corner_lab grade "{links[1]}"' and "/tasks?progress=1." in links[1]
    assert read_link(links[1]) == mine.progress.solved
    monkeypatch.setenv("CORNER_LAB_URL", "https://lab.example.org/play/")
    assert drawn(mine).code[1].value.startswith("https://lab.example.org/play/tasks?progress=1.")

    at = drawn(mine, progress_word(theirs | {"fly": "x"}))
    assert "This is somebody's progress: 3 of 15 reached" in said(at) and "Your own, 1 of 15," in said(at)
    marked = [node.value for node in at.markdown if ":material/check_circle:" in node.value]
    assert len(marked) == 3 and mine.progress.solved == {"corner_right": "v=1&pixels=3"}
    assert not at.get("download_button") and mine.progress.taken is None
    at.button(key="keep-mine").click().run()
    assert "1 of 15 reached**" in said(at) and "progress" not in at.query_params
    assert mine.progress.solved == {"corner_right": "v=1&pixels=3"}

    at = drawn(mine, progress_word(theirs))
    at.button(key="take-over").click().run()
    assert "**3 of 15 reached**" in said(at) and "progress" not in at.query_params
    assert mine.progress.solved == theirs | {"corner_right": "v=1&pixels=3"}
    assert drawn(mine, progress_word(theirs)).button(key="take-over").disabled, "nothing is new"


@pytest.mark.parametrize("word", ["", "1.x", "2.x", "1.<b>*x*</b>", "1." + "a" * 7000])
def test_is_a_progress_link_that_cannot_be_read_a_sentence(word: str) -> None:
    at = drawn(session := Session(), word)
    (warning,) = at.warning
    assert warning.value.startswith("The progress link cannot be read: ") and warning.value.endswith(".")
    assert "**0 of 15 reached**" in said(at) and session.progress.solved == {}


def test_is_more_than_a_link_holds_left_to_the_file() -> None:
    session = Session()
    numbers = {task.word: ",".join(f"{hash((task.word, i)) % 10**9}" for i in range(89)) for task in TASKS}
    session.progress.solved = {word: f"v=1&weights={text}" for word, text in numbers.items()}
    at = drawn(session)
    assert not at.code and "is the most that arrives whole everywhere. Save progress makes a file" in said(at)


def test_does_play_say_that_a_progress_link_is_not_for_it(open_app: OpenApp) -> None:
    lab = open_app("progress=1.x&labels=aligned")
    assert any("progress" in warning for warning in lab.warnings)
