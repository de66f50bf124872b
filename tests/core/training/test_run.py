"""What becomes of a run: it ends by itself, by a rule or by hand, goes on, breaks down, and tells which."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from corner_lab.experiment.experiment import Experiment, ExperimentError
from corner_lab.export.run_report import report
from corner_lab.network.parameters import ParameterLayout
from corner_lab.training import run as run_module
from corner_lab.training.engine import engine_for
from corner_lab.training.history import History, row_of
from corner_lab.training.run import Run
from corner_lab.workers.pool import Pool
from tests import oracle

CURED = Experiment(labels="aligned", head="sigmoid", loss="binary_crossentropy")


def rows_of(run: Run) -> np.ndarray:
    assert run.history is not None
    return run.history.rows


def trained(e: Experiment, weights: np.ndarray | None = None) -> Run:
    return Run(e, weights).train()


# ---------------------------------------------------------------- ends


def test_a_run_of_no_epochs_has_one_row() -> None:
    run = trained(replace(CURED, epochs=0))
    assert (run.reason, run.message, run.updates, len(rows_of(run))) == ("all_epochs", "", 0, 1)
    assert run.over and not run.step()


def test_a_run_counts_updates_beside_epochs() -> None:
    assert trained(replace(CURED, epochs=3)).updates == 3 * 16


@pytest.mark.parametrize("stop", ["solved", "confident"])
def test_a_stop_rule_ends_at_exactly_the_first_row_that_meets_it(stop: str) -> None:
    e = replace(CURED, epochs=3000, stop=stop, learning_rate=0.03)
    run = trained(e)
    last = len(rows_of(run)) - 1
    assert (run.status, run.reason) == ("stopped", "stop_rule") and str(last) in run.message and 0 < last < 3000
    shape, positive = ParameterLayout(1, 1), oracle.is_positive(e)
    high, low = (0.5, 0.5) if stop == "solved" else (0.9, 0.1)
    for epoch in (last - 1, last):
        output = oracle.predict(e, shape.to_keras(run.history.weights_at(epoch)))
        met = output[positive].min() > high and output[~positive].max() < low
        assert met == (epoch == last)
    assert (run.history.solved_at if stop == "solved" else run.history.confident_at) == last
    # Without the rule the same epochs are the same, to the bit; and no earlier row meets it.
    free = trained(replace(e, stop="never", epochs=last + 3))
    np.testing.assert_array_equal(rows_of(run), rows_of(free)[: last + 1])
    assert (free.history.solved_at if stop == "solved" else free.history.confident_at) == last


def test_weights_that_solve_it_stop_before_the_first_epoch() -> None:
    run = trained(replace(CURED, init="by_hand", stop="solved"))
    assert (run.status, run.reason, len(rows_of(run)), run.history.solved_at) == ("stopped", "stop_rule", 1, 0)


def test_a_hinge_on_z_is_confident_beyond_one() -> None:
    e = Experiment(labels="aligned", head="linear", loss="squared_hinge", epochs=0)
    corner = np.array([*(2 * oracle.PATTERNS[432] - 1), -3.5, 1, 0], np.float32)  # z is 1/2 and at most -1/2
    assert trained(e, corner).history.solved_at == 0 and trained(e, corner).history.confident_at is None
    corner[10] = 2.1
    assert trained(e, corner).history.confident_at == 0


def test_logits_are_confident_where_their_sigmoid_is() -> None:
    e = Experiment(labels="aligned", head="linear", loss="binary_crossentropy", epochs=0)
    corner = np.array([*(2 * oracle.PATTERNS[432] - 1), -3.5, 4.3, 0], np.float32)  # sigmoid(2.15) = 0.896
    assert trained(e, corner).history.confident_at is None
    corner[10] = 4.5  # sigmoid(2.25) = 0.905
    assert trained(e, corner).history.confident_at == 0


# ---------------------------------------------------------------- goes on


def test_training_longer_is_the_same_as_asking_for_it_at_first() -> None:
    run = trained(replace(CURED, epochs=30))
    run.extend(70)
    assert not run.over and run.reason == ""
    run.train()
    assert (run.status, run.reason, run.experiment.epochs) == ("finished", "all_epochs", 100)
    np.testing.assert_array_equal(rows_of(run), rows_of(trained(replace(CURED, epochs=100))))


def test_training_longer_after_a_stop_rule_is_the_same_as_training_without_it() -> None:
    run = trained(replace(CURED, epochs=3000, stop="solved", learning_rate=0.03))
    last = run.history.last
    run.extend(20)
    run.train()
    assert run.status == "finished" and run.history.last == last + 20
    free = trained(replace(CURED, epochs=last + 20, learning_rate=0.03))
    np.testing.assert_array_equal(rows_of(run), rows_of(free))


def test_training_longer_after_a_stop_by_hand_goes_on_from_there() -> None:
    run = Run(replace(CURED, epochs=100_000))
    for _ in range(3):
        run.step()
    run.stop()
    run.train()
    last = run.history.last
    assert run.status == "stopped" and run.reason == "by_hand" and 0 < last < 100_000
    run.extend(5)
    run.train()
    np.testing.assert_array_equal(rows_of(run), rows_of(trained(replace(CURED, epochs=last + 5))))


def test_a_run_cannot_be_trained_beyond_the_limit_or_before_it_is_over() -> None:
    run = trained(replace(CURED, epochs=1))
    for epochs in (0, -1, 100_000):
        with pytest.raises(ExperimentError, match="epochs"):
            run.extend(epochs)
    with pytest.raises(ExperimentError, match="epochs"):
        Run(CURED).extend(1)
    assert run.status == "finished" and run.history.last == 1


def test_continuing_from_a_row_starts_a_fresh_optimizer() -> None:
    first = trained(replace(CURED, epochs=10))
    start = first.history.weights_at(6)
    e = replace(CURED, epochs=3, seed=8)
    run = trained(e, start)
    assert run.experiment.init == "given"
    np.testing.assert_array_equal(run.history.weights_at(0), start)
    arrays, losses = oracle.fit(e, ParameterLayout(1, 1).to_keras(start), 3)
    np.testing.assert_allclose(run.history.weights_at(-1), np.concatenate([a.ravel() for a in arrays]), atol=1e-5)
    np.testing.assert_allclose(run.history.column("loss")[1:], losses, rtol=1e-5)


def test_weights_of_another_network_do_not_fit() -> None:
    with pytest.raises(ValueError, match="12"):
        Run(CURED, np.zeros(14, np.float32))


# ---------------------------------------------------------------- breaks down


def test_a_run_that_diverges_keeps_every_finite_row() -> None:
    e = Experiment(
        labels="aligned", head="linear", optimizer="sgd", learning_rate=10.0, batch_size=512, epochs=50, seed=1
    )
    run = trained(e)
    last = run.history.last
    assert (run.status, run.reason) == ("diverged", "not_finite") and 0 < last < 50
    assert f"{last + 1}" in run.message and np.isfinite(rows_of(run)).all()
    # fit's own loss follows: z and the gradient of weights as large as these overflow an epoch before it does.
    _, losses = oracle.fit(e, ParameterLayout(1, 1).to_keras(run.history.weights_at(0)), last + 2)
    np.testing.assert_allclose(run.history.column("loss")[1:], losses[:last], rtol=1e-3)
    assert not np.isfinite(losses[-1])
    assert None not in (report(run)["loss"], report(run)["weights"]["bias"])


def test_weights_that_give_no_finite_loss_diverge_at_once() -> None:
    e = Experiment(labels="aligned", head="linear")
    run = trained(e, np.full(12, 1e18, np.float32))
    assert (run.status, run.reason) == ("diverged", "not_finite_at_start") and run.history.last == 0
    assert report(run)["loss"] is None


def test_does_a_run_say_how_far_it_is() -> None:
    run = Run(Experiment(init="matched", epochs=0))
    assert repr(run) == f"<Run {run.id}, waiting: 0 of 0 epochs of Experiment(epochs=0, init='matched')>"
    run.train()
    assert "finished: 0 of 0 epochs, 512 of 512 right of Experiment(" in repr(run)
    run.message = "<script>"
    html = run._repr_html_()
    assert "<th>trained</th><td>0 of 0 epochs, 512 of 512 right</td>" in html and "init=&#x27;matched&#x27;" in html
    assert "&lt;script&gt;" in html and "<script" not in html and len(html) < 600


def test_weights_whose_z_float32_cannot_hold_are_refused() -> None:
    with pytest.raises(ValueError, match=r"z reaches .* float32 ends at"):
        Run(Experiment(), np.full(12, 3e38, np.float32))


# ---------------------------------------------------------------- nobody looks


def test_an_abandoned_run_stops_and_a_kept_one_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_module.ABANDONED_SECONDS == 20
    monkeypatch.setattr(run_module, "ABANDONED_SECONDS", 0.02)
    abandoned, kept = Run(replace(CURED, epochs=100_000)), Run(replace(CURED, epochs=100_000))
    for run in (abandoned, kept):
        run.step()
        run.abandon()
    kept.keep()
    time.sleep(0.03)
    assert not abandoned.step() and (abandoned.status, abandoned.reason) == ("stopped", "abandoned")
    assert kept.step() and kept.step() and kept.status == "running"


def test_being_abandoned_twice_does_not_prolong_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "ABANDONED_SECONDS", 0.05)
    run = Run(replace(CURED, epochs=100_000))
    run.step()
    run.abandon()
    time.sleep(0.06)
    run.abandon()
    assert not run.step()


# ---------------------------------------------------------------- many at once


def test_a_short_run_is_not_stuck_behind_long_ones() -> None:
    short = replace(CURED, epochs=100, seed=5)
    alone = trained(short)  # also warms the engine
    pool = Pool()
    long = [pool.submit(Run(replace(CURED, epochs=100_000, seed=seed))) for seed in (1, 2)]
    try:
        wait_until(lambda: all(run.history is not None and run.history.last > 0 for run in long))
        start = time.monotonic()
        run = pool.submit(Run(short))
        wait_until(lambda: run.over)
        assert time.monotonic() - start < 10
        assert not any(run.over for run in long)
    finally:
        for run_ in long:
            run_.stop()
    wait_until(lambda: all(run.over for run in long))
    np.testing.assert_array_equal(rows_of(run), rows_of(alone))
    for stopped in long:
        assert (stopped.status, stopped.message.startswith("stopped by hand")) == ("stopped", True)
        again = trained(replace(stopped.experiment, epochs=min(stopped.history.last, 300)))
        np.testing.assert_array_equal(rows_of(again), rows_of(stopped)[: len(rows_of(again))])


def wait_until(condition: object, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "this took too long"
        time.sleep(0.01)


def test_chunks_are_short_enough_to_share_the_machine() -> None:
    run = Run(replace(CURED, epochs=100_000))
    for _ in range(6):
        run.step()
    took = []
    for _ in range(10):
        start = time.process_time()  # whatever else the machine does
        assert run.step()
        took.append(time.process_time() - start)
    assert np.median(took) < 0.1  # aimed at 0.04


def test_rows_that_were_read_do_not_change_while_a_run_goes_on() -> None:
    run = Run(replace(CURED, epochs=2000))
    run.step()
    run.step()
    before = rows_of(run)
    copied = before.copy()
    run.train()
    run.extend(3)
    run.train()
    np.testing.assert_array_equal(before, copied)


def test_weights_that_ran_away_are_told_without_a_warning() -> None:
    e = Experiment(labels="aligned", head="linear", epochs=2)
    far = np.full(12, 3e38, np.float32)  # a warning would be an error here
    history = History(e, row_of(e, far, np.inf))
    history.append(row_of(e, -far, np.inf)[None])
    assert history.column("highest_z").tolist() == [np.inf, np.inf] and not history.solved()
    assert history.solved_at is None and not np.isfinite(history.column("loss")).any()


# ---------------------------------------------------------------- the record


def test_a_hundred_thousand_epochs_fit_into_50_mb() -> None:
    biggest = Experiment(head="softmax", loss="mse", second_conv=False, epochs=100_000)
    width = 3 + ParameterLayout.of(True, False).size
    history = History(biggest, np.zeros(width, np.float32))
    for _ in range(100):
        history.append(np.zeros((1000, width), np.float32))
    assert history.last == 100_000 and history._rows.nbytes <= 50e6


def test_same_seed_same_run_and_another_seed_another() -> None:
    first, second, other = (trained(replace(CURED, epochs=3, seed=seed)) for seed in (4, 4, 5))
    np.testing.assert_array_equal(rows_of(first), rows_of(second))
    assert not np.array_equal(rows_of(first), rows_of(other))


def test_does_a_run_say_what_it_is_in(monkeypatch: pytest.MonkeyPatch) -> None:
    e = Experiment(epochs=3)
    run, seen = Run(e), []
    engine = engine_for(e)
    advance = engine.advance

    def watched(state: object, task: object, order: np.ndarray) -> object:
        seen.append((run.phase, len(order)))
        return advance(state, task, order)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "advance", watched)
    assert run.phase == "queued"
    run.train()
    assert seen[0] == ("compiling", 0) and {phase for phase, _ in seen[1:]} == {"training"}
    assert run.phase == ""
    run.extend(2)
    assert run.phase == "training"


def test_does_a_run_whose_stop_is_taken_back_end_as_if_it_had_never_been_stopped() -> None:
    whole = Run(replace(CURED, epochs=5000)).train()
    run = Run(replace(CURED, epochs=5000))
    while run.history is None or not run.history.last:
        run.step()
    assert not run.resume(), "a worker still has it"
    run.stop()
    assert not run.step() and run.status == "stopped" and run.history.last < 5000
    assert run.resume() and not run.over and not run.message
    run.train()
    assert run.status == "finished" and not run.resume(), "it is over by itself"
    assert whole.history is not None
    np.testing.assert_array_equal(run.history.weights, whole.history.weights)
