"""The tasks: each is reached by its own answer, trained for real, and by nothing trivial; progress files are graded."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from corner_lab.analysis.separability import CORNERS
from corner_lab.cli import commands
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import linear_weights
from corner_lab.export.share_link import Link, query, read
from corner_lab.network.patterns import all_patterns
from corner_lab.tasks import TASKS, Task, Work
from corner_lab.tasks.bench_goals import question_loss
from corner_lab.tasks.grading import verdict_of
from corner_lab.tasks.progress_file import progress_text
from corner_lab.tasks.tasks import BY_WORD
from corner_lab.training.run import Run

BENCH = [task for task in TASKS if task.on == "bench"]
ANSWERS: dict[str, Work] = {}


def answer(word: str) -> Work:
    """What the answer of a task stands for, trained once."""
    if word not in ANSWERS:
        ANSWERS[word] = Work.of(read(BY_WORD[word].answer)[0], train=True)
    return ANSWERS[word]


def reached(work: Work) -> set[str]:
    return {task.word for task in TASKS if task.verdict(work).reached}


def on_bench(numbers: object, **fields: object) -> Work:
    return Work(Experiment(**fields), np.array(numbers, dtype=np.float32))  # type: ignore[arg-type]


def test_are_they_numbered_with_words_of_their_own_and_whole_sentences() -> None:
    assert 12 <= len(TASKS) <= 16 and [task.number for task in TASKS] == [*range(1, len(TASKS) + 1)]
    assert len(BY_WORD) == len(TASKS)
    for task in TASKS:
        assert re.fullmatch(r"[a-z_]+", task.word)
        assert all(text[-1] in ".?" for text in (task.goal, task.hint, task.told, task.teaches)), task.word
        for link in (task.start, task.answer):
            assert read(link)[1] == [], task.word
        assert bool(task.start) == bool(task.begins) and (task.begins + ".")[-1] == "."


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.word)
def test_does_its_own_answer_reach_it_and_the_link_that_is_kept_of_it_too(task: Task) -> None:
    work = answer(task.word)
    assert task.verdict(work).reached, task.verdict(work).sentence
    link = task.link(work)
    if task.on == "bench":  # needs no training
        assert task.verdict(Work.of(read(link)[0], train=False)).reached
    else:
        assert read(link)[0].experiment == read(task.answer)[0].experiment
    assert task.verdict(Work.of(read(task.start)[0], train=False)).reached is False


def test_is_none_reached_by_the_untouched_page_or_what_it_trains() -> None:
    assert reached(Work(Experiment())) == set()
    assert reached(Work.of(Link(epoch=100), train=True)) == set()
    assert reached(on_bench(linear_weights("by_hand", 432))) == set(), "edited, and put back"
    by_hand = Run(Experiment(init="by_hand")).train()
    assert by_hand.history is not None and reached(Work(by_hand.experiment, None, by_hand)) == set()


def test_does_a_trivial_answer_reach_no_more_than_it_should() -> None:
    matched = linear_weights("matched", 432)
    assert reached(on_bench(matched)) == {"corner_right"}
    assert reached(on_bench(matched * 0)) == set()  # a tie everywhere
    perfect = Run(Experiment(init="matched", labels="aligned")).train()
    assert perfect.history is not None and perfect.history.solved()
    assert reached(Work(perfect.experiment, matched, perfect)) == {"corner_right"}, "it was solved before"
    given = Run(Experiment(labels="aligned", epochs=1), weights=matched)  # it dips
    assert reached(Work(given.experiment, None, given.train())) == set()
    four = [*linear_weights("matched", 27)[:9], *linear_weights("matched", 54)[:9]]
    four += [*linear_weights("matched", 216)[:9], *matched[:9], *[-3.5] * 4, *[1] * 4, -0.25]
    work = on_bench(four, target=CORNERS, kernels=4, hidden="relu")
    assert work.counts.solved and reached(work) == set(), "with more kernels than are needed"
    one = on_bench(matched, kernels=1, target=(27, 432))
    assert not BY_WORD["two_targets"].verdict(one).reached
    near = BY_WORD["two_targets_apart"].verdict(replace(answer("two_targets"), run=None))
    assert near.sentence.startswith("One kernel can separate patterns 432 and 433")


def test_does_each_answer_reach_only_its_own_task_and_those_that_are_a_part_of_it() -> None:
    also: dict[str, set[str]] = {
        "whole_numbers": {"corner_right"},
        "one_change": {"corner_right"},
        "be_sure": {"corner_right", "one_change"},
        "from_zeros": {"corner_right"},
        "plain_sgd": {"corner_right"},
        "two_free": {"corner_right"},
        "unlearn": {"beat_rejecting"},
    }
    for task in TASKS:
        assert reached(answer(task.word)) - {task.word} == also.get(task.word, set()), task.word


# ---------------------------------------------------------------- what the sentences say


def solved_at(word: str) -> int | None:
    history = answer(word).history
    assert history is not None
    return history.solved_at


def test_are_the_figures_in_the_words_those_of_the_runs() -> None:
    unlearned = answer("unlearn").history
    assert unlearned is not None and abs(unlearned.column("corner_output")[-1] - 1 / 32) < 1e-4
    asked, fast = Run(Experiment()).train().history, answer("kill_the_gradient").history
    assert asked is not None and fast is not None and (fast.died_at, asked.died_at) == (2, 4)
    words = "Three times the question's learning rate: dead from epoch 2 on. As asked it takes 4."
    assert BY_WORD["kill_the_gradient"].told == words
    for word in ("one_change", "in_passing", "from_zeros", "plain_sgd", "two_free", "be_sure"):
        assert f"epoch {solved_at(word)}" in BY_WORD[word].told, word
    sigmoid = Run(Experiment(labels="aligned", head="sigmoid", epochs=1000)).train().history
    assert sigmoid is not None and sigmoid.solved() and f"epoch {sigmoid.solved_at}." in BY_WORD["one_change"].told
    passing, sure = answer("in_passing").history, answer("be_sure").history
    assert passing is not None and f"{passing.counts().right} of 512" in BY_WORD["in_passing"].told
    assert "some eighty epochs later" in BY_WORD["be_sure"].told  # 133 or 135, as XLA rounds
    assert sure is not None and 75 <= (sure.confident_at or 0) - solved_at("be_sure") <= 90
    assert solved_at("few_updates") == 11


def test_do_two_layers_of_zeros_move_nothing_but_the_last_bias() -> None:
    e = read(BY_WORD["from_zeros"].answer)[0].experiment
    history = Run(replace(e, second_conv=True)).train().history
    assert history is not None and not history.solved()
    assert not history.linear()[:, :11].any() and history.linear()[-1, 11] != 0


def test_what_do_outputs_cost_under_the_questions_labels() -> None:
    """Against the definition: every output of a batch with every label of it."""
    label = (np.arange(512) == 432).astype(float).reshape(16, 32)

    def cost(output: np.ndarray) -> float:
        return float(np.mean((output.reshape(16, 32)[:, :, None] - label[:, None, :]) ** 2))

    told = BY_WORD["beat_rejecting"].told
    for output in (np.zeros(512), np.full(512, 1 / 512)):
        assert question_loss(output) == pytest.approx(cost(output), rel=1e-12)
        assert f"{cost(output):.7f}" in told
    best = np.repeat(label.mean(axis=1), 32)  # of each batch: no other output costs less
    best[432] = 0.5  # the threshold, which the corner has to be above
    assert "at least 0.0023," in told and 0.0023 < cost(best) < 0.0024
    for change in (-1e-3, 1e-3):  # and these are the least: the cost is a square in each output
        for i in (0, 431, 447):
            other = best.copy()
            other[i] += change
            assert cost(other) > cost(best)


def test_which_pairs_does_one_kernel_separate() -> None:
    """A pair in which two pixels differ has two others with the same pixels on; in one pixel, the answer's recipe."""
    bits = all_patterns().reshape(512, 9)
    for a, b in combinations((432, 433, 434, 435, 27), 2):
        differing = np.flatnonzero(bits[a] != bits[b])
        task = BY_WORD["two_targets"]
        if len(differing) == 1:
            kernel = 2 * bits[a] - 1
            kernel[differing] = 0
            bias = 0.5 - kernel @ bits[a]
            assert task.verdict(on_bench([*kernel, bias, 1, 0], target=(a, b))).reached
        else:
            swapped = [a ^ (1 << int(differing[0])), b ^ (1 << int(differing[0]))]
            assert (bits[a] + bits[b] == bits[swapped].sum(axis=0)).all() and not {a, b} & set(swapped)


def test_do_four_corners_need_two_kernels() -> None:
    """The answer in plain integers: a pattern is a corner exactly where neither kernel is above 0."""
    numbers = read(BY_WORD["four_corners"].answer)[0].weights
    assert numbers is not None
    kernels, biases = np.array(numbers[:18]).reshape(2, 9), np.array(numbers[18:20])
    sums = all_patterns().reshape(512, 9) @ kernels.T + biases
    assert set(np.flatnonzero((sums <= 0).all(axis=1))) == {432, 216, 54, 27}
    assert (sums == np.round(sums)).all() and numbers[20:] == (-1, -1, 0.5)


# ---------------------------------------------------------------- grading


@pytest.fixture
def graded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, list[str]]]:
    def run(*names: str) -> tuple[int, str, list[str]]:
        status = commands.main(["grade", *(str(tmp_path / name) for name in names)])
        printed = capsys.readouterr()
        # How far it is stands there too, where it takes long.
        return status, printed.out, [line for line in printed.err.splitlines() if line.startswith("error: ")]

    return run


def test_does_grade_print_a_table_that_believes_no_claim(
    tmp_path: Path, graded: Callable[..., tuple[int, str, list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    good = {task.word: task.answer for task in TASKS if task.on == "bench"} | {
        "one_change": "https://lab.example.org/?embed=true&" + BY_WORD["one_change"].answer
    }
    wrong = {
        "corner_right": BY_WORD["corner_right"].start,
        "one_change": "labels=aligned&v=1&epoch=100",
        "be_sure": "epochs=100000&batch_size=1&v=1&epoch=5",
        "unlearn": "init=matched&epoch=1&colour=red",
        "few_updates": "",
        "fly": BY_WORD["whole_numbers"].answer,
        "whole_numbers": BY_WORD["whole_numbers"].answer,
    }
    (tmp_path / "anna.json").write_text(progress_text(good))
    (tmp_path / "ben.json").write_text(progress_text(wrong))
    (tmp_path / "torn.json").write_text(progress_text(good)[:-20])
    (tmp_path / "other.json").write_text(json.dumps({"solved": good}))
    (tmp_path / "newer.json").write_text(progress_text(good).replace('"version": 1', '"version": 2'))
    (tmp_path / "list.json").write_text(progress_text({}).replace("{}", '{"unlearn": 3}'))
    status, out, err = graded(
        "anna.json", "torn.json", "other.json", "newer.json", "list.json", "gone.json", "ben.json"
    )
    assert status == 1 and len(err) == 5 and all("error: progress '" in line for line in err)
    for line, words in zip(
        err,
        ("not a JSON file", "its format is not", "of version 2", "'unlearn' is no text", "no such file"),
        strict=True,
    ):
        assert words in line
    head, anna, ben, *said = out.splitlines()
    assert head.split() == ["file", "reached", *(str(task.number) for task in TASKS)]
    claimed = ["yes" if task.word in good else "." for task in TASKS]
    assert anna.split() == [str(tmp_path / "anna.json"), f"{len(good)}/15", *claimed]
    marks = ["." if task.word not in wrong else "yes" if task.word == "whole_numbers" else "no" for task in TASKS]
    assert ben.split() == [str(tmp_path / "ben.json"), "1/15", *marks]
    told = [line.removeprefix(f"{tmp_path / 'ben.json'}: ") for line in said]
    assert told == [
        "task 1, Make the corner right with the mouse: 511 of 512 are right: 1 target rejected.",
        told[1],
        "task 6, Solve it with one change: Beside the shapes this run changes nothing; it is to be one thing.",
        "task 8, Be sure of it: The link trains 51,200,000 updates; graded are runs of up to 1,000,000.",
        "task 11, At most 12 updates: Nothing was trained yet.",
        "task 'fly': There is no such task.",
    ]
    assert told[1].startswith("task 3, Unlearn a perfect start: The link says unknown field 'colour'")
    assert graded("gone.json", "torn.json")[0] == 2
    assert commands.main(["grade", "--json", str(tmp_path / "ben.json")]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["files"]
    assert entry["reached"] == 1 and [one["task"] for one in entry["links"] if one["reached"]] == ["whole_numbers"]


def test_is_what_keras_refuses_or_a_link_cannot_train_a_sentence() -> None:
    refused = "loss=binary_crossentropy&epochs=1&v=1&epoch=1"
    assert verdict_of("one_change", refused).sentence == "Keras refuses to train this."
    assert not verdict_of(
        "two_free", query(Link(Experiment(epochs=1), held={i: 0.0 for i in range(12)}, epoch=1))
    ).reached
    long = Run(Experiment(epochs=10))
    long.step()
    long.stop()
    long.train()
    assert long.reason == "by_hand" and long.history is not None
    assert f"epochs={long.history.last}&" in Work(long.experiment, None, long).run_link + "&"
