"""A check: one question about a run, when it arises, and how it is answered. `CHECKS` lists them all."""

from collections.abc import Callable
from dataclasses import dataclass

from corner_lab.diagnostics.finding import Finding
from corner_lab.diagnostics.run_context import Case
from corner_lab.language import Message, msg

#: What checks are called where nothing was trained, if not by their title: by code.
UNTRAINED = {
    "solved": msg("Solved"),
    "nothing_moves": msg("Nothing moves"),
    "labels_shuffled": msg("Labels shuffled"),
    "batch_weights": msg("Batch weights"),
    "too_fast": msg("Too fast"),
    "loss_head": msg("Loss head"),
    "softmax_order": msg("Softmax order"),
    "dead_kernels": msg("Dead kernels"),
    "settled": msg("Settled"),
    "too_slow": msg("Too slow"),
    "too_few_updates": msg("Too few updates"),
    "best_of_patches": msg("Best of patches"),
    "accuracy_trap": msg("Accuracy trap"),
}


def _always(case: Case) -> None:
    return None


@dataclass(frozen=True)
class Check:
    """One entry of the registry `CHECKS`; called with a case it gives its finding.

    `code` is that of its findings, `question` what it asks; `find` answers. `pointless` says in a sentence why
    the question does not arise for a case, None where it does; the finding is then `not_applicable`, with `title`.
    `untrained`: whether it also has something to say of a run that Keras refused to train; `mislabelled`: of one whose
    outputs met the labels of other samples, whose gradients lead nowhere. `on_scenes`: of one that learned from patches
    of scenes, where most of the 512 patterns do not occur.
    """

    code: str
    title_message: Message
    question_message: Message
    find: Callable[[Case], Finding]
    pointless: Callable[[Case], Message | None] = _always
    untrained: bool = False
    mislabelled: bool = False
    on_scenes: bool = False

    @property
    def title(self) -> str:
        return str(self.title_message)

    @property
    def question(self) -> str:
        return str(self.question_message)

    def __call__(self, case: Case) -> Finding:
        """The finding about this case."""
        if case.refused and not self.untrained:
            why = msg("Keras refused these shapes, so nothing was trained.")
            title = UNTRAINED.get(self.code, self.title_message)
            return Finding(self.code, "not_applicable", title, why)
        silent = self.why_silent(case)
        return Finding(self.code, "not_applicable", self.title_message, silent) if silent else self.find(case)

    def why_silent(self, case: Case) -> Message | None:
        """Why the question does not arise for a case, in a sentence; None where it does."""
        if case.experiment.scenes and not self.on_scenes:
            return msg("It is about the 512 patterns, and this run learned from the patches of scenes.")
        if why := self.pointless(case):
            return why
        if case.experiment.mislabels and not self.mislabelled:
            return msg("The labels are shuffled, so training leads no output to its own label.")
        return None
