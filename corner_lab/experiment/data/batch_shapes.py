"""The shapes of one full batch of an experiment, and how many pairs of output and label its loss averages."""

from typing import TYPE_CHECKING

from corner_lab.experiment.data.label_shapes import broadcasts

if TYPE_CHECKING:
    from corner_lab.experiment.experiment import Experiment


def label_shape(e: "Experiment") -> tuple[int, ...]:
    """The shape of one full batch of labels."""
    n = batch(e)
    if e.two_outputs:
        return (n, 2)
    return (n,) if e.labels == "as_asked" else (n, 1, 1, 1)


def output_shape(e: "Experiment") -> tuple[int, ...]:
    """The shape of the network's output for one full batch."""
    return (batch(e), 2) if e.two_outputs else (batch(e), 1, 1, 1)


def pairs(e: "Experiment") -> int:
    """How many output-label pairs the loss of one full batch averages."""
    return batch(e) ** 2 if broadcasts(e.labels, e.two_outputs) else batch(e)


def batch(e: "Experiment") -> int:
    """Samples of a full batch: an epoch may have fewer than the batch size."""
    return min(e.batch_size, e.plan.samples)
