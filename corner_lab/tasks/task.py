"""Task: a goal that is checked exactly, with a hint and an answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from corner_lab.language import Message, tr
from corner_lab.tasks.work import Verdict, Work


@dataclass(frozen=True)
class Words:
    """What a task says, before it is known who reads it. `goal`: one sentence or two that say what is checked;
    `begins`: what its start is, where it has one; `told`: what its answer does; `teaches`: what that shows.
    """

    title: Message
    goal: Message
    hint: Message
    told: Message
    teaches: Message
    begins: Message | None = None


@dataclass(frozen=True)
class Task:
    """`word` names it in files and in the browser for good, whatever its number becomes. `on`: whether the bench or a
    run is checked. What it says is in the language of whoever reads it.

    `start` and `answer` are query strings of links: what is put on the page where the task is taken (empty: the page
    stays as it is), and one that reaches the goal.
    """

    word: str
    on: Literal["bench", "run"]
    words: Words
    answer: str
    check: Callable[[Work], Verdict]
    start: str = ""
    number: int = 0

    @property
    def title(self) -> str:
        return str(self.words.title)

    @property
    def goal(self) -> str:
        return str(self.words.goal)

    @property
    def begins(self) -> str:
        """Empty where it begins with what the page shows."""
        return str(self.words.begins or "")

    @property
    def hint(self) -> str:
        return str(self.words.hint)

    @property
    def told(self) -> str:
        return str(self.words.told)

    @property
    def teaches(self) -> str:
        return str(self.words.teaches)

    def verdict(self, work: Work) -> Verdict:
        """Whether the work reaches the goal."""
        if self.on == "bench" and work.numbers is None:
            return Verdict(False, tr("Nothing was changed on the bench yet."))
        if self.on == "run" and (work.history is None or work.history.last == 0):
            refused = work.run is not None and work.run.status == "refused_by_keras"
            return Verdict(False, tr("Keras refuses to train this.") if refused else tr("Nothing was trained yet."))
        return self.check(work)

    def link(self, work: Work) -> str:
        """The link, as a query string, that stands for the work where this task is checked."""
        return work.bench_link if self.on == "bench" else work.run_link
