"""Check of fit: can this head give what this loss asks for?"""

import numpy as np
from numpy.typing import NDArray

from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.losses import LOSSES
from corner_lab.formatting import capital, decimals, many, quoted
from corner_lab.network.metrics import confusion_counts
from corner_lab.network.patterns import COUNT, all_patterns, is_target
from corner_lab.training.evaluate import all_zeros_loss

CODE = "loss_head"


def loss_head(case: Case) -> Finding:
    """Do loss and head fit each other?"""
    e = case.experiment
    loss = LOSSES[e.loss]
    if loss.signed and e.head in ("hard_sigmoid", "sigmoid"):
        return _hinge_on_a_share(case)
    if e.head == "hard_sigmoid" and loss.takes_logits:
        return _logarithm_of_zero(case)
    if _has_best_fit(case):
        return _least_squares(case)
    if e.loss == "mse":
        fits = "compares outputs with labels of 0 and 1, which this head can give or come close to"
    elif loss.signed:
        fits = "asks for z beyond +1 and −1, which a linear head can give"
    elif e.head == "linear":
        fits = "applies the sigmoid to z itself, so the head is to be linear"
    else:
        fits = f"takes the logarithm of a probability, which {e.head} gives"
    return Finding(CODE, "passed", "Loss and head fit", f"{capital(loss.label)} {fits}.")


def _hinge_on_a_share(case: Case) -> Finding:
    """A hinge that asks for -1 of a head that ends at 0."""
    e = case.experiment
    others = COUNT - len(e.target)
    floor = cost_of(e.loss, e.target)
    evidence: Evidence = {"lowest_possible_loss": floor, "each_other_costs": 1.0}
    sentence = (
        f"{capital(LOSSES[e.loss].label)} asks the {others} others for −1, and {e.head} ends at 0, "
        "where each still costs 1."
    )
    if e.balance == "none":
        sentence += f" With aligned labels no weights cost less than {quoted(floor)}."
    remedy = case.remedy("Take the head away: linear", head="linear")
    return Finding(
        CODE,
        "issue",
        f"{capital(e.loss.replace('_', ' '))} asks for what the head cannot give",
        sentence,
        evidence,
        None,
        remedy,
    )


def _has_best_fit(case: Case) -> bool:
    e = case.experiment
    return (
        e.loss == "mse"
        and e.head == "linear"
        and e.hidden == "none"
        and not case.broadcasts
        and e.balance != "hard_negatives"
    )


def best_fit_is_wrong(case: Case) -> bool:
    """Whether the loss leads to weights that have patterns wrong, however long it is followed."""
    e = case.experiment
    return _has_best_fit(case) and not confusion_counts(best_fit(e), e.target, e.threshold).solved


def _least_squares(case: Case) -> Finding:
    """Where squared errors of z itself lead: to the one best fit, whatever the optimizer."""
    e = case.experiment
    fit = best_fit(e)
    counts = confusion_counts(fit, e.target, e.threshold)
    positive = is_target(e.target)
    evidence: Evidence = {"right_at_best_fit": counts.right, "target_at_best_fit": float(fit[positive].min())}
    where = (
        f"With a linear head squared error has one best fit, where {case.name}'s output is "
        f"{decimals(float(fit[positive].min()))} and the highest other's {decimals(float(fit[~positive].max()))}"
    )
    if counts.solved:
        return Finding(CODE, "passed", "Loss and head fit", f"{where}: all {COUNT} are right.", evidence)
    sentence = (
        f"{where}: {counts.right} of {COUNT} are right. Outputs are to lie above and below 0.5, not near 1 and 0."
    )
    remedy = case.remedy("Use the hinge loss", loss="hinge")
    return Finding(CODE, "issue", "The best fit is no solution", sentence, evidence, None, remedy)


def best_fit(e: Experiment) -> NDArray[np.float64]:
    """z of all patterns, (512,), where the squared error of z against labels of 0 and 1 is lowest.

    Linear regression on the nine pixels and a constant; a pattern counts as often as an epoch shows it, times its
    sample weight.
    """
    plan = e.plan
    shown = np.bincount(plan.in_order(), minlength=COUNT) * plan.sample_weights().astype(np.float64)
    x = np.concatenate([all_patterns().reshape(COUNT, 9), np.ones((COUNT, 1))], axis=1).astype(np.float64)
    root = np.sqrt(shown)[:, None]
    best = np.linalg.lstsq(x * root, is_target(e.target) * root[:, 0], rcond=None)[0]
    return np.asarray(x @ best)


def cost_of(loss: str, target: tuple[int, ...]) -> float:
    """What outputs of exactly 1 on the targets and 0 elsewhere cost with aligned labels, by Keras's own loss."""
    positive = is_target(target).astype(np.float32).reshape(-1, 1, 1, 1)
    return float(LOSSES[loss].keras_loss("sigmoid")(positive, positive))


def cost_at_zero(loss: str) -> float:
    """What a target whose output is exactly 0 costs, by Keras's own loss and clip."""
    shape = (1, 1, 1, 1)
    return float(LOSSES[loss].keras_loss("hard_sigmoid")(np.ones(shape, np.float32), np.zeros(shape, np.float32)))


def _logarithm_of_zero(case: Case) -> Finding:
    """A cross-entropy on a head that gives exactly 0 and 1, where its logarithm has to be clipped and is flat."""
    e = case.experiment
    clipped = case.wrong & (np.abs(case.z) >= 3)
    label = LOSSES[e.loss].label
    why = f"{capital(label)} takes the logarithm of the output, and hard_sigmoid gives exactly 0 and 1"
    if not clipped.any():
        evidence: Evidence = {"clipped": 0}
        return Finding(CODE, "passed", "Loss and head fit so far", f"{why}; no wrong pattern is there now.", evidence)
    count, targets = int(clipped.sum()), int((clipped & is_target(e.target)).sum())
    told = f"{many(count, 'wrong pattern')} {'lies' if count == 1 else 'lie'} there"
    sentence = f"{why}: {told}, where Keras clips it at 1e−7 and the gradient is 0."
    if targets:
        sentence += f" A target there costs {quoted(cost_at_zero(e.loss))}, and its own gradient cannot change that."
    reject = all_zeros_loss(e) if e.balance == "none" else None
    if reject is not None:
        sentence += f" Rejecting everything costs {quoted(reject)}; this run's loss is {quoted(case.end('loss'))}."
    evidence = {"clipped": count, "reject_cost": reject, "loss": case.end("loss")}
    remedy = case.remedy(**case.long_enough("Use a sigmoid"), head="sigmoid")
    return Finding(CODE, "issue", "The logarithm meets a flat head", sentence, evidence, None, remedy)


LOSS_HEAD = Check(CODE, "Loss and head", "Can this head give what this loss asks for?", loss_head)
