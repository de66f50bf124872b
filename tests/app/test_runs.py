"""Training from the page: scenarios, the stage's buttons and reports, and the study at rest."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.terms import TERMS
from corner_lab.workers.pool import Pool
from ui.playground.stage_panel import WAITS
from ui.state.settings import Settings

OpenApp = Callable[..., Any]


def columns(lab: Any) -> dict[str, np.ndarray]:
    """The columns of the record that was sent to the stage."""
    (length,) = struct.unpack_from("<I", lab.record)
    header = lab.header
    table = np.frombuffer(lab.record[4 + length :], dtype="<f4").reshape(len(header["columns"]), header["rows"])
    return dict(zip(header["columns"], table, strict=True))


# ---------------------------------------------------------------- the opening page


def test_does_the_page_open_on_the_hand_set_weights(open_app: OpenApp) -> None:
    lab = open_app()
    header = lab.header
    assert header["say"]["start"][0] == "Set by hand: 512 of 512 right"
    assert (header["status"], header["growing"], header["rows"], header["autoplay"]) == ("set", False, 1, False)
    assert (header["target"], header["pixels"], header["weights"]) == ([432], 432, None)
    assert [button["text"] for button in header["actions"]["start"]] == [
        "Train from perfect weights",
        "Train",
    ]
    row = columns(lab)
    kernel = [row[f"k{i}"][0] for i in range(9)]
    assert kernel == [-100, -100, -100, -100, 10, 10, -100, 10, 10]
    assert (row["bias"][0], row["w2"][0], row["b2"][0]) == (-35, 1, 0)
    assert lab.says == "On the bench: pattern 432 · z +5 · output 1.000 · corner"
    assert lab.charts == [], "there is nothing to study yet"


def test_does_an_unchanged_page_send_the_same_bytes(open_app: OpenApp) -> None:
    lab = open_app()
    lab.until(lambda: not lab.header["notice"], "TensorFlow is there")
    before = lab.record
    lab.run()
    lab.report(pixels=5)
    assert lab.record == before


def test_does_a_rerun_leave_keras_session_to_the_workers(open_app: OpenApp) -> None:
    lab = open_app()
    lab.until(lambda: not lab.header["notice"], "TensorFlow is there")
    import keras

    before = keras.backend.get_uid("corner-lab")
    lab.run()
    assert keras.backend.get_uid("corner-lab") == before + 1, "Streamlit has cleared it"


def test_does_the_loading_notice_go_when_tensorflow_is_there(open_app: OpenApp, monkeypatch: Any) -> None:
    from ui.playground import stage_panel

    class Still:
        done, problem = False, ""

        def start(self) -> None: ...

    still = Still()
    monkeypatch.setattr(stage_panel, "loading", lambda: still)
    lab = open_app()
    assert lab.header["notice"] == "TensorFlow is still loading; the bench already works."
    lab.report(pixels=5)
    assert lab.says.startswith("On the bench: pattern 5 ")
    still.problem = "TensorFlow did not load (ImportError: x); the bench works, training does not."
    assert lab.run().header["notice"] == still.problem
    still.problem, still.done = "", True
    assert lab.run().header["notice"] == ""


def test_does_the_page_say_what_a_run_that_was_asked_for_is_in(open_app: OpenApp, monkeypatch: Any) -> None:
    lab = open_app("epochs=3")
    lab.until(lambda: not lab.header["loading"], "TensorFlow is there")
    with monkeypatch.context() as patch:
        patch.setattr(Pool, "submit", lambda pool, work: work)  # no worker takes it
        lab.press("train")
    assert (lab.header["phase"], lab.header["pressed"], lab.header["awaited"]) == ("queued", 1, True)
    assert lab.header["notice"] == "Waiting for a worker."
    asks_after = lab.run().header["ask"]
    with monkeypatch.context() as patch:
        patch.setattr(Pool, "before", lambda pool, work: 10)
        assert lab.run().header["notice"] == "Waiting for a worker: 10 others first."
        assert lab.header["ask"] >= asks_after + 300, "a room that waits asks the server less often"
    with monkeypatch.context() as patch:
        patch.setattr("ui.playground.stage_panel.visitors", lambda: 100)
        for waits in (0, len(WAITS)):
            lab.session.channel.waits = waits
            assert (lab.run().header["ask"] >= 1000) == (waits > 0), "the first questions come as soon as ever"
        patch.setattr("ui.playground.stage_panel.visitors", lambda: 10_000)
        assert lab.run().header["ask"] == 2000
    lab.session.run.status = "running"  # type: ignore[union-attr]
    assert lab.run().header["notice"] == "Keras is compiling the training loop."
    lab.session.run.status = "waiting"  # type: ignore[union-attr]
    lab.session.run.train()  # type: ignore[union-attr]
    lab.run()
    assert (lab.header["phase"], lab.header["notice"], lab.header["awaited"]) == ("", "", False)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("init=matched", "Matched filter: 512 of 512 right"),
        ("init=by_hand&target=27", "Set by hand: 512 of 512 right"),
        ("init=zeros", "All zero: 0 of 512 right"),
        ("target=432,433", "All zero: 0 of 512 right"),
    ],
)
def test_does_the_bench_open_with_what_the_settings_start_from(open_app: OpenApp, query: str, sentence: str) -> None:
    lab = open_app(query)
    assert lab.header["say"]["start"][0] == sentence


# ---------------------------------------------------------------- scenarios


@pytest.mark.parametrize("name", SCENARIOS)
def test_can_a_scenario_be_chosen_and_does_it_come_out_as_measured(open_app: OpenApp, name: str) -> None:
    scenario = SCENARIOS[name]
    lab = open_app("epochs=7")  # the page opens on one of them, and choosing what stands there changes nothing
    lab.choose(scenario=name)
    assert lab.experiment == scenario.experiment
    assert scenario.text in lab.captions
    run = lab.trained()
    assert run.history.solved_at == scenario.solved_at
    assert lab.session.title == scenario.title
    header = lab.header
    assert (header["run"], header["growing"], header["last"]) == (run.id, False, run.history.last)
    assert header["rows"] == run.history.last + 1, "the finished record is complete"
    if scenario.solved_at:
        assert f"solved at epoch {scenario.solved_at:,}" in header["say"]["end"][0]
    at_once = scenario.experiment.epochs == 0
    assert len(lab.at.metric) == (7 if at_once else 0), "no study while the stage plays"
    lab.rest()
    lab.look()
    assert len(lab.charts) == (2 if at_once else 3)
    assert {metric.label for metric in lab.at.metric} <= {term.label for term in TERMS.values()}
    right = next(metric.value for metric in lab.at.metric if metric.label == "Right")
    assert right == f"{run.history.counts().right} of 512"


# ---------------------------------------------------------------- the first minute


def test_does_the_first_minute_lead_from_the_failure_to_solved(open_app: OpenApp) -> None:
    lab = open_app()
    lab.press("train")
    assert lab.experiment == Experiment(), "the page opens with the question as asked"
    lab.trained()
    assert lab.header["say"]["end"][0] == "511 of 512 right, and the one that matters is wrong"
    assert columns(lab)["corner_output"][-1] == 0
    for label, labels, solved in (
        ("Next (1 of 4): fix the label shapes", "aligned", False),
        ("Next (2 of 4): a loss that never saturates", "aligned", True),
    ):
        assert lab.header["actions"]["end"][0]["text"] == label
        lab.press("next")
        assert lab.experiment.labels == labels
        run = lab.trained()
        assert run.history.solved() is solved
    assert lab.header["say"]["end"][0] == "512 of 512 right: solved at epoch 180"
    assert lab.query == {
        "head": ["sigmoid"],
        "labels": ["aligned"],
        "loss": ["binary_crossentropy"],
        "epochs": ["300"],
    }


def test_does_a_perfect_start_share_its_opposite_fates(open_app: OpenApp) -> None:
    lab = open_app()
    lab.press("perfect")
    lab.trained()
    assert columns(lab)["corner_output"][-1] == pytest.approx(1 / 32, abs=0.002)
    assert lab.header["say"]["end"][0] == "511 of 512 right, and the one that matters is wrong"
    lab.press("next")
    lab.trained()
    assert columns(lab)["corner_output"][-1] > 0.8
    assert lab.header["say"]["end"][0] == "512 of 512 right after 100 epochs"
    assert "next" not in {button["id"] for button in lab.header["actions"]["end"]}, "here the chain ends"


# ---------------------------------------------------------------- one button that trains what is set


def primary(lab: Any, situation: str = "end") -> list[str]:
    return [button["text"] for button in lab.header["actions"][situation] if button["primary"]]


def test_does_the_button_train_what_is_set_and_light_up_when_that_changes(open_app: OpenApp) -> None:
    lab = open_app("head=sigmoid&loss=binary_crossentropy&labels=aligned&learning_rate=1000&epochs=3")
    set_here = lab.experiment
    assert primary(lab, "start") == ["Train"]
    lab.press("train")
    assert lab.experiment == set_here == lab.trained().experiment
    assert primary(lab) == [], "it is trained as it is set"
    lab.choose(learning_rate=0.1)
    assert primary(lab) == ["Train"]
    lab.press("train")
    assert lab.trained().experiment == replace(set_here, learning_rate=0.1)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", "Train"),
        ("init=he_normal", "Train"),
        ("init=zeros", "Train from zeros"),
        ("init=matched", "Train from the matched filter"),
        ("init=by_hand", "Train from the hand-set weights"),
    ],
)
def test_does_the_button_say_where_training_starts(open_app: OpenApp, query: str, text: str) -> None:
    assert primary(open_app(query), "start") == [text]


def test_does_the_button_train_again_from_given_weights(open_app: OpenApp) -> None:
    lab = open_app("epochs=2")
    lab.report(weights=[*map(float, range(12))])
    lab.press("bench")
    first = lab.trained()
    lab.session.experiment = replace(first.experiment, learning_rate=0.5)  # as a file or a remedy may set it
    lab.run()
    assert primary(lab) == ["Train from the given weights"]
    lab.press("train")
    again = lab.trained()
    assert again is not first and again.experiment.learning_rate == 0.5
    assert (again.history.weights_at(0) == np.arange(12)).all()
    # And after another run came between, also where the page was opened again meanwhile.
    lab.press("asked")
    lab.trained()
    words = lab.session.replaced.words
    assert words is not None and "start=0,1,2,3,4,5,6,7,8,9,10,11" in words
    lab.click("Undo settings")
    lab.press("train")
    anew = open_app()
    anew.session.replaced = Settings.of(words)
    anew.run()
    anew.click("Undo settings")
    anew.press("train")
    for back in (lab, anew):
        run = back.trained()
        assert run.experiment == again.experiment and (run.history.weights_at(0) == np.arange(12)).all()


def test_is_the_question_as_asked_a_choice_that_says_what_it_sets_and_can_be_undone(open_app: OpenApp) -> None:
    lab = open_app()
    assert "asked" not in {button["id"] for button in lab.header["actions"]["start"]}, "it is what is set"
    lab.choose(head="sigmoid", batch_size=64).type_target("27")
    mine = lab.experiment
    lab.press("asked")
    asked = lab.experiment
    assert asked == replace(Experiment(), target=(27,)), "the target is the visitor's"
    assert lab.toasts == ["The question, as asked: head hard_sigmoid, batch size 32."]
    lab.trained()
    lab.click("Undo settings")
    assert lab.experiment == mine and lab.session.replaced is None
    assert lab.session.run.experiment == asked, "the run stays on the stage"


def test_can_what_was_set_before_a_scenario_be_brought_back_until_something_is_set(open_app: OpenApp) -> None:
    lab = open_app("head=sigmoid&epochs=3")
    lab.choose(scenario="matched filter")
    lab.trained()
    assert "Undo settings" in [button.label for button in lab.at.button]
    lab.choose(seed=4)
    assert "Undo settings" not in [button.label for button in lab.at.button]


def test_does_a_press_that_trains_nothing_say_so(open_app: OpenApp) -> None:
    lab = open_app("init=matched&epochs=0&labels=aligned")
    lab.press("train")
    assert "Epochs is 0: the start is shown, and nothing is trained." in lab.toasts
    assert lab.trained().history.last == 0


def test_does_a_perfect_start_keep_the_settings_and_say_why_it_is_not_the_hand_set_one(open_app: OpenApp) -> None:
    lab = open_app("labels=aligned&epochs=0&batch_size=64")
    lab.press("perfect")
    assert lab.experiment == Experiment(labels="aligned", init="matched", batch_size=64), "and epochs are back"
    why, changed = lab.toasts
    assert why == (
        "The start is the matched filter, not the hand-set weights: the head's slope is exactly 0 for "
        "512 of 512 patterns there, and for 382 here."
    )
    assert changed == "Train from perfect weights: epochs 100, start from matched filter."
    lab.trained()


def test_do_the_questions_own_weights_not_move_and_is_that_said(open_app: OpenApp) -> None:
    lab = open_app()
    lab.choose(scenario="by hand, trained")
    lab.trained()
    sentence, reason = lab.header["say"]["end"]
    assert sentence == "Nothing moved in 100 epochs: the gradients of all 512 patterns are exactly 0"
    assert "512 of 512 right" in reason
    assert lab.header["actions"]["end"][0]["text"] == "Next (3 of 4): a perfect start, as asked"


# ---------------------------------------------------------------- the sidebar's buttons


def test_does_train_with_these_settings_train_exactly_these(open_app: OpenApp) -> None:
    lab = open_app("labels=aligned&epochs=40&seed=2")
    lab.train()
    run = lab.trained()
    assert run.experiment == lab.experiment == replace(Experiment(), labels="aligned", epochs=40, seed=2)
    assert (run.status, run.history.last, lab.header["title"]) == ("finished", 40, "Your settings")


def test_does_train_longer_go_on_as_if_all_epochs_had_been_asked_for(open_app: OpenApp) -> None:
    lab = open_app("labels=aligned&epochs=20")
    assert next(b for b in lab.at.button if b.label == "Train longer").disabled
    lab.train()
    first = lab.trained()
    lab.choose(epochs=30)
    lab.click("Train longer")
    run = lab.trained()
    assert run is first and run.history.last == 50
    assert lab.header["last"] == 50
    other = open_app("labels=aligned&epochs=50")
    other.train()
    assert np.array_equal(other.trained().history.rows, run.history.rows, equal_nan=True)


def test_does_continue_from_here_start_at_the_playhead(open_app: OpenApp) -> None:
    lab = open_app("labels=aligned&epochs=20")
    assert next(b for b in lab.at.button if b.label == "Continue from here").disabled
    lab.train()
    first = lab.trained()
    lab.rest(7)
    lab.choose(learning_rate=0.02)
    lab.click("Continue from here")
    run = lab.trained()
    assert run is not first
    assert (run.experiment.init, run.experiment.learning_rate) == ("given", 0.02)
    assert np.array_equal(run.history.weights_at(0), first.history.weights_at(7))
    assert lab.session.title == "From epoch 7, with a fresh optimizer"
    assert "init" not in lab.query, "a link carries no weights"


def test_do_edited_weights_become_the_start_of_training(open_app: OpenApp) -> None:
    lab = open_app("labels=aligned&epochs=5")
    mine = [0.5, -0.25, 0, 1, 2, 3, -4, 5, 6, -7, 1.5, 0.125]
    lab.report(weights=mine)
    assert lab.says.startswith("On the bench: pattern 432 · z ")
    lab.press("bench")
    run = lab.trained()
    assert run.history.linear(slice(0, 1))[0].tolist() == mine
    assert lab.session.title == "From your weights, with a fresh optimizer"


def test_does_the_study_follow_the_playhead(open_app: OpenApp) -> None:
    lab = open_app("labels=aligned&epochs=20")
    lab.train()
    lab.trained()
    lab.rest(3)
    assert [node.value for node in lab.at.subheader] == ["Study: Your settings, epoch 3 of 20"]
    at_three = [metric.value for metric in lab.at.metric]
    lab.report(playhead={"run": lab.header["run"], "epoch": 3, "playing": True})
    assert [node.value for node in lab.at.subheader] == []
    lab.rest()
    assert [node.value for node in lab.at.subheader] == ["Study: Your settings, epoch 20 of 20"]
    assert [metric.value for metric in lab.at.metric] != at_three


# ---------------------------------------------------------------- what cannot go well


def test_is_keras_own_refusal_shown_as_the_outcome(open_app: OpenApp) -> None:
    lab = open_app("loss=binary_crossentropy")
    lab.train()
    run = lab.trained()
    assert run.status == lab.header["status"] == "refused_by_keras"
    sentence, reason = lab.header["say"]["end"]
    assert sentence == "Keras refuses to train this"
    assert "must have the same rank" in reason or "shape" in reason
    assert lab.header["rows"] == 1


def test_is_a_run_that_diverges_kept_to_its_last_finite_row(open_app: OpenApp) -> None:
    lab = open_app("head=linear&labels=aligned&optimizer=sgd&learning_rate=1000&epochs=50")
    lab.train()
    run = lab.trained()
    assert run.status == "diverged"
    assert lab.header["say"]["end"][0] == f"Diverged after epoch {run.history.last:,}"
    assert all(np.isfinite(column).all() for column in columns(lab).values())
    lab.rest()


def test_does_stop_end_a_long_run_and_keep_what_was_trained(open_app: OpenApp) -> None:
    lab = open_app("epochs=100000")
    lab.train()
    lab.until(lambda: lab.session.run.history is not None and lab.session.run.history.last > 20, "it trains")
    lab.run()
    assert lab.header["growing"] is True
    assert lab.header["rows"] <= 1001
    lab.press("stop")
    run = lab.trained()
    assert run.status == "stopped" and 20 < run.history.last < 100_000
    assert lab.header["growing"] is False and lab.header["rows"] == run.history.last + 1


def test_is_the_training_loop_compiled_ahead_when_settings_change(open_app: OpenApp, wishes: list[Experiment]) -> None:
    lab = open_app()
    lab.until(lambda: bool(wishes), "TensorFlow is there, and what the page shows is to be compiled")
    assert wishes[0] == Experiment()
    assert replace(Experiment(), labels="aligned") in wishes  # the next cure
    lab.choose(batch_size=64)
    assert replace(Experiment(), batch_size=64) in wishes


def test_does_a_new_run_stop_the_old_one(open_app: OpenApp) -> None:
    lab = open_app("epochs=100000")
    lab.train()
    old = lab.session.run
    lab.until(lambda: old.history is not None, "it trains")
    lab.choose(epochs=10)
    lab.train()
    assert lab.trained() is not old
    lab.until(lambda: old.over, "the old run stops")
    assert old.status == "stopped"


# ---------------------------------------------------------------- reports that are nonsense


@pytest.mark.parametrize(
    "state",
    [
        {"pixels": -1},
        {"pixels": 512},
        {"pixels": "x"},
        {"weights": [1.0]},
        {"weights": ["a"] * 12},
        {"weights": [float("nan")] * 12},
        {"playhead": {"run": "someone else's", "epoch": 5, "playing": False}},
        {"playhead": 7},
    ],
)
def test_is_a_report_that_makes_no_sense_ignored(open_app: OpenApp, state: dict[str, Any]) -> None:
    lab = open_app()
    lab.report(**state)
    assert lab.says == "On the bench: pattern 432 · z +5 · output 1.000 · corner"
    assert lab.session.bench is None


def test_do_two_visitors_not_see_each_other(open_app: OpenApp) -> None:
    one, two = open_app("labels=aligned"), open_app()
    one.report(pixels=5)
    one.choose(seed=8)
    two.run()
    assert two.experiment == Experiment() and two.session.pixels == 432
