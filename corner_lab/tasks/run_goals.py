"""Goals of a run: where it started, and what its record says of all 512 patterns."""

from corner_lab.formatting import decimals, many
from corner_lab.network.patterns import CORNER, COUNT
from corner_lab.tasks.bench_goals import NOT_THE_CORNER
from corner_lab.tasks.work import Verdict, Work
from corner_lab.training.history import History

MOST_UPDATES = 12
SOON = 3  # epochs
FREE = 2
ALIGNED = Verdict(False, "The label shapes are aligned; this is about the labels as asked.")
ANYHOW = ("labels", "epochs", "seed", "stop")  # what does not count as a change


def unlearned(work: Work) -> Verdict:
    """Labels that broadcast; it starts with all 512 right and ends with the corner rejected."""
    history = _history(work)
    if work.experiment.target != (CORNER,):
        return NOT_THE_CORNER
    if not work.experiment.broadcasts:
        return ALIGNED
    if not history.solved(0):
        return Verdict(False, f"This run starts with {history.counts(0).right} of {COUNT} right, not with all.")
    output = decimals(float(history.column("corner_output")[-1]))
    if history.counts().tp:
        return Verdict(False, f"The corner still is a corner at the end, with an output of {output}.")
    return Verdict(True, f"{COUNT} of {COUNT} right at the start; at the end the corner is rejected, with {output}.")


def killed(work: Work) -> Verdict:
    """The corner's gradient is live at the start, exactly 0 before epoch SOON and from then on, the corner rejected."""
    history = _history(work)
    if (wrong := _not_learned(work)) is not None:
        return wrong
    if work.experiment.head != "hard_sigmoid":
        return Verdict(False, "Only hard_sigmoid has a gradient of exactly 0; with this head it only becomes small.")
    died = history.died_at
    if died is None:
        return Verdict(False, "At the end the corner's gradient is not 0.")
    if history.counts().tp:
        return Verdict(False, "The corner's gradient is 0 because its output is 1: it is right.")
    told = f"The corner's gradient is exactly 0 from epoch {died:,} on"
    return Verdict(died < SOON, f"{told}." if died < SOON else f"{told}; that is to be before epoch {SOON}.")


def one_change(work: Work) -> Verdict:
    """Label shapes aligned, one field else changed, and solved at the end."""
    if (wrong := _not_learned(work)) is not None:
        return wrong
    if work.experiment.labels != "aligned":
        return Verdict(False, "The label shapes are still as asked.")
    changed = [name for name in work.experiment.differences() if name not in ANYHOW]
    if len(changed) != 1:
        told = f"changes {', '.join(changed)}" if changed else "changes nothing"
        return Verdict(False, f"Beside the shapes this run {told}; it is to be one thing.")
    return _solved_at_the_end(_history(work))


def in_passing(work: Work) -> Verdict:
    """Labels that broadcast; solved at some epoch, not at the end."""
    if (wrong := _not_learned(work)) is not None:
        return wrong
    if not work.experiment.broadcasts:
        return ALIGNED
    history = _history(work)
    if history.solved_at is None:
        return Verdict(False, f"In {many(history.last, 'epoch')} there was none with all {COUNT} right.")
    if history.solved():
        return Verdict(False, f"Solved at epoch {history.solved_at:,}, where it ends: train longer.")
    right = history.counts().right
    return Verdict(
        True, f"Solved at epoch {history.solved_at:,}, and {right} of {COUNT} right at epoch {history.last:,}."
    )


def sure(work: Work) -> Verdict:
    """Confident at the end: all 512 right with certainty."""
    if (wrong := _not_learned(work)) is not None:
        return wrong
    history = _history(work)
    if history.confident():
        return Verdict(True, f"Sure of all {COUNT}, first at epoch {history.confident_at:,}.")
    if not history.solved():
        return _solved_at_the_end(history)
    corner, other = (float(history.column(name)[-1]) for name in ("corner_output", "worst_other_output"))
    return Verdict(
        False, f"All are right, but the corner's output is {decimals(corner)}, the worst other's {decimals(other)}."
    )


def from_zeros(work: Work) -> Verdict:
    """Every weight 0 at the start, solved at the end."""
    if (wrong := _not_learned(work)) is not None:
        return wrong
    if work.experiment.init != "zeros":
        return Verdict(False, "This run does not start from zeros.")
    return _solved_at_the_end(_history(work))


def plain_sgd(work: Work) -> Verdict:
    """Optimizer SGD, solved at the end."""
    if (wrong := _not_learned(work)) is not None:
        return wrong
    if work.experiment.optimizer != "sgd":
        return Verdict(False, f"The optimizer is {work.experiment.optimizer}.")
    return _solved_at_the_end(_history(work))


def few_updates(work: Work) -> Verdict:
    """Solved after at most MOST_UPDATES updates."""
    if (wrong := _not_learned(work)) is not None:
        return wrong
    history = _history(work)
    if history.solved_at is None:
        return _solved_at_the_end(history)
    updates = history.solved_at * work.experiment.plan.updates
    return Verdict(
        updates <= MOST_UPDATES, f"First solved after {many(updates, 'update')}; {MOST_UPDATES} are allowed."
    )


def two_free(work: Work) -> Verdict:
    """All weights but FREE held, not solved at the start, solved at the end."""
    run, history = work.run, _history(work)
    assert run is not None
    if (wrong := _not_learned(work, held=True)) is not None:
        return wrong
    layout = work.experiment.layout
    free = layout.size - len({index for i in run.held for index in layout.behind(i)})
    if free > FREE:
        return Verdict(False, f"{free} of {layout.size} numbers are free; {FREE} are allowed.")
    return _solved_at_the_end(history)


def _history(work: Work) -> History:
    assert work.history is not None, "a task about a run looks at one"
    return work.history


def _not_learned(work: Work, held: bool = False) -> Verdict | None:
    """What is wrong with a run that is to find the answer by itself; `held`: whether it may keep numbers."""
    if work.experiment.target != (CORNER,):
        return NOT_THE_CORNER
    if not work.was_drawn or (work.run is not None and work.run.held and not held):
        told = "keeps locked numbers" if work.was_drawn else "starts from weights that were set"
        return Verdict(False, f"This run {told}; it is to start at random weights, or at zeros, and find the rest.")
    if _history(work).solved(0):
        return Verdict(False, f"This run has all {COUNT} right before it is trained.")
    return None


def _solved_at_the_end(history: History) -> Verdict:
    if history.solved():
        return Verdict(True, f"All {COUNT} are right, first at epoch {history.solved_at:,}.")
    lost = "" if history.solved_at is None else f" They all were at epoch {history.solved_at:,}."
    return Verdict(False, f"After {many(history.last, 'epoch')} {history.counts().right} of {COUNT} are right.{lost}")
