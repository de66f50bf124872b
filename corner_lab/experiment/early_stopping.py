"""Stop rules: what counts as solved or confident, and when training ends by itself."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.losses import LOSSES
from corner_lab.language import msg
from corner_lab.registry import Choice, registry

Floats = NDArray[np.floating]

STOPS = registry(
    Choice("never", msg("never"), msg("Train all the epochs."), ""),
    Choice("solved", msg("when solved"), msg("Stop at the first epoch that has all 512 patterns right."), ""),
    Choice(
        "confident",
        msg("when confident"),
        msg("Stop once targets are above 0.9 and all others below 0.1 (for hinges on a linear head: z of +1 and −1)."),
        "",
    ),
)


@dataclass(frozen=True)
class Bar:
    """Both classes lie beyond it: z of every target above `high`, z of all others below `low`.

    Strictly, or `closed`: at least and at most.
    """

    high: float
    low: float
    closed: bool = False

    def beyond(self, target_z: Floats, other_z: Floats) -> NDArray[np.bool_]:
        """Whether the lowest z of the targets and the highest of the others lie beyond it, element by element."""
        if self.closed:
            return np.asarray((target_z >= self.high) & (other_z <= self.low))
        return np.asarray((target_z > self.high) & (other_z < self.low))


def solved_bar(head: str, loss: str) -> Bar:
    """The bar for "every pattern right": the threshold, from both sides."""
    threshold = LOSSES[loss].threshold(head)
    return Bar(threshold, threshold)


def confident_bar(head: str, loss: str) -> Bar:
    """The bar for "confident": outputs above 0.9 and below 0.1, said as z; for hinges on a linear head +1 and -1."""
    if head == "hard_sigmoid":
        return Bar(2.4, -2.4)  # output z / 6 + 1 / 2
    if head == "linear" and LOSSES[loss].signed:
        return Bar(1.0, -1.0, closed=True)
    if head == "linear" and not LOSSES[loss].from_logits(head):
        return Bar(0.9, 0.1)
    return Bar(math.log(9), -math.log(9))  # where sigmoid(z) is 0.9 and 0.1


def stop_bar(stop: str, head: str, loss: str) -> Bar:
    """The bar at which training ends; one that nothing reaches for `never`."""
    if stop == "never":
        return Bar(math.inf, -math.inf)
    return solved_bar(head, loss) if stop == "solved" else confident_bar(head, loss)
