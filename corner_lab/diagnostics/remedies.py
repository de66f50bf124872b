"""Remedies, tried: what a changed experiment really comes to, by training it. Remembered, so that each trains once.

So is a finding proved by training its twin, which is to end the same.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from corner_lab.diagnostics.effect import Effect, effect_of, ran_out
from corner_lab.diagnostics.finding import Evidence, Picture, Remedy
from corner_lab.diagnostics.phrases import epochs
from corner_lab.diagnostics.pictures import lines
from corner_lab.formatting import quoted
from corner_lab.language import Message, msg
from corner_lab.training.history import spread_rows
from corner_lab.training.run import Run

LIMIT = 20.0  # s of training, after which an effect stays open
MOST = 512  # effects remembered

_known: OrderedDict[Remedy, Effect] = OrderedDict()
_lock = threading.Lock()


def solves(effect: Effect | None) -> bool:
    """Whether a remedy with this effect was solved at its end; None: it was not tried."""
    return effect is not None and effect.solves


def fails(effect: Effect | None) -> bool:
    """Whether a remedy with this effect was trained to its end, and has not come to what it is for."""
    return effect is not None and effect.fails


def known_effect(remedy: Remedy) -> Effect | None:
    """The effect of a remedy that was tried before."""
    with _lock:
        return _known.get(remedy)


def remember(remedy: Remedy, run: Run) -> Effect:
    """The effect of a remedy whose run is over, remembered unless it is open."""
    found = effect(run, remedy.goal)
    if not ran_out(run) and run.status != "failed":
        with _lock:
            _known[remedy] = found
            while len(_known) > MOST:
                _known.popitem(last=False)
    return found


def verify(remedy: Remedy) -> Effect:
    """What the remedy alone comes to, trained in this thread unless it is known: "this alone: solved at epoch 178"."""
    found = known_effect(remedy)
    if found is None:
        run = remedy.run()
        while trying(run):
            pass
        found = remember(remedy, run)
    return found


def trying(run: Run) -> bool:
    """Do one chunk of a remedy's run, which ends after LIMIT seconds of training. Returns whether there is more."""
    if run.seconds.train > LIMIT:
        run.stop()
    return run.step()


def effect(run: Run, goal: str = "solved") -> Effect:
    """What the run of a remedy came to."""
    return effect_of(run, goal, LIMIT)


# ---------------------------------------------------------------- twins


@dataclass(frozen=True, eq=False)
class Proof:
    """What training a finding's twin has shown, in a sentence; `figure` has both courses."""

    sentence_message: Message
    evidence: Evidence
    figure: Picture

    @property
    def sentence(self) -> str:
        return str(self.sentence_message)

    def to_json(self) -> dict[str, Any]:
        return {"sentence": self.sentence, "evidence": dict(self.evidence)}


def proof(run: Run, twin: Run) -> Proof | None:
    """A run beside its twin, whose labels are shuffled inside every batch where its own are not, or the other way
    round, over the epochs that both have; None if there are none."""
    if run.history is None or twin.history is None or min(run.history.last, twin.history.last) < 1:
        return None
    last = min(run.history.last, twin.history.last)
    apart = np.abs(run.history.weights[: last + 1] - twin.history.weights[: last + 1]).max(axis=1)  # (last + 1,)
    rows = np.arange(last + 1)
    losses = [history.column("loss", rows).astype(np.float64) for history in (run.history, twin.history)]
    evidence: Evidence = {
        "epochs": last,
        "largest_weight_difference": float(apart.max()),
        "largest_weight_difference_at_the_end": float(apart[-1]),
        "largest_loss_difference": float(np.abs(losses[0] - losses[1]).max()),
    }
    shown = spread_rows(last + 1, 300)
    names = [msg("labels in place"), msg("labels shuffled")]
    mine, other = names[:: -1 if run.experiment.labels_shuffled else 1]
    series = {mine: (shown, losses[0][shown]), other: (shown, losses[1][shown])}
    values = {"epochs": epochs(last), "difference": _apart(float(apart.max()), float(apart[-1]))}
    told = (
        msg("Trained again with the labels in place, for {epochs}: {difference}.", **values)
        if run.experiment.labels_shuffled
        else msg("Trained again with the labels shuffled inside every batch, for {epochs}: {difference}.", **values)
    )
    return Proof(told, evidence, partial(lines, series, msg("loss"), marked=mine))


def _apart(most: float, end: float) -> Message:
    """How far the weights of both are apart, in a clause."""
    if most == 0:
        return msg("the largest difference of any weight is 0, at every epoch")
    if most > end:
        return msg(
            "the largest difference of any weight is {end} at the end and {most} on the way; the same sums, rounded in "
            "another order",
            end=quoted(end),
            most=quoted(most),
        )
    return msg(
        "the largest difference of any weight is {end} at the end; the same sums, rounded in another order",
        end=quoted(end),
    )
