"""What has to hold of whatever a link or a weight file says."""

from __future__ import annotations

import json
from random import Random

import numpy as np

from corner_lab.experiment.experiment import Experiment
from corner_lab.export.share_link import Link, query, read
from corner_lab.export.weights_file import experiment_and_weights, weights_text
from corner_lab.formatting import output_text, signed
from corner_lab.network.heads import HEADS
from corner_lab.network.numpy_model import pre_activations
from corner_lab.network.parameters import LARGEST_Z, ParameterLayout, Vector
from corner_lab.pictures import picture_link
from tests.fuzz import inputs

LONGEST = 700  # characters of a sentence about what is wrong
MOST = 40  # sentences: one for each word that there is, one for all that are unknown, and what does not go together


def check_link(rng: Random) -> None:
    """A link is read, what is wrong in it is told in a few sentences, and the rest comes back as it was."""
    text = inputs.link(rng)
    found, errors = read(text)
    assert len(errors) <= MOST and all(len(str(error)) < LONGEST for error in errors), errors
    e = found.experiment
    if found.start is not None:
        check_weights(e, found.start)
    if found.weights is not None:
        layout = ParameterLayout.of_bench(len(found.weights))
        check_numbers(np.array(found.weights, dtype=np.float32), e)
        layout.from_bench(np.array(found.weights, dtype=np.float32))
    again, wrong = read(query(found))
    assert not wrong and same(found, again), (query(found), wrong)


def check_picture_word(rng: Random) -> None:
    """A word about a picture is read, or refused in a sentence."""
    name = rng.choice(picture_link.WORDS)
    text = inputs.word(rng, name)
    text = inputs.spoilt(rng, text) if rng.random() < 0.5 else text
    try:
        found = getattr(picture_link, f"read_{name}")(text)
    except ValueError as error:
        assert len(str(error)) < LONGEST
        return
    if name == "drawing":
        assert np.array_equal(picture_link.read_drawing(picture_link.drawing_text(found)), found)


class Files:
    """Weight files: of many networks, each spoilt in many ways."""

    def __init__(self, rng: Random) -> None:
        self._experiments = inputs.experiments(rng, 60)
        self._sound = []
        for e in self._experiments:
            weights = np.array([rng.uniform(-2, 2) for _ in range(e.layout.size)], dtype=np.float32)
            self._sound += [json.loads(weights_text(e.layout, weights, beside)) for beside in (e, None)]

    def check(self, rng: Random) -> None:
        """A file is refused in a sentence, or its weights are finite, z can hold them, and they come back."""
        data = inputs.weights_file(rng, rng.choice(self._sound))
        try:
            e, weights = experiment_and_weights(data, rng.choice(self._experiments))
        except ValueError as error:
            assert len(str(error)) < LONGEST, str(error)
            return
        check_weights(e, weights)
        _, again = experiment_and_weights(weights_text(e.layout, weights).encode(), e)
        assert np.array_equal(again, weights)


def check_weights(e: Experiment, weights: Vector) -> None:
    """Flat weights that were taken: float32, and no z beyond it."""
    assert weights.dtype == np.float32 and weights.shape == (e.layout.size,)
    check_numbers(e.layout.bench(weights), e)


def check_numbers(numbers: Vector, e: Experiment) -> None:
    """Numbers that were taken for a bench: what is said of them is finite, and nothing on the way overflows."""
    z = pre_activations(numbers, e.hidden)
    assert np.abs(z).max() <= LARGEST_Z
    told = output_text(float(HEADS[e.head].output(z[0]))), signed(float(z[-1]))
    assert not any(word in text for text in told for word in ("inf", "nan"))


def same(one: Link, other: Link) -> bool:
    names = ("experiment", "pixels", "weights", "locks", "epoch", "held")
    starts = [link.start for link in (one, other)]
    told = [None if start is None else start.tolist() for start in starts]
    return told[0] == told[1] and all(getattr(one, name) == getattr(other, name) for name in names)
