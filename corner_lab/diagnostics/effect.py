"""Effects: what a remedy came to when it was trained. Its kind decides; its words are for whoever reads."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from corner_lab.diagnostics.phrases import epochs
from corner_lab.experiment.data.on_scenes import OnScenes
from corner_lab.formatting import decimals
from corner_lab.language import Message, msg, msgc, msgn, tr
from corner_lab.network.patterns import COUNT
from corner_lab.training.history import History
from corner_lab.training.outcome import on_its_scenes
from corner_lab.training.run import Run

Kind = Literal[
    "solved",  # with an epoch before which it was not
    "kept",  # as all were right from the start on
    "at_best",  # of scenes
    "confident",  # which was the goal
    "unsolved",
    "lost",  # what was solved on the way
    "below_best",  # of scenes
    "not_confident",  # which was the goal, but solved
    "diverged",
    "refused",
    "failed",
    "open",  # ended before its experiment was
    "untrained",  # as all are right at the start
]
SOLVES = ("solved", "kept", "at_best")
FAILS = ("unsolved", "lost", "below_best", "not_confident", "diverged", "refused", "failed")


@dataclass(frozen=True)
class Effect:
    """What a remedy came to. `came_to` says it in a clause, `in_short` without what may be left out."""

    kind: Kind
    came_to_message: Message
    in_short_message: Message

    @property
    def solves(self) -> bool:
        """Whether it was solved at its end."""
        return self.kind in SOLVES

    @property
    def fails(self) -> bool:
        """Whether it was trained to its end, and has not come to what it is for."""
        return self.kind in FAILS

    @property
    def came_to(self) -> str:
        """ "still fails, 511 of 512 right after 14 epochs"."""
        return str(self.came_to_message)

    @property
    def in_short(self) -> str:
        """ "still fails"."""
        return str(self.in_short_message)

    def __str__(self) -> str:
        """ "this alone: solved at epoch 178"."""
        return tr("this alone: {effect}", effect=self.came_to_message)

    def of(self, remedies: int) -> str:
        """The same of so many remedies in one: "together: solved at epoch 178"; of one that goes further "this: …"."""
        if remedies > 1:
            return tr("together: {effect}", effect=self.came_to_message)
        return tr("this: {effect}", effect=self.came_to_message)


def ran_out(run: Run) -> bool:
    """Whether the run was ended before its experiment was."""
    return run.reason in ("by_hand", "abandoned")


def effect_of(run: Run, goal: str, limit: float) -> Effect:
    """What the run of a remedy came to that is over, `limit` s of training at most."""
    history = run.history
    if run.status == "refused_by_keras":
        return _plain("refused", msg("Keras refuses it"))
    if run.status == "failed" or history is None:
        told = msg("it could not be trained ({message})", message=run.ended_message)
        return Effect("failed", told, msg("it could not be trained"))
    last = f"{history.last:,}"
    if run.status == "diverged":
        return _plain("diverged", msg("diverges after epoch {epoch}", epoch=last))
    if ran_out(run):
        told = msg(
            "open, {seconds} s were enough for epoch {epoch} of {all} only",
            seconds=f"{limit:.0f}",
            epoch=last,
            all=f"{run.experiment.epochs:,}",
        )
        return Effect("open", told, msgc("what a remedy came to", "open"))
    if found := on_its_scenes(run):
        return _on_scenes(found[0], history.last)
    if goal == "confident" and history.confident():
        return _confident(history)
    if goal == "confident" and history.solved():
        return _plain("not_confident", msg("still not confident at epoch {epoch}", epoch=last))
    return _solved(history) if history.solved() else _unsolved(history)


def _plain(kind: Kind, told: Message) -> Effect:
    """With nothing to be left out."""
    return Effect(kind, told, told)


def _on_scenes(own: OnScenes, last: int) -> Effect:
    values = {"f1": decimals(own.f1), "best_f1": decimals(own.best_f1), "epochs": epochs(last)}
    if own.at_best:
        return _plain(
            "at_best",
            msg("as good as 3x3 patches allow, F1 {f1} of at most {best_f1} after {epochs}", **values),
        )
    return _plain("below_best", msg("still below the best, F1 {f1} of at most {best_f1} after {epochs}", **values))


def _confident(history: History) -> Effect:
    """Confident, and what was lost again since it was first solved."""
    assert history.solved_at is not None and history.confident_at is not None, "who is confident is solved"
    rows, threshold = np.arange(history.solved_at, history.confident_at + 1), history.experiment.threshold
    lacks = np.maximum(threshold - history.column("target_z", rows), history.column("other_z", rows) - threshold)
    worst = int(rows[lacks.argmax()])
    right, epoch = history.counts(worst).right, f"{history.confident_at:,}"
    short = msg("confident at epoch {epoch}", epoch=epoch)
    if right == COUNT:
        return _plain("confident", short)
    told = msg(
        "confident at epoch {epoch}, but {right} of {all} right at epoch {worst} on the way",
        epoch=epoch,
        right=right,
        all=COUNT,
        worst=f"{worst:,}",
    )
    return Effect("confident", told, short)


def _unsolved(history: History) -> Effect:
    values = {"right": history.counts().right, "all": COUNT}
    if history.solved_at is None:
        told = msgn(
            "still fails, {right} of {all} right after {count} epoch",
            "still fails, {right} of {all} right after {count} epochs",
            history.last,
            **values,
        )
        return Effect("unsolved", told, msg("still fails"))
    solved_at = f"{history.solved_at:,}"
    told = msgn(
        "solved at epoch {epoch}, but lost again: {right} of {all} right after {count} epoch",
        "solved at epoch {epoch}, but lost again: {right} of {all} right after {count} epochs",
        history.last,
        **values,
        epoch=solved_at,
    )
    return Effect("lost", told, msg("solved at epoch {epoch}, but lost again", epoch=solved_at))


def _solved(history: History) -> Effect:
    if history.last == 0:
        told = msg("nothing is trained, as all {all} are right at the start", all=COUNT)
        return _plain("untrained", told)
    if history.solved_at == 0:
        told = msgn(
            "{all} of {all} right after {count} epoch",
            "{all} of {all} right after {count} epochs",
            history.last,
            all=COUNT,
        )
        return _plain("kept", told)
    return _plain("solved", msg("solved at epoch {epoch}", epoch=f"{history.solved_at:,}"))
