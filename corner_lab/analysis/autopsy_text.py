"""The autopsy in words: each sentence quotes figures of the autopsy that it is given."""

from fractions import Fraction
from importlib.metadata import version

import numpy as np

from corner_lab.analysis.autopsy import Autopsy, broadcast_shape, broadcasts, compared_shapes, label_shape
from corner_lab.formatting import exact
from corner_lab.network.patterns import COUNT


def printed(value: float) -> str:
    """The number as Keras's progress bar prints it."""
    return f"{value:.4f}" if abs(value) > 1e-3 else f"{value:.4e}"


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as Python writes it, without spaces: "(32,1,1,1)"."""
    return str(shape).replace(" ", "")


def shape_rows(a: Autopsy) -> list[tuple[str, str]]:
    """What meets in one batch: names and shapes."""
    b = a.batch_size
    labels, outputs = compared_shapes(a.rank, b)
    return [
        ("all labels", shape_text(label_shape(a.rank, COUNT))),
        ("labels of a batch", shape_text(labels)),
        (
            "outputs of a batch",
            shape_text(label_shape(4, b)) + (f", squeezed to {shape_text(outputs)}" * (a.rank == 3)),
        ),
        ("compared as", shape_text(broadcast_shape(a.rank, b))),
        ("comparisons", f"{comparisons(a):,}"),
    ]


def comparisons(a: Autopsy) -> int:
    """How many pairs of output and label the loss of a batch averages."""
    return int(np.prod(broadcast_shape(a.rank, a.batch_size)))


def on_shapes(a: Autopsy) -> str:
    b = a.batch_size
    if not broadcasts(a.rank):
        return f"The shapes match: each output meets its own label, {_count(b, 'comparison')} per batch."
    return (
        "The shapes do not match, and no error is raised: lined up from the right, ones are stretched, and every "
        f"output of a batch meets every label of it: {b} × {b} = {_count(b * b, 'comparison')}, where {b} "
        f"{'was' if b == 1 else 'were'} meant."
    )


def on_pairs(a: Autopsy, batch: int) -> str:
    """How many pairs of a batch (from 0) count, and what they cost."""
    pairs, meant = a.pairs(batch), a.meant(batch)
    cost, b = int(np.count_nonzero(pairs)), a.batch_size
    targets = int(a.positive[a.patterns(batch)].sum())
    first = f"Batch {batch + 1} of {a.batches} has {_count(targets, 'target')}."
    mean = exact(float(pairs.mean()))
    if b == 1:
        return first + f" Its only pair counts; it costs {mean}, the batch's loss."
    counting = f"All its {b * b:,} pairs count"
    if not broadcasts(a.rank):
        counting = f"{b:,} of its {b * b:,} pairs count, those on the diagonal"
    costing = {0: "none costs anything", 1: "1 costs something"}.get(cost, f"{cost:,} cost something")
    middle = f" {counting}; {costing}; their mean, the batch's loss, is {mean}."
    if not broadcasts(a.rank):
        return first + middle
    return first + middle + f" On the diagonal alone, which was meant, the mean is {exact(float(meant.mean()))}."


def on_batches(a: Autopsy) -> str:
    """How the batches' losses become what `evaluate` returns."""
    losses, n = a.batch_losses, a.batches
    worst = int(losses.argmax())
    result = f"evaluate returns the mean over the batches: {fraction(a.evaluated)}{exact(a.evaluated)}."
    if n == 1:
        return f"There is one batch, and it costs {exact(float(losses[0]))}. " + result
    rest = np.delete(losses, worst)
    who = "the other" if n == 2 else f"the other {n - 1}"
    between = f"{who} at most {exact(float(rest.max()))}" if rest.any() else f"{who} nothing"
    if np.ptp(losses) == 0:
        between = "all cost the same"
    return f"Batch {worst + 1} costs {exact(float(losses[worst]))}, {between}. " + result


def on_bar(a: Autopsy) -> str:
    """What the old progress bar makes of the running means."""
    shown = a.batches + 1
    return (
        "The bar of Keras 3.3 is shown the running mean after every batch, and the last one again at the end. It takes "
        f"them for batch losses and averages all {shown}: {printed(float(a.old_bar[-1]))}. "
        f"Keras {version('keras')} prints the last running mean: {printed(a.evaluated)}."
    )


def verdict(a: Autopsy) -> list[tuple[str, str]]:
    """The three figures at the end: what each is, and its digits."""
    return [
        ("evaluate returns", exact(a.evaluated)),
        ("Keras 3.3 prints", printed(float(a.old_bar[-1]))),
        ("with shapes aligned", exact(a.true_loss)),
    ]


def fraction(value: float) -> str:
    """ "31/8,192 = " where the number is that fraction of a power of two (up to 2**24) exactly; otherwise ""."""
    exactly = Fraction(value)
    if exactly.denominator == 1 or exactly.denominator > 2**24:
        return ""
    return f"{exactly.numerator:,}/{exactly.denominator:,} = "


def _count(n: int, noun: str) -> str:
    if n == 0:
        return f"no {noun}"
    return f"{n:,} {noun}" + "s" * (n != 1)
