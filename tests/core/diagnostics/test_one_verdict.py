"""Random runs: is there one verdict, wherever it is told, and is each number of a headline that of exact arithmetic?"""

from __future__ import annotations

import json
import re
import subprocess
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from corner_lab.diagnostics import findings, of_code
from corner_lab.diagnostics.explanation import Explanation, causes, headline
from corner_lab.diagnostics.remedies import solves
from corner_lab.experiment.experiment import BATCH_SIZES, REGISTRIES, Experiment, ExperimentError
from corner_lab.export.run_report import report
from corner_lab.training.run import Run
from tests import oracle
from tools.js import NODE, ROOT

STRUCTURES, RUNS = 50, 20  # 1,000 runs; structures are few because each is compiled
TARGETS = ((432,), (27,), (0,), (511,), (432, 433), (27, 54, 216, 432), (186, 325), tuple(range(511)))
STARTS = ("glorot_uniform", "glorot_uniform", "matched", "by_hand", "zeros")
NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?")
STAGE = """
import { readFileSync } from "node:fs";
import { allZ } from "./ui/components/stage/network/forward.js";
import { summary, targetFlags } from "./ui/components/stage/network/verdict.js";
const runs = JSON.parse(readFileSync(0, "utf8"));
const told = ({ numbers, targets, threshold }) => {
  const { tp, fp, fn, right } = summary(allZ(Float32Array.from(numbers)), targetFlags(targets), threshold);
  return { tp, fp, fn, right };
};
console.log(JSON.stringify(runs.map(told)));
"""


def structures(rng: np.random.Generator, count: int) -> list[dict[str, Any]]:
    """What is compiled: random, allowed, and nothing that Keras refuses."""
    drawn: list[dict[str, Any]] = []
    while len(drawn) < count:
        fields = {
            name: str(rng.choice(list(REGISTRIES[name]))) for name in ("head", "labels", "loss", "balance", "optimizer")
        }
        if oracle.refused_by_keras(fields["head"], fields["labels"], fields["loss"]):
            continue
        try:
            e = Experiment(**fields, second_conv=bool(rng.random() < 0.7), batch_size=int(rng.choice(BATCH_SIZES[4:])))
        except ExperimentError:
            continue
        drawn.append({name: getattr(e, name) for name in (*fields, "second_conv", "batch_size")})
    return drawn


def random_runs(number: int, count: int) -> list[Run]:
    """Runs of the structure with this number, every one with a target, a start, a pace and a length of its own."""
    fields = structures(np.random.default_rng(2026), number + 1)[number]
    rng = np.random.default_rng([2026, number])
    runs = []
    for _ in range(count):
        rest = {
            "target": TARGETS[rng.integers(len(TARGETS))],
            "init": str(rng.choice(STARTS)),
            "learning_rate": float(f"{10 ** rng.uniform(-5, 2.5):.1g}"),
            "epochs": int(rng.integers(0, 40)),
            "seed": int(rng.integers(1000)),
            "stop": str(rng.choice(("never", "solved"))),
            "labels_shuffled": bool(rng.random() < 0.15),
        }
        try:
            e = Experiment(**fields, **rest)
        except ExperimentError:  # what this structure does not go with
            plain = {"target": (432,), "init": "glorot_uniform", "stop": "never", "labels_shuffled": False}
            e = Experiment(**fields, **{**rest, **plain})
        runs.append(Run(e).train())
    return runs


UNIT = 2**149  # every float32 is a whole number of its inverse


def exact_z(numbers: np.ndarray) -> list[int]:
    """z of all 512 patterns from twelve float32 numbers, without any rounding: in whole numbers of 1 / UNIT**2."""
    n = [int(Fraction(float(number)) * UNIT) for number in numbers]
    sums = [0]
    for cell in n[:9]:
        sums += [total + cell for total in sums]
    return [(total + n[9]) * n[10] + n[11] * UNIT for total in sums]


def exact_counts(e: Experiment, numbers: np.ndarray) -> dict[str, int]:
    threshold = UNIT**2 // 2 if (e.head, e.loss) == ("linear", "mse") else 0
    positive = oracle.is_positive(e)
    z = exact_z(numbers)
    right = [(value > threshold) if target else (value < threshold) for value, target in zip(z, positive, strict=True)]
    wrong = [bool(target) for ok, target in zip(right, positive, strict=True) if not ok]
    return {"right": sum(right), "fn": sum(wrong), "fp": len(wrong) - sum(wrong), "tp": sum(positive) - sum(wrong)}


def check_sentence(run: Run, sentence: str, counts: dict[str, int]) -> None:
    """Every number in the sentence is one of these, and says what it should."""
    history, e = run.history, run.experiment
    assert history is not None
    numbers = [float(text.replace(",", "")) for text in NUMBER.findall(sentence)]
    if run.status == "diverged":
        assert sentence == f"Diverged after epoch {history.last:,}"
        return
    if sentence.startswith("Nothing moved"):
        assert (history.weights == history.weights[0]).all() and numbers[0] == history.last
        gone = numbers[1:] == [512, 0]
        assert gone or numbers[1:] == [counts["right"], 512]
        if gone:
            assert not any(history.column(name)[0] for name in ("gradient_targets", "gradient_others"))
        return
    assert numbers[:2] == [counts["right"], 512]
    if counts["right"] == 512:
        if "solved at epoch" in sentence:
            epoch = int(numbers[2])
            rights = [exact_counts(e, history.linear(slice(row, row + 1))[0])["right"] for row in range(epoch + 1)]
            assert rights[-1] == 512 and 512 not in rights[:-1]
    elif counts["fp"]:
        assert numbers[2:] == [counts["fp"]]
    elif len(e.target) > 1:
        assert numbers[2:] == [counts["fn"], len(e.target)]
    else:
        assert numbers[2:] == [] and "the one that matters is wrong" in sentence


def check_agreement(run: Run) -> dict[str, int]:
    """Headline, findings, report and Keras itself say the same of the last row. Returns its exact counts."""
    history, e = run.history, run.experiment
    assert history is not None
    numbers = history.linear(slice(history.last, history.last + 1))[0]
    counts = exact_counts(e, numbers)
    found = findings(run)
    sentence, reason = headline(run, found)
    check_sentence(run, sentence, counts)
    assert history.solved() == (counts["right"] == 512)
    assert (of_code(found, "solved").status == "passed") == (counts["right"] == 512 and run.status != "diverged")
    named = causes(found)
    if run.status != "diverged" and counts["right"] < 512 and named:
        assert named[0].reason[1:] in reason
    told = report(run)
    assert {name: told[name] for name in ("tp", "fp", "fn", "solved")} == told_of(counts)
    check_keras(e, history.shape.to_keras(history.weights_at(-1)), numbers, counts)
    return counts


def told_of(counts: dict[str, int]) -> dict[str, int | bool]:
    return {**{name: counts[name] for name in ("tp", "fp", "fn")}, "solved": counts["right"] == 512}


def check_keras(e: Experiment, arrays: list[np.ndarray], numbers: np.ndarray, counts: dict[str, int]) -> None:
    """Float32 outputs count the same but where z is within rounding of the threshold."""
    z = np.array([value / UNIT**2 for value in exact_z(numbers)])
    threshold = 0.5 if (e.head, e.loss) == ("linear", "mse") else 0.0
    near = np.abs(z - threshold) <= 1e-5 * (1 + float(np.abs(numbers.astype(float)).sum()) * abs(float(numbers[10])))
    own = oracle.pre_activations(arrays) > threshold
    right = own == oracle.is_positive(e)
    assert right[~near].sum() <= counts["right"] <= right[~near].sum() + near.sum()


def check_stage(runs: list[Run], counts: list[dict[str, int]]) -> None:
    """The page's JavaScript counts the same of the same numbers."""
    documents = []
    for run in runs:
        assert run.history is not None
        numbers = run.history.linear(slice(run.history.last, run.history.last + 1))[0]
        e = run.experiment
        documents.append(
            {"numbers": numbers.astype(float).tolist(), "targets": list(e.target), "threshold": e.threshold}
        )
    done = subprocess.run(
        [NODE, "--input-type=module", "--eval", STAGE],
        cwd=ROOT,
        input=json.dumps(documents),
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    assert told == [{name: count[name] for name in ("tp", "fp", "fn", "right")} for count in counts]


def numbers() -> list[Any]:
    """Of all structures, the first also without the long grid."""
    grid = pytest.mark.oracle_grid
    return [pytest.param(number, marks=grid if number else ()) for number in range(STRUCTURES)]


@pytest.mark.parametrize("number", numbers())
def test_is_there_one_verdict_wherever_it_is_told(number: int) -> None:
    runs = random_runs(number, RUNS)
    check_stage(runs, [check_agreement(run) for run in runs])
    assert len(runs) == RUNS and STRUCTURES * RUNS == 1000


@pytest.mark.oracle_grid
@pytest.mark.parametrize("number", range(12))
def test_is_next_a_remedy_of_the_findings_whose_effect_was_trained(number: int) -> None:
    for run in random_runs(number, 3):
        explanation = Explanation(run).finished()
        assert not explanation.problem
        if explanation.next is None:
            continue
        remedy, effect = explanation.next
        together = explanation.combined.remedy if explanation.combined is not None else None
        assert remedy in [f.remedy for f in explanation.issues] or remedy is together
        again = remedy.run().train()
        assert again.history is not None
        assert solves(effect) == (again.history.solved() and again.history.last > 0), (run, effect)
