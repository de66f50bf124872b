"""What the story shows and speaks of: the networks that it compares, and the records of its runs."""

from collections.abc import Mapping
from functools import cache

import numpy as np

from corner_lab.analysis.autopsy import Autopsy
from corner_lab.analysis.separability import Certificate, certificate
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import linear_weights
from corner_lab.network.metrics import Counts, confusion_counts
from corner_lab.network.numpy_model import outputs, pre_activations
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import CORNER, COUNT, NAMED, is_target
from corner_lab.training.history import History
from corner_lab.training.run import Run

Runs = Mapping[str, Run]

TWO = tuple(sorted((CORNER, NAMED["bottom-left corner"])))  # what one kernel is asked for in vain


@cache
def perfect() -> Autopsy:
    """The question's evaluation of its hand-set weights, taken apart."""
    return Autopsy(_outputs("by_hand"), is_target([CORNER]))


@cache
def rejecting() -> Autopsy:
    """The same for a network that gives 0 for every pattern."""
    return Autopsy(np.zeros(COUNT), is_target([CORNER]))


@cache
def two_targets() -> Certificate:
    """The four patterns of the last step."""
    found = certificate(CORNER, TWO[0])
    assert found is not None
    return found


def learned(runs: Runs) -> Vector:
    """The twelve numbers that the asker's fix ends with."""
    return np.asarray(history_of(runs, "the asker's fix").linear()[-1])


def _outputs(init: str) -> np.ndarray:
    return outputs(linear_weights(init, CORNER), "hard_sigmoid").astype(np.float64)


def counted(numbers: Vector) -> Counts:
    """What the twelve numbers of a network with hard_sigmoid get right and wrong."""
    return confusion_counts(pre_activations(numbers), (CORNER,), Experiment().threshold)


def history_of(runs: Runs, name: str) -> History:
    """The record of a run that is ready."""
    history = runs[name].history
    assert history is not None
    return history


def cosine(numbers: Vector) -> float:
    """Of the angle between the effective kernel (kernel times w2) and the matched filter of the corner."""
    kernel, filtered = numbers[:9].astype(np.float64) * float(numbers[10]), linear_weights("matched", CORNER)[:9]
    return float(kernel @ filtered / (np.linalg.norm(kernel) * np.linalg.norm(filtered)))
