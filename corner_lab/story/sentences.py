"""What the story says: each sentence computes the figures that it quotes."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache

import numpy as np

from corner_lab.analysis.autopsy import Autopsy, broadcasts
from corner_lab.analysis.autopsy_text import comparisons, fraction, printed
from corner_lab.analysis.separability import Certificate, certificate, certified
from corner_lab.diagnostics import findings, of_code
from corner_lab.experiment.data.packing import unpacked
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import linear_weights
from corner_lab.experiment.losses import LOSSES
from corner_lab.experiment.optimizers import OPTIMIZERS
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.formatting import decimals, exact, percent, quoted, setting, signed, small
from corner_lab.network.heads import HEADS
from corner_lab.network.metrics import Counts, confusion_counts, margin
from corner_lab.network.numpy_model import outputs, pre_activations
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import CORNER, COUNT, NAMED, is_target
from corner_lab.training.history import History
from corner_lab.training.run import Run

Runs = Mapping[str, Run]

TWO = tuple(sorted((CORNER, NAMED["bottom-left corner"])))  # what one kernel is asked for in vain


# ---------------------------------------------------------------- what the sentences and the pictures share


@cache
def perfect() -> Autopsy:
    """The question's evaluation of its hand-set weights, taken apart."""
    return Autopsy(_outputs("by_hand"), is_target([CORNER]))


@cache
def rejecting() -> Autopsy:
    """The same for a network that gives 0 for every pattern."""
    return Autopsy(np.zeros(COUNT), is_target([CORNER]))


@cache
def two_targets() -> Certificate:
    """The four patterns of the last step."""
    found = certificate(CORNER, TWO[0])
    assert found is not None
    return found


def learned(runs: Runs) -> Vector:
    """The twelve numbers that the asker's fix ends with."""
    return np.asarray(_history(runs, "the asker's fix").linear()[-1])


def _outputs(init: str) -> np.ndarray:
    return outputs(linear_weights(init, CORNER), "hard_sigmoid").astype(np.float64)


def _right(numbers: Vector) -> Counts:
    return confusion_counts(pre_activations(numbers), (CORNER,), Experiment().threshold)


def _history(runs: Runs, name: str) -> History:
    history = runs[name].history
    assert history is not None
    return history


# ---------------------------------------------------------------- the steps


def by_hand() -> str:
    right = _right(linear_weights("by_hand", CORNER)).right
    return (
        f"One 3×3 kernel, one bias, a 1×1 convolution: with weights set by hand, {right} of {COUNT} patterns are "
        "right. Click a pixel: the sum and the verdict follow."
    )


def printed_headline() -> str:
    return f"Keras prints {printed(float(perfect().old_bar[-1]))} for a perfect network"


def evaluated() -> str:
    a, right = perfect(), _right(linear_weights("by_hand", CORNER)).right
    return (
        f"{right} of {COUNT} are right and the loss should be {exact(a.true_loss)}. Yet evaluate "
        f"returns {fraction(a.evaluated)}{exact(a.evaluated)}, and the bar of Keras 3.3 averages running means on top: "
        f"{printed(float(a.old_bar[-1]))}."
    )


def compared() -> str:
    a, b = perfect(), rejecting()
    return (
        f"In a batch of {a.batch_size} every output meets every label: {comparisons(a):,} comparisons where "
        f"{a.batch_size} were meant. The perfect network costs {small(a.evaluated)}, rejecting everything "
        f"{small(b.evaluated)}."
    )


def obeyed(runs: Runs) -> str:
    history = _history(runs, "as asked")
    counts, corner = history.counts(), float(history.column("corner_output")[-1])
    return (
        f"So training does what it was asked: after {history.last:,} epochs {counts.tp + counts.fp} of {COUNT} "
        f"patterns are accepted, and the corner's output is {decimals(corner)}."
    )


def handed_out() -> str:
    """What happens to the labels in the first epoch of the run that shuffles them."""
    e = SCENARIOS["labels shuffled"].experiment
    (order,) = e.plan.shuffled(np.random.default_rng(e.seed), 1)
    (of,) = unpacked(e.plan.with_shuffled_labels(np.random.default_rng(e.seed + 1), order[None]))[2]
    got = int(order[of == CORNER][0])
    whose = "falls to the corner itself" if got == CORNER else f"goes to pattern {got}"
    return (
        f"Inside every batch of {e.batch_size} the labels are now dealt out at random. In the first epoch "
        f"{int((order == of).sum())} of {COUNT} patterns keep their own, and the label “corner” {whose}."
    )


def unnoticed(runs: Runs) -> str:
    asked, shuffled = _history(runs, "as asked"), _history(runs, "labels shuffled")
    apart = np.abs(asked.weights_at(-1) - shuffled.weights_at(-1)).max()
    corner = decimals(float(shuffled.column("corner_output")[-1]))
    return (
        f"After {shuffled.last:,} epochs the largest difference of any weight is {quoted(apart)}, and the corner's "
        f"output is {corner} again: whose label is whose never entered this loss."
    )


def perfect_start() -> str:
    right = _right(linear_weights("matched", CORNER)).right
    return f"Both runs start from the same weights, which get {right} of {COUNT} right."


def fates(runs: Runs) -> str:
    asked = _history(runs, "a perfect start, as asked").column("corner_output")
    aligned = _history(runs, "a perfect start, aligned").column("corner_output")
    batch = runs["a perfect start, as asked"].experiment.batch_size
    lowest = decimals(aligned.min())
    end = decimals(asked[-1]) + f", one over the batch size of {batch}" * bool(abs(asked[-1] * batch - 1) < 0.05)
    return (
        f"With the labels as asked the corner's output goes from {decimals(asked[0])} to {end}; with the shapes "
        f"aligned it is {lowest} at its lowest and {decimals(aligned[-1])} at the end."
    )


def aligned() -> str:
    a = Autopsy(perfect().outputs, is_target([CORNER]), rank=4)
    assert not broadcasts(a.rank)
    return f"Each output now meets its own label, {comparisons(a)} comparisons per batch of {a.batch_size}."


def died(runs: Runs) -> str:
    run = runs["shapes fixed"]
    history = _history(runs, "shapes fixed")
    live = round(float(history.column("live_fraction")[-1]) * COUNT)
    return (
        f"{of_code(findings(run), 'saturation').reason} After {history.last:,} epochs {live} of {COUNT} patterns "
        f"{'has' if live == 1 else 'have'} a slope left."
    )


def one_in_all() -> str:
    return f"The corner is one in {COUNT}"


def rejecting_is_right() -> str:
    counts = confusion_counts(np.full(COUNT, -3.0), (CORNER,), Experiment().threshold)
    return (
        f"Rejecting everything is right {counts.right} times out of {COUNT}, an accuracy of "
        f"{percent(counts.right / COUNT)}, and finds {counts.tp} corners."
    )


def balanced(runs: Runs) -> str:
    run = runs["oversample"]
    return (
        f"Shown as often as all the others together, with the same network and the same loss, the corner is found: "
        f"{_solved(run)}."
    )


def fix_recipe() -> str:
    e = SCENARIOS["the asker's fix"].experiment
    return (
        f"{HEADS[e.head].label.capitalize()}, one-hot labels, {LOSSES[e.loss].label}, "
        f"{OPTIMIZERS[e.optimizer].label} at {setting(e.learning_rate)}, all {e.batch_size} patterns in one batch."
    )


def fix_time(runs: Runs) -> str:
    run, history = runs["the asker's fix"], _history(runs, "the asker's fix")
    return (
        f"{_solved(run).capitalize()} of {history.last:,}, and all of them took "
        f"{run.seconds.train:.1f} s here, in one compiled loop."
    )


def short_recipe() -> str:
    e = SCENARIOS["the short way"].experiment
    return (
        f"No second convolution, a {HEADS[e.head].label} head, {LOSSES[e.loss].label} loss, class weights, one batch, "
        f"{OPTIMIZERS[e.optimizer].label} at {setting(e.learning_rate)}."
    )


def short_time(runs: Runs) -> str:
    run, fix = runs["the short way"], runs["the asker's fix"]
    needed = (_history(runs, "the asker's fix").solved_at or 0) * fix.experiment.plan.updates
    return f"{_solved(run).capitalize()}, after {run.updates:,} updates; the asker's fix needed {needed:,}."


def template() -> str:
    numbers = linear_weights("matched", CORNER)
    wide = Fraction(margin(numbers, (CORNER,))).limit_denominator(1000)
    right = _right(numbers).right
    return (
        f"The pattern itself, written as +1 and −1, is the kernel; the bias is {signed(float(numbers[9]))}. "
        f"{right} of {COUNT} are right, by a margin of {wide}."
    )


def alike(runs: Runs) -> str:
    found = decimals(cosine(learned(runs)))
    return f"The kernel of the asker's fix has come close to it: the cosine between them is {found}."


def cosine(numbers: Vector) -> float:
    """Of the angle between the effective kernel (kernel times w2) and the matched filter of the corner."""
    kernel, filtered = numbers[:9].astype(np.float64) * float(numbers[10]), linear_weights("matched", CORNER)[:9]
    return float(kernel @ filtered / (np.linalg.norm(kernel) * np.linalg.norm(filtered)))


def certificate_says() -> str:
    c = two_targets()
    (a, b), (x, y) = c.targets, c.others
    return (
        f"Patterns {a} and {b} light the same pixels, each as often, as {x} and {y}: every kernel gives both pairs the "
        "same sum. If both corners pass the threshold, so does one of the others."
    )


def all_corners(corners: tuple[int, ...]) -> str:
    found, pairs = certified(corners)
    return f"So it is with {found} of the {pairs} pairs among the {len(corners)} corners: two of them need two kernels."


def _solved(run: Run) -> str:
    """When a run was solved, in the middle of a sentence."""
    solved = run.history.solved_at if run.history is not None else None
    return f"solved at epoch {solved:,}" if solved is not None else "not solved"
