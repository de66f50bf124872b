"""Remedies, tried: what a changed experiment really comes to, by training it. Remembered, so that each trains once."""

import threading
from collections import OrderedDict

from corner_lab.diagnostics.finding import Remedy
from corner_lab.network.patterns import COUNT
from corner_lab.training.run import Run

LIMIT = 20.0  # s of training, after which an effect stays open
MOST = 512  # effects remembered

_known: OrderedDict[Remedy, str] = OrderedDict()
_lock = threading.Lock()


def solves(effect: str) -> bool:
    """Whether a remedy with this effect was solved at its end."""
    return (": solved at epoch" in effect and "lost again" not in effect) or f": {COUNT} of {COUNT} right" in effect


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
    if goal == "confident" and history.confident():
        return f"confident at epoch {history.confident_at:,}"
    if goal == "confident" and history.solved():
        return f"still not confident at {last}"
    if not history.solved():
        right = f"{history.counts().right} of {COUNT} right after {_epochs(history.last)}"
        if history.solved_at is None:
            return f"still fails, {right}"
        return f"solved at epoch {history.solved_at:,}, but lost again: {right}"
    if history.solved_at == 0:
        return f"{COUNT} of {COUNT} right after {_epochs(history.last)}"
    return f"solved at epoch {history.solved_at:,}"


def _epochs(count: int) -> str:
    return f"{count:,} epoch{'s' * (count != 1)}"
