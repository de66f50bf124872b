"""Does an explanation work in steps; and does `train --explain` print what remedies came to?"""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout

import pytest

from corner_lab.cli import commands
from corner_lab.diagnostics import remedies
from corner_lab.diagnostics.explanation import Explanation
from corner_lab.training.run import Run
from tests.core.diagnostics.records import QUICK


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    remedies._known.clear()


def test_does_an_explanation_stop_when_nobody_reads_it() -> None:
    explanation = Explanation(Run(QUICK).train())
    assert explanation.step() and explanation.issues and not explanation.effects
    explanation.stop()
    assert not explanation.step() and explanation.over and not explanation.effects


def test_does_the_command_line_explain_with_remedies_it_has_trained() -> None:
    words = ["train", "--explain", "--link", QUICK.query]
    with redirect_stdout(io.StringIO()) as text:
        assert commands.main(words) == 0
    with redirect_stdout(io.StringIO()) as printed:
        assert commands.main([*words, "--json"]) == 0
    found = {f["code"]: f for f in json.loads(printed.getvalue())["findings"]}
    issues = [f for f in found.values() if f["status"] == "issue"]
    assert {"imbalance", "too_few_updates"} <= {f["code"] for f in issues}
    assert found["too_few_updates"]["remedy"]["effect"].startswith("this alone: solved at epoch ")
    for finding in issues:
        assert f"issue: {finding['title']}\n  {finding['sentence']}\n" in text.getvalue()
        if finding["remedy"]:
            assert f"remedy: {finding['remedy']['label']} ({finding['remedy']['effect']})" in text.getvalue()
    with redirect_stdout(io.StringIO()) as plain:
        assert commands.main([*words[:1], *words[2:], "--json"]) == 0
    assert "findings" not in json.loads(plain.getvalue())
