"""Progress in a link: what comes out is what went in, hostile ones are a sentence, and it is graded as a file."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from random import Random

import pytest

from corner_lab.cli import commands
from corner_lab.tasks import TASKS
from corner_lab.tasks.progress_file import progress_text
from corner_lab.tasks.progress_link import LONGEST, WORD, TooLong, is_link, progress_word, read_link

BENCH = {task.word: task.answer for task in TASKS if task.on == "bench"}


def word(text: bytes, version: str = "1") -> str:
    return f"{WORD}={version}." + base64.urlsafe_b64encode(zlib.compress(text)).decode().rstrip("=")


def test_comes_out_what_went_in_and_fits_into_an_address() -> None:
    for solved in ({}, BENCH, {task.word: task.answer for task in TASKS}):
        text = progress_word(solved)
        assert len(text) < 1000 and set(text) <= set(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
        )
        for link in (f"{WORD}={text}", f"?embed=true&{WORD}={text}", f"https://lab.example.org/tasks?{WORD}={text}#x"):
            assert is_link(link) and read_link(link) == solved
    assert not is_link("progress.json") and not is_link("a?progress=1.x")


def test_is_a_link_that_would_be_too_long_refused_with_another_way() -> None:
    random = Random(1)
    numbers = {task.word: ",".join(str(random.random()) for _ in range(89)) for task in TASKS}
    with pytest.raises(TooLong, match=f"{LONGEST:,} is the most that arrives whole"):
        progress_word(numbers)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("https://lab.example.org/tasks", "appears 0 times"),
        (f"?{WORD}=1.a&{WORD}=1.a", "appears 2 times"),
        ("https://[/?progress=1.a", "neither an address"),
        (f"{WORD}=", "not what the page Tasks offers"),
        (f"{WORD}=<script>", "not what the page Tasks offers"),
        (f"{WORD}=٣.a", "not what the page Tasks offers"),
        (word(b"", "2"), "of version 2; this Corner Lab reads version 1"),
        (f"{WORD}=1.", "does not unfold"),
        (f"{WORD}=1.%00", "does not unfold"),
        (word(b"unlearn?v=1&epoch=3")[:-6], "does not unfold"),
        (word(b"\xff?x"), "does not unfold"),
        (word(b"\0" * 1_000_000), "unfolds to more than 200,000 bytes"),
        (f"{WORD}=1.{'a' * LONGEST}", "longer than 6,000 characters"),
        (word(b"unlearn"), "no list of tasks"),
        (word(b"?x"), "no list of tasks"),
        (word(b"a?x\na?y"), "no list of tasks"),
        (word(b"a?" + b"x" * 9000), "'a' is no text of up to 8,000 characters"),
        (word("\n".join(f"a{i}?x" for i in range(101)).encode()), "no JSON object of links"),
    ],
)
def test_is_what_is_wrong_with_one_a_sentence(link: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$") as caught:
        read_link(link)
    assert said in str(caught.value)


def test_does_grade_take_links_beside_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ben.json").write_text(progress_text({"fly": "", "corner_right": BENCH["whole_numbers"]}))
    link = f"https://lab.example.org/tasks?{WORD}={progress_word(BENCH | {'unlearn': ''})}"
    names = [link, str(tmp_path / "ben.json"), link[:-9], f"?{WORD}={progress_word({})}"]
    assert commands.main(["grade", *names]) == 1
    printed = capsys.readouterr()
    _, *rows = printed.out.splitlines()
    assert rows[0].split()[:3] == ["link", "1", f"{len(BENCH)}/15"] and rows[1].split()[1] == "1/15"
    assert rows[2].split()[:3] == ["link", "3", "0/15"]
    assert "link 1: task 3, Unlearn a perfect start: Nothing was trained yet." in rows
    assert printed.err.endswith("error: progress 'link 2': it does not unfold; perhaps it was cut\n")
    assert commands.main(["grade", "--json", link]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["files"]
    assert entry["file"] == "link 1" and {one["task"]: one["link"] for one in entry["links"]} == BENCH | {"unlearn": ""}
