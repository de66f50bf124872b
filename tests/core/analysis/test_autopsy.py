"""Is the autopsy what Keras does, for every label shape, and does it arrive at the question's own figures?"""

from __future__ import annotations

import keras
import numpy as np
import pytest

from corner_lab.analysis import autopsy_text as words
from corner_lab.analysis.autopsy import (
    LOSSES,
    RANKS,
    Autopsy,
    broadcast_shape,
    broadcasts,
    changed_outputs,
    compared_shapes,
    label_shape,
    old_progress_bar,
)
from corner_lab.experiment.initializers import linear_weights
from corner_lab.plots.autopsy import batch_losses, pair_matrix, progress_bars
from corner_lab.plots.theme import LIGHT
from tests import oracle

POSITIVE = np.arange(512) == 432
KERAS_LOSSES = {word: oracle.LOSSES[word] for word in LOSSES}


def outputs(seed: int = 0) -> np.ndarray:
    """Outputs as any weights might give them."""
    return np.random.default_rng(seed).normal(0.3, 0.5, 512).astype(np.float32).astype(np.float64)


def by_hand(rank: int = 1, batch_size: int = 32, loss: str = "mse") -> Autopsy:
    found = changed_outputs(linear_weights("by_hand", 432), "hard_sigmoid", 1, 0)
    return Autopsy(found, POSITIVE, rank, batch_size, loss)


def echo(loss: keras.losses.Loss) -> keras.Model:
    """A model that gives back what it gets, in the shape of the question's output."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Reshape((1, 1, 1))])
    model.compile(loss=loss)
    return model


# ---------------------------------------------------------------- the question's figures


def test_do_the_hand_set_weights_arrive_at_the_questions_figures() -> None:
    a = by_hand()
    assert (a.batch_of_target, a.batches) == (13, 16)
    assert np.count_nonzero(a.pairs(13)) == 62 and a.batch_losses[13] == 62 / 1024
    assert np.count_nonzero(np.delete(a.batch_losses, 13)) == 0
    assert a.evaluated == 31 / 8192 == 0.0037841796875
    assert a.old_bar[-1] == pytest.approx(62 / 1024 * (1 / 14 + 1 / 15 + 1 / 16 + 1 / 16) / 17, rel=1e-12)
    assert words.verdict(a) == [
        ("evaluate returns", "0.0037841796875"),
        ("Keras 3.3 prints", "9.3703e-04"),
        ("with shapes aligned", "0"),
    ]


@pytest.mark.parametrize("rank", [3, 4])
def test_do_all_figures_of_the_hand_set_weights_vanish_when_shapes_align(rank: int) -> None:
    assert [text for _, text in words.verdict(by_hand(rank))] == ["0", "0.0000e+00", "0"]


# ---------------------------------------------------------------- against Keras


@pytest.mark.parametrize("rank", RANKS)
@pytest.mark.parametrize("loss", LOSSES)
def test_is_each_batchs_loss_that_of_keras(rank: int, loss: str) -> None:
    a = Autopsy(outputs(), POSITIVE, rank, 32, loss)
    output = a.outputs.astype(np.float32).reshape(-1, 1, 1, 1)
    y = POSITIVE.astype(np.float32).reshape(label_shape(rank, 512))
    real = KERAS_LOSSES[loss]()
    for batch in (0, 13):
        picked = a.patterns(batch)
        assert a.pairs(batch).mean() == a.batch_losses[batch]
        # A batch without a corner has no 1 among its labels; Keras still takes them for labels of 0 and 1.
        assert a.batch_losses[batch] == pytest.approx(float(real(y[picked], output[picked])), rel=1e-5)


@pytest.mark.parametrize("rank", RANKS)
@pytest.mark.parametrize(("loss", "batch_size"), [("mse", 32), ("hinge", 128)])
def test_is_the_last_running_mean_what_evaluate_returns_and_are_the_shapes_those_keras_sees(
    rank: int, loss: str, batch_size: int
) -> None:
    seen = []

    class Watching(KERAS_LOSSES[loss]):  # type: ignore[misc]
        def call(self, y_true, y_pred):  # type: ignore[no-untyped-def]
            values = super().call(y_true, y_pred)
            seen.append((tuple(y_true.shape), tuple(y_pred.shape), tuple(values.shape)))
            return values

    a = Autopsy(outputs(), POSITIVE, rank, batch_size, loss)
    y = POSITIVE.astype(np.float32).reshape(label_shape(rank, 512))
    x = a.outputs.astype(np.float32).reshape(512, 1)
    assert a.evaluated == pytest.approx(echo(Watching()).evaluate(x, y, batch_size=batch_size, verbose=0), rel=1e-5)
    labels, _ = compared_shapes(rank, batch_size)
    # Keras averages over the last axis itself, then over all others.
    assert seen[0] == (labels, (batch_size, 1, 1, 1), broadcast_shape(rank, batch_size)[:-1])
    assert np.prod(broadcast_shape(rank, batch_size)) == a.pairs(0).size
    aligned = echo(KERAS_LOSSES[loss]()).evaluate(x, y.reshape(-1, 1, 1, 1), batch_size=batch_size, verbose=0)
    assert a.true_loss == pytest.approx(aligned, rel=1e-5)


@pytest.mark.parametrize("name", ["BinaryCrossentropy", "BinaryFocalCrossentropy", "CategoricalCrossentropy"])
@pytest.mark.filterwarnings("ignore:.*expected y_pred.shape")
def test_do_the_cross_entropies_refuse_exactly_the_shapes_that_would_broadcast(name: str) -> None:
    output = np.full((8, 1, 1, 1), 0.5, np.float32)
    for rank in RANKS:
        y = np.eye(8, dtype=np.float32)[0].reshape(label_shape(rank, 8))
        if broadcasts(rank):
            with pytest.raises(ValueError, match="same rank"):
                getattr(keras.losses, name)()(y, output)
        else:
            getattr(keras.losses, name)()(y, output)


@pytest.mark.parametrize("batches", [1, 2, 16])
def test_is_the_old_bar_keras_progress_bar_before_it_learned_to_finish(
    batches: int, capsys: pytest.CaptureFixture[str]
) -> None:
    means = np.random.default_rng(batches).uniform(0.01, 0.2, batches)
    bar = keras.utils.Progbar(batches, verbose=1, interval=0)
    for current, value in [*enumerate(means, 1), (batches, means[-1])]:
        bar.update(current, [("loss", value)], finalize=False)  # 3.3 took no notice of it
    printed = capsys.readouterr().out.split("loss: ")
    assert [text[:6] for text in printed[1:]] == [words.printed(float(v)) for v in old_progress_bar(means)]


def test_does_the_current_bar_print_the_last_running_mean(capsys: pytest.CaptureFixture[str]) -> None:
    a = by_hand()
    x, y = a.outputs.astype(np.float32).reshape(512, 1), POSITIVE.astype(np.float32)
    assert echo(keras.losses.MeanSquaredError()).evaluate(x, y, verbose=1) == a.evaluated
    last = capsys.readouterr().out.rsplit("loss: ", 1)[1]
    assert last.startswith("0.0038") and f"Keras {keras.__version__} prints" in words.on_bar(a)
    assert words.on_bar(a).endswith("the last running mean: 0.0038.")


# ---------------------------------------------------------------- weights, words and pictures


def test_are_outputs_changed_by_scale_and_shift_of_z() -> None:
    numbers = np.array([0.5, -1, 2, 0, 1, 1, -2, 0.25, 3, -0.5, 1.5, 0.75], dtype=np.float32)
    z = (oracle.PATTERNS @ numbers[:9] + numbers[9]) * numbers[10] + numbers[11]
    np.testing.assert_allclose(changed_outputs(numbers, "linear", 0.5, -2), 0.5 * z - 2, atol=1e-5)
    np.testing.assert_allclose(
        changed_outputs(numbers, "hard_sigmoid", 1, 0), keras.activations.hard_sigmoid(z), atol=1e-6
    )


@pytest.mark.parametrize("wrong", [{"rank": 5}, {"loss": "binary_crossentropy"}, {"batch_size": 48}])
def test_is_what_cannot_be_taken_apart_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="cannot be taken apart"):
        Autopsy(outputs(), POSITIVE, **wrong)


def test_do_the_sentences_quote_the_autopsy() -> None:
    a = by_hand()
    assert dict(words.shape_rows(a)) == {
        "all labels": "(512,)",
        "labels of a batch": "(32,)",
        "outputs of a batch": "(32,1,1,1)",
        "compared as": "(32,1,1,32)",
        "comparisons": "1,024",
    }
    assert dict(words.shape_rows(by_hand(3)))["outputs of a batch"] == "(32,1,1,1), squeezed to (32,1,1)"
    assert "32 × 32 = 1,024 comparisons, where 32 were meant." in words.on_shapes(a)
    assert words.on_shapes(by_hand(4)) == "The shapes match: each output meets its own label, 32 comparisons per batch."
    assert words.on_pairs(a, 13) == (
        "Batch 14 of 16 has 1 target. All its 1,024 pairs count; 62 cost something; their mean, the batch's loss, is "
        "0.060546875. On the diagonal alone, which was meant, the mean is 0."
    )
    assert words.on_pairs(by_hand(4), 0).startswith(
        "Batch 1 of 16 has no target. 32 of its 1,024 pairs count, those on the diagonal; none costs anything;"
    )
    assert words.on_pairs(by_hand(4, batch_size=1), 432).endswith("Its only pair counts; it costs 0, the batch's loss.")
    assert words.on_batches(a) == (
        "Batch 14 costs 0.060546875, the other 15 nothing. "
        "evaluate returns the mean over the batches: 31/8,192 = 0.0037841796875."
    )
    assert words.on_batches(by_hand(batch_size=512)).startswith("There is one batch, and it costs 0.003898621")
    assert words.on_batches(by_hand(batch_size=256)).startswith("Batch 2 costs 0.007781982421875, the other nothing.")
    other = Autopsy(np.where(np.arange(512) < 256, 0.5, 1.0), POSITIVE, 4, 128)
    assert words.on_batches(other).startswith("Batch 3 costs 1, the other 3 at most 0.9921875.")
    assert words.on_batches(by_hand(4)).startswith("Batch 1 costs 0, all cost the same.")
    assert "averages all 17: 9.3703e-04." in words.on_bar(a)
    assert "1 × 1 = 1 comparison, where 1 was meant." in words.on_shapes(by_hand(batch_size=1))


@pytest.mark.parametrize(
    ("value", "exact", "fraction"),
    [
        (0.0037841796875, "0.0037841796875", "31/8,192 = "),
        (1 / 3, "0.3333333", ""),
        (2.0, "2", ""),
        (0.1, "0.1", ""),
    ],
)
def test_are_digits_shown_in_full_only_where_they_are_exact(value: float, exact: str, fraction: str) -> None:
    assert (words.exact(value), words.fraction(value)) == (exact, fraction)


@pytest.mark.parametrize("rank", [1, 4])
@pytest.mark.parametrize("batch_size", [1, 32, 512])
def test_do_the_pictures_hold_the_autopsys_figures(rank: int, batch_size: int) -> None:
    a = Autopsy(outputs(), POSITIVE, rank, batch_size)
    batch = a.batch_of_target
    figure = pair_matrix(a, batch, LIGHT)
    heatmap, outline = figure.data[:2]
    assert heatmap.z.shape == (batch_size, batch_size) and len(heatmap.x) == len(heatmap.y) == batch_size
    counts = np.ones((batch_size, batch_size), bool) if rank == 1 else np.eye(batch_size, dtype=bool)
    assert np.array_equal(~np.isnan(heatmap.z), counts)
    np.testing.assert_allclose(heatmap.z[counts].ravel(), a.pairs(batch).ravel(), rtol=1e-6)
    greyed = [trace.name for trace in figure.data[2:]]
    assert (greyed == ["does not count"]) == (figure.layout.plot_bgcolor == LIGHT.line) == (not counts.all())
    assert len([x for x in outline.x if x is None]) == batch_size, "one outlined cell for each output"
    bars, running = batch_losses(a, LIGHT).data
    np.testing.assert_array_equal(bars.y, a.batch_losses)
    again, old = progress_bars(a, LIGHT).data
    np.testing.assert_array_equal(running.y, again.y)
    np.testing.assert_array_equal(old.y, a.old_bar)
    assert len(old.y) == a.batches + 1
