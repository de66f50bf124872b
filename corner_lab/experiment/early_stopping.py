"""Stop rules: what counts as solved or confident, and when training ends by itself."""

import math
from dataclasses import dataclass

from corner_lab.experiment.losses import LOSSES
from corner_lab.registry import Choice, registry

STOPS = registry(
    Choice("never", "never", "Train all the epochs.", ""),
    Choice("solved", "when solved", "Stop at the first epoch that has all 512 patterns right.", ""),
    Choice(
        "confident",
        "when confident",
        "Stop once targets are above 0.9 and all others below 0.1 (z beyond +1 and -1 for hinges on a linear head).",
        "",
    ),
)


@dataclass(frozen=True)
class Bar:
    """Both classes lie beyond it: outputs of targets above `high`, all others below `low`. Strictly."""

    high: float
    low: float


def solved_bar(head: str, loss: str) -> Bar:
    """The bar for "every pattern right": the threshold, from both sides."""
    threshold = LOSSES[loss].threshold(head)
    return Bar(threshold, threshold)


def confident_bar(head: str, loss: str) -> Bar:
    """The bar for "confident", in terms of the head's output."""
    if head == "linear" and LOSSES[loss].signed:
        return Bar(1.0, -1.0)
    if LOSSES[loss].from_logits(head):
        return Bar(math.log(9), -math.log(9))  # where sigmoid(z) is 0.9 and 0.1
    return Bar(0.9, 0.1)


def stop_bar(stop: str, head: str, loss: str) -> Bar:
    """The bar at which training ends; one that nothing reaches for `never`."""
    if stop == "never":
        return Bar(math.inf, -math.inf)
    return solved_bar(head, loss) if stop == "solved" else confident_bar(head, loss)
