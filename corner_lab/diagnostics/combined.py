"""Remedies in turn, as one."""

from dataclasses import dataclass, fields, replace

from corner_lab.diagnostics.finding import Remedy, Words
from corner_lab.experiment.experiment import Experiment
from corner_lab.language import msg
from corner_lab.language.message import within


@dataclass(frozen=True)
class Combined:
    """Remedies in turn, as one: each mends what was wrong with the run of those before it.

    `parts`: the labels of those of which something is left; one, where each goes further than the one before, as a
    still lower rate. `before`: the experiment without the last one.
    """

    remedy: Remedy
    part_messages: tuple[Words, ...]
    before: Experiment

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(map(str, self.part_messages))

    def then(self, remedy: Remedy) -> "Combined":
        """With what mends the run of these."""
        further = supersedes(self.before, self.remedy.experiment, remedy.experiment)
        parts = (*(self.part_messages[:-1] if further else self.part_messages), remedy.label_message)
        return Combined(replace(remedy, label_message=_all_of(parts)), parts, self.remedy.experiment)


def _all_of(parts: tuple[Words, ...]) -> Words:
    """ "Align the label shapes, use the hinge loss, and oversample the target". At most three."""
    first, *rest = parts
    if not rest:
        return first
    if len(rest) == 1:
        return msg("{first}, and {second}", first=first, second=within(rest[0]))
    second, third = map(within, rest)
    return msg("{first}, {second}, and {third}", first=first, second=second, third=third)


def supersedes(before: Experiment, first: Experiment, second: Experiment) -> bool:
    """Whether of two changes in turn the second leaves nothing of the first."""
    changed = [f.name for f in fields(Experiment) if getattr(first, f.name) != getattr(before, f.name)]
    return all(getattr(second, name) != getattr(first, name) for name in changed)
