"""Does an exported script, run by plain Keras alone, come to what the app came to?"""

from __future__ import annotations

import ast
import itertools
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from corner_lab import cli
from corner_lab.experiment import REGISTRIES, Experiment
from corner_lab.run import Run
from corner_lab.scenarios import SCENARIOS
from corner_lab.script import Seen, keras_script, script_of
from corner_lab.weights import Shape, Vector
from tests import oracle

ROOT = Path(__file__).resolve().parents[2]

# ---------------------------------------------------------------- what is exported


def spread() -> list[Experiment]:
    """Every combination of head, labels and loss, every other one twice, with all other words in turn.

    The two differ in nothing that shapes compiled code, which is what takes time here. Batches are not tiny nor steps
    large: that is chaos, in which Keras with XLA and without soon disagrees with itself.
    """
    dice = random.Random(4)

    def in_turn(*words: Any) -> Iterator[Any]:
        while True:
            yield from dice.sample(words, len(words))

    balances, optimizers = in_turn(*oracle.BALANCES), in_turn(*oracle.OPTIMIZERS)
    # The halves of a batch can pull equally: true gradients are then 0, and the others make whole steps of roundings.
    steady = in_turn("sgd", "momentum")
    sizes, second_convs = in_turn(64, 128, 256, 512), in_turn(True, True, False)
    inits, stops = in_turn(*REGISTRIES["init"]), in_turn(*REGISTRIES["stop"])
    found = []
    kinds = itertools.product(oracle.HEADS, oracle.LABELS, oracle.LOSSES)
    allowed = [kind for kind in kinds if kind[2] in oracle.losses_for(kind[0])]
    for number, (head, labels, loss) in enumerate(allowed):
        several, balance = dice.random() < 0.3, next(balances)
        first = Experiment(
            head=head,
            labels=labels,
            loss=loss,
            balance=balance,
            optimizer=next(steady if balance == "half_batch" else optimizers),
            second_conv=next(second_convs),
            batch_size=next(sizes),
        )
        for _ in range(1 + number % 2):
            init = next(inits)
            e = replace(
                first,
                target=tuple(dice.sample(range(512), 3 if several else 1)),
                init="he_normal" if several and init in ("by_hand", "matched") else init,
                learning_rate=dice.choice((0.001, 0.003, 0.01)),
                epochs=dice.randint(3, 5),
                seed=dice.randrange(2**31),
                stop=next(stops),
            )
            found.append(e)
    return found


SHORT = SCENARIOS["the short way"].experiment
SPECIAL = {
    "as asked": Experiment(epochs=5),
    "nothing trained": SCENARIOS["by hand"].experiment,
    "nothing trained, two kernels": Experiment(
        head="softmax", loss="mse", second_conv=False, init="by_hand", epochs=0, balance="half_batch"
    ),
    "solved before it began": Experiment(init="matched", stop="solved"),
    "stopped when solved": SHORT,
    "stopped when confident": replace(SHORT, stop="confident", batch_size=256, optimizer="adam"),
    "stopped when confident, logits": replace(
        SHORT, stop="confident", loss="binary_crossentropy", balance="oversample", learning_rate=0.3
    ),
    "diverged": Experiment(head="linear", optimizer="sgd", learning_rate=1000.0, stop="solved"),
    "diverged before it began": Experiment(head="linear", init="given", epochs=0),
    "refused, hard negatives": Experiment(loss="binary_crossentropy", balance="hard_negatives", stop="solved"),
    "refused, nothing trained": Experiment(loss="binary_focal_crossentropy", init="by_hand", epochs=0),
    "most patterns are targets": Experiment(target=tuple(range(5, 512)), balance="oversample", epochs=2),
}
EXPERIMENTS = SPECIAL | {
    "-".join((str(i), e.head, e.labels, e.loss, e.balance, e.optimizer, e.init, e.stop)): e
    for i, e in enumerate(spread())
}


def given_weights(name: str) -> Vector | None:
    e = EXPERIMENTS[name]
    if e.init != "given":
        return None
    size = Shape.of(e.two_outputs, e.second_conv).size
    if name == "diverged before it began":
        return np.full(size, 1e30, np.float32)
    return np.random.default_rng(e.seed).normal(size=size).astype(np.float32)


# ---------------------------------------------------------------- running scripts

# Runs each script whose path it reads in a namespace of its own, and prints its weights and what it raised. The
# process knows keras and the scripts, and nothing of corner_lab.
DRIVER = """
import json, runpy, sys, traceback, warnings
import keras
warnings.simplefilter("error")
out, sys.stdout = sys.stdout, open(sys.argv[1], "w")
for line in sys.stdin:
    keras.utils.clear_session()
    result = {}
    try:
        model = runpy.run_path(line.strip(), run_name="__main__")["model"]
        result["weights"] = [array.ravel().tolist() for array in model.get_weights()]
    except Exception:
        result["raised"] = traceback.format_exc()
    print(json.dumps(result), file=out, flush=True)
assert not any(name.startswith("corner_lab") for name in sys.modules)
"""


Result = dict[str, Any]  # the weights of a script's model, or what it raised


class Scripts:
    """Scripts run one after another in one process of plain Keras, each with its result to wait for."""

    def __init__(self, folder: Path) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        command = [sys.executable, "-c", DRIVER, str(folder / "printed")]
        self._folder, self._count, self._last = folder, itertools.count(), ThreadPoolExecutor(1)
        self._process = subprocess.Popen(command, env=environment, stdin=-1, stdout=-1, text=True)

    def __enter__(self) -> Scripts:
        return self

    def __exit__(self, *_: object) -> None:
        self._last.shutdown(cancel_futures=True)
        with self._process:
            self._process.kill()

    def start(self, text: str) -> Future[Result]:
        path = self._folder / f"script_{next(self._count)}.py"
        path.write_text(text, encoding="utf-8")
        return self._last.submit(self._result, path)

    def _result(self, path: Path) -> Result:
        assert self._process.stdin and self._process.stdout
        print(path, file=self._process.stdin, flush=True)
        result: Result = json.loads(self._process.stdout.readline())
        return result


class Exported:
    """Every experiment trained and exported in a thread, each script run in another process meanwhile."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts, self._thread = scripts, ThreadPoolExecutor(1)
        self._runs = {name: self._thread.submit(self._trained, name) for name in EXPERIMENTS}
        self._results: dict[str, Future[Result]] = {}
        for name, (e, held) in HELD.items():
            self._results[name] = scripts.start(keras_script(e, held_start(e), held=held))

    def _trained(self, name: str) -> Run:
        run = Run(EXPERIMENTS[name], given_weights(name)).train()
        self._results[name] = self._scripts.start(script_of(run))
        for what, (wrong, _) in WRONG.get(name, {}).items():
            text = keras_script(run.experiment, given_weights(name), replace(Seen.of(run), **wrong))
            self._results[f"{name}: {what}"] = self._scripts.start(text)
        return run

    def run(self, name: str) -> Run:
        """How the app ended."""
        return self._runs[name].result(timeout=200)

    def result(self, name: str) -> Result:
        """How its script ended."""
        if name not in HELD:
            self.run(name.split(": ")[0])
        return self._results[name].result(timeout=200)

    def stop(self) -> None:
        self._thread.shutdown(cancel_futures=True)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    with Scripts(tmp_path_factory.mktemp("scripts")) as scripts:
        exported = Exported(scripts)
        yield exported
        exported.stop()


# ---------------------------------------------------------------- the same end


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_does_a_script_come_to_the_apps_weights_and_verdict(name: str, exported: Exported) -> None:
    run, result = exported.run(name), exported.result(name)
    assert "raised" not in result, result["raised"]
    if run.status != "diverged":
        assert run.history is not None
        difference = largest_difference(run.history.weights_at(-1), np.concatenate(result["weights"]))
        assert difference <= 1e-5


def largest_difference(one: Vector, other: Vector) -> float:
    """As a share of the weight where that is beyond 1."""
    return float(np.max(np.abs(one - other) / np.maximum(1, np.abs(one))))


def test_are_all_words_among_the_experiments_and_all_kinds_of_ends(exported: Exported) -> None:
    assert len(EXPERIMENTS) >= 60
    for field, registry in REGISTRIES.items():
        assert {getattr(e, field) for e in EXPERIMENTS.values()} == set(registry), field
    assert {len(e.target) for e in EXPERIMENTS.values()} == {1, 3, 507}
    runs = [exported.run(name) for name in EXPERIMENTS]
    assert {run.status for run in runs} == {"finished", "stopped", "diverged", "refused_by_keras"}
    stopped = [run for run in runs if run.status == "stopped" and run.history and run.history.last > 0]
    assert {run.experiment.stop for run in stopped} >= {"solved", "confident"}


# ---------------------------------------------------------------- another end

WRONG: dict[str, dict[str, tuple[dict[str, Any], str]]] = {
    # experiment: what is wrong, the fields of a wrong outcome, and what the script says to it
    "nothing trained": {
        "the count": ({"right": 511}, "assert right == 511"),
        "the corner": ({"corner_output": 0.99}, "assert abs(corner_output - 0.99)"),
        "the others": ({"worst_other_output": 0.01}, "assert abs(worst_other_output - 0.01)"),
    },
    "as asked": {
        "it diverged": ({"status": "diverged"}, "assert not all(np.isfinite"),
        "it was refused": ({"status": "refused_by_keras"}, "Keras has trained what it refused"),
    },
    "stopped when solved": {"the epoch": ({"epochs": 10}, "assert len(history.epoch) == 10")},
    "diverged": {"it finished": ({"status": "finished"}, "assert ")},
    "refused, nothing trained": {"the message": ({"message": "No such words"}, 'assert "No such words" in')},
}


@pytest.mark.parametrize(("name", "what"), [(name, what) for name in WRONG for what in WRONG[name]])
def test_does_a_script_notice_another_outcome(name: str, what: str, exported: Exported) -> None:
    raised = exported.result(f"{name}: {what}")["raised"]
    assert "\nAssertionError" in raised and WRONG[name][what][1] in raised


# ---------------------------------------------------------------- held weights

LOGISTIC = Experiment(labels="aligned", head="sigmoid", loss="binary_crossentropy", init="given", epochs=3, seed=5)
CATEGORICAL = replace(LOGISTIC, head="softmax", loss="categorical_crossentropy")
HELD: dict[str, tuple[Experiment, dict[int, float]]] = {
    "held, two convolutions": (replace(LOGISTIC, optimizer="adamw"), {0: 0.25, 4: -1.5, 9: -0.5, 10: 2.0}),
    "held, output bias": (replace(LOGISTIC, optimizer="nadam", balance="hard_negatives"), {11: 0.75}),
    "held, one convolution": (replace(LOGISTIC, optimizer="momentum", second_conv=False), {8: 1.0, 9: 0.125}),
    "held, two outputs": (replace(CATEGORICAL, optimizer="lion"), {3: 1.0, 10: -0.5, 11: 2.0, 13: 0.25}),
    "held, two kernels": (replace(CATEGORICAL, second_conv=False), {4: 0.5, 5: -1.5, 18: 0.0, 19: 3.0}),
}


def held_start(e: Experiment) -> Vector:
    size = Shape.of(e.two_outputs, e.second_conv).size
    return np.random.default_rng(e.seed).normal(size=size).astype(np.float32)


@pytest.mark.parametrize("name", [name for name in HELD if "output bias" not in name])
def test_do_held_weights_end_as_with_masked_gradients(name: str, exported: Exported) -> None:
    (e, held), result = HELD[name], exported.result(name)
    assert "raised" not in result, result["raised"]
    theirs = np.concatenate(result["weights"])
    assert {index: theirs[index] for index in held} == held
    assert largest_difference(masked(e, held), theirs) <= 1e-5


def masked(e: Experiment, held: dict[int, float]) -> Vector:
    """The flat weights after training in plain Keras with the gradients of held weights set to 0."""
    start = held_start(e)
    free = np.ones(len(start), np.float32)
    for index, value in held.items():
        start[index], free[index] = value, 0
    shape = Shape.of(e.two_outputs, e.second_conv)
    masks = shape.to_keras(free)
    model = oracle.compiled(e, shape.to_keras(start))
    variables, loss = model.trainable_variables, oracle.loss_object(e)
    x, y = oracle.X, oracle.labels(e)
    for order in oracle.orders(e, e.epochs):
        for batch in np.split(order, range(e.batch_size, len(order), e.batch_size)):
            with tf.GradientTape() as tape:
                cost = loss(y[batch], model(x[batch]))
            gradients = tape.gradient(cost, variables)
            model.optimizer.apply([g * mask for g, mask in zip(gradients, masks, strict=True)], variables)
            for variable, mask, before in zip(variables, masks, shape.to_keras(start), strict=True):
                variable.assign(np.where(mask == 1, variable, before))  # AdamW shrinks even where the gradient is 0
    return np.concatenate([array.ravel() for array in model.get_weights()])


def test_is_an_output_bias_held_among_hard_negatives(exported: Exported) -> None:
    (*_, [bias]) = exported.result("held, output bias")["weights"]
    assert bias == 0.75


@pytest.mark.parametrize(
    ("e", "place"),
    [(Experiment(), -1), (Experiment(second_conv=False), 10), (Experiment(head="softmax", loss="mse"), 14)],
)
def test_can_a_weight_be_held_that_there_is_not(e: Experiment, place: int) -> None:
    with pytest.raises(ValueError, match=f"held weight {place}"):
        keras_script(e, held={place: 1.0})


# ---------------------------------------------------------------- what is written


def combinations() -> Iterator[Experiment]:
    """Every combination of words that an experiment allows, with initial weights, stop rules and targets in turn."""
    inits, stops = itertools.cycle(REGISTRIES["init"]), itertools.cycle(REGISTRIES["stop"])
    targets = itertools.cycle([(432,), (27, 54), tuple(range(100))])
    fields = ("head", "labels", "loss", "balance", "optimizer")
    for words in itertools.product(*(REGISTRIES[field] for field in fields)):
        init, target = next(inits), next(targets)
        init = "zeros" if init in ("by_hand", "matched") and len(target) > 1 else init
        try:
            yield Experiment(
                **dict(zip(fields, words, strict=True)),  # type: ignore[arg-type]
                init=init,
                target=target,
                stop=next(stops),
                second_conv=len(target) != 2,
            )
        except ValueError:
            continue


def test_is_every_combination_clean_python_that_needs_keras_and_numpy_alone(tmp_path: Path) -> None:
    seen = Seen("finished", "", 100, 511, -0.25, 0.5, 1e-3, 0)
    count = 0
    for count, e in enumerate(combinations(), start=1):
        size = Shape.of(e.two_outputs, e.second_conv).size
        weights = np.linspace(-1, 1, size, dtype=np.float32) if e.init == "given" else None
        refused = oracle.refused_by_keras(e.head, e.labels, e.loss)
        status = "refused_by_keras" if refused else ("finished", "stopped", "diverged")[count % 3]
        held = {0: 0.1, 3: -20.5, 9: 1.0} if count % 5 == 0 else None
        text = keras_script(e, weights, replace(seen, status=status, unsure=count % 2), held)
        compile(text, "script.py", "exec")
        imported = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Import | ast.ImportFrom)]
        assert [ast.unparse(node) for node in imported] == ["import keras", "import numpy as np"]
        assert ("The bug: " in text) == e.broadcasts
        (tmp_path / f"script_{count}.py").write_text(text, encoding="utf-8")
    assert count == (28 + 6) * 5 * 8
    for words in (["check", "--select", "E,F,I,B,UP,SIM,W,N"], ["format", "--diff"]):
        command = [sys.executable, "-m", "ruff", words[0], "--isolated", "--line-length", "100", *words[1:], "--quiet"]
        done = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_does_the_asked_script_say_where_the_bug_is() -> None:
    text = keras_script(SCENARIOS["as asked"].experiment)
    assert text.startswith('"""The question, as asked\n')
    bug = text.index("# The bug: y of shape (n,) meets an output of shape (n,1,1,1)")
    assert 'y = positive.astype("float32")  # (512,)\n' in text[bug:]
    assert "pip install keras tensorflow" in text
    assert "assert " not in text  # nothing was seen yet


def test_does_a_script_hold_nothing_that_its_experiment_does_not_use() -> None:
    text = keras_script(SCENARIOS["by hand"].experiment)
    for word in ("SEED", "EPOCHS", "batches", "fit(", "class ", "optimizer", "set_random_seed", "sample_weight"):
        assert word not in text


def test_is_a_run_that_was_stopped_by_hand_exported_up_to_there() -> None:
    run = Run(Experiment(epochs=50, stop="solved"))
    while run.step():
        run.stop()
    assert run.status == "stopped" and run.history is not None and run.history.last == 0
    assert "model.fit" not in script_of(run)
    for message in ("stopped by hand after epoch 7", "stopped after epoch 7: nobody was looking any more"):
        text = keras_script(run.experiment, seen=replace(Seen.of(run), epochs=7, message=message))
        assert "EPOCHS = 7\n" in text and "callbacks" not in text


def test_is_there_no_script_without_an_outcome_or_weights() -> None:
    with pytest.raises(ValueError, match="waiting"):
        script_of(Run(Experiment()))
    with pytest.raises(ValueError, match="given"):
        keras_script(Experiment(init="given"))


# ---------------------------------------------------------------- standing alone


@pytest.mark.parametrize(
    ("words", "environment", "said"),
    [
        (["--scenario", "as asked", "--epochs", "5"], {}, "Not solved: 511 of 512 patterns right"),
        (["--loss", "binary_crossentropy"], {"KERAS_BACKEND": "tensorflow"}, "Keras refuses to train this: "),
    ],
)
def test_does_a_script_from_the_command_line_run_by_itself(
    words: list[str], environment: dict[str, str], said: str, tmp_path: Path
) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KERAS_", "PYTHON"))}
    command = [sys.executable, "-m", "corner_lab", "export", *words, "--output", str(tmp_path / "corner.py")]
    done = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    alone = clean | environment | {"KERAS_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "corner.py"], cwd=tmp_path, env=alone, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0 and said in done.stdout, done.stdout + done.stderr


def test_does_export_print_the_script_and_write_the_files_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network, weights = tmp_path / "corner.keras", tmp_path / "weights.json"
    words = ["export", "--init", "matched", "--epochs", "2", "--keras", str(network), "--save", str(weights)]
    assert cli.main(words) == 0
    text, err = capsys.readouterr()
    run = Run(Experiment(init="matched", epochs=2)).train()
    assert run.history is not None
    assert (text, err) == (script_of(run), "")
    model = keras.saving.load_model(network, safe_mode=True)
    assert np.array_equal(np.concatenate([array.ravel() for array in model.get_weights()]), run.history.weights_at(-1))
    assert json.loads(weights.read_text())["bias"] == pytest.approx(run.history.weights_at(-1)[9])


def test_does_export_start_from_saved_weights(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "weights.json"
    file.write_text(json.dumps({"kernel": [[0.1] * 3] * 3, "bias": -7.25, "second_kernel": [1], "second_bias": [0]}))
    assert cli.main(["export", "--from", str(file), "--epochs", "0"]) == 0
    text = capsys.readouterr().out
    assert "[0.1, 0.1, 0.1]," in text and "np.array([-7.25])" in text
