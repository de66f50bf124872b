"""Does an explanation work in steps; and does `train --explain` print what remedies came to?"""

from __future__ import annotations

import io
import json
from collections import OrderedDict
from contextlib import redirect_stdout
from dataclasses import replace

import pytest

from corner_lab import diagnostics
from corner_lab.cli import commands
from corner_lab.diagnostics import remedies
from corner_lab.diagnostics.explanation import Explanation, Wanted
from corner_lab.diagnostics.remedies import solves
from corner_lab.training.run import Run
from tests.core.diagnostics.records import ASKED, QUICK


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    remedies._known.clear()


def test_does_an_explanation_stop_when_nobody_reads_it() -> None:
    explanation = Explanation(Run(QUICK).train())
    assert explanation.step() and explanation.issues and not explanation.effects
    explanation.stop()
    assert not explanation.step() and explanation.over and not explanation.effects


def test_does_an_explanation_rest_while_nobody_looks_and_go_on_from_there() -> None:
    why = Explanation(Run(QUICK).train())
    assert why.step() and why.issues
    assert not why.resume(), "a worker has it"
    why.pause()
    assert not why.step() and not why.step() and not why.over and why.effects == {}
    assert why.resume() and not why.resume(), "one worker is to have it"
    assert why.step() and why.finished().over and why.effects


def test_is_nothing_tried_that_nobody_waits_for() -> None:
    run = Run(replace(QUICK, labels_shuffled=True)).train()
    whole = Explanation(run).finished()
    why = Explanation(run, Wanted.FINDINGS).finished()
    assert [f.code for f in why.issues] == [f.code for f in whole.issues]
    assert (why.tried, why.effects, why.over, why.working) == (0, {}, False, False)
    assert why.want(Wanted.NEXT) and not why.want(Wanted.NEXT), "one worker is to have it"
    solving = [solves(effect) for effect in why.finished().effects.values()]
    assert why.next == whole.next and solving.index(True) == len(solving) - 1, "none after the first that solves it"
    assert not why.over and not why.working and why.want(Wanted.ALL)
    assert why.finished().effects == whole.effects and why.over and why.proofs.keys() == whole.proofs.keys()


def test_are_pairs_tried_where_each_remedy_alone_fails() -> None:
    explanation = Explanation(Run(replace(ASKED, learning_rate=0.02)).train()).finished()
    causes = [f for f in explanation.issues if f.remedy is not None]
    assert [f.code for f in causes] == ["rank_mismatch", "saturation"]
    assert all(explanation.effects[f.code].kind == "unsolved" for f in causes)
    assert explanation.combined is not None and len(explanation.combined.parts) == 2
    pair = explanation.combined.remedy
    assert pair.label == "Align the label shapes, and use sigmoid and cross-entropy, for 300 epochs"
    cured = {"labels": "aligned", "head": "sigmoid", "loss": "binary_crossentropy", "epochs": 300}
    assert pair.experiment == replace(ASKED, learning_rate=0.02, **cured)
    assert explanation.next == (pair, explanation.effects["together"])
    trained = pair.run().train().history
    assert trained is not None and trained.solved()
    together = explanation.effects["together"]
    assert str(together) == f"this alone: solved at epoch {trained.solved_at}"
    assert together.of(2) == f"together: solved at epoch {trained.solved_at}"
    assert f"together: {pair.label} (solved at epoch {trained.solved_at})" in explanation.to_text()


def test_is_a_remedy_that_goes_further_than_the_first_offered_alone() -> None:
    diverged = replace(
        ASKED, labels="aligned", head="sigmoid", loss="binary_crossentropy", optimizer="sgd", learning_rate=100.0
    )
    explanation = Explanation(Run(diverged).train()).finished()
    assert explanation.combined is not None and explanation.combined.parts == ("Learning rate 1",)
    further = explanation.combined.remedy
    assert further.experiment == replace(diverged, learning_rate=1.0) and further.label == "Learning rate 1"
    assert "further: Learning rate 1 (solved at epoch " in explanation.to_text()


def test_are_three_remedies_tried_where_no_pair_solves_it() -> None:
    explanation = Explanation(Run(replace(ASKED, head="linear")).train()).finished()
    three = explanation.combined
    assert three is not None and explanation.next == (three.remedy, explanation.effects["together"])
    assert three.remedy.label == "Align the label shapes, use the hinge loss, and train 500 epochs"
    assert len(three.parts) == 3 and not explanation.futile
    cured = replace(ASKED, head="linear", labels="aligned", loss="hinge", epochs=500)
    assert three.remedy.experiment == cured
    trained = three.remedy.run().train().history
    assert trained is not None and trained.solved()
    assert f"together: {three.remedy.label} (solved at epoch {trained.solved_at})" in explanation.to_text()


def test_is_it_said_where_no_remedy_tried_solves_it_and_none_offered_that_fails() -> None:
    held = Run(replace(QUICK, epochs=30), held={10: 0.0}).train()
    explanation = Explanation(held)
    while explanation.step():
        assert explanation.next is None or not solves(explanation.next[1])
    assert explanation.tried > 1 and explanation.next is None and explanation.combined is None
    told = f"None of the {explanation.tried} remedies tried, alone or together, solves it."
    assert explanation.futile == told and explanation.to_text().count(told) == 1


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


def test_are_the_findings_of_equal_runs_worked_out_once_and_those_of_others_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases: list[int] = []
    monkeypatch.setattr(diagnostics, "_known", OrderedDict())
    monkeypatch.setattr(diagnostics.Case, "of", lambda run, of=diagnostics.Case.of: cases.append(1) or of(run))
    one, same, longer = Run(QUICK).train(), Run(QUICK).train(), Run(replace(QUICK, epochs=QUICK.epochs + 1)).train()
    first = diagnostics.findings(one)
    assert diagnostics.findings(same) == first and len(cases) == 1, "the very same"
    assert [str(f) for f in diagnostics.findings(longer)] != [str(f) for f in first] and len(cases) == 2
