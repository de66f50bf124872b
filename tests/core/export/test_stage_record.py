"""The record is the run: what the stage plays are the history's own numbers."""

import json
from dataclasses import replace

import numpy as np
import pytest

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import linear_weights
from corner_lab.export.stage_record import run_record, set_record
from corner_lab.formatting import signed, small
from corner_lab.network.numpy_model import pre_activations
from corner_lab.network.parameters import linear_names
from corner_lab.plots.theme import LIGHT
from corner_lab.plots.training import confusion_matrix, decades_apart, kernel_heatmaps, min_max_bins, training_curves
from corner_lab.terms import TERMS
from corner_lab.training.history import spread_rows
from corner_lab.training.run import Run

SOLVED = replace(Experiment(), labels="aligned", head="sigmoid", loss="binary_crossentropy", epochs=200)


def test_does_a_finished_record_hold_every_row_of_the_history() -> None:
    run = Run(SOLVED).train()
    record = run_record(run, "a title")
    assert run.history is not None
    assert record.columns["epoch"].tolist() == list(range(201))
    assert np.array_equal(record.columns["loss"], run.history.column("loss"))
    numbers = np.stack([record.columns[name] for name in linear_names(1)], axis=1)
    z = np.array([pre_activations(row)[432] for row in numbers])
    np.testing.assert_allclose(z, run.history.column("target_z"), rtol=1e-5, atol=1e-5)
    header = record.header
    assert (header.last, header.growing, header.status) == (200, False, "finished")
    assert header.edges["w_max"] == np.abs(numbers[:, :9]).max()
    assert [(m["kind"], m["epoch"]) for m in header.markers] == [("solved", run.history.solved_at)]
    json.dumps(vars(header))


def test_is_a_growing_record_thinned_and_does_it_keep_its_ends() -> None:
    run = Run(replace(SOLVED, epochs=5000))
    while not run.over and (run.history is None or run.history.last < 2000):
        run.step()
    record = run_record(run, "")
    assert run.history is not None and record.header.growing
    assert len(record.columns["epoch"]) <= 1000
    assert record.columns["epoch"][0] == 0 and record.columns["epoch"][-1] == run.history.last
    assert record.header.planned == 5000 and record.header.markers == []


def test_can_weights_be_shown_that_were_never_trained() -> None:
    record = set_record(Experiment(), linear_weights("by_hand", 432), "Set by hand")
    assert record.header.status == "set"
    assert record.header.say["start"][0] == "Set by hand: 512 of 512 right"
    assert np.isnan(record.columns["loss"]).all()
    assert record.columns["corner_output"].tolist() == [1.0]


def test_is_a_run_that_keras_refuses_still_a_record() -> None:
    run = Run(replace(Experiment(), loss="binary_crossentropy")).train()
    record = run_record(run, "")
    assert record.header.status == "refused_by_keras"
    assert "must have the same" in record.header.say["end"][1]


def test_do_spread_rows_start_dense_and_end_at_the_end() -> None:
    rows = spread_rows(100_001, 1000)
    assert rows[0] == 0 and rows[-1] == 100_000 and len(rows) <= 1000
    assert (np.diff(rows) > 0).all() and (rows[:5] == np.arange(5)).all()


def test_does_a_drawn_curve_keep_the_lowest_and_highest_value_of_each_bin() -> None:
    values = np.random.default_rng(0).normal(size=50_000).astype(np.float32)
    values[31_234], values[47] = 99, -99
    epochs, drawn = min_max_bins(values, 100)
    assert len(epochs) <= 202 and 99 in drawn and -99 in drawn
    assert np.array_equal(values[epochs], drawn) and (np.diff(epochs) > 0).all()


def test_do_the_figures_show_the_runs_own_numbers() -> None:
    run = Run(SOLVED).train()
    assert run.history is not None
    numbers = run.history.linear(slice(200, 201))[0]
    kernel = kernel_heatmaps(numbers, (432,), LIGHT)
    np.testing.assert_allclose(kernel.data[0].z, (numbers[:9] * numbers[10]).reshape(3, 3))
    assert kernel.data[0].text[0][0] == signed(float(numbers[0] * numbers[10]))
    np.testing.assert_array_equal(kernel.data[1].z, [[-1, -1, -1], [-1, 1, 1], [-1, 1, 1]])
    counts = run.history.counts(200)
    assert confusion_matrix(counts, LIGHT).data[0].text == ([counts.tp, counts.fn], [counts.fp, counts.tn])
    curves = training_curves(run.history, 200, LIGHT)
    np.testing.assert_array_equal(curves.data[0].y, run.history.column("loss"))
    titles = {note.text for note in curves.layout.annotations}
    assert titles <= {term.label.lower() for term in TERMS.values()} and len(titles) == 4


def test_are_numbers_written_as_everywhere() -> None:
    assert [signed(v) for v in (-100.0, 0.734, 0.0, 10.0)] == ["−100", "+0.73", "0", "+10"]
    assert [small(v) for v in (0.0037841796875, 0.0, 0.26, 2e-6)] == ["0.0038", "0", "0.26", "2e−6"]


def test_is_a_collapse_marked_where_it_begins() -> None:
    run = Run(replace(Experiment(), labels="aligned")).train()
    history = run.history
    assert history is not None and history.collapsed_at is not None
    rejects = [history.counts(epoch).right == 511 and history.counts(epoch).fp == 0 for epoch in range(101)]
    low = history.column("corner_output") < 0.1
    begins = history.collapsed_at
    assert all(rejects[begins:]) and low[begins:].all()
    assert not (rejects[begins - 1] and low[begins - 1])
    markers = {marker["kind"]: marker["epoch"] for marker in run_record(run, "").header.markers}
    assert markers["collapsed"] == begins
    solved = Run(SOLVED).train().history
    assert solved is not None and solved.collapsed_at is None


@pytest.mark.parametrize("low", [1e-1, 3e-3, 1e-7, 2e-15, 1e-30])
def test_do_the_ticks_of_a_log_axis_leave_each_other_room(low: float) -> None:
    values = np.array([0.0, low, np.nan, 0.5, low * 2])
    apart = decades_apart(values)
    ticks = [power for power in range(-40, 3) if power % apart == 0 and low <= 10.0**power <= 0.5]
    assert isinstance(apart, int) and apart >= 1 and len(ticks) <= 6
    assert decades_apart(np.zeros(3)) == 1
