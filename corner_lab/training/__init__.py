"""Training: real Keras loss and optimizer objects in a compiled loop, runs and their histories, evaluation."""

from corner_lab.training.history import History
from corner_lab.training.run import Run

__all__ = ["History", "Run"]
