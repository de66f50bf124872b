"""`--lang`: everything that is said is in that language, help and refusals too; words of JSON are not."""

from __future__ import annotations

import argparse
import inspect
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from corner_lab.cli import commands
from corner_lab.cli.parser import argument_parser
from corner_lab.cli.text_width import columns, wrapped
from corner_lab.language import current
from corner_lab.tasks.progress_file import progress_text
from corner_lab.tasks.tasks import BY_WORD
from tests.chinese import translated

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    translated(monkeypatch)


@pytest.mark.parametrize(
    "words",
    [
        ["--lang", "zh", "train", "--colour", "red"],
        ["train", "--lang", "zh", "--colour", "red"],
        ["train", "--colour", "red", "--lang=zh-CN"],
        ["--lang", "en", "train", "--colour", "red", "--lang", "ZH"],
    ],
)
def test_may_the_language_stand_anywhere(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(words) == 2
    assert capsys.readouterr() == ("", "错误：无法识别的参数：--colour red\n")
    assert current().code == "en", "it is that of this command line"
    assert commands.main(["train", "--colour", "red"]) == 2
    assert capsys.readouterr().err == "error: unrecognized arguments: --colour red\n"


@pytest.mark.parametrize("words", [["--lang", "de"], ["train", "--lang=de"], ["train", "--seed", "x", "--lang", "de"]])
def test_is_a_language_that_there_is_not_refused_with_those_there_are(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(words) == 2
    assert capsys.readouterr() == ("", "error: --lang 'de': allowed are en (English), zh (简体中文)\n")
    assert commands.main(["options", "--lang"]) == 2
    assert "--lang ''" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "缺少必需的参数：{train,"),
        ("train --seed", "--seed：需要一个值"),
        ("trian", "无效的选择：'trian'（可用的有：'train', "),
        ("train --link seed=1 --scenario x", "--scenario：不能与--link同时使用"),
        ("train --second-conv=x", "不接受值'x'"),
        ("detect a.png", "必须给出以下参数之一：--weights --scenario --link"),
        ("detect", "缺少必需的参数：PICTURE"),
        ("scenes --out x --count y", "--count：无效的int值：'y'"),
        ("scenes --out x --size y", "--size 'y'：应为边长的像素数，8到256，或HEIGHTxWIDTH"),
        ("story --output a.html --base x", "--base：'x'不是网址"),
        ("train --scenario nonesuch", "'as asked', "),
        ("train --init given", "需要权重；请用--from FILE"),
    ],
)
def test_is_what_is_wrong_said_in_it(words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main([*words.split(), "--lang", "zh"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("错误：") and said in err and err.count("\n") == 1


def test_names_a_scene_that_cannot_be_the_option_whatever_its_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, option in (
        ("--size 2", "--size: "),
        ("--size 9999", "--size: "),
        ("--kind x", "--kind "),
        ("--seed -1", "--seed "),
    ):
        for language in ("en", "zh"):
            assert commands.main(["scenes", "--out", str(tmp_path), *words.split(), "--lang", language]) == 2
            assert option in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", *commands.COMMANDS])
def test_is_all_help_in_it_and_no_wider_than_the_terminal(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "90")
    words = {}
    for language in ("en", "zh"):
        with pytest.raises(SystemExit) as left:
            commands.main([*name.split(), "--help", "--lang", language])
        assert left.value.code == 0
        words[language] = capsys.readouterr().out
    assert words["zh"].startswith("用法：") and words["en"].startswith("usage: ")
    options = [re.findall(r"^  (-[-\w]+)", text, re.MULTILINE) for text in words.values()]
    assert options[0] == options[1] and "--lang" in options[0]
    assert "显示这段帮助并退出" in words["zh"] and "show this help" not in words["zh"]
    for text in words.values():
        first, *further = text.split("\n\n")[0].splitlines()
        begin = columns(first[: first.index("[-h]")])
        assert all(columns(line) - columns(line.lstrip()) == begin for line in further)
    usage, *paragraphs = words["zh"].split("\n\n")
    # The names of the commands are one word to argparse.
    assert all(columns(line) <= 90 for text in (usage * bool(name), *paragraphs) for line in text.splitlines())
    assert all(CHINESE.search(text) for text in paragraphs)


def test_are_argparses_words_those_that_it_says() -> None:
    source = inspect.getsource(argparse)
    for message in argument_parser._WORDS:
        assert f"_({message.text!r})" in source or f"{message.text!r}" in source, message.text


def test_are_words_of_json_english_and_results_not(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["evaluate", "--weights", "by_hand"]
    assert commands.main([*words, "--json"]) == 0
    english = json.loads(capsys.readouterr().out)
    assert commands.main([*words, "--json", "--lang", "zh"]) == 0
    assert json.loads(capsys.readouterr().out) == english
    assert commands.main([*words, "--lang", "zh"]) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    assert first == "512个图案中512个正确，目标的最低输出1.0，其他图案的最高输出0.0"
    assert [line.split()[0] for line in lines] == ["keras_loss", "true_loss", "all_zeros_loss"]
    assert commands.main(["train", "--init", "by_hand", "--epochs", "0", "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("已解决，最早在第0轮：512个图案中512个正确") and "\n已完成：0轮，0次更新；" in out
    assert out.endswith("链接：epochs=0&init=by_hand\n")


def test_is_the_table_of_grades_said_in_it_with_its_columns_below_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    solved = {"corner_right": BY_WORD["corner_right"].answer, "two_targets": ""}
    Path("安娜.json").write_text(progress_text(solved), encoding="utf-8")
    assert commands.main(["grade", "安娜.json", "--lang", "zh"]) == 0
    head, anna, told = capsys.readouterr().out.splitlines()
    assert anna.split()[:4] == ["安娜.json", "1/15", "是", "."] and head.split()[:3] == ["文件", "达成", "1"]
    place = head.index("13")
    assert columns(anna[: anna.index("否") + 1]) == columns(head[: place + 2]) and BY_WORD["two_targets"].number == 13
    assert told == "安娜.json：任务13（两个目标，一个卷积核：哪些组合可行？）：工作台上还没有改动。"


def test_where_may_a_line_of_chinese_end() -> None:
    text = "训练（一次run）之后，用model.evaluate比较：“全部正确”。"
    for width in range(16, 60):
        lines = wrapped(text, width)
        assert "".join(lines) == text and all(columns(line) <= width for line in lines)
        assert not any(line[0] in "，。：）”" or line[-1] in "（“" for line in lines)
        assert not any(re.search(r"[a-z.]$", a) and re.match(r"[a-z.]", b) for a, b in pairwise(lines))
    assert wrapped("plain words are broken as ever", 11) == ["plain words", "are broken", "as ever"]
    assert wrapped("", 10) == []
