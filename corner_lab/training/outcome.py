"""The outcome of a run in two sentences that quote its numbers; the cause is for the findings to name."""

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.data.on_scenes import OnScenes, own_and_fresh
from corner_lab.experiment.experiment import Experiment
from corner_lab.formatting import capital, decimals, output_text
from corner_lab.language import Message, joined, msg, tr, trc, trn
from corner_lab.network.metrics import confusion_counts
from corner_lab.network.patterns import CORNER, COUNT
from corner_lab.training.history import History
from corner_lab.training.run import Run

Sentences = tuple[str, str]  # what happened, and what is to be said of it


def target_name(target: tuple[int, ...]) -> str:
    """How a sentence calls the target pattern or patterns, in the language of whoever reads it."""
    return str(target_message(target))


def target_message(target: tuple[int, ...]) -> Message:
    """The same, before it is known who reads it."""
    if target == (CORNER,):
        return msg("the corner")
    return msg("the target") if len(target) == 1 else msg("the lowest target")


def outcome(run: Run) -> Sentences:
    """What a run that is over came to. Trains nothing; the losses it quotes are Keras's own."""
    history = run.history
    if run.status == "refused_by_keras":
        return tr("Keras refuses to train this"), run.message
    if history is None or run.status == "failed":
        return tr("The run failed"), run.message
    if run.status == "diverged":
        sentence = tr("Diverged after epoch {epoch}", epoch=f"{history.last:,}")
        return sentence, tr("{message}.", message=capital(run.message))
    if history.last and (history.weights == history.weights[0]).all():
        return _unmoved(run, history)
    if (found := on_its_scenes(run)) is not None:
        return told_on_scenes(*found)
    return (_solved if history.solved() else _unsolved)(run.experiment, history)


def on_its_scenes(run: Run, epoch: int = -1) -> tuple[OnScenes, OnScenes] | None:
    """How a run, at the end of an epoch, does on the scenes that it learned from and on ones that it has not seen; None
    for a run on the 512 patterns, or before it has a row."""
    e, history = run.experiment, run.history
    if e.scenes is None or history is None:
        return None
    return own_and_fresh(history.z(epoch), e.target, e.threshold, e.scenes)


def reached(run: Run) -> bool:
    """Whether a run has come to what it is for: all 512 patterns right, or on scenes as good as can be."""
    if run.history is None:
        return False
    found = on_its_scenes(run)
    return run.history.solved() if found is None else found[0].at_best


def opening(experiment: Experiment, z: NDArray[np.float64], title: str) -> Sentences:
    """What weights that were set, not trained, do: z of all 512 patterns, shape (512,)."""
    right = confusion_counts(z, experiment.target, experiment.threshold).right
    found = tr("{title}: {right} of {all} right", title=title, right=right, all=COUNT)
    if right == COUNT:
        return found, tr("Weights that solve it exist. Click a pixel to try, then let Keras look for its own.")
    return found, tr("Nothing is trained yet. Click a pixel to try, then let Keras look for better weights.")


def _unmoved(run: Run, history: History) -> Sentences:
    e, start, values = run.experiment, np.array([0]), {"right": history.counts().right, "all": COUNT}
    reason = tr("The weights still are what they were at the start, with {right} of {all} right.", **values)
    if not any(history.column(name, start)[0] for name in ("gradient_targets", "gradient_others")):
        sentence = trn(
            "Nothing moved in {count} epoch: the gradients of all {all} patterns are exactly 0",
            "Nothing moved in {count} epochs: the gradients of all {all} patterns are exactly 0",
            history.last,
            all=COUNT,
        )
        flat = not history.column("live_fraction", start)[0]
        return sentence, joined([reason, tr("Every pattern's z lies where the head is flat.") if flat else ""])
    sentence = trn(
        "Nothing moved in {count} epoch: {right} of {all} right",
        "Nothing moved in {count} epochs: {right} of {all} right",
        history.last,
        **values,
    )
    locked = len(run.held) == len(e.layout.linear_names) - (0 if e.second_conv else 2)
    return sentence, joined([reason, tr("All of them are locked.") if locked else ""])


def _solved(e: Experiment, history: History) -> Sentences:
    corner = history.column("corner_output")
    name, end = capital(target_name(e.target)), output_text(float(corner[-1]))
    if history.last == 0:
        sentence = tr("{all} of {all} right, without training", all=COUNT)
        return sentence, tr("{name}'s output is {output}.", name=name, output=end)
    if history.solved_at == 0:
        return (
            tr("{all} of {all} right after {epochs} epochs", all=COUNT, epochs=f"{history.last:,}"),
            tr(
                "{name}'s output: {start} at the start, {low} at its lowest, {end} now.",
                name=name,
                start=output_text(corner[0]),
                low=output_text(float(corner.min())),
                end=end,
            ),
        )
    return (
        tr("{all} of {all} right: solved at epoch {epoch}", all=COUNT, epoch=f"{history.solved_at:,}"),
        tr(
            "{name}'s output is {output}, the worst other's {other}.",
            name=name,
            output=end,
            other=output_text(_other(history)),
        ),
    )


def _unsolved(e: Experiment, history: History) -> Sentences:
    counts = history.counts()
    values = {"right": counts.right, "all": COUNT}
    if counts.fp:
        sentence = trn(
            "{right} of {all} right: {count} pattern is wrongly called a corner",
            "{right} of {all} right: {count} patterns are wrongly called a corner",
            counts.fp,
            **values,
        )
    elif len(e.target) == 1:
        sentence = tr("{right} of {all} right, and the one that matters is wrong", **values)
    else:
        sentence = tr(
            "{right} of {all} right: {rejected} of {targets} targets are rejected",
            **values,
            rejected=counts.fn,
            targets=len(e.target),
        )
    reason = trn(
        "After {count} epoch {name}'s output is {output}, the worst other's {other}.",
        "After {count} epochs {name}'s output is {output}, the worst other's {other}.",
        history.last,
        name=target_name(e.target),
        output=output_text(float(history.column("corner_output")[-1])),
        other=output_text(_other(history)),
    )
    return sentence, reason


def scores_on_scenes(run: Run, epoch: int = -1) -> str:
    """How a run does on its own and on fresh scenes at the end of an epoch, in a sentence; "" for one on patterns."""
    found = on_its_scenes(run, epoch)
    if found is None:
        return ""
    own, fresh = found
    precision, recall = (
        trc("a precision or recall", "none") if value is None else decimals(value)
        for value in (own.scores.precision, own.scores.recall)
    )
    return tr(
        "On its {scenes} scenes: precision {precision}, recall {recall}, F1 {f1} of at most {best_f1}; on {fresh} "
        "fresh ones F1 {fresh_f1} of at most {fresh_best_f1}.",
        scenes=own.of.scenes,
        precision=precision,
        recall=recall,
        f1=decimals(own.f1),
        best_f1=decimals(own.best_f1),
        fresh=fresh.of.scenes,
        fresh_f1=decimals(fresh.f1),
        fresh_best_f1=decimals(fresh.best_f1),
    )


def told_on_scenes(own: OnScenes, fresh: OnScenes) -> Sentences:
    """What a run on scenes came to. Where a pattern has both labels not everything can be right, so the bar is the best
    that can be."""
    seen = trn("{count} scene", "{count} scenes", own.of.scenes)
    corners = trn("{count} corner", "{count} corners", own.of.corners)
    values = {"scenes": fresh.of.scenes, "f1": decimals(fresh.f1), "best_f1": decimals(fresh.best_f1)}
    elsewhere = (
        tr("On {scenes} fresh scenes F1 is {f1} of at most {best_f1}.", **values)
        if fresh.best_f1 < 1
        else tr("On {scenes} fresh scenes F1 is {f1}.", **values)
    )
    if own.perfect:
        return tr("All {corners} of its {scenes} found, and nothing else", corners=corners, scenes=seen), elsewhere
    sentence = tr(
        "F1 {f1} on its {scenes}, and no classifier of 3x3 patches is above {best_f1}",
        f1=decimals(own.f1),
        scenes=seen,
        best_f1=decimals(own.best_f1),
    )
    found = tr(
        "{found} of {corners} found and {others} taken for one.",
        found=f"{own.scores.tp:,}",
        corners=corners,
        others=trn("{count} other", "{count} others", own.scores.fp),
    )
    both = tr("{patterns} patterns carry both labels, so not every patch can be right.", patterns=own.of.ambiguous)
    return sentence, joined([found, both if own.of.ambiguous else "", elsewhere])


def _other(history: History) -> float:
    return float(history.column("worst_other_output")[-1])
