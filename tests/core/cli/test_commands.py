"""The command line: what it prints, what it refuses, and that it refuses before TensorFlow is imported."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corner_lab.cli import commands, request, written_files
from corner_lab.cli.progress import Lines, progress
from corner_lab.experiment.experiment import REGISTRIES, Experiment
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.export.share_link import RUN_WORDS, STAGE_WORDS
from corner_lab.training.run import Run

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-m", "corner_lab"]

# Every field has another value than its default.
ALL_CHANGED = Experiment(
    target=(27, 216),
    head="sigmoid",
    labels="aligned",
    labels_shuffled=True,
    second_conv=False,
    loss="binary_crossentropy",
    balance="oversample",
    optimizer="lion",
    learning_rate=0.00125,
    batch_size=64,
    epochs=7,
    init="he_normal",
    seed=3,
    stop="solved",
)
ON_SCENES = Experiment(data="scenes:thin", scene_count=30, scene_seed=4)
SEVERAL_KERNELS = replace(ALL_CHANGED, second_conv=True, kernels=8, hidden="relu")  # which need the 1x1 convolution


# fmt: off
DOCUMENT = [
    "experiment", "link", "status", "message", "epochs", "updates", "solved", "solved_at", "confident", "confident_at",
    "loss", "corner_output", "worst_other_output", "tp", "fp", "fn", "tn", "recall", "precision", "balanced_accuracy",
    "live_fraction", "weights", "seconds",
]
# fmt: on


class Accepted(BaseException):
    """Raised in place of training: the command line was fine."""


def accepted(*words: str) -> Experiment:
    """The experiment that `train` would run with these words."""

    def accept(experiment: Experiment, *_: object) -> NoReturn:
        raise Accepted(experiment)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Accepted) as caught:
        patch.setattr(request, "Run", accept)
        commands.main(["train", *words])
    (experiment,) = caught.value.args
    assert isinstance(experiment, Experiment)
    return experiment


def refused(*words: str) -> str:
    """The one line that `train` refuses these words with."""
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        assert commands.main(["train", *words]) == 2
    (line,) = err.getvalue().splitlines()
    assert out.getvalue() == "" and line.startswith("error: ")
    return line


@pytest.fixture
def document(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Runs a command line in this process, and gives the JSON document that it prints."""

    def printed(*words: str) -> Any:
        assert commands.main([*words, "--json"]) == 0
        return strict_json(capsys.readouterr().out)

    return printed


def strict_json(text: str) -> Any:
    """One JSON document. NaN and Infinity, which Python reads, are not JSON."""

    def refuse(word: str) -> NoReturn:
        raise AssertionError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


def process(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    return subprocess.run([*COMMAND, *words], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)


# ---------------------------------------------------------------- what the numbers are


def test_what_do_the_questions_own_weights_cost(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["evaluate", "--weights", "by_hand", "--labels", "as_asked", "--batch-size", "32", "--json"]
    assert commands.main(words) == 0
    printed = capsys.readouterr().out
    assert strict_json(printed) == {
        "keras_loss": 0.0037841796875,
        "true_loss": 0,
        "all_zeros_loss": 0.001953125,
        "correct": 512,
        "corner_output": 1,
        "worst_other_output": 0,
    }
    assert "0.0037841796875" in printed and "0.001953125" in printed


def test_does_training_give_what_plain_keras_gives(document: Callable[..., Any]) -> None:
    found = document("train", "--labels", "aligned", "--batch-size", "512", "--epochs", "5", "--seed", "7")
    import keras

    keras.utils.set_random_seed(7)
    model = keras.Sequential(
        [keras.Input((3, 3, 1)), keras.layers.Conv2D(1, 3), keras.layers.Conv2D(1, 1, activation="hard_sigmoid")]
    )
    model.compile(keras.optimizers.Adam(0.01), "mse")
    x = np.array([[i >> j & 1 for j in range(9)] for i in range(512)], np.float32).reshape(-1, 3, 3, 1)
    y = (np.arange(512) == 432).astype(np.float32).reshape(-1, 1, 1, 1)
    losses = model.fit(x, y, batch_size=512, epochs=5, shuffle=False, verbose=0).history["loss"]
    kernel, bias, second_kernel, second_bias = model.get_weights()
    weights = found["weights"]
    np.testing.assert_allclose(weights["kernel"], kernel[:, :, 0, 0], atol=1e-5)
    np.testing.assert_allclose([weights["bias"]], bias, atol=1e-5)
    np.testing.assert_allclose(weights["second_kernel"], second_kernel.ravel(), atol=1e-5)
    np.testing.assert_allclose(weights["second_bias"], second_bias, atol=1e-5)
    assert found["loss"] == pytest.approx(losses[-1], rel=1e-5)
    assert (found["epochs"], found["updates"], found["status"]) == (5, 5, "finished")


def test_is_stdout_one_document_and_does_its_link_lead_back_whatever_keras_is_told_elsewhere(
    tmp_path: Path, document: Callable[..., Any]
) -> None:
    told = {"backend": "jax", "floatx": "float16", "epsilon": 0.1, "image_data_format": "channels_first"}
    (tmp_path / "keras.json").write_text(json.dumps(told))
    words = ("train", "--epochs", "3", "--seed", "2")
    done = process(*words, "--json", KERAS_HOME=str(tmp_path), KERAS_BACKEND="torch")
    assert done.returncode == 0
    assert done.stderr == ""  # nor anything that TensorFlow says about itself
    found = strict_json(done.stdout)
    assert list(found) == DOCUMENT
    same = {name: value for name, value in document(*words).items() if name != "seconds"}
    assert {name: value for name, value in found.items() if name != "seconds"} == same, "Keras's settings count"
    assert found["experiment"] == accepted("--link", found["link"]).to_json()
    assert found["tp"] + found["fp"] + found["fn"] + found["tn"] == 512
    seconds = found["seconds"]
    assert seconds["import"] > 0.5 and 0 < seconds["train"] < seconds["warm_up"]


def test_is_the_same_trained_as_xla_compiles_for_users(document: Callable[..., Any]) -> None:
    """Not as tests/conftest.py has it compile for most tests."""
    words = ("train", "--epochs", "20", "--seed", "2", "--labels", "aligned")
    done = process(*words, "--json", XLA_FLAGS="")
    found, same = strict_json(done.stdout), document(*words)
    for name, values in same["weights"].items():
        np.testing.assert_allclose(found["weights"][name], values, atol=1e-5)
    assert found["loss"] == pytest.approx(same["loss"], rel=1e-5)


def test_is_a_refusal_by_keras_a_result(document: Callable[..., Any]) -> None:
    found = document("train", "--loss", "binary_crossentropy")
    assert found["status"] == "refused_by_keras" and "rank" in found["message"]
    assert found["loss"] is None


def test_is_a_run_that_diverges_a_result(document: Callable[..., Any]) -> None:
    found = document("train", "--head", "linear", "--optimizer", "sgd", "--learning-rate", "1000")
    assert found["status"] == "diverged" and found["loss"] is not None


def test_does_plain_output_say_how_it_ended(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["train", "--init", "by_hand", "--epochs", "0"]) == 0
    out, err = capsys.readouterr()
    assert "solved, first at epoch 0: 512 of 512 patterns right" in out
    assert "finished: 0 epochs" in out and "link: epochs=0&init=by_hand" in out and err == ""
    assert commands.main(["train", "--target", "0", "--init", "matched", "--epochs", "1"]) == 0
    out, _ = capsys.readouterr()
    assert "1 of 1 target found" in out and "finished: 1 epoch, 16 updates" in out
    assert commands.main(["evaluate", "--weights", "by_hand"]) == 0
    assert "512 of 512" in (out := capsys.readouterr().out) and "0.0037841796875" in out


def test_am_i_told_how_near_a_run_on_scenes_is_to_the_best_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["train", "--scenario", "overlapping scenes", "--epochs", "2"]
    assert commands.main([*words, "--json"]) == 0
    told = strict_json(capsys.readouterr().out)
    assert set(told) == {*DOCUMENT, "scenes"} and told["tp"] + told["tn"] + told["fp"] + told["fn"] == 512
    for found, count in ((told["scenes"]["own"], 40), (told["scenes"]["fresh"], 100)):
        assert (found["scenes"], found["patches"]) == (count, 900 * count)
        assert found["tp"] + found["fn"] == found["corners"] and found["ambiguous_patterns"] > 5
        assert found["f1"] <= found["best_f1"] < 1 and found["accuracy"] <= found["best_accuracy"] < 1
    assert commands.main(words) == 0
    own, fresh, of_all, *_ = capsys.readouterr().out.splitlines()
    assert own.startswith("own 40 scenes: precision ") and "(the best for 3x3 patches 0.897)" in own
    assert fresh.startswith("fresh 100 scenes: ")
    assert of_all.startswith(
        f"of all 512 patterns, {told['scenes']['own']['occurring_patterns']} of which its scenes have"
    )


def test_am_i_warned_of_what_cannot_end_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["train", "--loss", "hinge", "--epochs", "0", "--json"]) == 0
    out, err = capsys.readouterr()
    assert err.startswith("warning: hinge wants outputs of −1")
    assert strict_json(out)["status"] == "finished"


# ---------------------------------------------------------------- what can be asked for


def test_has_every_field_an_option() -> None:
    changed: set[str] = set()
    for e in (ALL_CHANGED, SEVERAL_KERNELS, ON_SCENES):
        words: list[str] = []
        for name, text in e.differences().items():
            option = name.replace("_", "-")
            words += {"true": [f"--{option}"], "false": [f"--no-{option}"]}.get(text, [f"--{option}", text])
        assert accepted(*words) == e
        assert accepted("--link", e.query) == e
        changed |= set(e.differences())
    assert changed == {field.name for field in fields(Experiment)}
    assert accepted("--link", f"https://example.org/app/?{ALL_CHANGED.query}", "--second-conv") == replace(
        ALL_CHANGED, second_conv=True
    )
    assert accepted() == Experiment()


@pytest.mark.parametrize("name", SCENARIOS)
def test_can_a_scenario_be_changed_by_an_option(name: str) -> None:
    assert accepted("--scenario", name) == SCENARIOS[name].experiment
    assert accepted("--scenario", name, "--seed", "5") == replace(SCENARIOS[name].experiment, seed=5)


def test_does_options_name_every_word_of_every_registry(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["options"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert commands.main(["options", "--json"]) == 0
    listed = strict_json(capsys.readouterr().out)
    assert list(listed["fields"]) == [field.name for field in fields(Experiment)]
    for name, registry in REGISTRIES.items():
        assert [choice["word"] for choice in listed["fields"][name]["choices"]] == list(registry)
        for choice in registry.values():
            assert choice.word in text and choice.label in text
            assert choice.explanation in text and choice.source in text
    for name, field in listed["fields"].items():
        assert field["default"] == Experiment().to_json()[name]
        assert name in text and (field["choices"] or field["allowed"] in text)
    for word, indices in listed["target_words"].items():
        assert f"{word} {','.join(map(str, indices))}" in text
        assert accepted("--target", word).target == tuple(indices)
    assert accepted("--target", "x,four_corners,0").target == (0, 27, 54, 216, 341, 432)
    assert [scenario["name"] for scenario in listed["scenarios"]] == list(SCENARIOS)
    for scenario in listed["scenarios"]:
        assert scenario["title"] in text and " ".join(scenario["outcome"].split()) in text


def test_does_help_say_what_ctrl_c_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        commands.main(["train", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert left.value.code == 0 and "130 stopped by Ctrl+C" in text
    assert all(f"--{field.name.replace('_', '-')}" in text for field in fields(Experiment))


# ---------------------------------------------------------------- what is refused

REFUSED: dict[str, tuple[str, ...]] = {
    # words: what the one line must name, the value and what is allowed among it
    "train --learning-rate 0": ("learning_rate", "0", "above 0 and up to 1000"),
    "train --learning-rate -1e-3": ("learning_rate", "-0.001", "above 0"),
    "train --learning-rate nan": ("learning_rate", "nan", "above 0"),
    "train --learning-rate 1e400": ("learning_rate", "inf", "above 0"),
    "train --batch-size 33": ("batch_size", "33", "a power of two from 1 to 512"),
    "train --epochs 100001": ("epochs", "100001", "from 0 to 100,000"),
    "train --epochs 1.5": ("epochs", "'1.5'", "a whole number"),
    "train --epochs=": ("epochs", "''", "a whole number"),
    "train --seed -1": ("seed", "-1", "from 0 to 2,147,483,647"),
    "train --seed 99999999999999999999": ("seed", "99999999999999999999", "from 0"),
    "train --seed": ("seed", "expected one argument"),
    "train --target 512": ("target", "'512'", "0..511"),
    "train --target 432;216": ("target", "'432;216'", "0..511"),
    "train --head tanh": ("head", "'tanh'", "hard_sigmoid, sigmoid, linear, softmax"),
    "train --labels wrong": ("labels", "'wrong'", "as_asked, aligned"),
    "train --loss mae": ("loss", "'mae'", "mse, binary_crossentropy"),
    "train --balance half": ("balance", "'half'", "half_batch"),
    "train --optimizer Adam": ("optimizer", "'Adam'", "adam, sgd"),
    "train --init ones": ("init", "'ones'", "zeros"),
    "train --init given": ("init", "'given'", "--from FILE"),
    "train --stop maybe": ("stop", "'maybe'", "never, solved, confident"),
    "train --second-conv=maybe": ("second-conv", "'maybe'"),
    "train --head softmax --loss hinge": ("loss", "'hinge'", "use 'categorical_crossentropy' or 'mse'"),
    "train --loss categorical_crossentropy": ("loss", "'categorical_crossentropy'", "use head 'softmax'"),
    "train --balance half_batch --batch-size 1": ("balance", "'half_batch'", "batch_size of 2 or more"),
    "train --init by_hand --target 432,216": ("init", "'by_hand'", "one target", "2"),
    "train --link epochs=5&colour=red": ("unknown field", "'colour'", "fields are target, head"),
    "train --link https://example.org/?embed=true": ("unknown field", "'embed'"),
    "train --link epochs=5&epochs=6": ("epochs", "'6'", "more than once"),
    "train --link ?seed=x&head=tanh": ("seed", "'x'", "a whole number"),
    "train --link head=softmax&loss=hinge --loss mse": ("loss", "'hinge'", "categorical_crossentropy"),
    "train --link init=given": ("init", "'given'", "--from FILE"),
    "train --link http://[": ("link", "'http://['"),
    "train --scenario nonesuch": ("scenario", "'nonesuch'", "'as asked'"),
    "train --link seed=1 --scenario x": ("--scenario", "--link"),
    "train --colour red": ("--colour",),
    "train --learning 1": ("--learning",),
    "train more": ("more",),
    "trian": ("trian", "train"),
    "": ("train",),
    "train --history rows.txt": ("--history", "'rows.txt'", ".csv or .json"),
    "train --history no/such/rows.csv": ("--history", "'no/such/rows.csv'", "no such file or directory"),
    "train --save folder": ("--save", "'folder'", "directory"),
    "train --history a.json --save ./a.json": ("--save", "'./a.json'", "--history"),
    "train --from missing.json": ("--from", "'missing.json'", "no such file"),
    "train --from folder": ("--from", "'folder'", "directory"),
    "train --from text.json": ("--from", "'text.json'", "not a JSON file"),
    "train --from deep.json": ("--from", "'deep.json'", "not a JSON file"),
    "train --from binary.json": ("--from", "'binary.json'", "not a JSON file"),
    "train --from huge.json": ("--from", "'huge.json'", "1,000,000 bytes"),
    "train --from list.json": ("--from", "'list.json'", "a JSON object with kernel"),
    "train --from nan.json": ("--from", "'nan.json'", "weights bias", "finite"),
    "train --from good.json --no-second-conv": ("--from", "'good.json'", "second_kernel", "second convolution"),
    "train --from good.json --head softmax": ("--from", "'good.json'", "second_kernel", "(2,)"),
    "train --from good.json --init zeros": ("init", "'zeros'", "--from"),
    "export --output folder": ("--output", "'folder'", "directory"),
    "export --keras corner.h5": ("--keras", "'corner.h5'", ".keras"),
    "export --output a.keras --keras a.keras": ("--keras", "'a.keras'", "--output"),
    "export --head softmax --loss hinge": ("loss", "'hinge'", "categorical_crossentropy"),
    "export --json": ("--json",),
    "evaluate": ("--weights", "required"),
    "evaluate --weights by-hand": ("--weights", "'by-hand'", "by_hand, matched"),
    "evaluate --weights glorot_uniform": ("--weights", "'glorot_uniform'", "by_hand, matched"),
    "evaluate --weights by_hand --target 432,216": ("init", "'by_hand'", "one target"),
    "evaluate --weights by_hand --epochs 5": ("--epochs",),
    "evaluate --weights by_hand --head softmax --loss hinge": ("loss", "'hinge'", "head 'softmax'"),
    "evaluate --weights text.json": ("--weights", "'text.json'", "not a JSON file"),
    "evaluate --weights field.json": ("--weights", "'field.json'", "batch_size 33", "power of two"),
    "evaluate --weights fields.json": ("--weights", "'fields.json'", "experiment"),
}

ALL_IN_ONE_PROCESS = """
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout
from corner_lab.cli.commands import main
results = []
for words in json.load(sys.stdin):
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        status = main(words)
    loaded = [name for name in ("keras", "tensorflow", "streamlit") if name in sys.modules]
    results.append([status, out.getvalue(), err.getvalue(), loaded])
print(json.dumps(results))
"""


def run_in_one_process(commands: list[list[str]], folder: Path) -> list[tuple[int, str, str, list[str]]]:
    """Status, stdout and stderr of each command, and which heavy packages were imported by its end."""
    done = subprocess.run(
        [sys.executable, "-c", ALL_IN_ONE_PROCESS],
        input=json.dumps(commands),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stderr == ""
    return [tuple(result) for result in json.loads(done.stdout)]


def test_is_bad_input_one_line_before_tensorflow_is_imported(tmp_path: Path) -> None:
    good = {"kernel": [[0] * 3] * 3, "bias": 0, "second_kernel": [1], "second_bias": [0]}
    (tmp_path / "folder").mkdir()
    for name, text in {
        "good": json.dumps(good),
        "text": "kernel: 1",
        "deep": "[" * 200_000,
        "huge": json.dumps(good) + " " * 1_000_000,
        "list": "[1, 2]",
        "nan": json.dumps(good | {"bias": float("nan")}),
        "field": json.dumps({"experiment": {"batch_size": 33}, "weights": good}),
        "fields": json.dumps({"experiment": [], "weights": good}),
    }.items():
        (tmp_path / f"{name}.json").write_text(text)
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    before = sorted(tmp_path.rglob("*"))
    commands = [line.split() for line in REFUSED]
    for line, (status, out, err, loaded) in zip(REFUSED, run_in_one_process(commands, tmp_path), strict=True):
        assert (status, out, loaded) == (2, "", []), (line, err)
        assert err.startswith("error: ") and err.endswith("\n") and err.count("\n") == 1, (line, err)
        for part in REFUSED[line]:
            assert part in err, (line, err)
    assert sorted(tmp_path.rglob("*")) == before  # not even an empty file


def test_do_the_lists_come_without_keras(tmp_path: Path) -> None:
    for status, out, err, loaded in run_in_one_process([["options"], ["options", "--json"]], tmp_path):
        assert (status, err, loaded) == (0, "", []) and out


JUNK = st.text(max_size=20) | st.sampled_from(["", "0", "1", "-1", "1e9", "nan", "true", "given", "softmax", "432,216"])
WORDS = [*(f.name for f in fields(Experiment)), *STAGE_WORDS, *RUN_WORDS]
PAIRS = st.lists(st.tuples(st.sampled_from(WORDS) | JUNK, JUNK), max_size=4)
LINKS = st.builds("&".join, st.lists(st.builds("=".join, st.tuples(JUNK, JUNK)) | PAIRS.map(str), max_size=3))


@given(st.text() | LINKS | PAIRS.map(lambda pairs: "&".join(f"{name}={text}" for name, text in pairs)), st.booleans())
def test_can_a_link_crash_it(link: str, url: bool) -> None:
    words = ("--link=" + ("http://" if url else "") + link,)
    try:
        experiment = accepted(*words)
    except pytest.fail.Exception:  # not accepted
        refused(*words)
    else:
        assert accepted("--link", experiment.query) == experiment


# ---------------------------------------------------------------- files


def test_does_the_history_file_hold_every_row(tmp_path: Path, document: Callable[..., Any]) -> None:
    table, rows = tmp_path / "rows.csv", tmp_path / "rows.JSON"
    found = document("train", "--epochs", "4", "--history", str(table))
    assert document("train", "--epochs", "4", "--history", str(rows))["weights"] == found["weights"]
    from_json = strict_json(rows.read_text())
    with table.open(newline="") as file:
        from_csv = list(csv.DictReader(file))
    assert [row["epoch"] for row in from_json] == [0, 1, 2, 3, 4]
    assert [{name: float(text) for name, text in row.items()} for row in from_csv] == from_json
    assert from_json[-1]["loss"] == found["loss"] and from_json[-1]["updates"] == found["updates"]
    kernel = [from_json[-1][f"kernel_{i // 3}{i % 3}"] for i in range(9)]
    assert np.array_equal(np.array(kernel, np.float32), np.array(found["weights"]["kernel"], np.float32).ravel())


def test_is_what_keras_did_not_compute_left_empty(tmp_path: Path, document: Callable[..., Any]) -> None:
    table, rows = tmp_path / "rows.csv", tmp_path / "rows.json"
    document("train", "--loss", "binary_crossentropy", "--history", str(table))
    document("train", "--loss", "binary_crossentropy", "--history", str(rows))
    (row,) = strict_json(rows.read_text())
    assert row["loss"] is None and row["corner_output"] is not None
    with table.open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["loss"] == "" and row["corner_output"] != ""


@pytest.mark.parametrize(
    "network", [(), ("--no-second-conv",), ("--head", "softmax"), ("--head", "softmax", "--no-second-conv")]
)
def test_does_training_start_from_exactly_the_saved_weights(
    network: tuple[str, ...], tmp_path: Path, document: Callable[..., Any]
) -> None:
    weights, whole, rows = (str(tmp_path / name) for name in ("weights.json", "whole.json", "rows.json"))
    epochs = "0" if network else "3"
    first = document("train", "--epochs", epochs, "--seed", "4", "--save", weights, *network)
    assert strict_json(Path(weights).read_text()) == first["weights"]
    Path(whole).write_text(json.dumps(first))
    for file in (weights, whole):
        second = document("train", "--from", file, "--epochs", "0", "--history", rows, *network)
        assert second["weights"] == first["weights"] and second["experiment"]["init"] == "given"
        (row,) = strict_json(Path(rows).read_text())
        assert row["corner_output"] == first["corner_output"] == second["corner_output"]
    # Its link says which weights were given, and leads back alone.
    third = document("train", "--link", second["link"])
    assert (third["weights"], third["experiment"]) == (second["weights"], second["experiment"])


def test_do_given_weights_replace_a_scenarios_own(tmp_path: Path) -> None:
    file = tmp_path / "weights.json"
    file.write_text(json.dumps({"kernel": [[0] * 3] * 3, "bias": 0, "second_kernel": [1], "second_bias": [0]}))
    assert accepted("--from", str(file), "--link", "init=by_hand", "--target", "432,216").init == "given"


def test_do_a_documents_settings_count_when_it_is_evaluated(tmp_path: Path, document: Callable[..., Any]) -> None:
    file = tmp_path / "run.json"
    run = document(
        "train", "--head", "softmax", "--loss", "mse", "--batch-size", "8", "--target", "27", "--epochs", "0"
    )
    file.write_text(json.dumps(run))
    found = document("evaluate", "--weights", str(file))
    assert found["keras_loss"] == pytest.approx(run["loss"], rel=1e-5)
    assert found["correct"] == run["tp"] + run["tn"] and found["corner_output"] == pytest.approx(run["corner_output"])
    other = document("evaluate", "--weights", str(file), "--target", "432", "--loss", "categorical_crossentropy")
    assert other["keras_loss"] != found["keras_loss"]


def test_is_a_result_printed_that_could_not_be_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(written_files, "write_history", full)
    file = str(tmp_path / "rows.csv")
    assert commands.main(["train", "--epochs", "0", "--history", file, "--json"]) == 1
    out, err = capsys.readouterr()
    assert strict_json(out)["status"] == "finished"
    assert err == f"error: --history {file!r}: no space left on device\n"


# ---------------------------------------------------------------- how it ends otherwise


def test_does_ctrl_c_report_what_was_trained(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    words = ["train", "--epochs", "100000", "--batch-size", "1", "--history", str(rows), "--json"]
    started = time.monotonic()
    with subprocess.Popen([*COMMAND, *words], cwd=ROOT, stdout=-1, stderr=-1, text=True) as running:
        assert running.stdout and running.stderr
        line = running.stderr.readline()  # the first word about progress
        assert line.startswith("training: epoch ") and line.endswith(" of 100,000\n"), line
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 130 and err == "" and time.monotonic() - started < 60
    found = strict_json(out)
    assert found["status"] == "stopped" and 0 < found["epochs"] < 100_000
    assert f"epoch {found['epochs']:,}" in found["message"] and found["updates"] == 512 * found["epochs"]
    with rows.open() as file:
        assert sum(1 for _ in file) == found["epochs"] + 2


@pytest.mark.parametrize("swallowed", [False, True])
@pytest.mark.parametrize("phase", ["import", "compile"])
def test_does_ctrl_c_before_training_end_at_once(
    phase: str, swallowed: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> float:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1)
        except KeyboardInterrupt:  # as an `except:` somewhere in a large package might
            if not swallowed:
                raise
        return 0.0

    if phase == "import":
        monkeypatch.setattr(commands, "import_keras", interrupted)
    else:
        monkeypatch.setattr(Run, "_begin", interrupted)
    before = signal.getsignal(signal.SIGINT)
    assert commands.main(["train", "--epochs", "0"]) == 130
    assert capsys.readouterr() == ("", "error: interrupted\n")
    assert signal.getsignal(signal.SIGINT) is before


def test_is_a_failure_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(_: Run) -> NoReturn:
        raise RuntimeError("out of\nmemory")

    monkeypatch.setattr(Run, "_begin", broken)
    assert commands.main(["train", "--json"]) == 1
    assert capsys.readouterr() == ("", "error: RuntimeError: out of memory\n")


def test_may_the_reader_of_the_output_leave() -> None:
    with subprocess.Popen([*COMMAND, "options"], cwd=ROOT, stdout=-1, stderr=-1) as running:
        assert running.stdout and running.stderr
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 1


# ---------------------------------------------------------------- progress


def test_is_there_a_bar_on_a_terminal_whose_line_is_erased_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.openpty()
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(writer, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with progress() as show:
            show("importing TensorFlow")
            show("training", 60, 100)
        shown = ""
        while not shown.endswith("\x1b[2K"):  # it comes in pieces
            shown += os.read(reader, 100_000).decode()
    os.close(reader)
    assert "training" in shown and "60/100" in shown


def test_is_a_log_spared_a_line_per_epoch(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    clock = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    show = Lines()
    show("importing TensorFlow")
    for epoch in range(120):
        clock = epoch / 10
        show("training", epoch, 120)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"training: epoch {epoch} of 120" for epoch in (10, 60, 110)]


@pytest.mark.parametrize(
    ("words", "passes"),
    [
        ("I0000 00:00:1795501981.658684   21133 port.cc:153] oneDNN custom operations are on.", False),
        ("WARNING: All log messages before absl::InitializeLog() is called are written to STDERR", False),
        ("F0000 00:00:1795501981.658684   21133 cpu_feature_guard.cc:1] compiled to use AVX instructions", True),
    ],
)
def test_do_tensorflows_last_words_pass_its_silencing(words: str, passes: bool) -> None:
    code = "import os\nfrom corner_lab.cli.keras_import import without_notes\nwith without_notes():\n"
    code += f"    os.write(2, {(words + chr(10)).encode()!r})\n    os.abort()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == -signal.SIGABRT
    assert done.stderr == (words + "\n" if passes else "")
