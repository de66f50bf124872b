"""Chains: the scenarios that lead from one to the next, and the step that follows an experiment."""

from dataclasses import dataclass

from corner_lab.experiment.experiment import Experiment, ExperimentError
from corner_lab.experiment.scenarios import SCENARIOS, on_target, scenario_of
from corner_lab.language import Message, msg, tr


@dataclass(frozen=True)
class Step:
    """A step of a chain: what it does, the experiment it leads to, and its number, from 1, of so many. `cure`: it is of
    the chain of cures."""

    does_message: Message
    experiment: Experiment
    number: int
    of: int
    cure: bool

    @property
    def does(self) -> str:
        return str(self.does_message)

    @property
    def label(self) -> str:
        """What its button says: "Next (2 of 4): a loss that never saturates"."""
        return tr("Next ({number} of {of}): {does}", number=self.number, of=self.of, does=self.does)


# The chain that begins with the question as asked: what each step does, and the scenario it leads to.
CHAIN = (
    (msg("fix the label shapes"), "shapes fixed"),
    (msg("a loss that never saturates"), "sigmoid and cross-entropy"),
    (msg("a perfect start, as asked"), "a perfect start, as asked"),
    (msg("the same start, shapes aligned"), "a perfect start, aligned"),
)
# The one that begins with four corners for one kernel.
SEVERAL_KERNELS = (
    (msg("four kernels"), "four kernels, still one"),
    (msg("relu between"), "relu between"),
    (msg("more kernels than needed"), "more kernels than needed"),
)
# From which scenario to which step of its chain, counted from 1; the last one is its end.
_CURED = {name: number + 2 for number, (_, name) in enumerate(CHAIN[:-1])} | {"as asked": 1, "labels shuffled": 1}
_CURED |= dict.fromkeys(("by hand", "by hand, trained", "matched filter"), 3)
_ENLARGED = {"four corners, one kernel": 1} | {name: i + 2 for i, (_, name) in enumerate(SEVERAL_KERNELS[:-1])}


def next_step(experiment: Experiment) -> Step | None:
    """The step of a chain that follows this experiment; None at its end, and for experiments that are in none."""
    scenario = scenario_of(experiment)
    for chain, following in ((CHAIN, _CURED), (SEVERAL_KERNELS, _ENLARGED)):
        if scenario is not None and scenario.name in following:
            number = following[scenario.name]
            does, name = chain[number - 1]
            try:
                return Step(does, on_target(SCENARIOS[name], experiment), number, len(chain), chain is CHAIN)
            except ExperimentError:  # a closed form, and several targets
                return None
    return None
