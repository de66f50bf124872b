"""The scenarios are what they say: trained here, compared with their measured outcome."""

from dataclasses import replace

import numpy as np
import pytest

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.parsing import from_query
from corner_lab.experiment.scenarios import SCENARIOS, next_step, on_target, scenario_of
from corner_lab.training.outcome import outcome
from corner_lab.training.run import Run


@pytest.mark.parametrize("name", SCENARIOS)
def test_does_a_scenario_come_out_as_its_commentary_says(name: str) -> None:
    scenario = SCENARIOS[name]
    run = Run(scenario.experiment).train()
    assert run.history is not None
    assert run.status in ("finished", "stopped")
    assert run.history.solved_at == scenario.solved_at
    solved_at_the_end = scenario.solved_at is not None and name != "a perfect start, as asked"
    assert run.history.solved() is solved_at_the_end
    if scenario.solved_at:
        assert f"epoch {scenario.solved_at:,}" in scenario.outcome
        assert f"epoch {scenario.solved_at:,}" in outcome(run)[0]


@pytest.mark.parametrize("name", SCENARIOS)
def test_has_every_scenario_two_sentences_and_a_cure_that_exists(name: str) -> None:
    scenario = SCENARIOS[name]
    assert scenario.text.count(". ") == 1 and scenario.text.endswith(".")
    assert scenario.cure in SCENARIOS and scenario.cure != name
    assert scenario_of(scenario.experiment) is scenario
    assert from_query(scenario.experiment.query) == (scenario.experiment, [])


def test_does_the_first_minute_lead_from_as_asked_to_solved() -> None:
    experiment, labels = SCENARIOS["as asked"].experiment, []
    for _ in range(2):
        step = next_step(experiment, solved=False)
        assert step is not None
        labels.append(step[0])
        experiment = step[1]
    assert labels == ["Next: fix the label shapes", "Next: a loss that never goes flat"]
    assert Run(experiment).train().history.solved()  # type: ignore[union-attr]


def test_does_the_sentence_name_what_the_collapse_costs() -> None:
    sentence, reason = outcome(Run(SCENARIOS["as asked"].experiment).train())
    assert sentence == "511 of 512 right, and the one that matters is wrong"
    assert reason == "Under these labels rejecting everything costs 0.0020 and perfect weights cost 0.0038."


def test_does_the_sentence_name_the_epoch_at_which_the_gradient_died() -> None:
    run = Run(SCENARIOS["shapes fixed"].experiment).train()
    assert run.history is not None
    died = run.history.died_at
    assert died is not None and f"from epoch {died} on the corner's gradient is exactly 0" in outcome(run)[1]
    z = run.history.column("target_z")
    assert abs(z[died - 1]) < 3 and (abs(z[died:]) >= 3).all()


def test_do_other_settings_get_the_next_cause_that_still_stands() -> None:
    asked = replace(Experiment(), learning_rate=0.02)
    assert next_step(asked, solved=False) == ("Next: fix the label shapes", replace(asked, labels="aligned"))
    aligned = replace(asked, labels="aligned")
    label, changed = next_step(aligned, solved=False) or ("", asked)
    assert label == "Next: a loss that never goes flat"
    assert (changed.head, changed.loss) == ("sigmoid", "binary_crossentropy")
    assert next_step(changed, solved=True) is None
    label, balanced = next_step(changed, solved=False) or ("", asked)
    assert balanced.balance == "oversample"
    assert next_step(balanced, solved=False) is None


@pytest.mark.parametrize("targets", [range(0, 512, 9), pytest.param(range(512), marks=pytest.mark.oracle_grid)])
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
    assert next_step(replace(SCENARIOS["sigmoid and cross-entropy"].experiment, target=(432, 433)), solved=True) is None
