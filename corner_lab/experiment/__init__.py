"""The experiment: one frozen value, the registries of what can be chosen for it, and named ones."""

from corner_lab.experiment.experiment import REGISTRIES, Experiment, ExperimentError, repaired
from corner_lab.experiment.parsing import from_query
from corner_lab.experiment.scenario import Scenario
from corner_lab.experiment.scenarios import SCENARIOS

__all__ = ["REGISTRIES", "SCENARIOS", "Experiment", "ExperimentError", "Scenario", "from_query", "repaired"]
