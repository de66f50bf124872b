"""Scenarios: named experiments with commentary and their measured outcome, and the chain of cures that joins them."""

from dataclasses import dataclass, replace
from typing import Any

from corner_lab.experiment.experiment import Experiment, ExperimentError


@dataclass(frozen=True)
class Scenario:
    """A named experiment. `outcome` is measured: tests train every scenario and compare.

    `solved_at` is the first solved epoch in that measurement (seed 0), None if it never was.
    """

    name: str
    title: str
    text: str  # two sentences
    experiment: Experiment
    outcome: str
    solved_at: int | None
    cure: str = ""  # the scenario to try next, and
    cure_label: str = ""  # what the button to it says


_ASKED = Experiment()
_ALIGNED = replace(_ASKED, labels="aligned")
_LOGISTIC = replace(_ALIGNED, head="sigmoid", loss="binary_crossentropy")

SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            "as asked",
            "The question, as asked",
            "hard_sigmoid, mean squared error, labels of shape (n,) against outputs of shape (n,1,1,1). "
            "Keras broadcasts the two, so the loss compares every output with every label of its batch.",
            _ASKED,
            "Not solved: after 100 epochs the corner's output is exactly 0.",
            None,
            "shapes fixed",
            "Next: fix the label shapes",
        ),
        Scenario(
            "by hand",
            "Set by hand",
            "The question's own weights: +10 on the corner's pixels, -100 elsewhere, bias -35. "
            "They get all 512 patterns right, so the network is large enough.",
            replace(_ASKED, init="by_hand", epochs=0),
            "Solved without training: 512 of 512 right.",
            0,
            "a perfect start, as asked",
            "Next: train from perfect weights, as asked",
        ),
        Scenario(
            "a perfect start, as asked",
            "A perfect start, as asked",
            "Training starts from the matched filter, which has all 512 patterns right. The labels are as asked.",
            replace(_ASKED, init="matched"),
            "Unlearned: after 100 epochs the corner's output is 1/32, one over the batch size.",
            0,
            "a perfect start, aligned",
            "Next: the same start, shapes aligned",
        ),
        Scenario(
            "a perfect start, aligned",
            "A perfect start, aligned",
            "Training starts from the matched filter again. "
            "Only the label shapes differ: each output meets its own label.",
            replace(_ALIGNED, init="matched"),
            "Solved at the end: the corner's output dips and climbs back above 0.8.",
            0,
            "the short way",
            "Next: the short way",
        ),
        Scenario(
            "shapes fixed",
            "Label shapes fixed",
            "Labels and outputs both have shape (n,1,1,1), so the loss sees the corner. "
            "The head is still hard_sigmoid, which is flat from |z| = 3 outwards.",
            _ALIGNED,
            "Not solved: the corner's gradient is exactly 0 before the corner can climb.",
            None,
            "sigmoid and cross-entropy",
            "Next: a loss that never goes flat",
        ),
        Scenario(
            "sigmoid and cross-entropy",
            "Shapes fixed, sigmoid and cross-entropy",
            "Sigmoid with binary cross-entropy has the gradient output minus label, which never goes flat. "
            "The corner is still one sample in 512, so it takes a while.",
            replace(_LOGISTIC, epochs=300),
            "Solved at epoch 180.",
            180,
            "a perfect start, as asked",
            "Next: start from perfect weights, as asked",
        ),
        Scenario(
            "oversample",
            "Shapes fixed, oversampled",
            "The corner is repeated until it makes up half of the data; hard_sigmoid and mean squared error stay. "
            "It is pulled up before it reaches the flat part of the head.",
            replace(_ALIGNED, balance="oversample"),
            "Solved at epoch 52.",
            52,
            "the short way",
            "Next: the short way",
        ),
        Scenario(
            "the asker's fix",
            "The asker's fix",
            "Softmax over two outputs, one-hot labels, categorical cross-entropy, Adam at 0.001, full batches. "
            "The shapes match and the loss never goes flat, but 10,000 small steps are barely enough.",
            replace(
                _ASKED,
                head="softmax",
                loss="categorical_crossentropy",
                learning_rate=0.001,
                batch_size=512,
                epochs=10_000,
            ),
            "Solved at epoch 7,682 of 10,000.",
            7682,
            "the short way",
            "Next: the short way",
        ),
        Scenario(
            "the short way",
            "The short way",
            "One convolution, a linear head, the hinge loss with class weights, full batches and RMSprop at 3.0. "
            "It took the fewest updates of 1,200 recipes tried on six targets, and then solved all 512 single targets.",
            replace(
                _ALIGNED,
                head="linear",
                second_conv=False,
                loss="hinge",
                balance="class_weight",
                optimizer="rmsprop",
                learning_rate=3.0,
                batch_size=512,
                stop="solved",
            ),
            "Solved at epoch 11, after 11 updates.",
            11,
            "matched filter",
            "Next: no training at all",
        ),
        Scenario(
            "matched filter",
            "Matched filter",
            "Kernel 2T-1 and bias -(sum(T) - 1/2), read off the template T without any training. "
            "It separates the corner from all other patterns by a margin of 1/6.",
            replace(_ASKED, init="matched", epochs=0),
            "Solved without training: 512 of 512 right.",
            0,
            "a perfect start, as asked",
            "Next: train from these weights, as asked",
        ),
    )
}


def scenario_of(experiment: Experiment) -> Scenario | None:
    """The scenario that this experiment is, whatever its target and seed; None if it is none of them."""
    wanted = _recipe(experiment)
    return next((scenario for scenario in SCENARIOS.values() if _recipe(scenario.experiment) == wanted), None)


def _recipe(experiment: Experiment) -> dict[str, Any]:
    """Everything but the target and the seed."""
    return {name: value for name, value in experiment.to_json().items() if name not in ("target", "seed")}


def on_target(scenario: Scenario, experiment: Experiment) -> Experiment:
    """The scenario's experiment with the target and the seed of another one. Raises ExperimentError."""
    return replace(scenario.experiment, target=experiment.target, seed=experiment.seed)


def next_step(experiment: Experiment, solved: bool, diverged: bool = False) -> tuple[str, Experiment] | None:
    """What to try after this experiment: a button's words and the changed experiment; None if there is nothing to say.

    A scenario names its successor; other experiments get the next cause that still stands removed.
    """
    if diverged:
        return "Next: a tenth of the learning rate", replace(experiment, learning_rate=experiment.learning_rate / 10)
    scenario = scenario_of(experiment)
    if scenario is not None:
        try:
            return scenario.cure_label, on_target(SCENARIOS[scenario.cure], experiment)
        except ExperimentError:  # a closed form, and several targets
            return None
    if solved:
        return None
    if experiment.broadcasts:
        return "Next: fix the label shapes", replace(experiment, labels="aligned")
    if experiment.head == "hard_sigmoid":
        return "Next: a loss that never goes flat", replace(experiment, head="sigmoid", loss="binary_crossentropy")
    if experiment.balance == "none":
        return "Next: oversample the target", replace(experiment, balance="oversample")
    return None
