"""The data of an experiment: its samples and their batches, the shape of its labels, what each has of the loss."""

from corner_lab.experiment.data.label_shapes import LABELS
from corner_lab.experiment.data.sampling import BALANCES, BatchPlan

__all__ = ["BALANCES", "LABELS", "BatchPlan"]
