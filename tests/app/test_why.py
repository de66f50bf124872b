"""Why: the findings below the stage, their remedies and what those come to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from corner_lab.diagnostics.explanation import Explanation
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.training.run import Run

OpenApp = Callable[..., Any]


@pytest.fixture(autouse=True)
def unexplained() -> None:
    """Here runs are explained, as everywhere but in the other tests of the app."""


def explained(lab: Any) -> Any:
    """Let the run end, the playhead rest, look at Why, and wait until all remedies were tried."""
    known(lab).look(at="why")
    lab.until(lambda: lab.session.why is not None and lab.session.why.over, "the run is explained")
    return lab.run()


def known(lab: Any) -> Any:
    """Let the run end, the playhead rest, and wait for the findings."""
    lab.trained()
    lab.rest()
    return lab.until(lambda: lab.session.why is not None and lab.session.why.findings is not None, "findings").run()


def shown(lab: Any) -> str:
    """All text of the page."""
    return "\n".join(node.value for kind in ("markdown", "caption", "subheader") for node in lab.at.get(kind))


def offered(lab: Any) -> list[str]:
    """The words of "Next" at the end of the run."""
    return [button["text"] for button in lab.header["actions"]["end"] if button["id"] == "next"]


def test_do_headline_and_next_say_what_the_findings_say(open_app: OpenApp) -> None:
    lab = open_app("head=sigmoid&labels=aligned&loss=binary_crossentropy&balance=oversample&learning_rate=1e-5")
    lab.press("train")
    lab.trained()
    sentence, fact = lab.header["say"]["end"]
    assert fact.startswith("After 100 epochs the corner's output is ") and offered(lab) == [], "nothing is known yet"
    explained(lab)
    why = lab.session.why
    assert why.issues[0].code == "too_slow"
    assert lab.header["say"]["end"] == [sentence, why.issues[0].sentence]
    effect = why.effects["too_slow"].came_to
    assert offered(lab) == [f"Next: learning rate 0.01 (tried: {effect})"] and effect.startswith("solved at epoch ")
    lab.press("next")
    assert lab.experiment.learning_rate == 0.01
    run = lab.trained()
    assert effect == f"solved at epoch {run.history.solved_at}", "as it was said"


def test_is_no_cure_of_the_chain_offered_for_targets_that_no_kernel_separates(open_app: OpenApp) -> None:
    lab = open_app("target=186,341")
    lab.press("train")
    lab.trained()
    assert offered(lab) == [], "the chain of cures leads to no solution here"


def test_does_next_leave_to_why_what_is_lost_on_the_way_to_confident(open_app: OpenApp) -> None:
    lab = open_app(SCENARIOS["the short way"].experiment.query)
    lab.press("train")
    explained(lab)
    effect = str(lab.session.why.effects["confidence"])
    assert effect.endswith("on the way")
    at = effect.removeprefix("this alone: ").split(",")[0]
    assert offered(lab) == [f"Next: train 100 epochs (tried: {at})"]


def test_does_next_lead_out_of_a_refusal(open_app: OpenApp) -> None:
    lab = open_app("loss=binary_crossentropy&epochs=5")
    lab.press("train")
    explained(lab)
    assert lab.header["say"]["end"][0] == "Keras refuses to train this"
    assert offered(lab) == ["Next: both remedies together (tried: solved at epoch 180)"]
    lab.press("next")
    assert lab.experiment.labels == "aligned" and lab.trained().status == "finished"
    assert lab.session.run.history.solved(), "as it was tried"


def test_are_two_remedies_offered_together_where_each_alone_fails(open_app: OpenApp) -> None:
    lab = open_app("learning_rate=0.02")
    lab.press("train")
    explained(lab)
    why = lab.session.why
    assert why.proofs["rank_mismatch"].sentence.split(",")[0] in shown(lab), "trained again with shuffled labels"
    both = why.combined.remedy.label
    assert "Two causes at once" in shown(lab) and both in [button.label for button in lab.at.button]
    assert offered(lab)[0].startswith("Next: both remedies together (tried: solved at epoch ")
    lab.click(both)
    run = lab.trained()
    assert (run.experiment.labels, run.experiment.head) == ("aligned", "sigmoid") and run.history.solved()


def test_are_three_remedies_offered_where_no_pair_solves_it(open_app: OpenApp) -> None:
    Explanation(Run(Experiment(head="linear")).train()).finished()  # what is tried is remembered: six trainings
    lab = open_app("head=linear")
    lab.press("train")
    explained(lab)
    assert "Three causes at once" in shown(lab)
    assert offered(lab)[0].startswith("Next: three remedies together (tried: solved at epoch ")
    lab.press("next")
    assert lab.trained().history.solved()
    called = "Align the label shapes, use the hinge loss, and train 500 epochs"
    assert lab.session.title == lab.header["title"] == called
    assert "None of the" not in lab.header["say"]["end"][1]


def test_is_it_told_beside_the_outcome_that_no_remedy_tried_solves_it(open_app: OpenApp) -> None:
    lab = open_app("head=sigmoid&loss=binary_crossentropy&labels=aligned&epochs=30")
    lab.report(weights=[0.0] * 12, locks=[10])
    lab.press("bench")
    explained(lab)
    why = lab.session.why
    assert offered(lab) == [] and why.futile and why.futile in shown(lab)
    assert lab.header["say"]["end"][1].endswith(f" {why.futile}")


def test_does_the_run_as_asked_show_the_rank_mismatch_with_its_numbers(open_app: OpenApp) -> None:
    lab = open_app()
    lab.press("train")
    lab.trained()
    assert "Why" not in shown(lab), "the playhead still moves"
    assert known(lab).session.why.tried == 0, "the chain of cures says what is next, and nobody looks at Why"
    lab.look(at="why")
    lab.until(lambda: bool(lab.session.why.effects), "the first remedy was tried")
    lab.session.why.stop()
    text = shown(lab.run())
    assert "labels have shape (32,), the outputs (32, 1, 1, 1)" in text and "1,024 pairs a batch" in text
    assert "would cost 0.00378 here, one that rejects everything 0.00195" in text
    assert "This alone: still fails, 511 of 512 right after 100 epochs." in lab.captions
    assert "- **One kernel is enough.**" in text and "Class weights" not in text, "what passed, not what is no question"


def test_does_a_remedy_train_from_the_page_and_come_to_what_was_promised(open_app: OpenApp) -> None:
    lab = open_app("labels=aligned&epochs=60")
    lab.train()
    explained(lab)
    why = lab.session.why
    assert {f.code for f in why.issues if f.remedy} == set(why.effects) == {"saturation", "imbalance"}
    finding = next(f for f in why.issues if f.code == "imbalance")
    promised = str(why.effects["imbalance"])
    assert finding.sentence in shown(lab)
    assert {"This alone: solved at epoch 180.", f"T{promised[1:]}."} <= set(lab.captions)
    lab.click("Oversample the target")
    assert lab.experiment == finding.remedy.experiment
    run = lab.trained()
    assert run.experiment == finding.remedy.experiment
    assert promised == f"this alone: solved at epoch {run.history.solved_at}"
    assert lab.session.title == "Oversample the target"
    explained(lab)
    assert f"**Solved.** 512 of 512 right first at epoch {run.history.solved_at}" in shown(lab)


def test_is_evidence_drawn_only_when_it_is_opened(open_app: OpenApp) -> None:
    lab = open_app("epochs=0&init=by_hand")
    lab.train()
    explained(lab)
    before = len(lab.charts)
    assert "**Solved.** 512 of 512 right without training." in shown(lab)
    lab.at.session_state["evidence-rank_mismatch"] = True
    lab.run()
    assert len(lab.charts) == before + 1
    assert "perfect weights" in str(lab.charts[-1])


def test_does_nothing_stay_of_an_explanation_whose_run_is_gone(open_app: OpenApp) -> None:
    lab = open_app("epochs=0")
    lab.train()
    explained(lab)
    old = lab.session.why
    lab.choose(seed=1)
    lab.train()
    lab.trained()
    lab.until(lambda: lab.session.why is not None and lab.session.why is not old, "the new run is explained")
    assert lab.session.why.run is lab.session.run
