"""The cube of the three causes: which experiment stands in which vertex, and what is said of the figures."""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
import pytest

from corner_lab.analysis.ablation import ABLATION, CASES, SEEDS, SWITCHES, VERTICES, Case
from corner_lab.analysis.ablation_study import Causes, ablation_findings, figure, findings, heading, progress
from corner_lab.experiment.experiment import Experiment
from corner_lab.training.run import Run
from corner_lab.training.seed_sweep import Many, Tally, many_for
from tests import oracle

ASKED = Experiment(epochs=1000)


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was trained before, in whatever test, is not known here."""
    monkeypatch.setattr("corner_lab.training.seed_sweep._known", {})


def fields(case: Case) -> tuple[str, str, str, str]:
    e = case.experiment
    return e.labels, e.head, e.loss, e.balance


def test_does_every_vertex_switch_what_it_says() -> None:
    flat, smooth = ("hard_sigmoid", "mse"), ("sigmoid", "binary_crossentropy")
    assert {key: fields(case) for key, case in VERTICES.items()} == {
        "000": ("as_asked", *flat, "none"),
        "001": ("as_asked", *flat, "half_batch"),
        "010": ("as_asked", "sigmoid", "mse", "none"),
        "011": ("as_asked", "sigmoid", "mse", "half_batch"),
        "100": ("aligned", *flat, "none"),
        "101": ("aligned", *flat, "half_batch"),
        "110": ("aligned", *smooth, "none"),
        "111": ("aligned", *smooth, "half_batch"),
    }
    refused = {key: case.refused for key, case in VERTICES.items() if case.refused}
    assert set(refused) == {"010", "011"}, "where Keras raises, the nearest that it trains stands in"
    for key, e in refused.items():
        assert e == replace(VERTICES[key].experiment, loss="binary_crossentropy")


@pytest.mark.parametrize("key", VERTICES)
def test_is_what_a_vertex_says_true_of_the_run_that_is_trained_there(key: str) -> None:
    """Its title and text, against shapes of Keras's own, the head's slopes in every epoch, and the batches."""
    case = VERTICES[key]
    shapes, loss, balance = case.text.removesuffix(".").split("; ")
    y = oracle.labels(case.experiment)
    aligned = y.ndim == len(oracle.network(case.experiment).output_shape)
    assert (shapes == "Labels and outputs both (n,1,1,1)") == aligned == ("label shapes" in case.title)
    out = keras.activations.get(case.experiment.head)(np.array([3, 3.5, 4, -3, -3.5, -4], np.float32)).numpy()
    flat = bool(out[0] == out[1] == out[2] and out[3] == out[4] == out[5])
    assert flat == loss.endswith("flat from |z| = 3 outwards") == ("satur" not in case.title)
    if not flat:
        run = Run(replace(case.experiment, stop="solved")).train()  # as the sweep ends
        assert run.status in ("finished", "stopped") and run.history is not None
        assert (run.history.column("live_fraction") == 1).all(), "no gradient was exactly 0"
    words = {"mse": "mean squared error", "binary_crossentropy": "binary cross-entropy"}
    assert loss.startswith(f"{case.experiment.head} with {words[case.experiment.loss]}")
    assert ("saturation" in case.title) == (case.experiment.loss == "binary_crossentropy")
    order = case.experiment.plan.shuffled(np.random.default_rng(0), 1)[0]
    batches = order[: len(order) // 32 * 32].reshape(-1, 32)
    halves = bool(((batches == 432).sum(axis=1) == 16).all())
    assert halves == (balance == "half of every batch are targets") == ("imbalance" in case.title)


def test_is_the_time_that_is_left_that_of_the_cases_done() -> None:
    short = {key: CASES[key] for key in ("000", "001", "100", "As asked: label shapes", "As asked: SGD")}
    assert short["100"].experiment == short["As asked: label shapes"].experiment, "trained once"
    known = {"000": NONE, "001": NONE}
    causes = Told(known)
    causes.cases = short
    assert causes.remaining is None
    causes.seconds = {"000": 20.0, "001": 40.0, "100": 12.0}
    assert causes.remaining == pytest.approx(30 - 12 + 30)
    told = progress(causes, short["100"])
    assert told == (
        "2 of 3 vertices and 0 of 2 single changes measured. Training now: Cause removed: label shapes, "
        "epoch 0 of 1,000; "
        "about 50 s for all the rest."
    )
    causes.seconds["100"] = 99.0  # longer than the others: no time to come is below 0
    assert causes.remaining == 30
    known |= dict.fromkeys(short, NONE)
    assert causes.remaining == 0


def test_is_everything_else_as_asked() -> None:
    for case in VERTICES.values():
        e = case.experiment
        assert e == replace(ASKED, labels=e.labels, head=e.head, loss=e.loss, balance=e.balance)
    assert VERTICES["000"].experiment == ASKED and SEEDS == 40 and len(SWITCHES) == 3


def test_does_the_ablation_change_one_thing_at_a_time() -> None:
    def change(e: Experiment, start: Experiment) -> dict[str, str]:
        here, there = e.differences(), start.differences()
        return {
            name: here.get(name, str(getattr(e, name))) for name in {*here, *there} if here.get(name) != there.get(name)
        }

    asked, fixed = ABLATION
    assert [change(case.experiment, ASKED) for case in asked.cases] == [
        {"labels": "aligned"},
        {"head": "sigmoid", "loss": "binary_crossentropy"},
        {"head": "sigmoid"},
        {"loss": "binary_crossentropy"},
        {"balance": "half_batch"},
        {"balance": "oversample"},
        {"balance": "class_weight"},
        {"learning_rate": "0.1"},
        {"learning_rate": "0.001"},
        {"optimizer": "sgd"},
        {"batch_size": "512"},
        {"second_conv": "false"},
    ]
    assert [change(case.experiment, replace(ASKED, labels="aligned")) for case in fixed.cases] == [
        {"head": "sigmoid", "loss": "binary_crossentropy"},
        {"head": "sigmoid"},
        {"loss": "binary_crossentropy"},
        {"balance": "half_batch"},
        {"balance": "oversample"},
        {"balance": "class_weight"},
    ]
    assert len(CASES) == 8 + 12 + 6, "every case has an id of its own"


def test_is_every_case_trained_in_turn_and_what_keras_says_kept() -> None:
    short = {key: replace(CASES[key], experiment=replace(CASES[key].experiment, epochs=2)) for key in ("000", "010")}
    causes = Causes(2, short)
    assert causes.current is short["000"] and causes.vertices_done == 0
    assert figure(causes.tally(short["010"])) == "not measured yet" and causes.refusal(short["010"]) == ""
    steps = 1
    while causes.step():
        steps += 1
    assert steps > 4 and causes.current is None and causes.vertices_done == 2 and not causes.step()
    assert [figure(causes.tally(case)) for case in short.values()] == ["0 of 2 solved"] * 2
    assert causes.refusal(short["000"]) == ""
    assert "must have the same rank" in causes.refusal(short["010"])
    assert many_for(short["000"].experiment, 2).tally is causes.tally(short["000"]), "known to all"


class Told(Causes):
    """Causes whose figures are given instead of trained."""

    def __init__(self, figures: dict[str, Tally]) -> None:
        super().__init__(4)
        self.figures = figures

    def tally(self, case: Case) -> Tally:
        return self.figures.get(case.id, Tally((None,) * 4))


def test_does_the_measuring_pause_while_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("corner_lab.workers.watched.time.monotonic", lambda: now)
    monkeypatch.setattr(Many, "step", lambda many: False)
    causes = Causes(7)
    assert causes.step(), "without an audience it goes on"
    assert causes.watch() and not causes.watch(), "one worker is enough"
    now += 4
    assert causes.step()
    now += 2
    assert not causes.step(), "nobody has looked for six seconds"
    assert causes.watch() and causes.step(), "somebody is back"
    causes.cases = {}
    assert not causes.step() and not causes.watch(), "nothing is left to do"


NONE, ALL = Tally((None,) * 4, 0, 1000, "finished"), Tally((5, 8, 6, 7), 4, 9, "finished")
SOME = Tally((9, None, None, None), 1, 1000, "finished")
USUAL = {key: NONE if key[0] == "0" else ALL for key in VERTICES} | {"100": SOME}


def test_do_the_sentences_say_what_was_measured() -> None:
    assert findings(Told({})) == []
    assert findings(Told(USUAL)) == [
        "With the labels as asked, 0 of 4 seeds are solved in each of the four vertices: "
        "balanced batches, a sigmoid in place of the saturating head, or both do not help.",
        "The shapes alone solve 1 of 4: that is not sufficient. One more cause removed, whichever, solves 4.",
    ]
    assert len(findings(Told(USUAL | {"001": replace(NONE, status="running")}))) == 1
    assert len(findings(Told(USUAL | {"101": replace(NONE, status="running")}))) == 1
    other = findings(Told(USUAL | {"001": SOME, "100": ALL}))
    assert other == [
        "With the labels as asked, up to 1 of 4 seeds are solved.",
        "The shapes alone solve 4 of 4: that is sufficient.",
    ]
    assert findings(Told(USUAL | {"110": replace(SOME, solved_at=(1, 2, 3, None))}))[1].endswith("solves at least 3.")


def test_do_the_sentences_of_the_ablation_follow_the_figures() -> None:
    figures = {case.id: NONE for case in ABLATION[0].cases}
    assert ablation_findings(Told({})) == []
    start = "Of 11 single changes that leave the label shapes as asked, "
    assert ablation_findings(Told(figures)) == [start + "none has a single seed right at its last epoch."]
    figures["As asked: SGD"] = replace(SOME, right=0)
    assert ablation_findings(Told(figures))[1] == "With SGD some seeds get all 512 right on the way and lose it again."
    figures["As asked: sigmoid"] = replace(SOME, right=1)
    assert ablation_findings(Told(figures)) == [start + "the best has 1 of 4 seeds right at its last epoch."]
    figures["As asked: binary cross-entropy"] = replace(NONE, status="refused_by_keras", message_later="no")
    assert ablation_findings(Told(figures))[0].startswith("Of 10 single changes")


def test_has_every_case_a_name_of_its_own() -> None:
    assert len({heading(case) for case in CASES.values()}) == len(CASES)
    assert heading(VERTICES["101"]) == "Causes removed: label shapes, imbalance"
    assert heading(ABLATION[1].cases[1]) == "Shapes fixed: sigmoid"


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (Tally((None,) * 4), "not measured yet"),
        (Tally((None, 3, None, None), 1, 1200, "running"), "1 of 4 solved by epoch 1,200, median epoch 3"),
        (ALL, "4 of 4 solved, median epoch 6"),
        (replace(SOME, right=0), "1 of 4 solved, median epoch 9; 0 still right at epoch 1,000"),
        (Tally((None,) * 4, 0, 0, "refused_by_keras", "no"), "Keras refuses"),
        (Tally((None,) * 4, 0, 0, "failed", "no"), "failed"),
    ],
)
def test_is_a_tally_put_into_words(tally: Tally, words: str) -> None:
    assert figure(tally) == words
