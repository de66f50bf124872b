"""Does a link carry all that it says, exactly, and is everything else in it named?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corner_lab.experiment.experiment import Experiment
from corner_lab.export.share_link import Link, leads_to, query, read, words_of
from corner_lab.training.run import Run

EXPERIMENTS = (
    Experiment(),
    Experiment(labels="aligned", second_conv=False, target=(27, 432)),
    Experiment(head="softmax", loss="categorical_crossentropy", learning_rate=1e-3),
    Experiment(head="softmax", loss="mse", second_conv=False, epochs=0),
    Experiment(kernels=8, hidden="relu"),
    Experiment(head="softmax", loss="mse", kernels=2),
)
FLOATS = st.floats(-(2.0**40), 2.0**40, width=32)  # what z can hold, however they are multiplied


@st.composite
def links(draw: st.DrawFn) -> Link:
    e = draw(st.sampled_from(EXPERIMENTS))
    shape = e.layout
    shown = len(shape.bench_names)
    start = draw(st.none() | st.lists(FLOATS, min_size=shape.size, max_size=shape.size))
    return Link(
        e,
        pixels=draw(st.none() | st.integers(0, 511)),
        weights=draw(st.none() | st.lists(FLOATS, min_size=shown, max_size=shown).map(tuple)),
        locks=draw(st.frozensets(st.integers(0, 11 * e.kernels))),
        epoch=draw(st.none() | st.integers(0, 100_000)),
        start=None if start is None else np.array(start, np.float32),
        held=draw(st.dictionaries(st.integers(0, 11 * e.kernels if shape.seconds else 9), FLOATS, max_size=3)),
    )


@given(links())
def test_does_a_link_come_back_as_it_was(link: Link) -> None:
    found, errors = read(query(link))
    assert not errors
    for name in ("experiment", "pixels", "weights", "locks", "epoch", "held"):
        assert getattr(found, name) == getattr(link, name), name
    assert (found.start is None) == (link.start is None)
    assert link.start is None or np.array_equal(found.start, link.start)  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.sampled_from(["v", "pixels", "weights", "locks", "epoch", "start", "held"]), st.text())))
def test_is_a_link_that_nobody_would_write_read_without_a_crash(pairs: list[tuple[str, str]]) -> None:
    text = "&".join(f"{name}={value}" for name, value in pairs)
    for words in (text, "http://localhost:8501/?" + text, "?" + text):
        link, _ = read(words)
        assert link.experiment == Experiment() or "=" in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pixels=512", "pixels '512': a whole number from 0 to 511"),
        ("pixels=-1", "pixels '-1': a whole number"),
        ("pixels=1&pixels=2", "pixels '2': appears more than once"),
        ("epoch=1e9", "epoch '1e9': a whole number from 0 to 100,000"),
        ("weights=1,2", "weights '1,2': 12 finite numbers separated by commas"),
        ("weights=" + ",".join(["1e39"] * 12), "12 finite numbers"),
        ("weights=" + ",".join(["nan"] * 12), "12 finite numbers"),
        ("start=" + "1," * 100_000, "12 finite numbers"),
        ("second_conv=false&start=" + ",".join(["1"] * 12), "10 finite numbers"),
        ("weights=" + ",".join(["3e38"] * 12), "with these weights z reaches 9.0e+77, and float32 ends at 3.4e+38"),
        ("weights=" + ",".join(["1e20"] * 12), "with these weights z reaches 1.0e+41"),
        ("start=" + ",".join(["3e38"] * 12), "with these weights z reaches 9.0e+77"),
        ("second_conv=false&start=" + ",".join(["6.1e37"] * 10), "with these weights z reaches 6.1e+38"),
        ("held=k4:3e38,k5:3e38", "with these weights z reaches 6.0e+38"),
        ("held=k4:3e30,w2:-3e30", "with these weights z reaches 9.0e+60"),
        ("locks=k9", "locks 'k9': allowed are k0, k1"),
        ("locks=k1.3&weights=" + ",".join(["nan"] * 23), "weights 'nan,nan,"),
        ("held=k4", "held '': one finite number"),
        ("second_conv=false&held=w2:1", "held 'w2': this network has no second convolution"),
        ("v=2", "v '2': this Corner Lab reads links of version 1"),
        ("pixel=4", "unknown field 'pixel'"),
    ],
)
def test_is_what_is_wrong_named_and_left_out(text: str, said: str) -> None:
    link, errors = read(text)
    assert said in str(errors[0]) and len(str(errors[0])) < 220
    assert (link.pixels, link.weights, link.locks, link.epoch, link.start) == (None, None, frozenset(), None, None)
    assert not link.held


def test_are_locks_those_of_the_bench_that_stands_there() -> None:
    two = ",".join(["1"] * 23)
    link, errors = read(f"locks=k1.3&weights={two}")
    assert not errors and link.locks == {12} and read(query(link)) == (link, [])
    link, errors = read(f"locks=k1.3&weights={two}&weights={two}")
    assert [error.field for error in errors] == ["weights", "locks"] and not link.locks


def test_are_good_words_kept_beside_wrong_ones() -> None:
    link, errors = read("?labels=aligned&pixels=999&epoch=7&locks=k4,bias&head=relu")
    assert (link.experiment.labels, link.epoch, link.locks) == ("aligned", 7, frozenset({4, 9}))
    assert [error.field for error in errors] == ["head", "pixels"]


def test_does_a_link_lead_back_to_a_run_from_given_weights_with_locked_numbers() -> None:
    e = Experiment(labels="aligned", epochs=3)
    run = Run(e, np.linspace(-1, 1, 12, dtype=np.float32), held={4: 0.1}).train()
    assert leads_to(e, run) and not leads_to(Experiment(), run)
    words = words_of(e, run)
    link, errors = read("&".join(f"{name}={text}" for name, text in words.items()))
    assert not errors
    again = Run(link.experiment, link.start, link.held).train()
    assert run.history is not None and again.history is not None
    assert np.array_equal(run.history.weights_at(-1), again.history.weights_at(-1))
    assert words_of(Experiment(), run) == {}


def test_does_a_link_name_parts_to_show_beside_all_else() -> None:
    link, errors = read("https://lab.example.org/?embed=true&show=bench,atlas&seed=4&show=curves", ignore=("embed",))
    assert errors == [] and link.show == ("bench", "atlas", "curves") and link.experiment == Experiment(seed=4)
    assert read("seed=4")[0].show == ()
    assert "show" not in query(link)  # how much of a page is seen is not what it shows
    link, errors = read("show=nix,picture")
    assert link.show == ("picture",)
    allowed = "allowed are bench, atlas, curves, transport, picture, outcome; shown now: picture"
    assert [str(error) for error in errors] == [f"show 'nix': {allowed}"]
