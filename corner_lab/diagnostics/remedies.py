"""Remedies, tried: what a changed experiment really comes to, by training it. Remembered, so that each trains once.

So is a finding proved by training its twin, which is to end the same.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from corner_lab.diagnostics.finding import Evidence, Picture, Remedy
from corner_lab.formatting import decimals, quoted
from corner_lab.network.patterns import COUNT
from corner_lab.plots.evidence import lines
from corner_lab.training.history import History, spread_rows
from corner_lab.training.outcome import on_its_scenes
from corner_lab.training.run import Run

LIMIT = 20.0  # s of training, after which an effect stays open
MOST = 512  # effects remembered

AT_BEST = "as good as 3x3 patches allow"
FAILED = ("still", "lost again", "diverges", "Keras refuses", "could not be trained")  # what such effects say

_known: OrderedDict[Remedy, str] = OrderedDict()
_lock = threading.Lock()


def solves(effect: str) -> bool:
    """Whether a remedy with this effect was solved at its end."""
    if AT_BEST in effect:
        return True
    return (": solved at epoch" in effect and "lost again" not in effect) or f": {COUNT} of {COUNT} right" in effect


def fails(effect: str) -> bool:
    """Whether a remedy with this effect was trained to its end, and has not come to what it is for."""
    return any(words in effect for words in FAILED)


def known_effect(remedy: Remedy) -> str | None:
    """The effect of a remedy that was tried before, in a sentence."""
    with _lock:
        return _known.get(remedy)


def remember(remedy: Remedy, run: Run) -> str:
    """The effect of a remedy whose run is over, remembered unless it is open."""
    sentence = effect(run, remedy.goal)
    if not ran_out(run) and run.status != "failed":
        with _lock:
            _known[remedy] = sentence
            while len(_known) > MOST:
                _known.popitem(last=False)
    return sentence


def verify(remedy: Remedy) -> str:
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


def ran_out(run: Run) -> bool:
    """Whether the run was ended before its experiment was."""
    return run.reason in ("by_hand", "abandoned")


def effect(run: Run, goal: str = "solved") -> str:
    """What the run of a remedy came to, in a sentence."""
    return f"this alone: {_came_to(run, goal)}"


def _came_to(run: Run, goal: str) -> str:
    history = run.history
    if run.status == "refused_by_keras":
        return "Keras refuses it"
    if run.status == "failed" or history is None:
        return f"it could not be trained ({run.message})"
    last = f"epoch {history.last:,}"
    if run.status == "diverged":
        return f"diverges after {last}"
    if ran_out(run):
        return f"open, {LIMIT:.0f} s were enough for {last} of {run.experiment.epochs:,} only"
    if found := on_its_scenes(run):
        on_its_own, after = found[0], _epochs(history.last)
        f1 = f"F1 {decimals(on_its_own.f1)} of at most {decimals(on_its_own.best_f1)} after {after}"
        return f"{AT_BEST}, {f1}" if on_its_own.at_best else f"still below the best, {f1}"
    if goal == "confident" and history.confident():
        return f"confident at epoch {history.confident_at:,}{_lost_between(history)}"
    if goal == "confident" and history.solved():
        return f"still not confident at {last}"
    if not history.solved():
        right = f"{history.counts().right} of {COUNT} right after {_epochs(history.last)}"
        if history.solved_at is None:
            return f"still fails, {right}"
        return f"solved at epoch {history.solved_at:,}, but lost again: {right}"
    if history.last == 0:
        return f"nothing is trained, as all {COUNT} are right at the start"
    if history.solved_at == 0:
        return f"{COUNT} of {COUNT} right after {_epochs(history.last)}"
    return f"solved at epoch {history.solved_at:,}"


def _lost_between(history: History) -> str:
    """What a run lost again between the epochs at which it was first solved and first confident."""
    assert history.solved_at is not None and history.confident_at is not None, "who is confident is solved"
    rows, threshold = np.arange(history.solved_at, history.confident_at + 1), history.experiment.threshold
    lacks = np.maximum(threshold - history.column("target_z", rows), history.column("other_z", rows) - threshold)
    worst = int(rows[lacks.argmax()])
    right = history.counts(worst).right
    return f", but {right} of {COUNT} right at epoch {worst:,} on the way" if right < COUNT else ""


def _epochs(count: int) -> str:
    return f"{count:,} epoch{'s' * (count != 1)}"


# ---------------------------------------------------------------- twins


@dataclass(frozen=True, eq=False)
class Proof:
    """What training a finding's twin has shown, in a sentence; `figure` has both courses."""

    sentence: str
    evidence: Evidence
    figure: Picture

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
    names = ["labels in place", "labels shuffled"]
    mine, other = names[:: -1 if run.experiment.labels_shuffled else 1]
    series = {mine: (shown, losses[0][shown]), other: (shown, losses[1][shown])}
    how = "the labels in place" if run.experiment.labels_shuffled else "the labels shuffled inside every batch"
    told = f"Trained again with {how}, for {_epochs(last)}: {_apart(float(apart.max()), float(apart[-1]))}."
    return Proof(told, evidence, partial(lines, series, "loss", marked=mine))


def _apart(most: float, end: float) -> str:
    if most == 0:
        return "the largest difference of any weight is 0, at every epoch"
    told = f"the largest difference of any weight is {quoted(end)} at the end"
    if most > end:
        told += f" and {quoted(most)} on the way"
    return f"{told}; the same sums, rounded in another order"
