"""Does what is taken along come back as it was, and does no file, however wrong, do more than say so?"""

from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corner_lab.experiment.experiment import Experiment
from corner_lab.export.weights_file import MAX_BYTES, experiment_and_weights, keras_file, weights_text
from corner_lab.network.parameters import ParameterLayout
from corner_lab.training.run import Run

NETWORKS = [
    Experiment(),
    Experiment(second_conv=False, labels="aligned", seed=4),
    Experiment(head="softmax", loss="categorical_crossentropy", target=(27, 54)),
    Experiment(head="softmax", loss="mse", second_conv=False),
]
GOOD = json.loads(weights_text(ParameterLayout(1, 1), np.arange(12, dtype=np.float32), Experiment()))


@pytest.mark.parametrize("e", NETWORKS)
@pytest.mark.parametrize("alone", [True, False])
def test_do_weights_come_back_exactly(e: Experiment, alone: bool) -> None:
    shape = e.layout
    weights = np.random.default_rng(1).normal(size=shape.size).astype(np.float32)
    text = weights_text(shape, weights, None if alone else e)
    found, back = experiment_and_weights(text.encode(), e if alone else Experiment())
    assert found == e and np.array_equal(back, weights)


def test_does_the_keras_file_open_safely_and_answer_as_the_run(tmp_path: Path) -> None:
    run = Run(Experiment(labels="aligned", epochs=2)).train()
    assert run.history is not None
    for epoch in (0, -1):
        path = tmp_path / "corner.keras"
        path.write_bytes(keras_file(run, epoch))
        model = keras.saving.load_model(path, safe_mode=True)
        flat = np.concatenate([array.ravel() for array in model.get_weights()])
        assert np.array_equal(flat, run.history.weights_at(epoch))


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_is_any_other_file_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(ValueError) as error:
        experiment_and_weights(data, Experiment())
    assert "\n" not in str(error.value) and len(str(error.value)) < 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(["weights", "kernel", "bias", "experiment", "head", "target", "epochs"]), JSON)
def test_is_a_good_file_with_one_wrong_value_refused_or_read(name: str, value: object) -> None:
    document = json.loads(json.dumps(GOOD))
    place = document["weights"] if name in ("kernel", "bias") else document
    place = document["experiment"] if name in ("head", "target", "epochs") else place
    place[name] = value
    try:
        experiment, weights = experiment_and_weights(json.dumps(document).encode(), Experiment())
    except ValueError as error:
        assert "\n" not in str(error)
    else:
        assert np.isfinite(weights).all() and isinstance(experiment, Experiment)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a JSON file"),
        (b"[" * 100_000, "not a JSON file"),
        (b" " * (MAX_BYTES + 1), "take less than 1,000,000 bytes"),
        (json.dumps(GOOD).encode()[:-40], "not a JSON file"),
        (b'{"weights": {"kernel": [[NaN,0,0],[0,0,0],[0,0,0]], "bias": 0}}', "weights kernel"),
        (b'{"weights": {}, "experiment": {"__class__": "os.system"}}', "no field '__class__'"),
        (b'{"weights": {}, "experiment": {"' + b"x" * 5000 + b'": 1}}', "no field 'x{40}'$"),
    ],
)
def test_does_a_wrong_file_say_what_is_wrong(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        experiment_and_weights(data, Experiment())
