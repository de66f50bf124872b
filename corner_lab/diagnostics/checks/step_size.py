"""Checks of pace: steps that are too long, from the first one on or at the end, or too short."""

from functools import partial

import numpy as np

from corner_lab.analysis.separability import unsolvable
from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding
from corner_lab.diagnostics.run_context import FEWEST, Case
from corner_lab.experiment.experiment import MAX_LEARNING_RATE
from corner_lab.formatting import capital, many, quoted, setting
from corner_lab.plots.evidence import lines

FAR = 500.0  # |z| after one epoch, beyond which its steps were too long; the hand-set weights reach 935 without any
NEAR = 10.0  # |z| that is far enough on every head


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
    sentence = f"{told}: at learning rate {setting(e.learning_rate)} the first steps are too long."
    remedy = case.remedy(f"Learning rate {setting(slower)}", learning_rate=slower)
    return Finding(code, "issue", "The first steps are too long", sentence, evidence, None, remedy)


def _power_of_ten(value: float) -> float:
    """The largest power of ten up to a positive number."""
    return float(f"1e{int(np.floor(np.log10(value)))}")


def _no_first_epoch(case: Case) -> str:
    if case.last == 0 or not np.isfinite(case.history.z(1)).all():
        return "There is no first epoch to look at."
    return ""


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
            f"{quoted(case.end('highest_z'))}; the next one overflowed at learning rate {setting(e.learning_rate)}."
        )
        evidence: Evidence = {"last_finite": case.last, "lowest_z": case.end("lowest_z")}
        remedy = case.remedy(f"Learning rate {setting(slower)}", learning_rate=slower)
        return Finding(code, "issue", "The run diverged", sentence, evidence, None, remedy)
    recent = case.recent
    steps = np.diff(recent)
    turns, size = int((steps[1:] * steps[:-1] < 0).sum()), float(np.abs(steps).mean())
    turned = f"turned round {many(turns, 'time')}" if turns else "did not turn round once"
    told = f"In the last {len(steps)} epochs {case.name}'s z {turned}, moving {quoted(size)} an epoch"
    evidence = {
        "turns": turns,
        "mean_move": size,
        "epoch": np.arange(case.last - len(steps), case.last + 1),
        "z": recent,
    }
    jumps = size >= 1 and turns >= len(steps) // 2
    if case.solved or not jumps:
        little = "No oscillation" if not turns else "Small oscillation" if size < 1 else "Few turns"
        title = "It oscillates, and is solved" if jumps else little
        return Finding(code, "passed", title, f"{told}.", evidence)
    figure = partial(lines, {f"z of {case.name}": (evidence["epoch"], recent)}, "z", marked=f"z of {case.name}")
    sentence = f"{told}: the steps at learning rate {setting(e.learning_rate)} overshoot."
    remedy = case.remedy(f"Learning rate {setting(slower)}", learning_rate=slower)
    return Finding(code, "issue", "The target oscillates", sentence, evidence, figure, remedy)


def _too_few_to_count(case: Case) -> str:
    if case.status != "diverged" and case.experiment.mislabels:
        return "The labels are shuffled, so the target goes to and fro whatever the steps."
    if case.status != "diverged" and case.experiment.scenes:
        return "It is about z of the targets among the 512 patterns, and scenes need not have them."
    if case.status != "diverged" and len(case.recent) < FEWEST:
        return f"{many(case.last, 'epoch')}: too few to count turns."
    return ""


def too_slow(case: Case) -> Finding:
    """Has z hardly moved, at this learning rate?"""
    e, code = case.experiment, "too_slow"
    moved = case.furthest
    told = f"In {many(case.last, 'epoch')} no pattern's z moved by more than {quoted(moved)} against the others"
    evidence: Evidence = {"furthest_z": moved, "learning_rate": e.learning_rate}
    if case.gone_far or case.solved:
        told = f"In {many(case.last, 'epoch')} a pattern's z moved by up to {quoted(moved)} against the others"
        return Finding(code, "passed", "The steps lead somewhere", f"{told}.", evidence)
    faster = min(MAX_LEARNING_RATE, e.learning_rate * (100 if moved > NEAR / 100 else 1000))
    remedy = case.remedy(f"Learning rate {setting(faster)}", learning_rate=faster)
    sentence = f"{told}: at learning rate {setting(e.learning_rate)} {case.updates} are too few."
    return Finding(code, "issue", "Too slow for this learning rate", sentence, evidence, None, remedy)


def _cannot_be_slow(case: Case) -> str:
    if case.last < FEWEST:
        return f"{capital(many(case.last, 'epoch'))} are too few to tell a speed."
    if not (case.history.weights[case.last] != case.start).any() or case.stuck_at_zero:
        return "The weights do not move, however long the steps."
    if unsolvable(case.experiment):
        return "No weights have all patterns right here, so no speed is enough."
    if case.wrong_is_flat:
        return "A wrong pattern's gradient is dead: longer steps do not reach it."
    return ""


FIRST_STEPS = Check("first_steps", "First steps", "Did the first epoch throw z far away?", first_steps, _no_first_epoch)
TOO_FAST = Check(
    "too_fast",
    "Steady steps",
    "Did the run overflow, or does the target jump?",
    too_fast,
    _too_few_to_count,
    mislabelled=True,
    on_scenes=True,
)
TOO_SLOW = Check("too_slow", "Speed", "Has z hardly moved, at this learning rate?", too_slow, _cannot_be_slow)
