"""Check of order: softmax against its reshape."""

import numpy as np

from corner_lab.diagnostics.check import Check
from corner_lab.diagnostics.finding import Evidence, Finding
from corner_lab.diagnostics.run_context import Case
from corner_lab.formatting import quoted, sentences
from corner_lab.language import Message, msg, msgn
from corner_lab.network.patterns import is_target

CLIP = 1e-7  # keras.config.epsilon(), as `model.load_keras` sets it: no probability below it enters a logarithm


def softmax_order(case: Case) -> Finding:
    """Does Keras find the logits behind the softmax, or a probability that it has to clip?"""
    e = case.experiment
    code = "softmax_order"
    if e.labels == "aligned":
        sentence = msg("The softmax comes last, so Keras takes the loss from z itself: nothing is clipped.")
        return Finding(code, "passed", msg("Softmax comes last"), sentence)
    edge = float(np.log(1 / CLIP - 1))  # where the softmax of two scores is CLIP
    positive = is_target(e.target)
    against = np.where(positive, -case.z, case.z)  # how far z lies on the wrong side
    lost = against > edge
    targets, others = int((lost & positive).sum()), int((lost & ~positive).sum())
    evidence: Evidence = {"clip_z": edge, "targets_lost": targets, "others_lost": others, "furthest": against.max()}
    if not lost.any():
        title = msg("Softmax before the reshape, harmless so far")
        return Finding(code, "passed", title, _harmless(float(against.max()), quoted(edge)), evidence)
    if targets:
        told = msg("{name}'s z is {z}", name=case.name, z=quoted(float(case.z[positive].min())))
    else:
        told = msgn(
            "{count} other lie beyond z = {edge}", "{count} others lie beyond z = {edge}", others, edge=quoted(edge)
        )
    if targets + others == 1:
        sentence = msg(
            "The softmax comes before the reshape, so Keras no longer finds z and clips probabilities at 1e−7: {told}, "
            "beyond ±{edge}, so its gradient is exactly 0 and no update brings it back.",
            told=told,
            edge=quoted(edge),
        )
    else:
        sentence = msg(
            "The softmax comes before the reshape, so Keras no longer finds z and clips probabilities at 1e−7: {told}, "
            "beyond ±{edge}, so the gradients of {lost} wrong patterns are exactly 0 and no update brings it back.",
            told=told,
            edge=quoted(edge),
            lost=targets + others,
        )
    title, remedy = msg("Softmax before the reshape loses the logits"), msg("Put the softmax last")
    return Finding(code, "issue", title, sentence, evidence, remedy=case.remedy(remedy, labels="aligned"))


def _harmless(far: float, edge: str) -> Message:
    """That no z is as far on the wrong side as the clip."""
    before = msg("The softmax comes before the reshape, so Keras no longer finds z and clips probabilities at 1e−7.")
    if far > 0:
        return sentences(
            before,
            msg(
                "That does no harm yet: the furthest z on the wrong side is {far} from 0; a gradient dies at {edge} on "
                "that side.",
                far=quoted(far),
                edge=edge,
            ),
        )
    return sentences(
        before,
        msg(
            "That does no harm yet: no z is on the wrong side; a gradient dies at {edge} on that side.",
            edge=edge,
        ),
    )


def _no_softmax(case: Case) -> Message | None:
    e = case.experiment
    asked = e.head == "softmax" and e.loss == "categorical_crossentropy"
    return None if asked else msg("The loss takes no logarithm of a softmax.")


SOFTMAX_ORDER = Check(
    "softmax_order",
    msg("Softmax and logits"),
    msg("Does Keras find the logits behind the softmax?"),
    softmax_order,
    _no_softmax,
)
