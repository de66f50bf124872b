"""A scenario: a named experiment with commentary and its measured outcome."""

from dataclasses import dataclass

from corner_lab.experiment.experiment import Experiment
from corner_lab.language import Message


@dataclass(frozen=True)
class Scenario:
    """A named experiment. `outcome` is measured: tests train every scenario and compare.

    `solved_at` is the first solved epoch in that measurement (seed 0), None if it never was. One with several targets
    is about these, and brings them along; the others are trained on whatever target there is. `title`, `text` and
    `outcome` are said in the language of whoever reads them.
    """

    name: str
    title_message: Message
    text_message: Message  # two sentences
    experiment: Experiment
    outcome_message: Message
    solved_at: int | None

    @property
    def title(self) -> str:
        return str(self.title_message)

    @property
    def text(self) -> str:
        return str(self.text_message)

    @property
    def outcome(self) -> str:
        return str(self.outcome_message)

    @property
    def has_own_targets(self) -> bool:
        return len(self.experiment.target) > 1
