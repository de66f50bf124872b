"""A finding: one checked claim about a run, with its evidence, and a changed experiment that would show the cure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from corner_lab.experiment.experiment import Experiment
from corner_lab.export.run_report import number
from corner_lab.export.share_link import query_of, run_words
from corner_lab.language import Message, msg, tr
from corner_lab.language.message import first_of
from corner_lab.network.parameters import Vector
from corner_lab.notebook import card
from corner_lab.plots.theme import Palette
from corner_lab.training.run import Run

if TYPE_CHECKING:
    import plotly.graph_objects as go

Status = Literal["issue", "passed", "not_applicable"]
Evidence = Mapping[str, Any]  # names to numbers, texts and small arrays
Picture = Callable[[Palette], "go.Figure"]
Words = Message | str  # what is said in the language of whoever reads it, or is the same in any

STATUSES = {"issue": msg("issue"), "passed": msg("passed"), "not_applicable": msg("not applicable")}


@dataclass(frozen=True)
class Remedy:
    """One change of a run's experiment; all else stays, given weights and held numbers too.

    `goal`: what it is to reach. `label`: what it does, in the language of whoever reads it. Hashable: equal remedies
    train alike.
    """

    label_message: Words
    experiment: Experiment
    weights: tuple[float, ...] | None = None
    held: tuple[tuple[int, float], ...] = ()
    goal: Literal["solved", "confident"] = "solved"

    @property
    def label(self) -> str:
        return str(self.label_message)

    @property
    def link(self) -> str:
        """The query string that trains it, given weights and held numbers in it."""
        return query_of(run_words(self.experiment, self.start, dict(self.held)))

    @property
    def start(self) -> Vector | None:
        """The flat weights to start from, if they are given."""
        return None if self.weights is None else np.array(self.weights, dtype=np.float32)

    def run(self) -> Run:
        """A fresh run of the remedy, to be trained by whoever asks."""
        return Run(self.experiment, self.start, dict(self.held))


@dataclass(frozen=True, eq=False)
class Finding:
    """What one check says, in the language of whoever reads it. `sentence` quotes the run's numbers; `figure` draws
    `evidence` where a picture helps.

    `twin`: an experiment that is to end the same if the finding is true; training it is the proof.
    `short` says it in one sentence where the first one of `sentence` alone would not: the headline's reason.
    """

    code: str
    status: Status
    title_message: Words
    sentence_message: Words
    evidence: Evidence = field(default_factory=dict)
    figure: Picture | None = None
    remedy: Remedy | None = None
    short_message: Words = ""
    twin: Remedy | None = None

    @property
    def title(self) -> str:
        return str(self.title_message)

    @property
    def sentence(self) -> str:
        """One sentence or several."""
        return str(self.sentence_message)

    @property
    def short(self) -> str:
        return str(self.short_message)

    @property
    def reason(self) -> str:
        """One sentence."""
        told = self.sentence_message
        return self.short or str(first_of(told) if isinstance(told, Message) else told)

    def __repr__(self) -> str:
        return f"<Finding {self.code}, {self.status.replace('_', ' ')}: {self.title}. {self.sentence}>"

    def _repr_html_(self) -> str:
        rows = {str(STATUSES[self.status]): self.sentence}
        return card(self.title, rows | ({tr("remedy"): self.remedy.label} if self.remedy else {}))

    def to_json(self) -> dict[str, Any]:
        """All but the figure, JSON-ready: arrays as lists, null for what is not finite."""
        return {
            "code": self.code,
            "status": self.status,
            "title": self.title,
            "sentence": self.sentence,
            "evidence": {name: _plain(value) for name, value in self.evidence.items()},
            "remedy": self.remedy and {"label": self.remedy.label, "link": self.remedy.link},
        }


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.bool_ | np.integer):
        return value.item()
    return number(float(value)) if isinstance(value, float | np.floating) else value
