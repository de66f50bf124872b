"""Losses: what training minimises. Each entry gives the real Keras loss object."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corner_lab.language import msg
from corner_lab.registry import Choice, registry

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Loss(Choice):
    """A loss. `takes_logits`: on a linear head Keras is told `from_logits=True`. `signed`: it wants labels -1 and
    +1."""

    keras_name: str = ""
    takes_logits: bool = False
    signed: bool = False
    needs_two_outputs: bool = False

    def keras_loss(self, head: str) -> "keras.losses.Loss":
        """The Keras loss object for this head (a word of `HEADS`), averaged over the batch as Keras does by default."""
        import keras

        loss_class = getattr(keras.losses, self.keras_name)
        made: keras.losses.Loss = loss_class(from_logits=True) if self.from_logits(head) else loss_class()
        return made

    def from_logits(self, head: str) -> bool:
        """Whether the loss applies the sigmoid itself."""
        return self.takes_logits and head == "linear"

    def threshold(self, head: str) -> float:
        """The z above which the answer is "corner": 0, where every head but `linear` gives 0.5; 0.5 for linear + mse,
        whose output is z and whose labels are 0 and 1."""
        return 0.5 if head == "linear" and not self.signed and not self.takes_logits else 0.0


LOSSES = registry(
    Loss(
        "mse",
        msg("mean squared error"),
        msg("The squared distance to the label; through a saturated head its gradient dies with the head's."),
        "keras.losses.MeanSquaredError",
        keras_name="MeanSquaredError",
    ),
    Loss(
        "binary_crossentropy",
        msg("binary cross-entropy"),
        msg(
            "The log loss; on a sigmoid Keras computes it from z, so its gradient is output minus label and never flat."
        ),
        "keras.losses.BinaryCrossentropy",
        keras_name="BinaryCrossentropy",
        takes_logits=True,
    ),
    Loss(
        "binary_focal_crossentropy",
        msg("focal loss"),
        msg("Binary cross-entropy that turns down the patterns that are already right."),
        "keras.losses.BinaryFocalCrossentropy; Lin et al. 2017, arXiv:1708.02002",
        keras_name="BinaryFocalCrossentropy",
        takes_logits=True,
    ),
    Loss(
        "hinge",
        msg("hinge"),
        msg("Asks for z of at least +1 for a corner and at most -1 for the others, and has no gradient beyond."),
        "keras.losses.Hinge",
        keras_name="Hinge",
        signed=True,
    ),
    Loss(
        "squared_hinge",
        msg("squared hinge"),
        msg("The hinge, squared: misses cost more the further off they are."),
        "keras.losses.SquaredHinge",
        keras_name="SquaredHinge",
        signed=True,
    ),
    Loss(
        "categorical_crossentropy",
        msg("categorical cross-entropy"),
        msg("The log loss over two outputs and one-hot labels: the question's own way out."),
        "keras.losses.CategoricalCrossentropy",
        keras_name="CategoricalCrossentropy",
        needs_two_outputs=True,
    ),
)
