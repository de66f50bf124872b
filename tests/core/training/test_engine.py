"""Is anything compiled twice? Values may change freely; only what shapes the code may make a new engine."""

from __future__ import annotations

import itertools
import logging
from dataclasses import replace

import numpy as np
import pytest

from corner_lab.experiment.experiment import Experiment
from corner_lab.network.keras_model import compiled
from corner_lab.training import engine as engine_module
from corner_lab.training.engine import CHUNK, TELL_EVERY, Engine, engine_for, warm
from corner_lab.training.engine_state import Structure, Task
from corner_lab.training.run import Run

BASE = Experiment(labels="aligned", head="sigmoid", loss="binary_crossentropy", epochs=2)
SAME = {
    "seed": {"seed": 99},
    "learning rate": {"learning_rate": 0.5},
    "target": {"target": (27,)},
    "several targets": {"target": (27, 54)},
    "start": {"init": "matched"},
    "length": {"epochs": 1500},
    "stop rule": {"stop": "confident"},
    "shuffled labels": {"labels_shuffled": True},
}
OTHER = {
    "head": {"head": "linear"},
    "labels": {"labels": "as_asked", "loss": "mse"},
    "second_conv": {"second_conv": False},
    "loss": {"loss": "mse"},
    "balance": {"balance": "class_weight"},
    "optimizer": {"optimizer": "sgd"},
    "batch_size": {"batch_size": 64},
}


def traces(engine: object) -> int:
    found: int = engine._train.experimental_get_tracing_count()  # type: ignore[attr-defined]
    return found


def test_nothing_is_traced_again_when_only_values_change() -> None:
    Run(BASE).train()
    engine = engine_for(BASE)
    assert traces(engine) == 1
    for fields in SAME.values():
        e = replace(BASE, **fields)
        assert engine_for(e) is engine
        assert Run(e).train().status in ("finished", "stopped")
    Run(BASE, np.full(12, 0.1, np.float32)).train()
    run = Run(BASE).train()
    run.extend(3)
    run.train()
    warm(BASE)
    assert traces(engine) == 1


@pytest.mark.parametrize("fields", OTHER.values(), ids=list(OTHER))
def test_what_shapes_the_code_has_its_own_engine(fields: dict[str, object]) -> None:
    assert engine_for(replace(BASE, **fields)) is not engine_for(BASE)  # type: ignore[arg-type]


def test_engines_share_no_state_between_runs() -> None:
    alone = Run(replace(BASE, epochs=40)).train()
    one, two = Run(replace(BASE, epochs=40)), Run(replace(BASE, epochs=40, seed=3, learning_rate=0.3))
    while one.step() | two.step():
        pass
    assert alone.history is not None and one.history is not None
    np.testing.assert_array_equal(one.history.rows, alone.history.rows)


def test_is_a_trace_for_each_engine_nothing_to_warn_of() -> None:
    said: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = said.append  # type: ignore[method-assign]
    logging.getLogger("tensorflow").addHandler(handler)
    for number in range(8):
        assert compiled(lambda x, number=number: x + number)(np.float32(1)).numpy() == 1 + number
    logging.getLogger("tensorflow").removeHandler(handler)
    assert not said


def test_warming_is_all_that_a_first_run_waits_for() -> None:
    e = replace(BASE, head="linear", loss="mse", batch_size=512)
    warm(e)
    assert traces(engine_for(e)) == 1
    Run(e).train()
    assert traces(engine_for(e)) == 1


def test_warming_what_keras_refuses_says_nothing() -> None:
    warm(Experiment(loss="binary_crossentropy"))


def test_one_call_has_a_limit() -> None:
    engine, task = engine_for(BASE), Task(BASE)
    state = engine.start(np.zeros(12, np.float32), 0.01)
    with pytest.raises(ValueError, match=str(CHUNK)):
        engine.advance(state, task, np.zeros((CHUNK + 1, 512), np.int32))


def test_is_the_log_told_when_many_loops_are_kept(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(engine_module, "_made", itertools.count(TELL_EVERY - 1))
    with caplog.at_level(logging.WARNING, "corner_lab"):
        for _ in range(3):
            Engine(Structure.of(BASE))
    assert [record.getMessage() for record in caplog.records] == [
        "50 training loops are compiled; a restart frees about 600 MB"
    ]
