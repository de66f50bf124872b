"""Is what the story says true? Every figure is derived a second time here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from corner_lab.analysis.separability import CORNERS, certificate, certified
from corner_lab.experiment.experiment import ExperimentError
from corner_lab.experiment.initializers import linear_weights
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.network.patterns import CORNER, all_patterns, hamming_distance
from corner_lab.pictures.scenes import scene
from corner_lab.plots.story import kernels, on_paper, pairs_figure, printed_figure, scene_figure
from corner_lab.plots.theme import DARK, LIGHT
from corner_lab.story import rectangles
from corner_lab.story.exhibits import learned, perfect, rejecting, two_targets
from corner_lab.story.steps import STEPS, Step, sentences, step_number
from corner_lab.story.trained_runs import EXPERIMENTS, Rehearsal
from corner_lab.training import run as run_module
from corner_lab.workers import WorkerEnded
from tests import oracle

PATTERNS = all_patterns().reshape(512, 9)
CORNERED = np.arange(512) == CORNER


def step(name: str) -> Step:
    (found,) = [step for step in STEPS if step.id == name]
    return found


@pytest.fixture(scope="module")
def rehearsal() -> Iterator[Rehearsal]:
    made = Rehearsal()
    while made.step():
        pass
    assert not made.problems
    yield made


def broadcast_loss(output: np.ndarray) -> float:
    """MSE of (n,1,1,1) against (n,), batch by batch, as NumPy broadcasts it."""
    y = CORNERED.astype(float)
    parts = [((output[i : i + 32, None] - y[None, i : i + 32]) ** 2).mean() for i in range(0, 512, 32)]
    return float(np.mean(parts))


def all_z(rehearsal: Rehearsal, name: str) -> np.ndarray:
    """z of all patterns at every epoch, (epochs + 1, 512)."""
    history = rehearsal.runs[name].history
    assert history is not None
    numbers = history.linear()
    kernel, bias, w2, b2 = numbers[:, :9], numbers[:, 9:10], numbers[:, 10:11], numbers[:, 11:12]
    return np.asarray((kernel @ PATTERNS.T + bias) * w2 + b2)


def first_right(rehearsal: Rehearsal, name: str) -> int:
    """The first epoch with every pattern on its side of z = 0."""
    return int(np.flatnonzero(((all_z(rehearsal, name) > 0) == CORNERED).all(axis=1))[0])


def test_has_the_story_twelve_steps_that_say_something_before_anything_is_trained() -> None:
    assert len(STEPS) == 12 and len({step.id for step in STEPS}) == 12
    for one in STEPS:
        assert one.headline() and one.notes and set((*one.needs, *one.shows)) <= set(EXPERIMENTS)
        assert all(sentence.endswith(".") for sentence in sentences(one, {}))


def test_quotes_the_story_what_the_hand_set_weights_cost() -> None:
    z = PATTERNS @ np.where(PATTERNS[CORNER] == 1, 10, -100) - 35
    output = np.clip(z / 6 + 0.5, 0, 1)
    assert ((output > 0.5) == CORNERED).all()
    assert "512 of 512 patterns are right" in step("by-hand").first()
    loss = broadcast_loss(output)
    assert f"31/8,192 = {loss}" in step("printed").first() and loss == 31 / 8192
    means = np.cumsum([0] * 13 + [62 / 1024, 0, 0]) / np.arange(1, 17)
    shown = f"{np.append(means, means[-1]).mean():.4e}"
    assert step("printed").headline() == f"Keras prints {shown} for a perfect network"
    costs = f"perfect network costs {loss:.4f}, rejecting everything {broadcast_loss(np.zeros(512)):.4f}."
    assert step("reject").first().endswith(costs)


def test_quotes_every_step_the_runs_that_were_trained(rehearsal: Rehearsal) -> None:
    runs = rehearsal.runs
    columns = {name: run.history.column("corner_output") for name, run in runs.items() if run.history}
    said = {one.id: " ".join(sentences(one, runs)) for one in STEPS}
    assert set(runs) == set(EXPERIMENTS) and all(rehearsal.record(name) for name in runs)
    e = EXPERIMENTS["labels shuffled"]
    batches = list(oracle.shuffled_batches(e, oracle.orders(e, 1)))
    patterns, of = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    assert f"{(patterns == of).sum()} of 512 patterns keep their own" in said["shuffled"]
    assert f"goes to pattern {patterns[of == 432][0]}." in said["shuffled"]
    ends = [runs[name].history.weights_at(-1) for name in ("as asked", "labels shuffled")]  # type: ignore[union-attr]
    assert np.abs(ends[0] - ends[1]).max() < 1e-6, "elsewhere sums may round otherwise"
    if (ends[0] == ends[1]).all():
        assert "After 100 epochs the largest difference of any weight is 0, and" in said["shuffled"]
    asked, aligned = columns["a perfect start, as asked"], columns["a perfect start, aligned"]
    assert f"goes from {asked[0]:.3f} to {asked[-1]:.3f}, one over the batch size of 32" in said["fates"]
    assert f"is {aligned.min():.3f} at its lowest and {aligned[-1]:.3f} at the end" in said["fates"]
    assert asked[-1] < 0.04 and aligned.min() < 0.5 < aligned[-1]
    z = all_z(rehearsal, "shapes fixed")
    died = max(np.flatnonzero(np.abs(z[:, CORNER]) < 3)) + 1
    assert f"The corner's gradient is exactly 0 from epoch {died} on" in said["dead"]
    assert f"{(np.abs(z[-1]) < 3).sum()} of 512 patterns have a slope left" in said["dead"]
    for name, id in {"oversample": "one", "the asker's fix": "blink", "the short way": "short"}.items():
        assert f"olved at epoch {first_right(rehearsal, name):,}" in said[id], said[id]
    assert "after 11 updates; the asker's fix needed 7,682" in said["short"]
    seconds = runs["the asker's fix"].seconds.train
    assert f"all of them took {seconds:.1f} s, in one compiled loop" in said["blink"]
    kernel = learned(runs)[:9] * learned(runs)[10]
    template = 2 * PATTERNS[CORNER] - 1
    cosine = kernel @ template / np.sqrt(kernel @ kernel * 9)
    assert f"cosine between them is {cosine:.3f}" in said["template"] and "by a margin of 1/6" in said["template"]


def test_counts_the_story_the_corners_that_keras_finds_in_rectangles(rehearsal: Rehearsal) -> None:
    """A real `Conv2D` over whole pictures, with the weights that the asker's fix ends with."""
    import keras

    run = rehearsal.runs["the asker's fix"]
    assert run.history is not None
    model = keras.Sequential([keras.Input((32, 32, 1)), keras.layers.Conv2D(1, 3), keras.layers.Conv2D(2, 1)])
    model.set_weights(run.experiment.layout.to_keras(run.history.weights_at(-1)))
    said = sentences(step("rectangles"), rehearsal.runs)
    figures = []
    for kind in ("filled", "outlined"):
        scenes = [scene(kind, seed) for seed in range(300)]
        scores = np.asarray(model(np.stack([one.picture for one in scenes]).astype(np.float32)[..., None]))
        called = scores[..., 1] > scores[..., 0]  # (300, 30, 30)
        true = [[(c.row, c.column) for c in one.corners if c.orientation == "top_left"] for one in scenes]
        hits = [{(r + 1, c + 1) for r, c in np.argwhere(mask).tolist()} for mask in called]
        right = sum(len(hit & set(corners)) for hit, corners in zip(hits, true, strict=True))
        figures.append((right, sum(map(len, true)), sum(map(len, hits)) - right))
        drawn = scene_figure(kind, scenes[0], rectangles.found(rehearsal.runs, kind), LIGHT)
        marks = drawn.data[1]
        assert set(zip(marks.y or (), marks.x or (), strict=True)) == hits[0]
    (right, there, false), (right_outlined, there_outlined, _) = figures
    assert f"finds {right:,} of {there:,} top-left corners, with {false} false ones;" in said[1]
    assert f"of outlined rectangles {right_outlined} of {there_outlined:,}:" in said[1]
    assert (right, there, false, right_outlined) == (1200, 1200, 0, 0)
    assert "the 900 of the left one are" in said[0]


def test_cannot_two_targets_with_a_certificate_be_separated() -> None:
    rng = np.random.default_rng(0)
    for other in range(512):
        found = certificate(CORNER, other)
        assert (found is not None) == (int(hamming_distance([CORNER])[other]) >= 2)
        if found is not None:
            z = PATTERNS @ rng.normal(size=9) + rng.normal()
            assert not set(found.targets) & set(found.others)
            assert z[list(found.targets)].sum() == pytest.approx(z[list(found.others)].sum())
    assert two_targets().others == (180, 306)
    assert two_targets().sums == tuple((PATTERNS[432] + PATTERNS[54]).astype(int))
    assert certified() == (6, len(list(combinations(CORNERS, 2))))


def test_draws_the_story_its_figures_large() -> None:
    figures = [
        printed_figure(perfect(), LIGHT),
        pairs_figure("Perfect", perfect(), LIGHT),
        pairs_figure("Rejecting", rejecting(), LIGHT),
        kernels(None, CORNER, LIGHT),
        kernels(linear_weights("by_hand", CORNER), CORNER, LIGHT),
        scene_figure("filled", scene("filled", 0), (), LIGHT),
    ]
    for figure in figures:
        layout = {name: value for name, value in figure.to_dict()["layout"].items() if name != "template"}
        sizes = [int(size) for size in re.findall(r"'size': (\d+)", str(layout))]
        assert min(sizes) >= 18
    assert [figure.layout.title.text.split("<br>")[1].split(" pairs")[0] for figure in figures[1:3]] == [
        "62 of 1,024",
        "32 of 1,024",
    ]
    assert [len(figure.data) for figure in figures[3:]] == [1, 2, 2]


@pytest.mark.parametrize("text", ["0", "13", "x", "", "-1", "3.0", "٣", "9" * 5000])
def test_is_a_step_that_there_is_not_refused(text: str) -> None:
    with pytest.raises(ExperimentError, match="steps 1 to 12"):
        step_number(text)


def test_rehearses_nobody_while_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Rehearsal()
    assert made.watch() and not made.watch()
    monkeypatch.setattr(Rehearsal, "patience", -1.0)
    assert not made.step() and made.current == "as asked"
    assert made.watch()


def test_is_a_run_that_failed_trained_again_for_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    def ends(*args: object) -> None:
        raise WorkerEnded("the worker process 5 ended: SIGKILL")

    made = Rehearsal({"as asked": replace(SCENARIOS["as asked"].experiment, epochs=2)})
    with monkeypatch.context() as patch:
        patch.setattr(run_module, "train", ends)
        while made.step():
            pass
    assert made.problems == {"as asked": "The worker process 5 ended: SIGKILL"} and not made.watch()
    made.again()
    assert made.watch()
    while made.step():
        pass
    assert [*made.runs] == ["as asked"] and not made.problems


def test_is_a_figure_on_paper_the_same_with_smaller_letters() -> None:
    screen = printed_figure(perfect(), DARK)
    paper = on_paper(screen, LIGHT)
    assert (screen.layout.font.size, paper.layout.font.size) == (20, 12)
    assert paper.layout.paper_bgcolor == "#FFFFFF" and paper.layout.margin.t == 0.6 * screen.layout.margin.t
    drawn, was = (figure.to_dict()["data"] for figure in (paper, screen))
    assert [trace["y"] for trace in drawn] == [trace["y"] for trace in was]
    assert [note.text for note in paper.layout.annotations] == [note.text for note in screen.layout.annotations]
