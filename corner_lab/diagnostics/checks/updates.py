"""Check of length: is the run on its way, and only out of updates?"""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from corner_lab.analysis.separability import unsolvable
from corner_lab.diagnostics import phrases
from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.checks.loss_head import best_fit_is_wrong
from corner_lab.diagnostics.finding import Evidence, Finding, Remedy
from corner_lab.diagnostics.pictures import lines
from corner_lab.diagnostics.run_context import FEWEST, Case
from corner_lab.experiment.experiment import MAX_EPOCHS, MAX_LEARNING_RATE
from corner_lab.experiment.losses import LOSSES
from corner_lab.formatting import quoted, sentences, setting
from corner_lab.language import Message, msg
from corner_lab.network.patterns import COUNT
from corner_lab.training.history import spread_rows

FURTHEST = 30  # times the run so far: an extrapolation beyond that says nothing
Z_OF_BOTH = {msg("lowest target"): "target_z", msg("highest other"): "other_z"}
GAP, LACK = msg("the gap"), msg("what z lacks to the threshold")
LONGER = 100  # times the learning rate, where every step goes the same way


def too_few_updates(case: Case) -> Finding:
    """Is the run on its way, and only not there yet?"""
    code, title = "too_few_updates", msg("Enough updates")
    done = case.updates
    if case.solved_at == 0 and case.solved:
        return Finding(code, "passed", title, msg("All patterns were right before the first update."))
    if case.solved:
        told = msg("It was solved at epoch {epoch} of {all}.", epoch=f"{case.solved_at:,}", all=f"{case.last:,}")
        return Finding(code, "passed", title, told)
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


def _longer(case: Case, epochs: int) -> Remedy | None:
    """Trained for so many epochs at least; None where that is more than may be."""
    count = _round_up(epochs)
    return case.remedy(phrases.longer(count), epochs=count) if count <= MAX_EPOCHS else None


def _where(case: Case, done: Message) -> Message:
    return msg("The run is at {epoch}, after {updates}.", epoch=f"{case.last:,}", updates=done)


def _hardly_begun(case: Case, done: Message) -> Finding:
    """No check of pace has enough epochs to go by."""
    sentence = msg(
        "The run ended after {epochs}, {updates}, with {right} of {all} right: too few to tell whether it is on its "
        "way.",
        epochs=phrases.epochs(case.last),
        updates=done,
        right=case.counts.right,
        all=COUNT,
    )
    remedy = _longer(case, max(100, 20 * case.last))
    evidence: Evidence = {"epochs": case.last, "right": case.counts.right}
    title = msg("Hardly begun, and out of updates")
    return Finding("too_few_updates", "issue", title, sentence, evidence, None, remedy)


def _unsettled(case: Case, solved_at: int, done: Message) -> Finding:
    """The run had found it, and ended while its steps still led out of it and back."""
    moved = float(np.abs(case.z - case.history.z(case.last - 1)).max())
    sentence = msg(
        "It was solved at epoch {solved} and ended at {last}, after {updates}, while a pattern's z still moved by "
        "{moved} in its last epoch.",
        solved=f"{solved_at:,}",
        last=f"{case.last:,}",
        updates=done,
        moved=quoted(moved),
    )
    evidence: Evidence = {"solved_at": solved_at, "moved_last": moved}
    remedy = _longer(case, max(100, 4 * case.last))
    return Finding("too_few_updates", "issue", msg("Not settled yet"), sentence, evidence, None, remedy)


def _extrapolated(case: Case, done: Message) -> Finding:
    """Whether, at the speed of the last third, what is lacking would be made up."""
    code = "too_few_updates"
    use_gap = bool(case.end("target_z") < case.end("other_z"))
    gap = case.column("target_z") - case.column("other_z")
    values = gap if use_gap else -shortfall(case)  # negative; above 0 is what is wanted
    what = GAP if use_gap else LACK
    sign = 1 if use_gap else -1
    window = max(4, case.last // 3)
    begin, middle, end = values[-1 - window], values[-1 - window // 2], values[-1]
    speed = float(end - begin) / window  # per epoch
    went = msg(
        "In the last {epochs} epochs {what} went from {before} to {after}",
        epochs=f"{window:,}",
        what=what,
        before=quoted(sign * begin),
        after=quoted(sign * end),
    )
    steady = begin < middle < end
    if not steady or not speed > 0 or -end / speed > FURTHEST * case.last:
        if end < 0 and not use_gap and gap[-1 - window] < gap[-1 - window // 2] < gap[-1]:
            return _widening(case, gap, window, done)
        if _descends(case):
            return _small_steps(case, done)
        if case.loss_halves[1] < case.loss_halves[0] and not case.at_rest:
            return _still_falling(case, window, done)
        title = msg("No steady approach")
        return Finding(code, "not_applicable", title, msg("{went}: no steady approach.", went=went))
    at = case.last + int(np.ceil(-end / speed))
    evidence: Evidence = {"from": begin, "to": end, "epochs": window, "per_epoch": speed, "reached_at": at}
    reached = (
        msg("{went}; at that speed it closes near epoch {epoch}.", went=went, epoch=f"{at:,}")
        if use_gap
        else msg("{went}; at that speed it is gone near epoch {epoch}.", went=went, epoch=f"{at:,}")
    )
    sentence = sentences(reached, _where(case, done))
    epochs = spread_rows(case.last + 1, 300)
    onwards = np.array([begin, end + speed * (at - case.last)])
    series = {
        what: (epochs, sign * values[epochs]),
        msg("at this speed"): (np.array([case.last - window, at]), sign * onwards),
    }
    figure = partial(lines, series, "z", marked=what, level=(0.0, ""))
    title = msg("On its way, and out of updates")
    return Finding(code, "issue", title, sentence, evidence, figure, _longer(case, 3 * at))


def _descends(case: Case) -> bool:
    """Whether the run still goes one way down a loss that is flat for no wrong pattern: its steps are small then."""
    e, steps = case.experiment, np.diff(case.recent)
    keeps_gradients = LOSSES[e.loss].takes_logits or e.loss == "categorical_crossentropy"
    fades = e.head in ("sigmoid", "softmax") and not keeps_gradients
    turns = bool((steps[1:] * steps[:-1] < 0).any())
    return not fades and not turns and bool(steps.any()) and e.learning_rate * LONGER <= MAX_LEARNING_RATE


def _small_steps(case: Case, done: Message) -> Finding:
    """Every step goes the same way as the one before, so they could be longer."""
    e, steps = case.experiment, np.diff(case.recent)
    size, faster = float(np.abs(steps).mean()), e.learning_rate * LONGER
    sentence = msg(
        "In the last {epochs} epochs {name}'s z did not turn round once, moving {size} an epoch: steps at learning "
        "rate {rate} are small, and {updates} of them too few.",
        epochs=len(steps),
        name=case.name,
        size=quoted(size),
        rate=setting(e.learning_rate),
        updates=done,
    )
    evidence: Evidence = {"mean_move": size, "learning_rate": e.learning_rate}
    remedy = case.remedy(phrases.rate_of(setting(faster)), learning_rate=faster)
    title = msg("Small steps, and out of updates")
    return Finding("too_few_updates", "issue", title, sentence, evidence, None, remedy)


def _still_falling(case: Case, window: int, done: Message) -> Finding:
    """Neither gap nor shortfall tells a speed, but the loss has not come to rest."""
    earlier, later = case.loss_halves
    falls = msg(
        "The loss still falls: from {earlier} to {later} on average, from one half of the last {epochs} epochs to the "
        "other.",
        earlier=quoted(earlier),
        later=quoted(later),
        epochs=f"{window:,}",
    )
    sentence, title = sentences(falls, _where(case, done)), msg("Still falling, and out of updates")
    evidence: Evidence = {"earlier": earlier, "later": later, "epochs": window}
    return Finding("too_few_updates", "issue", title, sentence, evidence, None, _longer(case, 10 * case.last))


def _widening(case: Case, gap: NDArray[np.float64], window: int, done: Message) -> Finding:
    """All targets' z are above all others' and go on rising above them; only the threshold is not yet between them."""
    begin, end = float(gap[-1 - window]), float(gap[-1])
    apart = msg(
        "Every target's z is above every other's, and in the last {epochs} epochs the gap grew from {before} to "
        "{after}; the threshold is not between them yet.",
        epochs=f"{window:,}",
        before=quoted(begin),
        after=quoted(end),
    )
    evidence: Evidence = {"from": begin, "to": end, "epochs": window}
    epochs = spread_rows(case.last + 1, 300)
    z = {name: (epochs, case.column(column)[epochs]) for name, column in Z_OF_BOTH.items()}
    figure = partial(lines, z, "z", marked=next(iter(z)), level=(case.experiment.threshold, msg("threshold")))
    sentence, title = sentences(apart, _where(case, done)), msg("Apart, and out of updates")
    return Finding("too_few_updates", "issue", title, sentence, evidence, figure, _longer(case, 10 * case.last))


def _round_up(epochs: int) -> int:
    """The next of 1, 2, 3, 5, 10, 20, ... from a whole number on."""
    step = int(10 ** (len(str(epochs)) - 1))
    return next(step * digit for digit in (1, 2, 3, 5, 10) if step * digit >= epochs)


def _no_speed(case: Case) -> Message | None:
    if case.solved:
        return None
    if case.broadcasts:
        return msg("Under broadcast labels no output is led to its own label, however many updates.")
    if unsolvable(case.experiment):
        return msg("No weights have all patterns right here, so no number is enough.")
    if case.stuck_at_zero:
        return msg("All patterns keep the same z, however many updates.")
    if best_fit_is_wrong(case):
        return msg("The one best fit has patterns wrong, so more updates only lead there.")
    if case.last == 0:
        return msg("No epoch was trained.")
    if case.status == "diverged":
        return msg("{updates}, and the next one overflowed.", updates=case.updates)
    if case.wrong_is_flat:
        return msg("A wrong pattern's gradient is dead: more updates do not reach it.")
    return None


TOO_FEW_UPDATES = Check(
    "too_few_updates",
    msg("Enough updates"),
    msg("Is the run on its way, and only not there yet?"),
    too_few_updates,
    _no_speed,
)
