"""The scenarios are what they say: trained here, compared with their measured outcome."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from corner_lab.experiment.chains import CHAIN, SEVERAL_KERNELS, next_step
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.parsing import from_query
from corner_lab.experiment.scenarios import SCENARIOS, on_target, scenario_of
from corner_lab.network.numpy_model import pre_activations
from corner_lab.network.parameters import Vector
from corner_lab.pictures import ORIENTATIONS, detect, match, scene
from corner_lab.pictures.detection import Scores
from corner_lab.training.outcome import on_its_scenes, outcome
from corner_lab.training.run import Run
from corner_lab.training.seed_sweep import Many


@pytest.mark.parametrize("name", SCENARIOS)
def test_does_a_scenario_come_out_as_its_commentary_says(name: str) -> None:
    scenario = SCENARIOS[name]
    run = Run(scenario.experiment).train()
    assert run.history is not None
    assert run.status in ("finished", "stopped")
    assert run.history.solved_at == scenario.solved_at
    solved_at_the_end = scenario.solved_at is not None and name != "a perfect start, as asked"
    assert run.history.solved() is solved_at_the_end
    if (found := on_its_scenes(run)) is not None:
        own, fresh = found
        assert own.at_best and fresh.at_best
        best = "0.897" if own.of.ambiguous else "and nothing else"
        assert best in scenario.outcome and best in outcome(run)[0]
    if scenario.solved_at:
        assert f"epoch {scenario.solved_at:,}" in scenario.outcome
        assert f"epoch {scenario.solved_at:,}" in outcome(run)[0]


@pytest.mark.parametrize("name", SCENARIOS)
def test_has_every_scenario_two_sentences_and_a_name_that_is_found_again(name: str) -> None:
    scenario = SCENARIOS[name]
    assert scenario.text.count(". ") == 1 and scenario.text.endswith(".")
    assert scenario_of(scenario.experiment) is scenario
    assert from_query(scenario.experiment.query) == (scenario.experiment, [])


def test_does_the_chain_lead_from_as_asked_to_solved_and_end() -> None:
    experiment, labels, solved = SCENARIOS["as asked"].experiment, [], []
    while step := next_step(experiment):
        labels.append(step.label)
        experiment = step.experiment
        history = Run(experiment).train().history
        assert history is not None
        solved.append(history.solved())
    assert labels == [
        "Next (1 of 4): fix the label shapes",
        "Next (2 of 4): a loss that never saturates",
        "Next (3 of 4): a perfect start, as asked",
        "Next (4 of 4): the same start, shapes aligned",
    ]
    assert solved == [False, True, False, True] and len(CHAIN) == 4


def test_does_a_step_of_the_chain_change_one_thing() -> None:
    """Whoever is led through it sees what made the difference."""
    at = [SCENARIOS["as asked"].experiment, *(SCENARIOS[name].experiment for _, name in CHAIN)]
    changed = [
        {name for name, value in after.to_json().items() if value != before.to_json()[name]}
        for before, after in itertools.pairwise(at)
    ]
    assert changed == [{"labels"}, {"head", "loss", "epochs"}, {"labels", "head", "loss", "epochs", "init"}, {"labels"}]
    assert at[3] == replace(at[0], init="matched"), "which is the question's own again, from other weights"


FOUR_CORNERS = ("four corners, one kernel", *(name for _, name in SEVERAL_KERNELS))


def test_does_the_chain_of_several_kernels_lead_to_solved_one_change_at_a_time() -> None:
    experiment, labels = SCENARIOS[FOUR_CORNERS[0]].experiment, []
    changed = []
    while step := next_step(experiment):
        labels.append(step.label)
        after, before = step.experiment.to_json(), experiment.to_json()
        changed.append({name: value for name, value in after.items() if value != before[name]})
        experiment = step.experiment
        assert not step.cure and scenario_of(experiment) is SCENARIOS[FOUR_CORNERS[len(labels)]]
    assert labels == [
        "Next (1 of 3): four kernels",
        "Next (2 of 3): relu between",
        "Next (3 of 3): more kernels than needed",
    ]
    assert changed == [{"kernels": 4}, {"hidden": "relu"}, {"kernels": 8}]


def test_do_four_corners_come_with_their_targets_and_go_with_them() -> None:
    four = SCENARIOS[FOUR_CORNERS[0]]
    found = on_target(four, Experiment(target=(186,), seed=5))
    assert found == replace(four.experiment, seed=5) and scenario_of(found) is four
    assert on_target(SCENARIOS["as asked"], found) == Experiment(seed=5), "the question's own target again"
    assert scenario_of(replace(found, target=(186,))) is None, "the recipe is for four corners"
    step = next_step(found)
    assert step is not None and step.experiment.seed == 5 and step.experiment.target == four.experiment.target


@pytest.mark.oracle_grid
@pytest.mark.parametrize(("name", "solved"), [*zip(FOUR_CORNERS, (0, 0, 6, 10), strict=True)])
def test_are_as_many_seeds_solved_as_the_texts_say(name: str, solved: int) -> None:
    scenario = SCENARIOS[name]
    many = Many(scenario.experiment, 10).train()
    tally = many.tally
    assert (tally.status, tally.solved) == ("finished", solved)
    assert tally.solved_at[0] == scenario.solved_at
    assert solved == 0 or {6: "6 of the seeds", 10: "all of the seeds"}[solved] in scenario.text
    if solved == 10:
        assert tally.right == 10
        for weights in many.weights:
            assert_finds_every_corner_of_filled_scenes(scenario.experiment, weights)


def assert_finds_every_corner_of_filled_scenes(e: Experiment, weights: Vector) -> None:
    z = pre_activations(e.layout.linear(weights), e.hidden)
    scores = dict.fromkeys(ORIENTATIONS, Scores())
    for one in (scene("filled", seed) for seed in range(30)):
        found = detect(one.picture, z, e.threshold, e.target)
        for word in scores:
            mine, true = ([c for c in corners if c.orientation == word] for corners in (found, one.corners))
            scores[word] += match(mine, true).scores
    assert scores == dict.fromkeys(ORIENTATIONS, Scores(tp=120)), "precision and recall 1.000 for each orientation"


def test_does_the_recipe_for_scenes_come_to_the_best_of_outlined_ones_too() -> None:
    e = replace(SCENARIOS["filled scenes"].experiment, data="scenes:outlined")
    found = on_its_scenes(Run(e).train())
    assert found is not None and all(one.at_best and one.best_f1 == 1 for one in found)


def test_do_the_questions_own_weights_not_move() -> None:
    run = Run(SCENARIOS["by hand, trained"].experiment).train()
    assert run.history is not None
    assert (run.history.weights == run.history.weights[0]).all()
    sentence, reason = outcome(run)
    assert sentence == "Nothing moved in 100 epochs: the gradients of all 512 patterns are exactly 0"
    assert reason == (
        "The weights still are what they were at the start, with 512 of 512 right. Every pattern's z lies where the "
        "head is flat."
    )


def test_has_an_experiment_of_ones_own_no_place_in_the_chain() -> None:
    assert next_step(replace(Experiment(), learning_rate=0.02)) is None
    assert next_step(SCENARIOS["the short way"].experiment) is None


@pytest.mark.parametrize("targets", [range(0, 512, 17), pytest.param(range(512), marks=pytest.mark.oracle_grid)])
def test_does_the_short_way_find_every_single_target(targets: range) -> None:
    short = SCENARIOS["the short way"]
    updates = []
    for target in targets:
        run = Run(on_target(short, replace(Experiment(), target=(target,), seed=target))).train()
        assert run.history is not None and run.history.solved(), f"target {target} was not found"
        updates.append(run.updates)
    assert np.median(updates) <= 20  # measured: median 13, at most 46


def test_can_a_scenario_be_recognised_whatever_its_targets() -> None:
    several = replace(SCENARIOS["as asked"].experiment, target=(432, 433), seed=7)
    assert scenario_of(several) is SCENARIOS["as asked"]
    assert scenario_of(replace(several, learning_rate=0.5)) is None
    # The matched filter is made from one target, so there is no next step to it.
    assert next_step(replace(SCENARIOS["sigmoid and cross-entropy"].experiment, target=(432, 433))) is None


def test_does_shuffling_the_labels_change_nothing_as_asked_and_everything_where_each_output_meets_its_own() -> None:
    """To the last bit on the machine where it was measured; elsewhere sums of float32 may round in another order."""
    ends = {}
    for name in ("as asked", "labels shuffled", "sigmoid and cross-entropy", "aligned, labels shuffled"):
        history = Run(SCENARIOS[name].experiment).train().history
        assert history is not None
        ends[name] = history.weights_at(-1), history.counts()
    np.testing.assert_allclose(ends["labels shuffled"][0], ends["as asked"][0], rtol=0, atol=1e-6)
    assert np.abs(ends["aligned, labels shuffled"][0] - ends["sigmoid and cross-entropy"][0]).max() > 1
    assert (ends["aligned, labels shuffled"][1].tp, ends["aligned, labels shuffled"][1].fp) == (0, 0)
    step = next_step(SCENARIOS["labels shuffled"].experiment)
    assert step is not None and step.experiment == SCENARIOS["shapes fixed"].experiment
