"""Scenarios: the named experiments, and which of them an experiment is."""

from dataclasses import fields, replace

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.scenario import Scenario
from corner_lab.language import msg
from corner_lab.network.patterns import TARGETS

_ASKED = Experiment()
_ALIGNED = replace(_ASKED, labels="aligned")
_LOGISTIC = replace(_ALIGNED, head="sigmoid", loss="binary_crossentropy")
_FOUR_CORNERS = replace(
    _LOGISTIC,
    target=TARGETS["four corners"],
    balance="class_weight",
    learning_rate=0.03,
    batch_size=512,
    epochs=3000,
    stop="solved",
)
_ON_SCENES = replace(
    _FOUR_CORNERS,
    data="scenes:filled",
    scene_count=40,
    kernels=8,
    hidden="relu",
    balance="none",
    learning_rate=0.01,
    epochs=60,
    stop="never",
)

SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            "as asked",
            msg("The question, as asked"),
            msg(
                "hard_sigmoid, mean squared error, labels of shape (n,) against outputs of shape (n,1,1,1). Keras "
                "broadcasts the two, so the loss compares every output with every label of its batch."
            ),
            _ASKED,
            msg("Not solved: after 100 epochs the corner's output is exactly 0."),
            None,
        ),
        Scenario(
            "labels shuffled",
            msg("As asked, labels shuffled"),
            msg(
                "The question again, with the labels of every batch handed out at random. Every output meets all "
                "labels of its batch anyway, so the run takes the same course."
            ),
            replace(_ASKED, labels_shuffled=True),
            msg("Not solved: the weights end where they end without shuffling, to the last digit."),
            None,
        ),
        Scenario(
            "by hand",
            msg("Set by hand"),
            msg(
                "The question's own weights: +10 on the corner's pixels, -100 elsewhere, bias -35. They get all "
                "512 patterns right, so the network is large enough."
            ),
            replace(_ASKED, init="by_hand", epochs=0),
            msg("Solved without training: 512 of 512 right."),
            0,
        ),
        Scenario(
            "by hand, trained",
            msg("The question's own program"),
            msg(
                "Training starts from the question's hand-set weights, which have all 512 patterns right. With "
                "them every pattern's z lies on a flat part of hard_sigmoid."
            ),
            replace(_ASKED, init="by_hand"),
            msg("Nothing moves: the gradients of all 512 patterns are exactly 0."),
            0,
        ),
        Scenario(
            "a perfect start, as asked",
            msg("A perfect start, as asked"),
            msg("Training starts from the matched filter, which has all 512 patterns right. The labels are as asked."),
            replace(_ASKED, init="matched"),
            msg("Unlearned: after 100 epochs the corner's output is 1/32, one over the batch size."),
            0,
        ),
        Scenario(
            "a perfect start, aligned",
            msg("A perfect start, aligned"),
            msg(
                "Training starts from the matched filter again. Only the label shapes differ: each output meets "
                "its own label."
            ),
            replace(_ALIGNED, init="matched"),
            msg("Solved at the end: the corner's output dips and climbs back above 0.8."),
            0,
        ),
        Scenario(
            "shapes fixed",
            msg("Label shapes fixed"),
            msg(
                "Labels and outputs both have shape (n,1,1,1), so the loss sees the corner. The head is still "
                "hard_sigmoid, which is flat from |z| = 3 outwards."
            ),
            _ALIGNED,
            msg("Not solved: the corner's gradient is exactly 0 before the corner can climb."),
            None,
        ),
        Scenario(
            "sigmoid and cross-entropy",
            msg("Shapes fixed, sigmoid and cross-entropy"),
            msg(
                "Sigmoid with binary cross-entropy has the gradient output minus label, which never saturates. The "
                "corner is still one sample in 512, so it takes a while."
            ),
            replace(_LOGISTIC, epochs=300),
            msg("Solved at epoch 180."),
            180,
        ),
        Scenario(
            "aligned, labels shuffled",
            msg("Sigmoid and cross-entropy, labels shuffled"),
            msg(
                "The cure that solves it at epoch 180, with the labels of every batch handed out at random. Here "
                "each output meets one label, so shuffling takes away what there is to learn."
            ),
            replace(_LOGISTIC, epochs=300, labels_shuffled=True),
            msg("Not solved: after 300 epochs the corner is rejected like everything else."),
            None,
        ),
        Scenario(
            "oversample",
            msg("Shapes fixed, oversampled"),
            msg(
                "The corner is repeated until it makes up half of the data; hard_sigmoid and mean squared error "
                "stay. Its gradient moves it up before it reaches the flat part of the head."
            ),
            replace(_ALIGNED, balance="oversample"),
            msg("Solved at epoch 52."),
            52,
        ),
        Scenario(
            "the asker's fix",
            msg("The asker's fix"),
            msg(
                "Softmax over two outputs, one-hot labels, categorical cross-entropy, Adam at 0.001, full batches. "
                "The shapes match and the loss never saturates, but 10,000 small steps are barely enough."
            ),
            replace(
                _ASKED,
                head="softmax",
                loss="categorical_crossentropy",
                learning_rate=0.001,
                batch_size=512,
                epochs=10_000,
            ),
            msg("Solved at epoch 7,682 of 10,000."),
            7682,
        ),
        Scenario(
            "the short way",
            msg("The short way"),
            msg(
                "One convolution, a linear head, the hinge loss with class weights, full batches and RMSprop at "
                "3.0. It took the fewest updates of 1,200 recipes tried on six targets, and then solved all 512 "
                "single targets."
            ),
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
            msg("Solved at epoch 11, after 11 updates."),
            11,
        ),
        Scenario(
            "matched filter",
            msg("Matched filter"),
            msg(
                "Kernel 2T-1 and bias -(sum(T) - 1/2), read off the template T without any training. It separates "
                "the corner from all other patterns by a margin of 1/6."
            ),
            replace(_ASKED, init="matched", epochs=0),
            msg("Solved without training: 512 of 512 right."),
            0,
        ),
        Scenario(
            "four corners, one kernel",
            msg("Four corners, one kernel"),
            msg(
                "All four corners of a rectangle are targets, under sigmoid, cross-entropy and class weights. No "
                "kernel separates them: two targets and two others have the same pixels on."
            ),
            _FOUR_CORNERS,
            msg("Not solved: 436 of 512 right after 3,000 epochs."),
            None,
        ),
        Scenario(
            "four kernels, still one",
            msg("Four kernels, still one"),
            msg(
                "Four kernels in place of one, weighed and added up by the 1x1 convolution. With nothing between "
                "the two convolutions their weighted sum is one kernel again."
            ),
            replace(_FOUR_CORNERS, kernels=4),
            msg("Not solved: 436 of 512 right after 3,000 epochs."),
            None,
        ),
        Scenario(
            "relu between",
            msg("relu between"),
            msg(
                "The same four kernels, and what each gives below 0 is cut off before it is weighed. Now they are "
                "more than one, and 6 of the seeds 0 to 9 are solved."
            ),
            replace(_FOUR_CORNERS, kernels=4, hidden="relu"),
            msg("Solved at epoch 564."),
            564,
        ),
        Scenario(
            "more kernels than needed",
            msg("More kernels than needed"),
            msg(
                "Eight kernels with relu, twice as many as there are targets. One that is stuck is not missed, and "
                "all of the seeds 0 to 9 are solved."
            ),
            replace(_FOUR_CORNERS, kernels=8, hidden="relu"),
            msg("Solved at epoch 324."),
            324,
        ),
        Scenario(
            "filled scenes",
            msg("Trained on filled scenes"),
            msg(
                "Eight kernels with relu learn from the 3x3 patches of 40 scenes of filled rectangles, without "
                "balancing. Few of the 512 patterns occur there, and each of them is always a corner or never."
            ),
            _ON_SCENES,
            msg("Every corner of its 40 scenes is found, and nothing else; so it is on fresh ones."),
            None,
        ),
        Scenario(
            "overlapping scenes",
            msg("Trained on overlapping scenes"),
            msg(
                "The same recipe where rectangles hide corners of others, which count all the same: patterns carry "
                "both labels. Not every patch can be right then, and the bar is the best that 3x3 patches allow."
            ),
            replace(_ON_SCENES, data="scenes:overlapping", epochs=150),
            msg("F1 within 0.01 of 0.897, the best that 3x3 patches allow on its 40 scenes."),
            None,
        ),
    )
}


def scenario_of(experiment: Experiment) -> Scenario | None:
    """The scenario that this experiment is, whatever its seed, and its target unless the scenario has several; None if
    it is none of them."""
    found = (scenario for scenario in SCENARIOS.values() if _same_recipe(scenario.experiment, experiment))
    return next((s for s in found if not s.has_own_targets or s.experiment.target == experiment.target), None)


def _same_recipe(one: Experiment, other: Experiment) -> bool:
    """Whether they differ in the target and the seed at most."""
    names = (field.name for field in fields(Experiment) if field.name not in ("target", "seed"))
    return all(getattr(one, name) == getattr(other, name) for name in names)


def on_target(scenario: Scenario, experiment: Experiment) -> Experiment:
    """The scenario's experiment with the seed of another one, and its target, where neither brings its own. Raises
    ExperimentError."""
    before = scenario_of(experiment)
    own = scenario.has_own_targets or (before is not None and before.has_own_targets)
    target = scenario.experiment.target if own else experiment.target
    return replace(scenario.experiment, target=target, seed=experiment.seed)
