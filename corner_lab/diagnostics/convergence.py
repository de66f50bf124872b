"""Checks of pace: no steps at all, steps that are too long or too short, too few of them."""

from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from corner_lab.analysis.separability import unsolvable
from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding, Remedy
from corner_lab.diagnostics.loss_head import best_fit_is_wrong
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.early_stopping import confident_bar
from corner_lab.experiment.experiment import MAX_EPOCHS, MAX_LEARNING_RATE
from corner_lab.experiment.losses import LOSSES
from corner_lab.formatting import capital, many, quoted
from corner_lab.network.numpy_model import parted
from corner_lab.network.patterns import COUNT
from corner_lab.plots.evidence import lines
from corner_lab.training.epoch_metrics import class_gradients
from corner_lab.training.history import spread_rows

FEWEST = 9  # rows: with fewer nothing is said of a speed
FURTHEST = 30  # times the run so far: an extrapolation beyond that says nothing
RECENT = 20  # epochs in which turns are counted
FAR = 500.0  # |z| after one epoch, beyond which its steps were too long; the hand-set weights reach 935 without any
NEAR = 10.0  # |z| that is far enough on every head
Z_OF_BOTH = {"lowest target": "target_z", "highest other": "other_z"}
LONGER = 100  # times the learning rate, where every step goes the same way
SLOW = 0.4  # of the way from the threshold to confident: in a run that is too slow no pattern's z moves further


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
    if case.solved_at is not None and not case.solved and case.last < 2 * case.solved_at:
        return _unsettled(case, case.solved_at, done)
    if case.solved_at is not None:
        return Finding(code, "passed", title, f"It was solved at epoch {case.solved_at:,}, within {done}.")
    if case.last + 1 < FEWEST:
        return _hardly_begun(case, done)
    return _extrapolated(case, done)


def _hardly_begun(case: Case, done: str) -> Finding:
    """No check of pace has enough epochs to go by."""
    sentence = (
        f"The run ended after {many(case.last, 'epoch')}, {done}, with {case.counts.right} of {COUNT} right: too few "
        "to tell whether it is on its way."
    )
    longer = _round_up(max(100, 20 * case.last))
    remedy = case.remedy(f"Train {longer:,} epochs", epochs=longer)
    evidence: Evidence = {"epochs": case.last, "right": case.counts.right}
    return Finding("too_few_updates", "issue", "Hardly begun, and out of updates", sentence, evidence, None, remedy)


def _unsettled(case: Case, solved_at: int, done: str) -> Finding:
    """The run had found it, and ended while its steps still led out of it and back."""
    moved = float(np.abs(case.z - case.history.z(case.last - 1)).max())
    sentence = (
        f"It was solved at epoch {solved_at:,} and ended at {case.last:,}, after {done}, while a pattern's z still "
        f"moved by {quoted(moved)} in its last epoch."
    )
    evidence: Evidence = {"solved_at": solved_at, "moved_last": moved}
    longer = _round_up(max(100, 4 * case.last))
    remedy = case.remedy(f"Train {longer:,} epochs", epochs=longer) if longer <= MAX_EPOCHS else None
    return Finding("too_few_updates", "issue", "Not settled yet", sentence, evidence, None, remedy)


def _no_speed(case: Case) -> str:
    if case.solved_at is not None and (case.solved or case.last >= 2 * case.solved_at):
        return ""
    if case.broadcasts:
        return "Under broadcast labels no output is led to its own label, however many updates."
    if unsolvable(case.experiment):
        return "No weights have all patterns right here, so no number is enough."
    if _stuck_at_zero(case):
        return "All patterns keep the same z, however many updates."
    if best_fit_is_wrong(case):
        return "The one best fit has patterns wrong, so more updates only lead there."
    if case.last == 0:
        return "No epoch was trained."
    if case.status == "diverged":
        return f"{capital(_updates(case))}, and the next one overflowed."
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
        if end < 0 and not use_gap and gap[-1 - window] < gap[-1 - window // 2] < gap[-1]:
            return _widening(case, gap, window, done)
        if _descends(case):
            return _small_steps(case, done)
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


def _descends(case: Case) -> bool:
    """Whether the run still goes one way down a loss that is flat for no wrong pattern: its steps are small then."""
    e, steps = case.experiment, np.diff(_recent(case))
    fades = e.head in ("sigmoid", "softmax") and not LOSSES[e.loss].takes_logits
    turns = bool((steps[1:] * steps[:-1] < 0).any())
    return not fades and not turns and bool(steps.any()) and e.learning_rate * LONGER <= MAX_LEARNING_RATE


def _small_steps(case: Case, done: str) -> Finding:
    """Every step goes the same way as the one before, so they could be longer."""
    e, steps = case.experiment, np.diff(_recent(case))
    size, faster = float(np.abs(steps).mean()), e.learning_rate * LONGER
    sentence = (
        f"In the last {len(steps)} epochs {case.name}'s z did not turn round once, moving {quoted(size)} an epoch: "
        f"steps at learning rate {e.learning_rate:g} are small, and {done} of them too few."
    )
    evidence: Evidence = {"mean_move": size, "learning_rate": e.learning_rate}
    remedy = case.remedy(f"Learning rate {faster:g}", learning_rate=faster)
    return Finding("too_few_updates", "issue", "Small steps, and out of updates", sentence, evidence, None, remedy)


def _widening(case: Case, gap: NDArray[np.float64], window: int, done: str) -> Finding:
    """All targets' z are above all others' and go on rising above them; only the threshold is not yet between them."""
    begin, end = float(gap[-1 - window]), float(gap[-1])
    sentence = (
        f"Every target's z is above every other's, and in the last {window:,} epochs the gap grew from {quoted(begin)} "
        f"to {quoted(end)}; the threshold is not between them yet. The run is at {case.last:,}, after {done}."
    )
    evidence: Evidence = {"from": begin, "to": end, "epochs": window}
    epochs = spread_rows(case.last + 1, 300)
    z = {name: (epochs, case.column(column)[epochs]) for name, column in Z_OF_BOTH.items()}
    figure = partial(lines, z, "z", marked=next(iter(z)), level=(case.experiment.threshold, "threshold"))
    longer = _round_up(10 * case.last)
    remedy = case.remedy(f"Train {longer:,} epochs", epochs=longer) if longer <= MAX_EPOCHS else None
    return Finding("too_few_updates", "issue", "Apart, and out of updates", sentence, evidence, figure, remedy)


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
    jumps = size >= 1 and turns >= len(steps) // 2
    if case.solved or not jumps:
        little = "Small oscillation" if turns >= len(steps) // 2 else "No oscillation"
        title = "It oscillates, and is solved" if jumps else little
        return Finding(code, "passed", title, f"{told}.", evidence)
    figure = partial(lines, {f"z of {case.name}": (evidence["epoch"], recent)}, "z", marked=f"z of {case.name}")
    sentence = f"{told}: the steps at learning rate {e.learning_rate:g} overshoot."
    remedy = case.remedy(f"Learning rate {slower:g}", learning_rate=slower)
    return Finding(code, "issue", "The target oscillates", sentence, evidence, figure, remedy)


def _too_few_to_count(case: Case) -> str:
    if case.status != "diverged" and case.experiment.mislabels:
        return "The labels are shuffled, so the target goes to and fro whatever the steps."
    if case.status != "diverged" and len(_recent(case)) < FEWEST:
        return f"{many(case.last, 'epoch')}: too few to count turns."
    return ""


def _recent(case: Case) -> NDArray[np.float64]:
    """The target's z in the last rows."""
    return case.column("target_z")[-1 - RECENT :]


def nothing_moves(case: Case) -> Finding:
    """Are the weights still what they were?"""
    e, code = case.experiment, "nothing_moves"
    moved = float(np.abs(case.history.weights[: case.last + 1] - case.start).max())
    title, evidence = "The weights move", {"furthest": moved}
    if moved:
        told = f"In {many(case.last, 'epoch')} a weight has moved by up to {quoted(moved)}."
        if not _stuck_at_zero(case):
            return Finding(code, "passed", title, told, evidence)
        sentence = (
            "Kernel and 1x1 weight both start at 0, and each one's gradient is a multiple of the other: only the last "
            f"bias moves, and all {COUNT} patterns keep the same z, {quoted(case.z[0])} now."
        )
        return Finding(code, "issue", "A start that cannot leave zero", sentence, evidence, None, _random(case))
    pulls = [float(case.column(name)[0]) for name in ("gradient_targets", "gradient_others")]
    if not any(pulls):
        live = round(float(case.column("live_fraction")[0]) * COUNT)
        sentence = (
            f"The gradients of all {COUNT} patterns are exactly 0 at the start, so no step is made. The head has a "
            f"slope for {live or 'none'} of them."
        )
        return Finding(code, "issue", "Nothing moves", sentence, evidence, None, _random(case))
    if case.held:
        sentence = f"{len(case.held)} of the bench's numbers are locked, and nothing else has a gradient."
        return Finding(code, "issue", "Nothing moves", sentence, evidence)
    if _cancel(case):
        sentence = (
            f"At the start the gradients of {case.all_targets} and of {case.rest} are equally large and opposite, so "
            "they cancel and no step is made."
        )
        return Finding(code, "issue", "Nothing moves", sentence, evidence, None, _random(case))
    sentence = f"At learning rate {e.learning_rate:g} every step is rounded away: no weight changed in its last digit."
    return Finding(code, "issue", "Nothing moves", sentence, evidence, None, _faster(case) or _random(case))


def _cancel(case: Case) -> bool:
    """Whether the gradients of targets and others at the start are each other's opposite, but for rounding."""
    targets, others = class_gradients(case.experiment, case.start[None])
    return bool(np.abs(targets + others).max() <= 1e-6 * np.abs(targets).max())


def _faster(case: Case) -> Remedy | None:
    """A thousand times the learning rate, where that is allowed."""
    rate = case.experiment.learning_rate * 1000
    return case.remedy(f"Learning rate {rate:g}", learning_rate=rate) if rate <= MAX_LEARNING_RATE else None


def _stuck_at_zero(case: Case) -> bool:
    """Whether all kernels and all w2 were and are 0."""
    if case.solved or not case.experiment.second_conv:
        return False
    rows = parted(case.history.linear(slice(0, case.last + 1)))
    return not rows.kernels.any() and not rows.w2.any()


def _random(case: Case) -> Remedy:
    remedy = case.remedy("Start from random weights", init="glorot_uniform")
    return replace(remedy, weights=None)


def _untrained(case: Case) -> str:
    return "" if case.last else "No epoch was trained."


def first_steps(case: Case) -> Finding:
    """Did the first epoch throw z far away?"""
    e, code = case.experiment, "first_steps"
    before, after = (float(np.abs(case.history.z(row)).max()) for row in (0, 1))
    evidence: Evidence = {"before": before, "after": after}
    told = f"The first epoch took the largest |z| from {quoted(before)} to {quoted(after)}"
    if not case.solved and max(NEAR, 10 * before) < after < FAR:
        return Finding(code, "not_applicable", "Long first steps", f"{told}.", evidence)
    if case.solved or after < FAR or after < 10 * before:
        return Finding(code, "passed", "First steps of a sensible size", f"{told}.", evidence)
    # z is linear in the weights, or quadratic where two convolutions follow each other; so are long steps in it.
    share = (NEAR / after) ** (0.5 if e.second_conv else 1.0)
    slower = _power_of_ten(e.learning_rate * share)
    sentence = f"{told}: at learning rate {e.learning_rate:g} the first steps are too long."
    remedy = case.remedy(f"Learning rate {slower:g}", learning_rate=slower)
    return Finding(code, "issue", "The first steps are too long", sentence, evidence, None, remedy)


def _power_of_ten(value: float) -> float:
    """The largest power of ten up to a positive number."""
    return float(f"1e{int(np.floor(np.log10(value)))}")


def _no_first_epoch(case: Case) -> str:
    if case.last == 0 or not np.isfinite(case.history.z(1)).all():
        return "There is no first epoch to look at."
    return ""


def too_slow(case: Case) -> Finding:
    """Has z hardly moved, at this learning rate? What all patterns share, the bias above all, tells none apart."""
    e, code = case.experiment, "too_slow"
    way = case.z - case.history.z(0)
    moved = float(np.abs(way - way.mean()).max())
    told = f"In {many(case.last, 'epoch')} no pattern's z moved by more than {quoted(moved)} against the others"
    evidence: Evidence = {"furthest_z": moved, "learning_rate": e.learning_rate}
    bar = confident_bar(e.head, e.loss)
    if moved >= SLOW * (bar.high - bar.low) / 2 or case.solved:
        told = f"In {many(case.last, 'epoch')} a pattern's z moved by up to {quoted(moved)} against the others"
        return Finding(code, "passed", "The steps lead somewhere", f"{told}.", evidence)
    faster = min(MAX_LEARNING_RATE, e.learning_rate * (100 if moved > NEAR / 100 else 1000))
    remedy = case.remedy(f"Learning rate {faster:g}", learning_rate=faster)
    sentence = f"{told}: at learning rate {e.learning_rate:g} {_updates(case)} are too few."
    return Finding(code, "issue", "Too slow for this learning rate", sentence, evidence, None, remedy)


def _cannot_be_slow(case: Case) -> str:
    if case.last < FEWEST:
        return f"{capital(many(case.last, 'epoch'))} are too few to tell a speed."
    if not (case.history.weights[case.last] != case.start).any() or _stuck_at_zero(case):
        return "The weights do not move, however long the steps."
    if case.experiment.head == "hard_sigmoid" and (np.abs(case.z[case.wrong]) >= 3).any():
        return "A wrong pattern's gradient is dead: longer steps do not reach it."
    return ""


TOO_FEW_UPDATES = Check(
    "too_few_updates", "Enough updates", "Is the run on its way, and only not there yet?", too_few_updates, _no_speed
)
TOO_FAST = Check(
    "too_fast",
    "Steady steps",
    "Did the run overflow, or does the target jump?",
    too_fast,
    _too_few_to_count,
    mislabelled=True,
)
NOTHING_MOVES = Check(
    "nothing_moves", "Movement", "Do the weights move at all?", nothing_moves, _untrained, mislabelled=True
)
FIRST_STEPS = Check("first_steps", "First steps", "Did the first epoch throw z far away?", first_steps, _no_first_epoch)
TOO_SLOW = Check("too_slow", "Speed", "Has z hardly moved, at this learning rate?", too_slow, _cannot_be_slow)
