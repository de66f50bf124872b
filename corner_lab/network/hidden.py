"""Hidden: what stands between the two convolutions. The question has nothing there; relu cuts off what is negative."""

import numpy as np
from numpy.typing import NDArray

from corner_lab.language import msg, msgc
from corner_lab.registry import Choice, registry

Floats = NDArray[np.float64]


class Hidden(Choice):
    """What is made of each kernel's sum before the 1x1 convolution weighs it."""

    @property
    def keras_activation(self) -> str | None:
        """The activation that the first convolution is given in Keras."""
        return None if self.word == "none" else self.word

    def output(self, sums: Floats) -> Floats:
        """What is made of sums; same shape. Zeros come out as +0, so that what follows has the same bits anywhere."""
        return sums if self.word == "none" else np.asarray(np.maximum(sums, 0.0) + 0.0)

    def slope(self, sums: Floats) -> Floats:
        """Its derivative, as Keras has it: that of relu at 0 is 0."""
        return np.ones_like(sums) if self.word == "none" else (sums > 0).astype(np.float64)


HIDDEN = registry(
    Hidden(
        "none",
        msgc("between the convolutions", "nothing"),
        msg("Nothing, as in the question: two linear layers are one, so all kernels together act as a single one."),
        msg("the question's own code: Conv2D without an activation"),
    ),
    Hidden(
        "relu",
        "relu",
        msg("Each kernel's sum is cut off below 0 before it is weighed, so several kernels can do what one cannot."),
        "keras.activations.relu; Nair and Hinton 2010",
    ),
)
