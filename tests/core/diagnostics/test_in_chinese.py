"""What is wrong with a run, what would mend it and what became of it, as somebody reads it who reads Chinese."""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from corner_lab.diagnostics import Remedy, findings, of_code, remedies
from corner_lab.diagnostics.explanation import Explanation, headline, sentences
from corner_lab.language import message, speaking
from corner_lab.plots.theme import LIGHT
from corner_lab.training.outcome import outcome
from corner_lab.training.run import Run
from corner_lab.workers.process import WorkerEnded, told
from tests.core.diagnostics.records import ASKED, QUICK, Record

CATALOGUES = Path(message.__file__).parent / "zh"
CHINESE = re.compile("[\u4e00-\u9fff]")
#: English that a Chinese sentence may hold: names of code, and of numbers.
CODE = {"z", "w2", "relu", "hard_sigmoid", "sigmoid", "softmax", "reshape", "logits", "Keras", "e", "F1", "x3", "x1"}


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Speak Chinese as the catalogues have it that findings need, whatever is compiled."""
    known, before = gettext.NullTranslations(), message.catalogue
    for part in ("findings", "experiment"):
        compiled = io.BytesIO()
        with (CATALOGUES / f"{part}.po").open("rb") as file:
            write_mo(compiled, read_po(file, locale="zh"))
        compiled.seek(0)
        words = gettext.GNUTranslations(compiled)
        words.add_fallback(known)
        known = words
    monkeypatch.setattr(message, "catalogue", lambda code: known if code == "zh" else before(code))
    with speaking("zh"):
        yield


def test_is_every_finding_read_in_chinese(records: list[Record], chinese: None) -> None:
    """They were worked out for readers of English: `records` is made once for all tests."""
    for record in records:
        for finding in record.found:
            for text in (finding.title, finding.sentence, *([finding.remedy.label] if finding.remedy else [])):
                assert CHINESE.search(text) and not english_in(text), text
            first = finding.sentence.split("。")[0] + "。"
            assert finding.sentence.endswith("。") and finding.reason in (finding.short, first)


def english_in(text: str) -> set[str]:
    """The English words of a text that are no names of code."""
    return set(re.findall(r"[A-Za-z_][A-Za-z_0-9]*", text)) - CODE


def test_is_the_question_explained_in_chinese(chinese: None) -> None:
    run = Run(ASKED).train()
    found = findings(run)
    assert headline(run, found) == (
        "512个中511个正确，而最要紧的那个错了",
        "每个输出遇到每个标签：在这里全部判为非角点的损失是0.00195，而完美的网络是0.00378。",
    )
    rank = of_code(found, "rank_mismatch")
    assert rank.remedy is not None and (rank.title, rank.remedy.label) == ("每个输出遇到每个标签", "对齐标签形状")
    assert rank.figure is not None
    drawn = str(rank.figure(LIGHT))
    assert "完美权重" in drawn and "perfect" not in drawn
    with speaking("en"):
        assert rank.title == "Every output meets every label" and "perfect weights" in str(rank.figure(LIGHT))
    assert sentences(run, found)[0].startswith("Every output meets every label: "), "scripts stay English"


def test_are_remedies_tried_once_for_readers_of_both_languages(chinese: None) -> None:
    remedies._known.clear()
    remedy = Remedy("longer", replace(QUICK, epochs=200))
    effect = remedies.verify(remedy)
    at = re.fullmatch(r"单独使用：第(\d+)轮解决", str(effect))
    assert at and effect.of(2) == f"一起使用：第{at[1]}轮解决" and effect.in_short == f"第{at[1]}轮解决"
    with speaking("en"):
        assert str(remedies.verify(remedy)) == f"this alone: solved at epoch {at[1]}"


def test_are_several_remedies_one_sentence_and_what_is_printed_chinese(chinese: None) -> None:
    why = Explanation(Run(replace(ASKED, learning_rate=0.02)).train()).finished()
    assert why.combined is not None
    assert why.combined.remedy.label == "对齐标签形状，并且改用sigmoid和交叉熵，训练300轮"
    printed = why.to_text()
    assert f"一起：{why.combined.remedy.label}（第" in printed and "问题：每个输出遇到每个标签\n" in printed
    assert not english_in(printed) - {"sigmoid"}


def test_is_it_said_in_chinese_how_a_run_ended(chinese: None) -> None:
    stopped = Run(replace(QUICK, epochs=100, stop="solved")).train()
    at = stopped.history.last  # type: ignore[union-attr]
    assert stopped.message == f"第{at}轮解决" and outcome(stopped)[0] == f"512个全部正确：第{at}轮解决"
    wild = Run(replace(QUICK, optimizer="sgd", learning_rate=100.0, head="linear", loss="mse", epochs=50)).train()
    assert wild.status == "diverged" and "不再是有限值；较小的学习率也许有用" in wild.message
    assert outcome(wild)[1] == f"{wild.message}。"
    ended = WorkerEnded(message.msg("the worker process {pid} ended: {how}", pid=5, how="SIGKILL"))
    assert told(ended) == "工作进程5结束：SIGKILL"
    with speaking("en"):
        assert told(ended) == "The worker process 5 ended: SIGKILL" and stopped.message == f"solved at epoch {at}"
