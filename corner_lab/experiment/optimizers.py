"""Optimizers: how a gradient becomes an update. Apart from the learning rate they keep Keras's defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corner_lab.language import msg
from corner_lab.registry import Choice, registry

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Optimizer(Choice):
    """An optimizer: a Keras class and the settings that differ from its defaults."""

    keras_name: str = ""
    settings: Mapping[str, float] = field(default_factory=dict)

    def keras_optimizer(self, learning_rate: float) -> "keras.optimizers.Optimizer":
        """The Keras optimizer object with this learning rate."""
        import keras

        # Keras wants a float: an int learning rate makes an integer variable.
        made: keras.optimizers.Optimizer = getattr(keras.optimizers, self.keras_name)(
            learning_rate=float(learning_rate), **self.settings
        )
        return made


OPTIMIZERS = registry(
    Optimizer(
        "adam",
        "Adam",
        msg("Steps of about the learning rate for every weight, however small its gradient."),
        "keras.optimizers.Adam; Kingma and Ba 2014, arXiv:1412.6980",
        keras_name="Adam",
    ),
    Optimizer(
        "sgd", "SGD", msg("The plain gradient times the learning rate."), "keras.optimizers.SGD", keras_name="SGD"
    ),
    Optimizer(
        "momentum",
        msg("SGD with momentum"),
        msg("SGD that keeps 0.9 of its last step, so it gathers speed along a slope."),
        "keras.optimizers.SGD(momentum=0.9)",
        keras_name="SGD",
        settings={"momentum": 0.9},
    ),
    Optimizer(
        "rmsprop",
        "RMSprop",
        msg("Divides each gradient by its recent size."),
        "keras.optimizers.RMSprop",
        keras_name="RMSprop",
    ),
    Optimizer(
        "adamw",
        "AdamW",
        msg("Adam that also shrinks the weights a little at every step."),
        "keras.optimizers.AdamW; Loshchilov and Hutter 2017, arXiv:1711.05101",
        keras_name="AdamW",
    ),
    Optimizer("nadam", "Nadam", msg("Adam that looks one step ahead."), "keras.optimizers.Nadam", keras_name="Nadam"),
    Optimizer(
        "adagrad",
        "Adagrad",
        msg("Divides each gradient by everything it has seen so far, so its steps only get smaller."),
        "keras.optimizers.Adagrad",
        keras_name="Adagrad",
    ),
    Optimizer(
        "lion",
        "Lion",
        msg("Uses only the sign of a smoothed gradient: every step is exactly the learning rate."),
        "keras.optimizers.Lion; Chen et al. 2023, arXiv:2302.06675",
        keras_name="Lion",
    ),
)
