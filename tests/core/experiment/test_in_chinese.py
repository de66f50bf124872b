"""What can be set, its help and what is wrong with it, as somebody reads it who reads Chinese."""

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

from corner_lab.experiment.chains import next_step
from corner_lab.experiment.experiment import REGISTRIES, Experiment, ExperimentError, repaired
from corner_lab.experiment.field_help import GENERAL, NAMES, changes, help_for, listed
from corner_lab.experiment.parsing import from_query
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.formatting import capital, listing, sequence, share, share_message, span
from corner_lab.language import message, speaking
from corner_lab.network.patterns import TARGET_LABELS, TARGETS
from corner_lab.terms import TERMS, alphabetical

PO = Path(message.__file__).parent / "zh/experiment.po"
ASKED = Experiment()
CHINESE = re.compile("[\u4e00-\u9fff]")
#: What is called the same in any language: names of functions and of numbers.
NAMES_OF_CODE = {"hard_sigmoid", "sigmoid", "linear", "softmax", "relu", "w₂", "b₂"}
NAMES_OF_OPTIMIZERS = {"Adam", "SGD", "RMSprop", "AdamW", "Nadam", "Adagrad", "Lion"}


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Speak Chinese as this part's own catalogue has it, whatever is compiled."""
    compiled, before = io.BytesIO(), message.catalogue
    with PO.open("rb") as file:
        write_mo(compiled, read_po(file, locale="zh"))
    compiled.seek(0)
    there = gettext.GNUTranslations(compiled)
    monkeypatch.setattr(message, "catalogue", lambda code: there if code == "zh" else before(code))
    with speaking("zh"):
        yield


@pytest.mark.usefixtures("chinese")
def test_is_all_that_can_be_chosen_said_in_chinese() -> None:
    for field, registry in REGISTRIES.items():
        for choice in registry.values():
            assert CHINESE.search(choice.explanation), (field, choice.word)
            assert CHINESE.search(choice.label) or choice.label in NAMES_OF_CODE | NAMES_OF_OPTIMIZERS, choice.label
    for term in TERMS.values():
        assert CHINESE.search(term.explanation) and (CHINESE.search(term.label) or term.label in NAMES_OF_CODE)
    for scenario in SCENARIOS.values():
        assert all(CHINESE.search(text) for text in (scenario.title, scenario.text, scenario.outcome)), scenario.name
    assert all(CHINESE.search(TARGET_LABELS[name]) for name in TARGETS if name != "X")
    assert all(CHINESE.search(text) for text in (*NAMES.values(), *GENERAL.values()))


def test_is_one_registry_read_in_two_languages(chinese: None) -> None:
    loss = REGISTRIES["loss"]["mse"]
    assert loss.label == "均方误差"
    with speaking("en"):
        assert loss.label == "mean squared error"
        assert NAMES["batch_size"] == "Batch size" and SCENARIOS["by hand"].title == "Set by hand"
    assert NAMES["batch_size"] == "批大小" and SCENARIOS["by hand"].title == "手工设定"


@pytest.mark.usefixtures("chinese")
def test_does_help_say_the_same_shapes_and_counts() -> None:
    assert help_for("labels", ASKED) == (
        "y的形状为(n,)，输出的形状为(n,1,1,1)：每个输出都与每个标签比较。"
        "当前y的形状为(32,)，输出的形状为(32, 1, 1, 1)：一个完整批次有1,024对。"
    )
    assert help_for("batch_size", ASKED).endswith("当前每轮有16次更新。")
    for field in Experiment.__dataclass_fields__:
        assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", help_for(field, ASKED)), field


@pytest.mark.usefixtures("chinese")
def test_are_changes_of_settings_listed() -> None:
    after = replace(ASKED, labels="aligned", optimizer="nadam", second_conv=False, target=(1, 2, 3, 4))
    assert changes(ASKED, after) == "目标：1 2 3及另外1个，标签：对齐，1x1卷积：关，优化器：Nadam"
    assert ("打乱标签", "关", False) in listed(ASKED)
    step = next_step(ASKED)
    assert step is not None and step.label == "下一步（1/4）：修正标签形状"


@pytest.mark.usefixtures("chinese")
def test_is_what_is_wrong_said_with_the_words_of_links() -> None:
    with pytest.raises(ExperimentError, match=r"^epochs -1：0到100,000的整数$"):
        replace(ASKED, epochs=-1)
    _, errors = from_query("seed=1&seed=2&colour=red")
    assert [str(error).partition("：")[0] for error in errors] == ["seed '2'", "未知字段 'colour'"]
    start = replace(ASKED, balance="hard_negatives")
    assert repaired(start, labels_shuffled=True)[1] == [
        "balance 'hard_negatives'：它按标签挑选样本，而标签已被打乱。现已改为none。"
    ]


@pytest.mark.usefixtures("chinese")
def test_are_terms_sorted_by_pinyin() -> None:
    order = [term.label for term in alphabetical()]
    assert order.index("relu") < order.index("饱和") < order.index("卷积核") < order.index("准确率")  # b, j, z


@pytest.mark.usefixtures("chinese")
def test_are_lists_shares_and_times_written_as_in_chinese() -> None:
    assert str(sequence(["z", "w₂", share_message(0.5)])) == "z、w₂和50%"
    assert str(listing(["z", "w₂"])) == "z、w₂"
    assert (share(1), share(0.9999), span(40), span(600)) == ("100%", "99.9%以上", "40秒", "10分钟")
    assert capital("z的斜率") == "z的斜率"
