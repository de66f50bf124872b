"""Corner Lab: why a tiny Keras network cannot learn to find a corner. The library; `python -m corner_lab` is beside it.

    Experiment  every setting of a run, in one frozen, validated value
    SCENARIOS   named experiments, by name
    Run         one training of an experiment: `Run(Experiment()).train()`
    History     what a run recorded, a row per epoch: `run.history`
    evaluate    what given weights cost, by Keras's own `evaluate`, and how many patterns they get right
    diagnose    what went wrong or right in a run: a list of findings
    scene       a seeded picture of rectangles and its true corners: `scene("filled", seed=0)`
    detect      what a network calls a corner in a picture, from its z of the 512 patterns
    match       corners that were found beside the true ones: precision, recall, F1, each error

Each is imported when it is first used, so `import corner_lab` is quick; TensorFlow is loaded when something trains.
"""

import logging
from importlib import import_module
from typing import TYPE_CHECKING

__all__ = ["SCENARIOS", "Experiment", "History", "Run", "detect", "diagnose", "evaluate", "match", "scene"]

logging.getLogger(__name__).addHandler(logging.NullHandler())  # quiet until `corner_lab.logs.set_up`

if TYPE_CHECKING:
    from corner_lab.diagnostics import findings as diagnose
    from corner_lab.experiment.experiment import Experiment
    from corner_lab.experiment.scenarios import SCENARIOS
    from corner_lab.pictures.detection import detect, match
    from corner_lab.pictures.scenes import scene
    from corner_lab.training.evaluate import evaluate
    from corner_lab.training.history import History
    from corner_lab.training.run import Run
else:  # unseen by type checkers, which would take every name for one that is offered
    _HOMES = {
        "Experiment": ("corner_lab.experiment.experiment", "Experiment"),
        "SCENARIOS": ("corner_lab.experiment.scenarios", "SCENARIOS"),
        "Run": ("corner_lab.training.run", "Run"),
        "History": ("corner_lab.training.history", "History"),
        "evaluate": ("corner_lab.training.evaluate", "evaluate"),
        "diagnose": ("corner_lab.diagnostics", "findings"),
        "scene": ("corner_lab.pictures.scenes", "scene"),
        "detect": ("corner_lab.pictures.detection", "detect"),
        "match": ("corner_lab.pictures.detection", "match"),
    }

    def __getattr__(name: str) -> object:
        """An offered name, imported on its first use (PEP 562)."""
        if name not in _HOMES:
            raise AttributeError(f"module 'corner_lab' has no attribute {name!r}")
        module, there = _HOMES[name]
        value = globals()[name] = getattr(import_module(module), there)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
