"""Checks of pace: too few updates, steps that are too long."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from corner_lab.analysis.separability import separation
from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.experiment import MAX_EPOCHS
from corner_lab.formatting import capital, many, quoted
from corner_lab.plots.evidence import lines
from corner_lab.training.history import spread_rows

FEWEST = 9  # rows: with fewer nothing is said of a speed
FURTHEST = 30  # times the run so far: an extrapolation beyond that says nothing
RECENT = 20  # epochs in which turns are counted


def shortfall(case: Case) -> NDArray[np.float64]:
    """How far from solved each row is, in z, (last + 1,): what the worse side lacks to its side of the threshold."""
    threshold = case.experiment.threshold
    lacks = np.maximum(threshold - case.column("target_z"), case.column("other_z") - threshold)
    return np.asarray(lacks)


def too_few_updates(case: Case) -> Finding:
    """Is the run on its way, and only not there yet?"""
    code, title = "too_few_updates", "Enough updates"
    done = _updates(case)
    if case.solved_at == 0:
        return Finding(code, "passed", title, "All patterns were right before the first update.")
    if case.solved_at is not None:
        return Finding(code, "passed", title, f"It was solved at epoch {case.solved_at:,}, within {done}.")
    return _extrapolated(case, done)


def _no_speed(case: Case) -> str:
    if case.solved_at is not None:
        return ""
    if case.broadcasts:
        return "Under broadcast labels no output is led to its own label, however many updates."
    if separation(case.experiment.target).clash:
        return "No weights have all patterns right here, so no number is enough."
    if case.last + 1 < FEWEST or case.status == "diverged":
        return f"{capital(_updates(case))} are too few to tell a speed."
    if case.experiment.head == "hard_sigmoid" and (np.abs(case.z[case.wrong]) >= 3).any():
        return "A wrong pattern's gradient is dead: more updates do not reach it."
    return ""


def _updates(case: Case) -> str:
    return many(case.last * case.experiment.plan.updates, "update")


def _extrapolated(case: Case, done: str) -> Finding:
    """Whether, at the speed of the last third, what is lacking would be made up."""
    code = "too_few_updates"
    use_gap = bool(case.end("target_z") < case.end("other_z"))
    gap = case.column("target_z") - case.column("other_z")
    values = gap if use_gap else -shortfall(case)  # negative; above 0 is what is wanted
    what = "the gap" if use_gap else "what z lacks to the threshold"
    sign = 1 if use_gap else -1
    window = max(4, case.last // 3)
    begin, middle, end = values[-1 - window], values[-1 - window // 2], values[-1]
    speed = float(end - begin) / window  # per epoch
    went = f"In the last {window:,} epochs {what} went from {quoted(sign * begin)} to {quoted(sign * end)}"
    steady = begin < middle < end
    if not steady or not speed > 0 or -end / speed > FURTHEST * case.last:
        return Finding(code, "not_applicable", "No steady approach", f"{went}: no steady approach.")
    at = case.last + int(np.ceil(-end / speed))
    evidence: Evidence = {"from": begin, "to": end, "epochs": window, "per_epoch": speed, "reached_at": at}
    reached = f"{'closes' if use_gap else 'is gone'} near epoch {at:,}"
    sentence = f"{went}; at that speed it {reached}. The run is at {case.last:,}, after {done}."
    epochs = spread_rows(case.last + 1, 300)
    onwards = np.array([begin, end + speed * (at - case.last)])
    series = {
        what: (epochs, sign * values[epochs]),
        "at this speed": (np.array([case.last - window, at]), sign * onwards),
    }
    figure = partial(lines, series, "z", marked=what, level=(0.0, ""))
    longer = _round_up(3 * at)
    remedy = case.remedy(f"Train {longer:,} epochs", epochs=longer) if longer <= MAX_EPOCHS else None
    return Finding(code, "issue", "On its way, and out of updates", sentence, evidence, figure, remedy)


def _round_up(epochs: int) -> int:
    """The next of 1, 2, 3, 5, 10, 20, ... from a whole number on."""
    step = int(10 ** (len(str(epochs)) - 1))
    return next(step * digit for digit in (1, 2, 3, 5, 10) if step * digit >= epochs)


def too_fast(case: Case) -> Finding:
    """Did the numbers overflow, or does the target jump back and forth?"""
    e, code = case.experiment, "too_fast"
    slower = e.learning_rate / 10
    if case.status == "diverged":
        if case.last == 0 and not np.isfinite(case.column("loss")[0]):
            return Finding(
                code,
                "issue",
                "The start is not finite",
                "The initial weights already give a loss that is not finite, so no step can be computed.",
            )
        sentence = (
            f"The last finite row is epoch {case.last:,}, with z from {quoted(case.end('lowest_z'))} to "
            f"{quoted(case.end('highest_z'))}; the next one overflowed at learning rate {e.learning_rate:g}."
        )
        evidence: Evidence = {"last_finite": case.last, "lowest_z": case.end("lowest_z")}
        remedy = case.remedy(f"Learning rate {slower:g}", learning_rate=slower)
        return Finding(code, "issue", "The run diverged", sentence, evidence, None, remedy)
    recent = _recent(case)
    steps = np.diff(recent)
    turns, size = int((steps[1:] * steps[:-1] < 0).sum()), float(np.abs(steps).mean())
    told = f"In the last {len(steps)} epochs {case.name}'s z turned round {many(turns, 'time')}"
    told += f", moving {quoted(size)} an epoch"
    evidence = {
        "turns": turns,
        "mean_move": size,
        "epoch": np.arange(case.last - len(steps), case.last + 1),
        "z": recent,
    }
    if case.solved or size < 1 or turns < len(steps) // 2:
        return Finding(code, "passed", "No oscillation", f"{told}.", evidence)
    figure = partial(lines, {f"z of {case.name}": (evidence["epoch"], recent)}, "z", marked=f"z of {case.name}")
    sentence = f"{told}: the steps at learning rate {e.learning_rate:g} overshoot."
    remedy = case.remedy(f"Learning rate {slower:g}", learning_rate=slower)
    return Finding(code, "issue", "The target oscillates", sentence, evidence, figure, remedy)


def _too_few_to_count(case: Case) -> str:
    if case.status != "diverged" and len(_recent(case)) < FEWEST:
        return f"{many(case.last, 'epoch')}: too few to count turns."
    return ""


def _recent(case: Case) -> NDArray[np.float64]:
    """The target's z in the last rows."""
    return case.column("target_z")[-1 - RECENT :]


TOO_FEW_UPDATES = Check(
    "too_few_updates", "Enough updates", "Is the run on its way, and only not there yet?", too_few_updates, _no_speed
)
TOO_FAST = Check(
    "too_fast", "Steady steps", "Did the run overflow, or does the target jump?", too_fast, _too_few_to_count
)
