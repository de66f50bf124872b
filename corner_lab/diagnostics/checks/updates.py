"""Check of length: is the run on its way, and only out of updates?"""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from corner_lab.analysis.separability import unsolvable
from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.checks.loss_head import best_fit_is_wrong
from corner_lab.diagnostics.finding import Evidence, Finding
from corner_lab.diagnostics.run_context import FEWEST, Case
from corner_lab.experiment.experiment import MAX_EPOCHS, MAX_LEARNING_RATE
from corner_lab.experiment.losses import LOSSES
from corner_lab.formatting import capital, many, quoted, setting
from corner_lab.network.patterns import COUNT
from corner_lab.plots.evidence import lines
from corner_lab.training.history import spread_rows

FURTHEST = 30  # times the run so far: an extrapolation beyond that says nothing
Z_OF_BOTH = {"lowest target": "target_z", "highest other": "other_z"}
LONGER = 100  # times the learning rate, where every step goes the same way


def too_few_updates(case: Case) -> Finding:
    """Is the run on its way, and only not there yet?"""
    code, title = "too_few_updates", "Enough updates"
    done = case.updates
    if case.solved_at == 0 and case.solved:
        return Finding(code, "passed", title, "All patterns were right before the first update.")
    if case.solved:
        return Finding(code, "passed", title, f"It was solved at epoch {case.solved_at:,} of {case.last:,}.")
    if case.solved_at and case.last < 2 * case.solved_at:
        return _unsettled(case, case.solved_at, done)
    if case.last + 1 < FEWEST:
        return _hardly_begun(case, done)
    return _extrapolated(case, done)


def shortfall(case: Case) -> NDArray[np.float64]:
    """How far from solved each row is, in z, (last + 1,): what the worse side lacks to its side of the threshold."""
    threshold = case.experiment.threshold
    lacks = np.maximum(threshold - case.column("target_z"), case.column("other_z") - threshold)
    return np.asarray(lacks)


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
        if case.loss_halves[1] < case.loss_halves[0] and not case.at_rest:
            return _still_falling(case, window, done)
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
    e, steps = case.experiment, np.diff(case.recent)
    keeps_gradients = LOSSES[e.loss].takes_logits or e.loss == "categorical_crossentropy"
    fades = e.head in ("sigmoid", "softmax") and not keeps_gradients
    turns = bool((steps[1:] * steps[:-1] < 0).any())
    return not fades and not turns and bool(steps.any()) and e.learning_rate * LONGER <= MAX_LEARNING_RATE


def _small_steps(case: Case, done: str) -> Finding:
    """Every step goes the same way as the one before, so they could be longer."""
    e, steps = case.experiment, np.diff(case.recent)
    size, faster = float(np.abs(steps).mean()), e.learning_rate * LONGER
    sentence = (
        f"In the last {len(steps)} epochs {case.name}'s z did not turn round once, moving {quoted(size)} an epoch: "
        f"steps at learning rate {setting(e.learning_rate)} are small, and {done} of them too few."
    )
    evidence: Evidence = {"mean_move": size, "learning_rate": e.learning_rate}
    remedy = case.remedy(f"Learning rate {setting(faster)}", learning_rate=faster)
    return Finding("too_few_updates", "issue", "Small steps, and out of updates", sentence, evidence, None, remedy)


def _still_falling(case: Case, window: int, done: str) -> Finding:
    """Neither gap nor shortfall tells a speed, but the loss has not come to rest."""
    earlier, later = case.loss_halves
    sentence = (
        f"The loss still falls: from {quoted(earlier)} to {quoted(later)} on average, from one half of the last "
        f"{window:,} epochs to the other. The run is at {case.last:,}, after {done}."
    )
    longer = _round_up(10 * case.last)
    remedy = case.remedy(f"Train {longer:,} epochs", epochs=longer) if longer <= MAX_EPOCHS else None
    evidence: Evidence = {"earlier": earlier, "later": later, "epochs": window}
    return Finding("too_few_updates", "issue", "Still falling, and out of updates", sentence, evidence, None, remedy)


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


def _no_speed(case: Case) -> str:
    if case.solved:
        return ""
    if case.broadcasts:
        return "Under broadcast labels no output is led to its own label, however many updates."
    if unsolvable(case.experiment):
        return "No weights have all patterns right here, so no number is enough."
    if case.stuck_at_zero:
        return "All patterns keep the same z, however many updates."
    if best_fit_is_wrong(case):
        return "The one best fit has patterns wrong, so more updates only lead there."
    if case.last == 0:
        return "No epoch was trained."
    if case.status == "diverged":
        return f"{capital(case.updates)}, and the next one overflowed."
    if case.wrong_is_flat:
        return "A wrong pattern's gradient is dead: more updates do not reach it."
    return ""


TOO_FEW_UPDATES = Check(
    "too_few_updates", "Enough updates", "Is the run on its way, and only not there yet?", too_few_updates, _no_speed
)
