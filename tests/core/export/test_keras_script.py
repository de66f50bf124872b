"""Does an exported script, run by plain Keras alone, come to what the app came to?"""

from __future__ import annotations

import ast
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from corner_lab.cli import commands
from corner_lab.diagnostics.explanation import sentences
from corner_lab.experiment.experiment import REGISTRIES, Experiment
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.export.keras_script import Seen, keras_script, script_of
from corner_lab.export.share_link import read
from corner_lab.network.parameters import Vector
from corner_lab.pictures.scenes import KINDS
from corner_lab.training.run import Run
from tests import oracle
from tests.scripts import Scripts, largest_difference, start_of

SHORT = SCENARIOS["the short way"].experiment
EXPERIMENTS = {
    "as asked": Experiment(epochs=5),
    "nothing trained": SCENARIOS["by hand"].experiment,
    "nothing trained, two kernels": Experiment(
        head="softmax", loss="mse", second_conv=False, init="by_hand", epochs=0, balance="half_batch"
    ),
    "solved before it began": Experiment(init="matched", stop="solved"),
    "stopped when solved": SHORT,
    "stopped when confident": replace(SHORT, stop="confident", batch_size=256, optimizer="adam"),
    "diverged": Experiment(head="linear", optimizer="sgd", learning_rate=1000.0, stop="solved"),
    "diverged before it began": Experiment(head="linear", init="given", epochs=0),
    "refused, hard negatives": Experiment(loss="binary_crossentropy", balance="hard_negatives", stop="solved"),
    "refused, nothing trained": Experiment(loss="binary_focal_crossentropy", init="by_hand", epochs=0),
    "most patterns are targets": Experiment(target=tuple(range(5, 512)), balance="oversample", epochs=2),
    "half batches": Experiment(labels="aligned", balance="half_batch", optimizer="sgd", epochs=2, seed=7),
    "class weights that weight batches": Experiment(balance="class_weight", optimizer="rmsprop", epochs=2),
    "hard negatives, one convolution": Experiment(
        head="softmax", loss="categorical_crossentropy", balance="hard_negatives", second_conv=False, epochs=2
    ),
    "shuffled labels": Experiment(labels_shuffled=True, epochs=3),
    "shuffled labels, each meets one": Experiment(
        labels_shuffled=True, labels="aligned", balance="class_weight", epochs=2
    ),
    "shuffled labels, oversampled": Experiment(
        head="softmax", loss="categorical_crossentropy", balance="oversample", labels_shuffled=True, epochs=2
    ),
    "shuffled labels, half batches": Experiment(
        labels="aligned", labels_shuffled=True, balance="half_batch", optimizer="sgd", epochs=2
    ),
    "four kernels, relu, the first matched": Experiment(
        labels="aligned",
        kernels=4,
        hidden="relu",
        init="matched",
        balance="half_batch",
        optimizer="sgd",
        batch_size=128,
        epochs=3,
    ),
    "one kernel, relu, by hand": Experiment(labels="aligned", hidden="relu", init="by_hand", batch_size=512, epochs=2),
    "two kernels, two outputs": Experiment(
        head="softmax", loss="categorical_crossentropy", kernels=2, target=(27, 54), batch_size=128, epochs=3
    ),
    "given weights of eight kernels": Experiment(
        head="softmax", loss="mse", kernels=8, hidden="relu", init="given", batch_size=512, epochs=2
    ),
    "given weights": Experiment(labels="aligned", init="given", balance="class_weight", epochs=2),
    "patches of scenes, hard negatives": Experiment(
        data="scenes:noisy", scene_count=10, balance="hard_negatives", labels="aligned", batch_size=512, epochs=2
    ),
    "patches of scenes, half batches": Experiment(
        data="scenes:overlapping", scene_count=11, scene_seed=5, balance="half_batch", batch_size=512, epochs=2
    ),
    "patches of scenes, shuffled labels, given weights": Experiment(
        data="scenes:thin",
        scene_count=10,
        balance="class_weight",
        labels="aligned",
        labels_shuffled=True,
        head="softmax",
        loss="categorical_crossentropy",
        second_conv=False,
        init="given",
        target=(27, 54),
        batch_size=512,
        epochs=2,
    ),
}
# One for each kind of loop, and a smaller last batch; the others run without XLA, which all of the grid have.
WITH_XLA = ("as asked", "stopped when solved", "hard negatives, one convolution", "shuffled labels, oversampled")
# What the others have too, each in another place: with the grid.
LATER = (
    "shuffled labels, half batches",
    "one kernel, relu, by hand",
    "two kernels, two outputs",
    "given weights",
    "patches of scenes, half batches",
)
ENDS = {
    **dict.fromkeys(("solved before it began", "stopped when solved", "stopped when confident"), "stopped"),
    **dict.fromkeys(("diverged", "diverged before it began"), "diverged"),
    **dict.fromkeys(("refused, hard negatives", "refused, nothing trained"), "refused_by_keras"),
}


CHAOTIC = Experiment(labels="aligned", head="linear", learning_rate=1.0, batch_size=256, epochs=30)
SEEN = Seen(
    status="finished",
    reason="all_epochs",
    message="",
    epochs=100,
    right=511,
    corner_output=-0.25,
    worst_other_output=0.5,
    tolerance=1e-3,
    verdicts="+" * 400 + "-?" * 56,
    weights=np.linspace(-2, 2, 12, dtype=np.float32),
)


def trained(name: str) -> Run:
    e = EXPERIMENTS[name]
    if e.init != "given":
        return Run(e).train()
    return Run(e, start_of(e, scale=1e18 if "diverged" in name else 1)).train()


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripts]:
    with Scripts(tmp_path_factory.mktemp("scripts")) as scripts:
        yield scripts


# ---------------------------------------------------------------- the same end


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.oracle_grid) if name in LATER else name for name in EXPERIMENTS],
)
def test_does_a_script_come_to_the_apps_weights_and_verdict(name: str, scripts: Scripts) -> None:
    run = trained(name)
    assert run.status == ENDS.get(name, "finished")
    scripts.comes_to_the_end_of(run, xla=name in WITH_XLA)


# ---------------------------------------------------------------- another end

WRONG: dict[str, dict[str, tuple[dict[str, Any], str]]] = {
    # experiment: what is wrong, the fields of a wrong outcome, and what the script says to it
    "nothing trained": {
        "a pattern": (
            {"verdicts": "+" * 432 + "-" + "+" * 79},
            "expected of these patterns {432: '-'}, found {432: '+'}",
        ),
        "the corner": ({"corner_output": 0.99}, "expected corner_output 0.99, found 1.0"),
        "the others": ({"worst_other_output": 0.01}, "expected worst_other_output 0.01, found 0.0"),
        "the weights": ({"weights": np.arange(12, dtype=np.float32)}, "expected the weights [0.0, 1.0, 2.0,"),
    },
    "as asked": {
        "it was refused": ({"status": "refused_by_keras"}, "Keras has trained what it refused"),
    },
    "stopped when solved": {"the epoch": ({"epochs": 10}, "expected 10 epochs, found 11")},
    "refused, nothing trained": {"the message": ({"message": "No such words"}, "expected the words 'No such words', ")},
}


@pytest.mark.parametrize(("name", "what"), [(name, what) for name in WRONG for what in WRONG[name]])
def test_does_a_script_notice_another_outcome(name: str, what: str, scripts: Scripts) -> None:
    run, (wrong, said) = trained(name), WRONG[name][what]
    raised = scripts.result(keras_script(run.experiment, seen=replace(Seen.of(run), **wrong)), xla=False)["raised"]
    assert "\nAssertionError" in raised and said in raised


@pytest.mark.parametrize("start", ["glorot_uniform", "matched"])
def test_does_a_script_notice_another_seed(start: str, scripts: Scripts) -> None:
    """Where all targets end rejected, too: the verdicts of a collapsed run are the same for any seed."""
    run = Run(Experiment(init=start, epochs=5)).train()
    assert run.history is not None and run.history.counts().tp == 0
    text = script_of(run)
    assert text.count("\nSEED = 0\n") == 1
    raised = scripts.result(text.replace("\nSEED = 0\n", "\nSEED = 1\n"), xla=False)["raised"]
    assert "\nAssertionError: expected " in raised


@pytest.mark.parametrize("second_conv", [True, False])
def test_is_a_tie_wrong_in_a_script_too(second_conv: bool, scripts: Scripts) -> None:
    """With one target and another pattern exactly on the threshold, whatever the softmax makes of it."""
    e = Experiment(head="softmax", loss="mse", second_conv=second_conv, target=(1, 2), epochs=0)
    kernel = np.zeros((9, 1) if second_conv else (9, 2), np.float32)
    kernel[:3, -1] = 1.0, 2.0, 1.0  # z: -1 + 1 = 0 for pattern 1, 1 for pattern 2, 0 for pattern 4
    bias = np.array([-1] if second_conv else [3, 2], np.float32)
    second = np.array([0.5, 1.5, 7, 7] if second_conv else [], np.float32)
    run = Run(e, np.concatenate([kernel.ravel(), bias, second])).train()
    seen = Seen.of(run)
    assert [seen.verdicts[i] for i in (0, 1, 2, 4)] == list("+-+-")
    assert "raised" not in scripts.result(script_of(run))


def test_are_the_weights_of_a_chaotic_run_left_open(scripts: Scripts) -> None:
    run = Run(CHAOTIC).train()
    seen, text = Seen.of(run), script_of(run)
    assert not seen.steady and "WEIGHTS" not in text and "corner_output -" not in text
    assert "# Not the weights, which are a matter of rounding here: " in text
    assert "raised" not in scripts.result(text)
    wrong = seen.verdicts.replace("+", "*").replace("-", "+").replace("*", "-")
    raised = scripts.result(keras_script(CHAOTIC, seen=replace(seen, verdicts=wrong)), xla=False)["raised"]
    assert "\nAssertionError: expected of these patterns {" in raised


@pytest.mark.parametrize(
    ("version", "refused"), [("2.15.0", True), ("3.3.3", True), ("3.6.0", False), ("3.15.1", False)]
)
def test_is_a_keras_that_cannot_shuffle_refused_at_the_start(version: str, refused: bool, tmp_path: Path) -> None:
    (tmp_path / "keras.py").write_text(f"__version__ = {version!r}\n")  # and nothing else
    script = tmp_path / "corner.py"
    script.write_text(keras_script(Experiment()))
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    said = f"This script needs keras>=3.6; installed is keras {version}.\n"
    assert done.stderr == said if refused else done.stderr.endswith("has no attribute 'utils'\n")


def test_do_all_assertions_say_what_was_expected_and_found() -> None:
    for e in (Experiment(stop="solved"), Experiment(loss="binary_crossentropy"), EXPERIMENTS["diverged"]):
        for status in ("finished", "stopped", "diverged", "refused_by_keras"):
            text = keras_script(e, seen=replace(SEEN, status=status, reason="stop_rule"))
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Assert):
                    assert (
                        node.msg is not None
                        and "expected" in ast.unparse(node.msg)
                        and "found" in ast.unparse(node.msg)
                    )


# ---------------------------------------------------------------- held weights

LOGISTIC = Experiment(labels="aligned", head="sigmoid", loss="binary_crossentropy", init="given", epochs=3, seed=5)
CATEGORICAL = replace(LOGISTIC, head="softmax", loss="categorical_crossentropy")
HELD: dict[str, tuple[Experiment, dict[int, float]]] = {
    "held, two convolutions": (replace(LOGISTIC, optimizer="adamw"), {0: 0.25, 4: -1.5, 9: -0.5, 10: 2.0}),
    "held, two outputs": (replace(CATEGORICAL, optimizer="lion"), {3: 1.0, 10: -0.5, 11: 2.0, 13: 0.25}),
}


@pytest.mark.parametrize("name", HELD)
def test_do_held_weights_end_as_with_masked_gradients(name: str, scripts: Scripts) -> None:
    e, held = HELD[name]
    result = scripts.result(keras_script(e, start_of(e), held=held), xla=False)
    assert "raised" not in result, result["raised"]
    theirs = np.concatenate(result["weights"])
    assert {index: theirs[index] for index in held} == held
    assert largest_difference(masked(e, held), theirs) <= 1e-5


def masked(e: Experiment, held: dict[int, float]) -> Vector:
    """The flat weights after training in plain Keras with the gradients of held weights set to 0."""
    start = start_of(e)
    free = np.ones(len(start), np.float32)
    for index, value in held.items():
        start[index], free[index] = value, 0
    shape = e.layout
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


def test_does_a_run_with_locked_numbers_say_so_in_its_script(scripts: Scripts) -> None:
    run = Run(replace(CATEGORICAL, init="zeros"), held={2: 1.5, 9: -0.5}).train()
    result = scripts.result(script_of(run), xla=False)
    assert run.history is not None and "raised" not in result, result
    assert largest_difference(run.history.weights_at(-1), np.concatenate(result["weights"])) <= 1e-5


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
    several = itertools.cycle(
        [(1, "none"), (4, "relu"), (1, "none"), (8, "none"), (1, "relu"), (2, "relu"), (3, "none")]
    )
    fields = ("head", "labels", "loss", "balance", "optimizer")
    for words in itertools.product(*(REGISTRIES[field] for field in fields)):
        init, target = next(inits), next(targets)
        init = "zeros" if init in ("by_hand", "matched") and len(target) > 1 else init
        kernels, hidden = next(several) if len(target) != 2 else (1, "none")
        try:
            yield Experiment(
                **dict(zip(fields, words, strict=True)),  # type: ignore[arg-type]
                init=init,
                target=target,
                stop=next(stops),
                second_conv=len(target) != 2,
                kernels=kernels,
                hidden=hidden,
            )
        except ValueError:
            continue


def test_is_every_combination_clean_python_that_needs_keras_and_numpy_alone(tmp_path: Path) -> None:
    count = 0
    for count, e in enumerate(combinations(), start=1):
        size = e.layout.size
        weights = np.linspace(-1, 1, size, dtype=np.float32) if e.init == "given" else None
        refused = oracle.refused_by_keras(e.head, e.labels, e.loss)
        status = "refused_by_keras" if refused else ("finished", "stopped", "diverged")[count % 3]
        reason = {"finished": "all_epochs", "stopped": "stop_rule"}.get(status, "not_finite")
        held = {0: 0.1, 3: -20.5, 9: 1.0} if count % 5 == 0 else None
        spread = (0.0, 0.125, np.inf, np.nan)[count % 4]
        seen = replace(SEEN, status=status, reason=reason, spread=spread, weights=np.linspace(-2, 2, size))
        text = keras_script(e, weights, seen, held)
        tree = ast.parse(text)
        imported = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]  # elsewhere: PLC0415
        assert [ast.unparse(node) for node in imported] == ["import keras", "import numpy as np"]
        assert ("The bug: " in text) == e.broadcasts
        (tmp_path / f"script_{count}.py").write_text(text, encoding="utf-8")
    assert count == (28 + 6) * 5 * 8
    for number, kind in enumerate(KINDS):
        text = keras_script(on_scenes(kind, ("none", *oracle.BALANCES)[number % 6]))
        (tmp_path / f"script_{kind}.py").write_text(text, encoding="utf-8")
    for words in (["check", "--select", "E,F,I,B,UP,SIM,W,N,PLC0415"], ["format", "--diff"]):
        command = [sys.executable, "-m", "ruff", words[0], "--isolated", "--line-length", "100", *words[1:], "--quiet"]
        done = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def on_scenes(kind: str, balance: str = "none") -> Experiment:
    return Experiment(data=f"scenes:{kind}", scene_count=12, scene_seed=3, target=(27, 432), balance=balance)


@pytest.mark.parametrize("kind", KINDS)
def test_does_a_script_make_its_own_scenes(kind: str) -> None:
    e = on_scenes(kind)
    text = keras_script(e)
    own: dict[str, Any] = {"np": np}
    exec(text[text.index("TARGET = ") : text.index("# All 512 binary")], own)
    patterns, positive = oracle.samples(e)
    np.testing.assert_array_equal(own["patch"], patterns)
    np.testing.assert_array_equal(own["is_corner"], positive)
    assert positive.sum() > 20


def test_does_the_asked_script_say_where_the_bug_is() -> None:
    text = keras_script(SCENARIOS["as asked"].experiment)
    assert text.startswith('"""The question, as asked\n')
    bug = text.index("# The bug: y of shape (n,) meets an output of shape (n,1,1,1)")
    assert 'y = positive.astype("float32")  # (512,)\n' in text[bug:]
    assert 'pip install "keras>=3.6" tensorflow' in text
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
    for reason in ("by_hand", "abandoned"):
        text = keras_script(run.experiment, seen=replace(Seen.of(run), epochs=7, reason=reason))
        assert "EPOCHS = 7\n" in text and "callbacks" not in text


def test_is_there_no_script_without_an_outcome_or_weights() -> None:
    with pytest.raises(ValueError, match="waiting"):
        script_of(Run(Experiment()))
    with pytest.raises(ValueError, match="given"):
        keras_script(Experiment(init="given"))


# ---------------------------------------------------------------- standing alone


def test_does_a_script_from_the_command_line_run_by_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not in the process that runs the others: in a folder and a Keras of its own, where nothing was set up."""
    words = ["--scenario", "as asked", "--epochs", "5", "--output", str(tmp_path / "corner.py")]
    assert commands.main(["export", *words]) == 0
    assert capsys.readouterr() == ("", "")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KERAS_", "PYTHON"))}
    alone = clean | {"KERAS_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "corner.py"], cwd=tmp_path, env=alone, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "Not solved: 511 of 512 patterns right" in done.stdout


def test_does_export_print_the_script_and_write_the_files_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network, weights = tmp_path / "corner.keras", tmp_path / "weights.json"
    words = ["export", "--init", "matched", "--epochs", "2", "--keras", str(network), "--save", str(weights)]
    assert commands.main(words) == 0
    text, err = capsys.readouterr()
    run = Run(Experiment(init="matched", epochs=2)).train()
    assert run.history is not None
    assert (text, err) == (script_of(run, lambda: sentences(run)), "")
    model = keras.saving.load_model(network, safe_mode=True)
    assert np.array_equal(np.concatenate([array.ravel() for array in model.get_weights()]), run.history.weights_at(-1))
    assert json.loads(weights.read_text())["bias"] == pytest.approx(run.history.weights_at(-1)[9])


def test_does_export_start_from_saved_weights(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "weights.json"
    file.write_text(json.dumps({"kernel": [[0.1] * 3] * 3, "bias": -7.25, "second_kernel": [1], "second_bias": [0]}))
    assert commands.main(["export", "--from", str(file), "--epochs", "0"]) == 0
    text = capsys.readouterr().out
    assert "[0.1, 0.1, 0.1]," in text and "np.array([-7.25])" in text


def test_does_the_link_of_a_script_with_given_weights_open_and_carry_them() -> None:
    start = np.linspace(-1, 1, 12, dtype=np.float32)
    text = keras_script(Experiment(labels="aligned", init="given", epochs=2), start)
    (link,) = [line for line in text.splitlines() if line.startswith("?")]
    opened, errors = read(link)
    assert not errors and opened.experiment == Experiment(labels="aligned", epochs=2)
    assert opened.start is not None and np.array_equal(opened.start, start)


def test_does_the_link_of_a_script_with_locked_numbers_keep_them_locked() -> None:
    run = Run(Experiment(labels="aligned", epochs=1), held={4: 1.5, 9: -0.25}).train()
    (link,) = [line for line in script_of(run).splitlines() if line.startswith("?")]
    opened, errors = read(link)
    assert (opened.experiment, dict(opened.held), errors) == (run.experiment, run.held, [])
