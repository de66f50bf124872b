"""Task: a goal that is checked exactly, with a hint and an answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from corner_lab.tasks.work import Verdict, Work


@dataclass(frozen=True)
class Task:
    """`word` names it in files and in the browser for good, whatever its number becomes. `goal`: one sentence or two
    that say what is checked; `on`: whether that is the bench or a run.

    `start` and `answer` are query strings of links: what is put on the page where the task is taken (empty: the page
    stays as it is), and one that reaches the goal. `begins` says what the start is, `told` what the answer does,
    `teaches` what it shows.
    """

    word: str
    title: str
    goal: str
    on: Literal["bench", "run"]
    hint: str
    answer: str
    told: str
    teaches: str
    check: Callable[[Work], Verdict]
    start: str = ""
    begins: str = ""
    number: int = 0

    def verdict(self, work: Work) -> Verdict:
        """Whether the work reaches the goal."""
        if self.on == "bench" and work.numbers is None:
            return Verdict(False, "Nothing was changed on the bench yet.")
        if self.on == "run" and (work.history is None or work.history.last == 0):
            refused = work.run is not None and work.run.status == "refused_by_keras"
            return Verdict(False, "Keras refuses to train this." if refused else "Nothing was trained yet.")
        return self.check(work)

    def link(self, work: Work) -> str:
        """The link, as a query string, that stands for the work where this task is checked."""
        return work.bench_link if self.on == "bench" else work.run_link
