"""The outcome of a run in two sentences that quote its numbers; the cause is for the findings to name."""

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.data.on_scenes import OnScenes, own_and_fresh
from corner_lab.experiment.experiment import Experiment
from corner_lab.formatting import decimals, many, output_text
from corner_lab.network.metrics import confusion_counts
from corner_lab.network.patterns import CORNER, COUNT
from corner_lab.training.history import History
from corner_lab.training.run import Run

Sentences = tuple[str, str]  # what happened, and what is to be said of it


def target_name(target: tuple[int, ...]) -> str:
    """How a sentence calls the target pattern or patterns."""
    if target == (CORNER,):
        return "the corner"
    return "the target" if len(target) == 1 else "the lowest target"


def outcome(run: Run) -> Sentences:
    """What a run that is over came to. Trains nothing; the losses it quotes are Keras's own."""
    history = run.history
    if run.status == "refused_by_keras":
        return "Keras refuses to train this", run.message
    if history is None or run.status == "failed":
        return "The run failed", run.message
    if run.status == "diverged":
        return f"Diverged after epoch {history.last:,}", run.message[0].upper() + run.message[1:] + "."
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
    found = f"{title}: {right} of {COUNT} right"
    if right == COUNT:
        return found, "Weights that solve it exist. Click a pixel to try, then let Keras look for its own."
    return found, "Nothing is trained yet. Click a pixel to try, then let Keras look for better weights."


def _unmoved(run: Run, history: History) -> Sentences:
    e, start = run.experiment, np.array([0])
    sentence, right = f"Nothing moved in {many(history.last, 'epoch')}", f"{history.counts().right} of {COUNT} right"
    reason = f"The weights still are what they were at the start, with {right}."
    if not any(history.column(name, start)[0] for name in ("gradient_targets", "gradient_others")):
        flat = not history.column("live_fraction", start)[0]
        why = " Every pattern's z lies where the head is flat." if flat else ""
        return f"{sentence}: the gradients of all {COUNT} patterns are exactly 0", reason + why
    if len(run.held) == len(e.layout.linear_names) - (0 if e.second_conv else 2):
        reason += " All of them are locked."
    return f"{sentence}: {right}", reason


def _solved(e: Experiment, history: History) -> Sentences:
    corner = history.column("corner_output")
    name, end = target_name(e.target), float(corner[-1])
    if history.last == 0:
        return f"{COUNT} of {COUNT} right, without training", f"{name.capitalize()}'s output is {output_text(end)}."
    if history.solved_at == 0:
        low = float(corner.min())
        return (
            f"{COUNT} of {COUNT} right after {history.last:,} epochs",
            f"{name.capitalize()}'s output: {output_text(corner[0])} at the start, {output_text(low)} at its lowest, "
            f"{output_text(end)} now.",
        )
    sentence = f"{COUNT} of {COUNT} right: solved at epoch {history.solved_at:,}"
    return (
        sentence,
        f"{name.capitalize()}'s output is {output_text(end)}, the worst other's {output_text(_other(history))}.",
    )


def _unsolved(e: Experiment, history: History) -> Sentences:
    counts, name = history.counts(), target_name(e.target)
    if counts.fp:
        sentence = f"{counts.right} of {COUNT} right: {_patterns(counts.fp)} wrongly called a corner"
    elif len(e.target) == 1:
        sentence = f"{counts.right} of {COUNT} right, and the one that matters is wrong"
    else:
        sentence = f"{counts.right} of {COUNT} right: {counts.fn} of {len(e.target)} targets are rejected"
    corner = float(history.column("corner_output")[-1])
    return sentence, (
        f"After {many(history.last, 'epoch')} {name}'s output is {output_text(corner)}, the worst other's "
        f"{output_text(_other(history))}."
    )


def scores_on_scenes(run: Run, epoch: int = -1) -> str:
    """How a run does on its own and on fresh scenes at the end of an epoch, in a sentence; "" for one on patterns."""
    found = on_its_scenes(run, epoch)
    if found is None:
        return ""
    own, fresh = found
    shares = ((name, getattr(own.scores, name)) for name in ("precision", "recall"))
    told = [f"{name} {'none' if value is None else decimals(value)}" for name, value in shares]
    both = [f"F1 {decimals(one.f1)} of at most {decimals(one.best_f1)}" for one in found]
    return f"On its {own.of.scenes} scenes: {', '.join(told)}, {both[0]}; on {fresh.of.scenes} fresh ones {both[1]}."


def told_on_scenes(own: OnScenes, fresh: OnScenes) -> Sentences:
    """What a run on scenes came to. Where a pattern has both labels not everything can be right, so the bar is the best
    that can be."""
    seen, corners = many(own.of.scenes, "scene"), many(own.of.corners, "corner")
    elsewhere = f"On {fresh.of.scenes} fresh scenes F1 is {decimals(fresh.f1)}"
    elsewhere += f" of at most {decimals(fresh.best_f1)}." if fresh.best_f1 < 1 else "."
    if own.perfect:
        return f"All {corners} of its {seen} found, and nothing else", elsewhere
    found = f"{own.scores.tp:,} of {corners} found and {many(own.scores.fp, 'other')} taken for one."
    both = f" {own.of.ambiguous} patterns carry both labels, so not every patch can be right."
    sentence = f"F1 {decimals(own.f1)} on its {seen}, and no classifier of 3x3 patches is above {decimals(own.best_f1)}"
    return sentence, f"{found}{both if own.of.ambiguous else ''} {elsewhere}"


def _other(history: History) -> float:
    return float(history.column("worst_other_output")[-1])


def _patterns(count: int) -> str:
    return "1 pattern is" if count == 1 else f"{count} patterns are"
