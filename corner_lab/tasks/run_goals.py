"""Goals of a run: where it started, and what its record says of all 512 patterns."""

from corner_lab.formatting import decimals
from corner_lab.language import joined, tr, trn
from corner_lab.network.patterns import COUNT
from corner_lab.tasks.bench_goals import not_the_corner
from corner_lab.tasks.work import Verdict, Work
from corner_lab.training.history import History

MOST_UPDATES = 12
SOON = 3  # epochs
FREE = 2
ANYHOW = ("labels", "epochs", "seed", "stop")  # what does not count as a change


def unlearned(work: Work) -> Verdict:
    """Labels that broadcast; it starts with all 512 right and ends with the corner rejected."""
    history = _history(work)
    if (wrong := not_the_corner(work) or _aligned(work)) is not None:
        return wrong
    if not history.solved(0):
        right = history.counts(0).right
        return Verdict(False, tr("This run starts with {right} of {all} right, not with all.", right=right, all=COUNT))
    output = decimals(float(history.column("corner_output")[-1]))
    if history.counts().tp:
        return Verdict(False, tr("The corner still is a corner at the end, with an output of {output}.", output=output))
    told = tr(
        "{all} of {all} right at the start; at the end the corner is rejected, with {output}.", all=COUNT, output=output
    )
    return Verdict(True, told)


def killed(work: Work) -> Verdict:
    """The corner's gradient is live at the start, exactly 0 before epoch SOON and from then on, the corner rejected."""
    history = _history(work)
    if (wrong := _not_learned(work)) is not None:
        return wrong
    if work.experiment.head != "hard_sigmoid":
        told = tr("Only hard_sigmoid has a gradient of exactly 0; with this head it only becomes small.")
        return Verdict(False, told)
    died = history.died_at
    if died is None:
        return Verdict(False, tr("At the end the corner's gradient is not 0."))
    if history.counts().tp:
        return Verdict(False, tr("The corner's gradient is 0 because its output is 1: it is right."))
    if died < SOON:
        return Verdict(True, tr("The corner's gradient is exactly 0 from epoch {epoch} on.", epoch=f"{died:,}"))
    told = tr(
        "The corner's gradient is exactly 0 from epoch {epoch} on; that is to be before epoch {before}.",
        epoch=f"{died:,}",
        before=SOON,
    )
    return Verdict(False, told)


def one_change(work: Work) -> Verdict:
    """Label shapes aligned, one field else changed, and solved at the end."""
    if (wrong := _not_learned(work)) is not None:
        return wrong
    if work.experiment.labels != "aligned":
        return Verdict(False, tr("The label shapes are still as asked."))
    changed = [name for name in work.experiment.differences() if name not in ANYHOW]
    if not changed:
        return Verdict(False, tr("Beside the shapes this run changes nothing; it is to be one thing."))
    if len(changed) > 1:
        words = ", ".join(changed)
        return Verdict(False, tr("Beside the shapes this run changes {words}; it is to be one thing.", words=words))
    return _solved_at_the_end(_history(work))


def in_passing(work: Work) -> Verdict:
    """Labels that broadcast; solved at some epoch, not at the end."""
    if (wrong := _not_learned(work) or _aligned(work)) is not None:
        return wrong
    history = _history(work)
    if history.solved_at is None:
        told = trn(
            "In {count} epoch there was none with all {all} right.",
            "In {count} epochs there was none with all {all} right.",
            history.last,
            all=COUNT,
        )
        return Verdict(False, told)
    epoch = f"{history.solved_at:,}"
    if history.solved():
        return Verdict(False, tr("Solved at epoch {epoch}, where it ends: train longer.", epoch=epoch))
    told = tr(
        "Solved at epoch {epoch}, and {right} of {all} right at epoch {last}.",
        epoch=epoch,
        right=history.counts().right,
        all=COUNT,
        last=f"{history.last:,}",
    )
    return Verdict(True, told)


def sure(work: Work) -> Verdict:
    """Confident at the end: all 512 right with certainty."""
    if (wrong := _not_learned(work)) is not None:
        return wrong
    history = _history(work)
    if history.confident():
        epoch = f"{history.confident_at:,}"
        return Verdict(True, tr("Sure of all {all}, first at epoch {epoch}.", all=COUNT, epoch=epoch))
    if not history.solved():
        return _solved_at_the_end(history)
    corner, other = (decimals(float(history.column(name)[-1])) for name in ("corner_output", "worst_other_output"))
    told = tr(
        "All are right, but the corner's output is {corner}, the worst other's {other}.", corner=corner, other=other
    )
    return Verdict(False, told)


def from_zeros(work: Work) -> Verdict:
    """Every weight 0 at the start, solved at the end."""
    if (wrong := _not_learned(work)) is not None:
        return wrong
    if work.experiment.init != "zeros":
        return Verdict(False, tr("This run does not start from zeros."))
    return _solved_at_the_end(_history(work))


def plain_sgd(work: Work) -> Verdict:
    """Optimizer SGD, solved at the end."""
    if (wrong := _not_learned(work)) is not None:
        return wrong
    if work.experiment.optimizer != "sgd":
        return Verdict(False, tr("The optimizer is {optimizer}.", optimizer=work.experiment.optimizer))
    return _solved_at_the_end(_history(work))


def few_updates(work: Work) -> Verdict:
    """Solved after at most MOST_UPDATES updates."""
    if (wrong := _not_learned(work)) is not None:
        return wrong
    history = _history(work)
    if history.solved_at is None:
        return _solved_at_the_end(history)
    updates = history.solved_at * work.experiment.plan.updates
    told = trn(
        "First solved after {count} update; {most} are allowed.",
        "First solved after {count} updates; {most} are allowed.",
        updates,
        most=MOST_UPDATES,
    )
    return Verdict(updates <= MOST_UPDATES, told)


def two_free(work: Work) -> Verdict:
    """All weights but FREE held, not solved at the start, solved at the end."""
    run, history = work.run, _history(work)
    assert run is not None
    if (wrong := _not_learned(work, held=True)) is not None:
        return wrong
    layout = work.experiment.layout
    free = layout.size - len({index for i in run.held for index in layout.behind(i)})
    if free > FREE:
        told = tr("{free} of {all} numbers are free; {most} are allowed.", free=free, all=layout.size, most=FREE)
        return Verdict(False, told)
    return _solved_at_the_end(history)


def _history(work: Work) -> History:
    assert work.history is not None, "a task about a run looks at one"
    return work.history


def _not_learned(work: Work, held: bool = False) -> Verdict | None:
    """What is wrong with a run that is to find the answer by itself; `held`: whether it may keep numbers."""
    if (wrong := not_the_corner(work)) is not None:
        return wrong
    if not work.was_drawn:
        told = tr(
            "This run starts from weights that were set; it is to start at random weights, or at zeros, and find the "
            "rest."
        )
        return Verdict(False, told)
    if work.run is not None and work.run.held and not held:
        told = tr("This run keeps locked numbers; it is to start at random weights, or at zeros, and find the rest.")
        return Verdict(False, told)
    if _history(work).solved(0):
        return Verdict(False, tr("This run has all {all} right before it is trained.", all=COUNT))
    return None


def _aligned(work: Work) -> Verdict | None:
    """What is wrong where the labels do not broadcast."""
    if work.experiment.broadcasts:
        return None
    return Verdict(False, tr("The label shapes are aligned; this is about the labels as asked."))


def _solved_at_the_end(history: History) -> Verdict:
    if history.solved():
        told = tr("All {all} are right, first at epoch {epoch}.", all=COUNT, epoch=f"{history.solved_at:,}")
        return Verdict(True, told)
    now = trn(
        "After {count} epoch {right} of {all} are right.",
        "After {count} epochs {right} of {all} are right.",
        history.last,
        right=history.counts().right,
        all=COUNT,
    )
    if history.solved_at is None:
        return Verdict(False, now)
    return Verdict(False, joined([now, tr("They all were at epoch {epoch}.", epoch=f"{history.solved_at:,}")]))
