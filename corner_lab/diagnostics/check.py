"""A check: one question about a run, when it arises, and how it is answered. `CHECKS` lists them all."""

from collections.abc import Callable
from dataclasses import dataclass

from corner_lab.diagnostics.finding import Finding
from corner_lab.diagnostics.run_context import Case


def _always(case: Case) -> str:
    return ""


@dataclass(frozen=True)
class Check:
    """One entry of the registry `CHECKS`; called with a case it gives its finding.

    `code` is that of its findings, `question` what it asks; `find` answers. `pointless` says in a sentence why
    the question does not arise for a case, or "" where it does; the finding is then `not_applicable`, with `title`.
    `untrained`: whether it also has something to say of a run that Keras refused to train; `mislabelled`: of one whose
    outputs met the labels of other samples, whose gradients lead nowhere. `on_scenes`: of one that learned from patches
    of scenes, where most of the 512 patterns do not occur.
    """

    code: str
    title: str
    question: str
    find: Callable[[Case], Finding]
    pointless: Callable[[Case], str] = _always
    untrained: bool = False
    mislabelled: bool = False
    on_scenes: bool = False

    def __call__(self, case: Case) -> Finding:
        """The finding about this case."""
        if case.refused and not self.untrained:
            title = self.code.replace("_", " ").capitalize()
            return Finding(self.code, "not_applicable", title, "Keras refused these shapes, so nothing was trained.")
        why = self.why_silent(case)
        return Finding(self.code, "not_applicable", self.title, why) if why else self.find(case)

    def why_silent(self, case: Case) -> str:
        """Why the question does not arise for a case, in a sentence; "" where it does."""
        if case.experiment.scenes and not self.on_scenes:
            return "It is about the 512 patterns, and this run learned from the patches of scenes."
        if why := self.pointless(case):
            return why
        if case.experiment.mislabels and not self.mislabelled:
            return "The labels are shuffled, so training leads no output to its own label."
        return ""
