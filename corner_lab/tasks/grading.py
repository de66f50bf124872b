"""Grading: whether the links of a progress file reach their tasks, each found out anew. No claim of a file counts."""

from dataclasses import dataclass
from functools import lru_cache

from corner_lab.export.share_link import Link, read
from corner_lab.language import current, tr
from corner_lab.tasks.progress_file import Solved
from corner_lab.tasks.task import Task
from corner_lab.tasks.tasks import BY_WORD
from corner_lab.tasks.work import Verdict, Work

MOST_UPDATES = 1_000_000  # of one link: some ten seconds
OWN_WORDS = ("embed", "embed_options")  # Streamlit's, in an address that was copied


@dataclass(frozen=True)
class Graded:
    """A link of a file and what it comes to; `task` None where there is no such task."""

    word: str
    link: str
    task: Task | None
    verdict: Verdict


def graded(solved: Solved) -> list[Graded]:
    """Every link of a file, in the order of the tasks; what names no task comes last."""
    order = {word: task.number for word, task in BY_WORD.items()}
    words = sorted(solved, key=lambda word: (order.get(word, len(order) + 1), word))
    return [Graded(word, solved[word], BY_WORD.get(word), verdict_of(word, solved[word])) for word in words]


def verdict_of(word: str, link: str) -> Verdict:
    """Whether a link reaches the task of this word. Trains its run in this thread where the task needs one."""
    return _verdict_of(word, link, current().code)


@lru_cache(maxsize=1024)
def _verdict_of(word: str, link: str, language: str) -> Verdict:
    """`language`: that of the sentence, which is the one spoken now."""
    task = BY_WORD.get(word)
    if task is None:
        return Verdict(False, tr("There is no such task."))
    found, errors = read(link, OWN_WORDS)
    if errors:
        return Verdict(False, tr("The link says {error}.", error=errors[0]))
    trains, updates = needs_training(task, found), found.experiment.epochs * found.experiment.plan.updates
    if trains and updates > MOST_UPDATES:
        told = tr(
            "The link trains {updates} updates; graded are runs of up to {most}.",
            updates=f"{updates:,}",
            most=f"{MOST_UPDATES:,}",
        )
        return Verdict(False, told)
    try:
        work = Work.of(found, trains)
    except ValueError as error:
        return Verdict(False, tr("The link cannot be trained: {error}.", error=error))
    if work.run is not None and work.run.status == "failed":
        return Verdict(False, tr("The run failed: {message}", message=work.run.message))
    return task.verdict(work)


def needs_training(task: Task, link: Link) -> bool:
    """Whether the link's run has to be trained to know."""
    return task.on == "run" or link.weights is None
