"""What the story says: each sentence computes the figures that it quotes."""

from fractions import Fraction

import numpy as np

from corner_lab.analysis.autopsy import Autopsy, broadcasts
from corner_lab.analysis.autopsy_text import comparisons, fraction, printed
from corner_lab.analysis.separability import certified
from corner_lab.diagnostics import CHECKS
from corner_lab.diagnostics.run_context import Case
from corner_lab.experiment.data.packing import unpacked
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import linear_weights
from corner_lab.experiment.losses import LOSSES
from corner_lab.experiment.optimizers import OPTIMIZERS
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.formatting import decimals, exact, percent, quoted, setting, signed, small
from corner_lab.language import joined, tr, trn
from corner_lab.network.heads import HEADS
from corner_lab.network.metrics import confusion_counts, margin
from corner_lab.network.patterns import CORNER, COUNT, is_target
from corner_lab.story.exhibits import Runs, cosine, counted, history_of, learned, perfect, rejecting, two_targets


def title() -> str:
    """What the whole of it is about."""
    return tr("Why can't Keras learn to find a corner?")


def by_hand() -> str:
    right = counted(linear_weights("by_hand", CORNER)).right
    return tr(
        "One 3×3 kernel, one bias, a 1×1 convolution: with weights set by hand, {right} of {all} patterns are "
        "right. Click a pixel: the sum and the verdict follow.",
        right=right,
        all=COUNT,
    )


def printed_headline() -> str:
    return tr("Keras prints {loss} for a perfect network", loss=printed(float(perfect().old_bar[-1])))


def evaluated() -> str:
    a, right = perfect(), counted(linear_weights("by_hand", CORNER)).right
    return tr(
        "{right} of {all} are right and the loss should be {meant}. Yet evaluate returns {evaluated}, and the bar of "
        "Keras 3.3 averages running means on top: {printed}.",
        right=right,
        all=COUNT,
        meant=exact(a.true_loss),
        evaluated=fraction(a.evaluated) + exact(a.evaluated),
        printed=printed(float(a.old_bar[-1])),
    )


def compared() -> str:
    a, b = perfect(), rejecting()
    return tr(
        "In a batch of {size} every output meets every label: {comparisons} comparisons where {size} were meant. "
        "The perfect network costs {perfect}, rejecting everything {rejecting}.",
        size=a.batch_size,
        comparisons=f"{comparisons(a):,}",
        perfect=small(a.evaluated),
        rejecting=small(b.evaluated),
    )


def obeyed(runs: Runs) -> str:
    history = history_of(runs, "as asked")
    counts, corner = history.counts(), float(history.column("corner_output")[-1])
    return tr(
        "So training does what it was asked: after {epochs} epochs {accepted} of {all} patterns are accepted, and the "
        "corner's output is {output}.",
        epochs=f"{history.last:,}",
        accepted=counts.tp + counts.fp,
        all=COUNT,
        output=decimals(corner),
    )


def handed_out() -> str:
    """What happens to the labels in the first epoch of the run that shuffles them."""
    e = SCENARIOS["labels shuffled"].experiment
    (order,) = e.plan.shuffled(np.random.default_rng(e.seed), 1)
    (of,) = unpacked(e.plan.with_shuffled_labels(np.random.default_rng(e.seed + 1), order[None]))[2]
    got = int(order[of == CORNER][0])
    kept = int((order == of).sum())
    if got == CORNER:
        return tr(
            "Inside every batch of {size} the labels are now dealt out at random. In the first epoch {kept} of {all} "
            "patterns keep their own, and the label “corner” falls to the corner itself.",
            size=e.batch_size,
            kept=kept,
            all=COUNT,
        )
    return tr(
        "Inside every batch of {size} the labels are now dealt out at random. In the first epoch {kept} of {all} "
        "patterns keep their own, and the label “corner” goes to pattern {got}.",
        size=e.batch_size,
        kept=kept,
        all=COUNT,
        got=got,
    )


def unnoticed(runs: Runs) -> str:
    asked, shuffled = history_of(runs, "as asked"), history_of(runs, "labels shuffled")
    apart = np.abs(asked.weights_at(-1) - shuffled.weights_at(-1)).max()
    corner = decimals(float(shuffled.column("corner_output")[-1]))
    return tr(
        "After {epochs} epochs the largest difference of any weight is {apart}, and the corner's output is {output} "
        "again: whose label is whose never entered this loss.",
        epochs=f"{shuffled.last:,}",
        apart=quoted(apart),
        output=corner,
    )


def perfect_start() -> str:
    right = counted(linear_weights("matched", CORNER)).right
    return tr("Both runs start from the same weights, which get {right} of {all} right.", right=right, all=COUNT)


def fates(runs: Runs) -> str:
    asked = history_of(runs, "a perfect start, as asked").column("corner_output")
    aligned = history_of(runs, "a perfect start, aligned").column("corner_output")
    batch = runs["a perfect start, as asked"].experiment.batch_size
    figures = {
        "start": decimals(asked[0]),
        "end": decimals(asked[-1]),
        "lowest": decimals(aligned.min()),
        "last": decimals(aligned[-1]),
    }
    if abs(asked[-1] * batch - 1) < 0.05:
        return tr(
            "With the labels as asked the corner's output goes from {start} to {end}, one over the batch size of "
            "{batch}; with the shapes aligned it is {lowest} at its lowest and {last} at the end.",
            batch=batch,
            **figures,
        )
    return tr(
        "With the labels as asked the corner's output goes from {start} to {end}; with the shapes aligned it is "
        "{lowest} at its lowest and {last} at the end.",
        **figures,
    )


def aligned() -> str:
    a = Autopsy(perfect().outputs, is_target([CORNER]), rank=4)
    assert not broadcasts(a.rank)
    return tr(
        "Each output now meets its own label, {comparisons} comparisons per batch of {size}.",
        comparisons=comparisons(a),
        size=a.batch_size,
    )


def died(runs: Runs) -> str:
    run = runs["shapes fixed"]
    history = history_of(runs, "shapes fixed")
    live = round(float(history.column("live_fraction")[-1]) * COUNT)
    left = trn(
        "After {epochs} epochs {count} of {all} patterns has a slope left.",
        "After {epochs} epochs {count} of {all} patterns have a slope left.",
        live,
        epochs=f"{history.last:,}",
        all=COUNT,
    )
    return joined([CHECKS["saturation"](Case.of(run)).reason, left])


def one_in_all() -> str:
    return tr("The corner is one in {all}", all=COUNT)


def rejecting_is_right() -> str:
    counts = confusion_counts(np.full(COUNT, -3.0), (CORNER,), Experiment().threshold)
    return tr(
        "Rejecting everything is right {right} times out of {all}, an accuracy of {accuracy}, and finds {found} "
        "corners.",
        right=counts.right,
        all=COUNT,
        accuracy=percent(counts.right / COUNT),
        found=counts.tp,
    )


def balanced(runs: Runs) -> str:
    solved = history_of(runs, "oversample").solved_at
    if solved is None:
        return tr(
            "Shown as often as all the others together, with the same network and the same loss, the corner is found: "
            "not solved."
        )
    return tr(
        "Shown as often as all the others together, with the same network and the same loss, the corner is found: "
        "solved at epoch {epoch}.",
        epoch=f"{solved:,}",
    )


def fix_recipe() -> str:
    e = SCENARIOS["the asker's fix"].experiment
    return tr(
        "{head}, one-hot labels, {loss}, {optimizer} at {rate}, all {size} patterns in one batch.",
        head=HEADS[e.head].label.capitalize(),
        loss=LOSSES[e.loss].label,
        optimizer=OPTIMIZERS[e.optimizer].label,
        rate=setting(e.learning_rate),
        size=e.batch_size,
    )


def fix_time(runs: Runs) -> str:
    run, history = runs["the asker's fix"], history_of(runs, "the asker's fix")
    took = {"last": f"{history.last:,}", "seconds": f"{run.seconds.train:.1f}"}
    if history.solved_at is None:
        return tr("Not solved of {last}, and all of them took {seconds} s, in one compiled loop.", **took)
    return tr(
        "Solved at epoch {epoch} of {last}, and all of them took {seconds} s, in one compiled loop.",
        epoch=f"{history.solved_at:,}",
        **took,
    )


def short_recipe() -> str:
    e = SCENARIOS["the short way"].experiment
    return tr(
        "No second convolution, a {head} head, {loss} loss, class weights, one batch, {optimizer} at {rate}.",
        head=HEADS[e.head].label,
        loss=LOSSES[e.loss].label,
        optimizer=OPTIMIZERS[e.optimizer].label,
        rate=setting(e.learning_rate),
    )


def short_time(runs: Runs) -> str:
    run, fix = runs["the short way"], runs["the asker's fix"]
    needed = (history_of(runs, "the asker's fix").solved_at or 0) * fix.experiment.plan.updates
    updates, solved = (
        {"updates": f"{run.updates:,}", "needed": f"{needed:,}"},
        history_of(runs, "the short way").solved_at,
    )
    if solved is None:
        return tr("Not solved, after {updates} updates; the asker's fix needed {needed}.", **updates)
    return tr(
        "Solved at epoch {epoch}, after {updates} updates; the asker's fix needed {needed}.",
        epoch=f"{solved:,}",
        **updates,
    )


def template() -> str:
    numbers = linear_weights("matched", CORNER)
    wide = Fraction(margin(numbers, (CORNER,))).limit_denominator(1000)
    return tr(
        "The pattern itself, written as +1 and −1, is the kernel; the bias is {bias}. {right} of {all} are right, by a "
        "margin of {margin}.",
        bias=signed(float(numbers[9])),
        right=counted(numbers).right,
        all=COUNT,
        margin=wide,
    )


def alike(runs: Runs) -> str:
    return tr(
        "The kernel of the asker's fix has come close to it: the cosine between them is {cosine}.",
        cosine=decimals(cosine(learned(runs))),
    )


def certificate_says() -> str:
    c = two_targets()
    (a, b), (x, y) = c.targets, c.others
    return tr(
        "Patterns {a} and {b} light the same pixels, each as often, as {x} and {y}: every kernel gives both pairs the "
        "same sum. If both corners pass the threshold, so does one of the others.",
        a=a,
        b=b,
        x=x,
        y=y,
    )


def all_corners(corners: tuple[int, ...]) -> str:
    found, pairs = certified(corners)
    return tr(
        "So it is with {found} of the {pairs} pairs among the {corners} corners: two of them need two kernels.",
        found=found,
        pairs=pairs,
        corners=len(corners),
    )
