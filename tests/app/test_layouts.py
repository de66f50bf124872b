"""The numbers of the bench know which network they are of: another one gets them converted, with the same z."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import streamlit as st

from corner_lab.experiment.experiment import Experiment
from corner_lab.network.numpy_model import pre_activations
from tests.app.conftest import trained
from ui.state.session import Session, reporting
from ui.state.train_actions import continue_from_bench, train_with_locks

OpenApp = Callable[..., Any]
SOFTMAX = "head=softmax&loss=categorical_crossentropy&labels=aligned&epochs=2"
CHANGES = {
    "softmax loses its 1x1": (SOFTMAX, {"second_conv": False}),
    "softmax gets a 1x1": (f"{SOFTMAX}&second_conv=false", {"second_conv": True}),
    "softmax becomes sigmoid": (SOFTMAX, {"head": "sigmoid"}),
    "softmax without becomes sigmoid with": (f"{SOFTMAX}&second_conv=false", {"head": "sigmoid", "second_conv": True}),
    "sigmoid becomes softmax": ("head=sigmoid&labels=aligned&epochs=2", {"head": "softmax"}),
    "sigmoid loses its 1x1": ("head=sigmoid&labels=aligned&epochs=2", {"second_conv": False}),
}


def zs(run: Any, epoch: int) -> np.ndarray:
    """z of all 512 patterns."""
    return pre_activations(run.history.linear(slice(epoch, epoch + 1))[0])


@pytest.mark.parametrize("case", CHANGES)
@pytest.mark.parametrize("edits", [False, True], ids=["at the playhead", "edited"])
def test_does_another_network_continue_with_the_same_z(open_app: OpenApp, case: str, edits: bool) -> None:
    query, changes = CHANGES[case]
    lab = open_app(query)
    lab.train()
    first = lab.trained()
    lab.rest(1)
    if edits:
        shown = first.experiment.layout.bench(first.history.weights_at(1))
        lab.report(weights=[*shown[:3].tolist(), 7.0, *shown[4:].tolist()])
    for field, value in changes.items():
        lab.choose(**{field: value})
    lab.session.locks = frozenset({3, 9, 10})
    lab.click("Continue from here")
    run = lab.trained()
    assert run is not first and run.status == "finished", run.message
    wanted = zs(first, 1)
    if edits:
        numbers = first.history.linear(slice(1, 2))[0]
        numbers[3] = 7
        wanted = pre_activations(numbers)
    np.testing.assert_allclose(zs(run, 0), wanted, rtol=1e-5, atol=1e-5)
    both = first.experiment.second_conv and run.experiment.second_conv
    assert set(run.held) == ({3, 9, 10} if both else {3, 9}), "what both networks have stays locked"
    held = run.history.linear()[:, list(run.held)]
    assert (held == np.array([*run.held.values()], dtype=np.float32)).all()


def test_is_a_bench_that_another_network_cannot_hold_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained(Experiment(epochs=1), np.zeros(12, dtype=np.float32))
    run.history.weights[:] = [2e38, -2e38, *[0] * 8, 1, 0]  # as just before a run diverges
    s = Session(run=run, experiment=Experiment(second_conv=False))
    monkeypatch.setattr(st, "session_state", {"session": s})
    reporting(continue_from_bench)()
    (note,) = s.notes
    assert "z reaches" in note and s.run is run
    s.locks = frozenset({1})
    reporting(train_with_locks)(s.experiment)
    assert "z reaches" in s.notes[1] and s.run is run


def test_does_a_link_open_with_a_bench_of_another_network(open_app: OpenApp) -> None:
    numbers = [0.5 * i for i in range(22)]  # softmax without a 1x1, which was switched on since
    lab = open_app(f"{SOFTMAX}&weights={','.join(map(str, numbers))}")
    assert lab.warnings == []
    lab.press("bench")
    np.testing.assert_allclose(zs(lab.trained(), 0), pre_activations(np.array(numbers[:12])), rtol=1e-5)
