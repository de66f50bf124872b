"""The help that every setting has, and the shapes it states, against real arrays and real Keras."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from corner_lab.experiment.data.batch_shapes import label_shape, output_shape, pairs
from corner_lab.experiment.data.label_shapes import label_array
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.field_help import NAMES, changes, help_for, listed
from corner_lab.network.keras_model import keras_model
from corner_lab.network.parameters import ParameterLayout
from corner_lab.network.patterns import all_patterns, is_target
from tests import oracle

ASKED = Experiment()
SOFTMAX = replace(ASKED, head="softmax", loss="categorical_crossentropy")


def test_has_every_setting_one_or_two_sentences_of_help() -> None:
    for field in Experiment.__dataclass_fields__:
        text = help_for(field, ASKED)
        assert text.endswith(".") and 20 < len(text) < 250, (field, text)


def test_do_the_labels_tell_the_actual_shapes() -> None:
    assert help_for("labels", ASKED).endswith("Here y (32,) against output (32, 1, 1, 1): 1,024 pairs in a full batch.")
    aligned = replace(ASKED, labels="aligned", batch_size=8)
    assert help_for("labels", aligned).endswith("y (8, 1, 1, 1) against output (8, 1, 1, 1): 8 pairs in a full batch.")
    softmax = help_for("labels", SOFTMAX)
    assert softmax.endswith("y (32, 2) meets output (32, 2); the softmax stands before the reshape.")


@pytest.mark.parametrize("e", [ASKED, replace(ASKED, labels="aligned"), SOFTMAX, replace(SOFTMAX, labels="aligned")])
def test_are_the_shapes_those_of_keras(e: Experiment) -> None:
    batch = label_array(is_target(e.target), e.labels, e.two_outputs)[: e.batch_size]
    output = keras_model(e.head, e.labels, e.second_conv)(all_patterns()[: e.batch_size])
    assert (label_shape(e), output_shape(e)) == (batch.shape, tuple(output.shape))
    if not e.two_outputs:
        assert pairs(e) == np.broadcast(batch, np.asarray(output)).size


@pytest.mark.parametrize("balance", oracle.BALANCES)
def test_are_the_counts_of_an_epoch_those_of_fit(balance: str) -> None:
    e = replace(ASKED, labels="aligned", balance=balance)
    samples = len(oracle.in_order(e))
    updates = -(-samples // 32)
    assert f"an epoch has {samples:,} samples in {updates} batches" in help_for("balance", e)
    assert help_for("batch_size", e).endswith(f"an epoch has {updates} updates.")
    assert help_for("epochs", e).endswith(f"that is {100 * updates:,} updates.")


def test_are_the_weights_counted_as_keras_counts_them() -> None:
    for e in (ASKED, SOFTMAX):
        counts = [oracle.network(replace(e, second_conv=second)).count_params() for second in (True, False)]
        assert help_for("second_conv", e).endswith(f"{counts[0]} weights with it and {counts[1]} without.")
        assert counts == [ParameterLayout.of(e.two_outputs, second).size for second in (True, False)]


def test_does_the_help_say_that_kernels_are_one_without_relu() -> None:
    four = Experiment(kernels=4)
    assert help_for("kernels", four).endswith("Here the network has 45 weights.")
    assert help_for("hidden", four).endswith("Here the 4 kernels are one: each times its weight, added up.")
    assert "Here" not in help_for("hidden", Experiment(kernels=4, hidden="relu"))
    assert "one kernel" in help_for("hidden", Experiment(hidden="relu"))
    changed = Experiment(kernels=4, hidden="relu")
    assert changes(Experiment(), changed) == "kernels 4, between the convolutions relu"


def test_does_the_help_count_the_patches_of_scenes() -> None:
    e = Experiment(data="scenes:noisy", target=(27, 432), scene_count=10)
    assert help_for("data", e).endswith("Here 9,000 patches, 80 of them with a corner in the middle.")
    assert "Here" not in help_for("data", ASKED) and "changes nothing" in help_for("scene_seed", ASKED)
    assert "positive where these corners of a rectangle" in help_for("target", e)
    assert help_for("balance", e) == (
        "Every patch once per epoch. Here an epoch has 9,000 samples in 282 batches; a corner is one in 112."
    )
    assert "256" not in help_for("balance", replace(e, balance="class_weight"))
    assert help_for("batch_size", replace(e, balance="oversample")).endswith("an epoch has 558 updates.")
    assert changes(ASKED, replace(ASKED, data="scenes:noisy")) == "data scenes, noisy"


def test_does_the_help_promise_no_pairs_where_keras_raises() -> None:
    e = replace(ASKED, loss="binary_crossentropy")
    with pytest.raises(ValueError, match="rank"):
        oracle.loss_object(e)(oracle.labels(e)[:32], np.full((32, 1, 1, 1), 0.5, np.float32))
    assert "pairs" not in help_for("labels", e)
    assert help_for("loss", e).endswith("Here Keras raises: y and output differ in rank.")


def test_does_the_loss_say_what_it_averages() -> None:
    assert help_for("loss", ASKED).endswith("averages over 1,024 pairs of output and label in a full batch.")
    assert help_for("loss", SOFTMAX).endswith("averages over 32 pairs of output and label in a full batch.")
    hardest = replace(ASKED, labels="aligned", balance="hard_negatives")
    assert help_for("loss", hardest).endswith("averages over the samples that each batch keeps.")


def test_does_the_help_say_where_shuffled_labels_change_something() -> None:
    told = {
        "meets all 32 labels of its batch, in any order.": ASKED,
        "meets its own label only by chance, 1 time in 64.": replace(ASKED, labels="aligned", batch_size=64),
        "meets its own label only by chance, 1 time in 32.": SOFTMAX,
        "a batch has one label.": replace(ASKED, labels="aligned", batch_size=1),
    }
    for end, e in told.items():
        assert help_for("labels_shuffled", e).endswith(end)


def test_is_a_change_to_a_named_set_told_by_its_name() -> None:
    assert changes(ASKED, replace(ASKED, target=(27, 54, 216, 432))) == "target four corners"
    assert changes(ASKED, replace(ASKED, target=(27, 54))) == "target 27 54"
    assert changes(ASKED, replace(ASKED, target=(27,))) == "target 27"


def test_does_an_optimizer_of_capitals_keep_them_in_a_sentence() -> None:
    assert changes(ASKED, replace(ASKED, optimizer="sgd", kernels=2)) == "kernels 2, optimizer SGD"


def test_are_all_settings_listed_in_the_sidebars_words() -> None:
    asked = listed(Experiment())
    assert not any(differs for _, _, differs in asked) and [name for name, _, _ in asked][:2] == ["Target", "Head"]
    assert {name: value for name, value, _ in asked}["Loss"] == "mean squared error"
    assert {"Scenes", "First scene"} == {*NAMES.values()} - {name for name, _, _ in asked}
    e = Experiment(labels="aligned", batch_size=64, second_conv=False, target=(27, 54, 216, 432), data="scenes:filled")
    told = {name: (value, differs) for name, value, differs in listed(e)}
    assert told["Labels"] == ("Aligned", True) and told["Batch size"] == ("64", True)
    assert told["Target"] == ("four corners", True) and told["1x1 convolution"] == ("off", True)
    assert told["Epochs"] == ("100", False) and told["Scenes"] == ("20", False)
