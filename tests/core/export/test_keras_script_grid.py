"""Do exported scripts of all kinds of experiments, drawn at random, come to the app's weights? For `make check-all`."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from corner_lab.experiment.experiment import REGISTRIES, Experiment
from corner_lab.training.run import Run
from tests import oracle
from tests.scripts import Scripts, start_of

pytestmark = pytest.mark.oracle_grid


def spread() -> list[Experiment]:
    """Every combination of head, labels and loss, every other one twice, with all other words in turn.

    The two differ in nothing that shapes compiled code, which is what takes time here. Batches are not tiny nor steps
    large: that is chaos, in which Keras with XLA and without soon disagrees with itself.
    """
    dice = random.Random(4)

    def in_turn(*words: Any) -> Iterator[Any]:
        while True:
            yield from dice.sample(words, len(words))

    balances, optimizers = in_turn(*oracle.BALANCES), in_turn(*oracle.OPTIMIZERS)
    # The halves of a batch can pull equally: true gradients are then 0, and the others make whole steps of roundings.
    steady = in_turn("sgd", "momentum")
    sizes, second_convs = in_turn(64, 128, 256, 512), in_turn(True, True, False)
    kernels, hidden = in_turn(1, 1, 2, 4, 8), in_turn(*REGISTRIES["hidden"])
    data = in_turn(*["patterns"] * 9, *(word for word in REGISTRIES["data"] if word != "patterns"))
    inits, stops = in_turn(*REGISTRIES["init"]), in_turn(*REGISTRIES["stop"])
    found = []
    kinds = itertools.product(oracle.HEADS, oracle.LABELS, oracle.LOSSES)
    allowed = [kind for kind in kinds if kind[2] in oracle.losses_for(kind[0])]
    for number, (head, labels, loss) in enumerate(allowed):
        several, balance, second_conv = dice.random() < 0.3, next(balances), next(second_convs)
        first = Experiment(
            head=head,
            labels=labels,
            labels_shuffled=number % 3 == 0 and balance != "hard_negatives",
            loss=loss,
            balance=balance,
            optimizer=next(steady if balance == "half_batch" else optimizers),
            second_conv=second_conv,
            kernels=next(kernels) if second_conv else 1,
            hidden=next(hidden) if second_conv else "none",
            batch_size=next(sizes),
        )
        for _ in range(1 + number % 2):
            init, learned_from = next(inits), next(data)
            on_patterns = learned_from == "patterns"
            e = replace(
                first,
                data=learned_from,
                scene_count=dice.randint(10, 12),
                scene_seed=dice.randrange(10**9),
                target=tuple(dice.sample(range(512) if on_patterns else (27, 54, 216, 432), 3 if several else 1)),
                init="he_normal" if several and init in ("by_hand", "matched") else init,
                learning_rate=dice.choice((0.001, 0.003, 0.01)),
                epochs=dice.randint(3, 5),
                seed=dice.randrange(2**31),
                stop=next(stops) if on_patterns else "never",
            )
            found.append(e)
    return found


EXPERIMENTS = {"-".join((str(i), e.head, e.labels, e.loss, e.balance, e.optimizer)): e for i, e in enumerate(spread())}


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripts]:
    with Scripts(tmp_path_factory.mktemp("scripts")) as scripts:
        yield scripts


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_does_a_script_come_to_the_apps_weights_and_verdict(name: str, scripts: Scripts) -> None:
    e = EXPERIMENTS[name]
    scripts.comes_to_the_end_of(Run(e, start_of(e) if e.init == "given" else None).train())


def test_are_all_words_among_fifty_experiments() -> None:
    assert len(EXPERIMENTS) >= 50
    for field, registry in REGISTRIES.items():
        assert {getattr(e, field) for e in EXPERIMENTS.values()} == set(registry), field
