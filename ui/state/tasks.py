"""The task that a visitor has taken: whether what the page shows reaches it, and what the page begins with."""

from typing import Any

from corner_lab.export.share_link import read
from corner_lab.language import tr
from corner_lab.tasks import Task, Verdict, Work
from ui.components import visit
from ui.state.session import Bench, Session, session, unedited_bench


def work_of(s: Session) -> Work:
    """What the page shows, to be checked: the edited bench, or that at the playhead of a run that stands still, and
    such a run."""
    run, rests = s.on_stage, s.at_rest
    shown = s.bench if s.bench is not None else unedited_bench(s) if rests else None
    e = s.experiment if run is None else run.experiment
    return Work(e, None if shown is None else shown.vector, run if rests else None)


def look(s: Session) -> Verdict | None:
    """Whether the task that is taken is reached by what the page shows; None where none is. What reaches it is kept."""
    task = s.progress.taken
    if task is None:
        return None
    if task.on == "run" and s.run is not None and not s.at_rest:
        return Verdict(False, tr("The run is looked at once it is trained and stands still."))
    work = work_of(s)
    verdict = task.verdict(work)
    if verdict.reached:
        s.progress.solved[task.word] = task.link(work)
    return verdict


def told(s: Session) -> dict[str, Any] | None:
    """What the strip on Play says; None where no task is taken."""
    task, verdict = s.progress.taken, look(s)
    if task is None or verdict is None:
        return None
    return {
        "word": task.word,
        "title": tr("Task {number}: {title}", number=task.number, title=task.title),
        "goal": task.goal,
        "reached": verdict.reached,
        "sentence": verdict.sentence,
        "link": s.progress.solved.get(task.word),
    }


def take(s: Session, task: Task) -> None:
    """Take a task: what it begins with, if it says so, is put into the sidebar and on the bench."""
    s.progress.taken = task
    if not task.start:
        return
    link, errors = read(task.start)
    assert not errors, task.word
    s.leave_run()
    s.replace_settings(link.experiment, tr("Task {number}", number=task.number))
    s.bench = None if link.weights is None else Bench.edited(link.weights)
    s.pixels = link.experiment.target[0]
    s.channel.rev += 1


def heard() -> None:
    """The browser has said what it keeps of earlier visits."""
    session().progress.hear(visit.kept())
