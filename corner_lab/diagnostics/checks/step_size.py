"""Checks of pace: steps that are too long, from the first one on or at the end, or too short."""

from functools import partial

import numpy as np

from corner_lab.analysis.separability import unsolvable
from corner_lab.diagnostics import phrases
from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding, Remedy
from corner_lab.diagnostics.pictures import lines
from corner_lab.diagnostics.run_context import FEWEST, Case
from corner_lab.experiment.experiment import MAX_LEARNING_RATE
from corner_lab.formatting import quoted, setting
from corner_lab.language import Message, msg, msgn

FAR = 500.0  # |z| after one epoch, beyond which its steps were too long; the hand-set weights reach 935 without any
NEAR = 10.0  # |z| that is far enough on every head


def first_steps(case: Case) -> Finding:
    """Did the first epoch throw z far away?"""
    e, code = case.experiment, "first_steps"
    before, after = (float(np.abs(case.history.z(row)).max()) for row in (0, 1))
    evidence: Evidence = {"before": before, "after": after}
    told = msg(
        "The first epoch took the largest |z| from {before} to {after}", before=quoted(before), after=quoted(after)
    )
    if not case.solved and max(NEAR, 10 * before) < after < FAR:
        return Finding(code, "not_applicable", msg("Long first steps"), phrases.ended(told), evidence)
    if case.solved or after < FAR or after < 10 * before:
        return Finding(code, "passed", msg("First steps of a sensible size"), phrases.ended(told), evidence)
    # z is linear in the weights, or quadratic where two convolutions follow each other; so are long steps in it.
    share = (NEAR / after) ** (0.5 if e.second_conv else 1.0)
    slower = _power_of_ten(e.learning_rate * share)
    sentence = msg(
        "{told}: at learning rate {rate} the first steps are too long.", told=told, rate=setting(e.learning_rate)
    )
    remedy = case.remedy(phrases.rate_of(setting(slower)), learning_rate=slower)
    return Finding(code, "issue", msg("The first steps are too long"), sentence, evidence, None, remedy)


def _power_of_ten(value: float) -> float:
    """The largest power of ten up to a positive number."""
    return float(f"1e{int(np.floor(np.log10(value)))}")


def _no_first_epoch(case: Case) -> Message | None:
    if case.last == 0 or not np.isfinite(case.history.z(1)).all():
        return msg("There is no first epoch to look at.")
    return None


def too_fast(case: Case) -> Finding:
    """Did the numbers overflow, or does the target jump back and forth?"""
    e, code = case.experiment, "too_fast"
    if case.status == "diverged":
        return _diverged(case)
    recent = case.recent
    steps = np.diff(recent)
    turns, size = int((steps[1:] * steps[:-1] < 0).sum()), float(np.abs(steps).mean())
    told = _moves(case, len(steps), turns, quoted(size))
    evidence: Evidence = {
        "turns": turns,
        "mean_move": size,
        "epoch": np.arange(case.last - len(steps), case.last + 1),
        "z": recent,
    }
    jumps = size >= 1 and turns >= len(steps) // 2
    if case.solved or not jumps:
        little = msg("No oscillation") if not turns else msg("Small oscillation") if size < 1 else msg("Few turns")
        title = msg("It oscillates, and is solved") if jumps else little
        return Finding(code, "passed", title, phrases.ended(told), evidence)
    name = msg("z of {name}", name=case.name)
    figure = partial(lines, {name: (evidence["epoch"], recent)}, "z", marked=name)
    rate = setting(e.learning_rate)
    sentence = msg("{told}: the steps at learning rate {rate} overshoot.", told=told, rate=rate)
    return Finding(code, "issue", msg("The target oscillates"), sentence, evidence, figure, _slower(case))


def _diverged(case: Case) -> Finding:
    """The numbers overflowed."""
    code, rate = "too_fast", setting(case.experiment.learning_rate)
    if case.last == 0 and not np.isfinite(case.column("loss")[0]):
        told = msg("The initial weights already give a loss that is not finite, so no step can be computed.")
        return Finding(code, "issue", msg("The start is not finite"), told)
    sentence = msg(
        "The last finite row is epoch {epoch}, with z from {low} to {high}; the next one overflowed at learning rate "
        "{rate}.",
        epoch=f"{case.last:,}",
        low=quoted(case.end("lowest_z")),
        high=quoted(case.end("highest_z")),
        rate=rate,
    )
    evidence: Evidence = {"last_finite": case.last, "lowest_z": case.end("lowest_z")}
    return Finding(code, "issue", msg("The run diverged"), sentence, evidence, None, _slower(case))


def _slower(case: Case) -> Remedy:
    slower = case.experiment.learning_rate / 10
    return case.remedy(phrases.rate_of(setting(slower)), learning_rate=slower)


def _moves(case: Case, epochs: int, turns: int, size: str) -> Message:
    """How the target's z moved in the last epochs, in a clause."""
    if not turns:
        return msg(
            "In the last {epochs} epochs {name}'s z did not turn round once, moving {size} an epoch",
            epochs=epochs,
            name=case.name,
            size=size,
        )
    return msgn(
        "In the last {epochs} epochs {name}'s z turned round {count} time, moving {size} an epoch",
        "In the last {epochs} epochs {name}'s z turned round {count} times, moving {size} an epoch",
        turns,
        epochs=epochs,
        name=case.name,
        size=size,
    )


def _too_few_to_count(case: Case) -> Message | None:
    if case.status != "diverged" and case.experiment.mislabels:
        return msg("The labels are shuffled, so the target goes to and fro whatever the steps.")
    if case.status != "diverged" and case.experiment.scenes:
        return msg("It is about z of the targets among the 512 patterns, and scenes need not have them.")
    if case.status != "diverged" and len(case.recent) < FEWEST:
        return msg("{epochs}: too few to count turns.", epochs=phrases.epochs(case.last))
    return None


def too_slow(case: Case) -> Finding:
    """Has z hardly moved, at this learning rate?"""
    e, code = case.experiment, "too_slow"
    moved = case.furthest
    way = {"epochs": phrases.epochs(case.last), "moved": quoted(moved)}
    evidence: Evidence = {"furthest_z": moved, "learning_rate": e.learning_rate}
    if case.gone_far or case.solved:
        told = msg("In {epochs} a pattern's z moved by up to {moved} against the others.", **way)
        return Finding(code, "passed", msg("The steps lead somewhere"), told, evidence)
    faster = min(MAX_LEARNING_RATE, e.learning_rate * (100 if moved > NEAR / 100 else 1000))
    remedy = case.remedy(phrases.rate_of(setting(faster)), learning_rate=faster)
    sentence = msg(
        "In {epochs} no pattern's z moved by more than {moved} against the others: at learning rate {rate} {updates} "
        "are too few.",
        **way,
        rate=setting(e.learning_rate),
        updates=case.updates,
    )
    return Finding(code, "issue", msg("Too slow for this learning rate"), sentence, evidence, None, remedy)


def _cannot_be_slow(case: Case) -> Message | None:
    if case.last < FEWEST:
        return msg("{epochs} are too few to tell a speed.", epochs=phrases.epochs(case.last))
    if not (case.history.weights[case.last] != case.start).any() or case.stuck_at_zero:
        return msg("The weights do not move, however long the steps.")
    if unsolvable(case.experiment):
        return msg("No weights have all patterns right here, so no speed is enough.")
    if case.wrong_is_flat:
        return msg("A wrong pattern's gradient is dead: longer steps do not reach it.")
    return None


FIRST_STEPS = Check(
    "first_steps", msg("First steps"), msg("Did the first epoch throw z far away?"), first_steps, _no_first_epoch
)
TOO_FAST = Check(
    "too_fast",
    msg("Steady steps"),
    msg("Did the run overflow, or does the target jump?"),
    too_fast,
    _too_few_to_count,
    mislabelled=True,
    on_scenes=True,
)
TOO_SLOW = Check("too_slow", msg("Speed"), msg("Has z hardly moved, at this learning rate?"), too_slow, _cannot_be_slow)
