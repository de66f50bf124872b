"""What is analysed, drawn and taken along, for somebody who reads Chinese: the cube of causes, figures, files."""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from corner_lab.analysis import autopsy_text
from corner_lab.analysis.ablation import CASES, VERTICES
from corner_lab.analysis.ablation_study import figure, heading
from corner_lab.analysis.autopsy import Autopsy
from corner_lab.analysis.stored_results import Provenance
from corner_lab.experiment.experiment import Experiment
from corner_lab.export.keras_script import keras_script
from corner_lab.export.share_link import read
from corner_lab.language import message, speaking
from corner_lab.network.patterns import CORNER, is_target
from corner_lab.pictures.scenes import KINDS, scene
from corner_lab.plots.autopsy import pair_matrix
from corner_lab.plots.landscape import MARKS
from corner_lab.plots.still import stills
from corner_lab.plots.story import pairs_figure
from corner_lab.plots.theme import LIGHT
from corner_lab.plots.training import html_page
from corner_lab.training.seed_sweep import Tally

FILES = sorted(Path(message.__file__).with_name("zh").glob("*.po"))


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Speaks what the files say, compiled or not."""
    whole, compiled = Catalog(locale="zh"), io.BytesIO()
    for path in FILES:
        with path.open("rb") as file:
            for one in read_po(file, locale="zh"):
                whole.add(one.id, one.string, context=one.context)
    write_mo(compiled, whole)
    compiled.seek(0)
    found, english = gettext.GNUTranslations(compiled), message.catalogue("en")
    monkeypatch.setattr(message, "catalogue", lambda code: found if code == "zh" else english)
    with speaking("zh"):
        yield


def autopsy() -> Autopsy:
    perfect = is_target((CORNER,))
    return Autopsy(perfect.astype(np.float64), perfect)


def test_are_the_cases_of_the_cube_said_anew_while_their_keys_stay() -> None:
    asked, mended = VERTICES["000"], CASES["As asked: learning rate 0.1"]
    assert asked.title == "原问题设置"
    assert asked.text.startswith("标签(n,)对输出(n,1,1,1)；hard_sigmoid") and asked.text.endswith(
        "1个目标对511个其他图案。"
    )
    assert VERTICES["101"].title == "去除原因：标签形状、类别不平衡"
    assert (heading(mended), mended.title) == ("原问题设置：学习率0.1", "学习率0.1")
    with speaking("en"):
        assert (heading(mended), mended.title) == ("As asked: learning rate 0.1", "learning rate 0.1")


def test_are_the_words_of_a_tally_in_the_order_of_chinese() -> None:
    found = Tally((7, 9, None), right=1, epoch=1000, status="finished")
    assert figure(found) == "3个种子中2个已解决，中位数是第7轮；到第1,000轮全部正确的还剩1个"


def test_does_a_stored_result_say_where_it_was_measured_also_one_that_was_written_in_words() -> None:
    written = {"keras": "3.0.0", "tensorflow": "2.0.0", "machine": "Linux x86_64, 2 processors", "date": "2001-02-03"}
    found = Provenance.from_json(written)
    assert (found.machine, found.processors) == ("Linux x86_64", 2)
    assert str(found) == "Keras 3.0.0和TensorFlow 2.0.0，Linux x86_64，2个处理器，2001-02-03"
    with speaking("en"):
        assert str(found) == "Keras 3.0.0 and TensorFlow 2.0.0 on Linux x86_64, 2 processors, 2001-02-03"


def test_has_a_figure_chinese_axes_and_the_autopsy_chinese_sentences() -> None:
    a = autopsy()
    drawn = pair_matrix(a, a.batch_of_target, LIGHT)
    assert drawn.layout.yaxis.title.text == "图案：输出"
    assert drawn.data[0].hovertemplate == "图案%{y}的输出<br>图案%{x}的标签<br>代价%{z:.4g}<extra></extra>"
    assert autopsy_text.on_pairs(a, a.batch_of_target).startswith(
        "第14批（共16批）有1个目标。全部1,024对都计入；其中62对"
    )
    assert str(MARKS["perfect"]) == "完美"
    assert '<html lang="zh-Hans">' in html_page([drawn], "")


def test_is_a_still_said_in_chinese_and_is_there_room_for_its_characters() -> None:
    (drawn,) = stills(pairs_figure("网络", autopsy(), LIGHT), LIGHT)
    assert 'aria-label="网络：1,024对中62对的代价不为0' in drawn and ">标签</text>" in drawn


def test_is_what_is_wrong_told_in_chinese_with_the_words_that_are_to_be_typed() -> None:
    _, (wrong,) = read("?pixels=600")
    assert str(wrong).endswith("应为0到511的整数")
    with pytest.raises(ValueError, match=r"kind 'round'：可用的有'filled', 'outlined'"):
        scene("round", 0)
    assert KINDS["border"].label == "贴边"


def test_is_an_exported_script_english_whoever_asks_for_it() -> None:
    e = Experiment(data="scenes:noisy", labels="aligned")
    told = keras_script(e)
    with speaking("en"):
        assert told == keras_script(e)
    assert told.isascii()
