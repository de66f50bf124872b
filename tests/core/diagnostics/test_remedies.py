"""Are remedies really tried, once, within bounds?"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from corner_lab.diagnostics import Remedy, remedies
from corner_lab.diagnostics.remedies import effect, fails, known_effect, solves, verify
from corner_lab.training.run import Run
from tests.core.diagnostics.records import QUICK


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    remedies._known.clear()


def test_is_an_effect_what_training_the_remedy_gives() -> None:
    for epochs in (14, 200):
        run = Run(replace(QUICK, epochs=epochs)).train()
        assert run.history is not None
        wanted = (
            f"this alone: solved at epoch {run.history.solved_at}"
            if run.history.solved()
            else f"this alone: still fails, {run.history.counts().right} of 512 right after 14 epochs"
        )
        assert str(verify(Remedy("longer", run.experiment))) == wanted
        assert run.history.solved() == (epochs == 200)


def test_is_a_remedy_trained_once_and_held_numbers_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    remedy = Remedy("longer", replace(QUICK, epochs=200))
    held = replace(remedy, held=((11, -9.0),))
    with ThreadPoolExecutor(4) as threads:
        found = set(threads.map(verify, [remedy] * 4))
    assert len(found) == 1
    assert verify(held) not in found, "another question"

    def trained_again(self: Remedy) -> Run:
        raise AssertionError("it is known")

    monkeypatch.setattr(Remedy, "run", trained_again)
    assert {verify(remedy)} == found


def test_does_a_remedy_that_takes_too_long_stay_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remedies, "LIMIT", 0.0)
    remedy = Remedy("for ever", replace(QUICK, epochs=100_000))
    assert str(verify(remedy)).startswith("this alone: open, 0 s were enough for epoch ")
    assert known_effect(remedy) is None


def test_does_an_effect_say_what_became_of_every_kind_of_run() -> None:
    refused = Run(replace(QUICK, labels="as_asked")).train()
    assert str(effect(refused)) == "this alone: Keras refuses it"
    given = Run(QUICK, Run(replace(QUICK, epochs=200)).train().history.weights_at(-1)).train()  # type: ignore[union-attr]
    assert str(effect(given)) == "this alone: 512 of 512 right after 14 epochs"
    at_once = Run(replace(QUICK, init="matched", stop="solved")).train()
    assert str(effect(at_once)) == "this alone: nothing is trained, as all 512 are right at the start"
    assert not solves(effect(at_once)) and not fails(effect(at_once))
    confident = Run(replace(QUICK, epochs=3000, stop="confident")).train()
    assert confident.history is not None
    told = f"this alone: confident at epoch {confident.history.last}"
    right = [confident.history.counts(epoch).right for epoch in range(confident.history.solved_at or 0, 62)]
    assert min(right) == 511, "solved, lost and solved again"
    assert re.fullmatch(rf"{told}, but 511 of 512 right at epoch \d+ on the way", str(effect(confident, "confident")))
    assert effect(confident, "confident").in_short == told.removeprefix("this alone: ")
    run = Run(QUICK).train()
    run.status = "diverged"
    assert str(effect(run)) == "this alone: diverges after epoch 14"
