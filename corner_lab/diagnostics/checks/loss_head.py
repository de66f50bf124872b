"""Check of fit: can this head give what this loss asks for?"""

import numpy as np
from numpy.typing import NDArray

from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.losses import LOSSES
from corner_lab.formatting import decimals, quoted, sentences
from corner_lab.language import Message, msg, msgn
from corner_lab.language.message import begins
from corner_lab.network.metrics import confusion_counts
from corner_lab.network.patterns import COUNT, all_patterns, is_target
from corner_lab.training.evaluate import all_zeros_loss

CODE = "loss_head"
FITS = msg("Loss and head fit")


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
    return Finding(CODE, "passed", FITS, _fit(e))


def _fit(e: Experiment) -> Message:
    """Why this head can give what this loss asks for."""
    loss = begins(LOSSES[e.loss].label_message)
    if e.loss == "mse":
        return msg(
            "{loss} compares outputs with labels of 0 and 1, which this head can give or come close to.", loss=loss
        )
    if LOSSES[e.loss].signed:
        return msg("{loss} asks for z beyond +1 and −1, which a linear head can give.", loss=loss)
    if e.head == "linear":
        return msg("{loss} applies the sigmoid to z itself, so the head is to be linear.", loss=loss)
    return msg("{loss} takes the logarithm of a probability, which {head} gives.", loss=loss, head=e.head)


def _hinge_on_a_share(case: Case) -> Finding:
    """A hinge that asks for -1 of a head that ends at 0."""
    e = case.experiment
    others = COUNT - len(e.target)
    floor = cost_of(e.loss, e.target)
    evidence: Evidence = {"lowest_possible_loss": floor, "each_other_costs": 1.0}
    loss = begins(LOSSES[e.loss].label_message)
    asked = msg(
        "{loss} asks the {others} others for −1, and {head} ends at 0, where each still costs 1.",
        loss=loss,
        others=others,
        head=e.head,
    )
    least = msg("With aligned labels no weights cost less than {floor}.", floor=quoted(floor))
    sentence = sentences(asked, least if e.balance == "none" else "")
    title = msg("{loss} asks for what the head cannot give", loss=loss)
    remedy = case.remedy(msg("Take the head away: linear"), head="linear")
    return Finding(CODE, "issue", title, sentence, evidence, None, remedy)


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
    where = msg(
        "With a linear head squared error has one best fit, where {name}'s output is {output} and the highest other's "
        "{other}",
        name=case.name,
        output=decimals(float(fit[positive].min())),
        other=decimals(float(fit[~positive].max())),
    )
    if counts.solved:
        return Finding(CODE, "passed", FITS, msg("{where}: all {all} are right.", where=where, all=COUNT), evidence)
    sentence = sentences(
        msg("{where}: {right} of {all} are right.", where=where, right=counts.right, all=COUNT),
        msg("Outputs are to lie above and below 0.5, not near 1 and 0."),
    )
    remedy = case.remedy(msg("Use the hinge loss"), loss="hinge")
    return Finding(CODE, "issue", msg("The best fit is no solution"), sentence, evidence, None, remedy)


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
    why = msg(
        "{loss} takes the logarithm of the output, and hard_sigmoid gives exactly 0 and 1",
        loss=begins(LOSSES[e.loss].label_message),
    )
    if not clipped.any():
        sentence = msg("{why}; no wrong pattern is there now.", why=why)
        return Finding(CODE, "passed", msg("Loss and head fit so far"), sentence, {"clipped": 0})
    count, targets = int(clipped.sum()), int((clipped & is_target(e.target)).sum())
    told = msg(
        "{why}: {lie}, where Keras clips it at 1e−7 and the gradient is 0.",
        why=why,
        lie=msgn("{count} wrong pattern lies there", "{count} wrong patterns lie there", count),
    )
    there: Message | str = ""
    rejecting: Message | str = ""
    if targets:
        cost = quoted(cost_at_zero(e.loss))
        there = msg("A target there costs {cost}, and its own gradient cannot change that.", cost=cost)
    reject, loss = all_zeros_loss(e) if e.balance == "none" else None, case.end("loss")
    if reject is not None:
        rejecting = msg(
            "Rejecting everything costs {rejecting}; this run's loss is {loss}.",
            rejecting=quoted(reject),
            loss=quoted(loss),
        )
    evidence: Evidence = {"clipped": count, "reject_cost": reject, "loss": loss}
    remedy = case.remedy(**case.long_enough(msg("Use a sigmoid")), head="sigmoid")
    title = msg("The logarithm meets a flat head")
    return Finding(CODE, "issue", title, sentences(told, there, rejecting), evidence, None, remedy)


LOSS_HEAD = Check(CODE, msg("Loss and head"), msg("Can this head give what this loss asks for?"), loss_head)
