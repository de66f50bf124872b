"""The autopsy in words: each sentence quotes figures of the autopsy that it is given."""

from fractions import Fraction
from importlib.metadata import version

import numpy as np

from corner_lab.analysis.autopsy import Autopsy, Floats, broadcast_shape, broadcasts, compared_shapes, label_shape
from corner_lab.formatting import exact
from corner_lab.language import joined, tr, trn
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
    labels, outputs = (shape_text(shape) for shape in compared_shapes(a.rank, b))
    given = shape_text(label_shape(4, b))
    return [
        (tr("all labels"), shape_text(label_shape(a.rank, COUNT))),
        (tr("labels of a batch"), labels),
        (
            tr("outputs of a batch"),
            tr("{shape}, squeezed to {squeezed}", shape=given, squeezed=outputs) if a.rank == 3 else given,
        ),
        (tr("compared as"), shape_text(broadcast_shape(a.rank, b))),
        (tr("comparisons"), f"{comparisons(a):,}"),
    ]


def comparisons(a: Autopsy) -> int:
    """How many pairs of output and label the loss of a batch averages."""
    return int(np.prod(broadcast_shape(a.rank, a.batch_size)))


def on_shapes(a: Autopsy) -> str:
    b = a.batch_size
    if not broadcasts(a.rank):
        return trn(
            "The shapes match: each output meets its own label, {count} comparison per batch.",
            "The shapes match: each output meets its own label, {count} comparisons per batch.",
            b,
        )
    if b == 1:
        return tr(
            "The shapes do not match, and no error is raised: lined up from the right, ones are stretched, and every "
            "output of a batch meets every label of it: 1 × 1 = 1 comparison, where 1 was meant."
        )
    return tr(
        "The shapes do not match, and no error is raised: lined up from the right, ones are stretched, and every "
        "output of a batch meets every label of it: {b} × {b} = {comparisons} comparisons, where {b} were meant.",
        b=b,
        comparisons=f"{b * b:,}",
    )


def on_pairs(a: Autopsy, batch: int) -> str:
    """How many pairs of a batch (from 0) count, and what they cost."""
    pairs, meant = a.pairs(batch), a.meant(batch)
    first, mean = _targets(a, batch), exact(float(pairs.mean()))
    if a.batch_size == 1:
        return joined([first, tr("Its only pair counts; it costs {loss}, the batch's loss.", loss=mean)])
    told = {"costing": _costing(int(np.count_nonzero(pairs))), "mean": mean}
    count, all_pairs = f"{a.batch_size:,}", f"{a.batch_size**2:,}"
    if not broadcasts(a.rank):
        text = tr(
            "{count} of its {pairs} pairs count, those on the diagonal; {costing}; their mean, the batch's loss, is "
            "{mean}.",
            **told,
            count=count,
            pairs=all_pairs,
        )
        return joined([first, text])
    text = tr(
        "All its {pairs} pairs count; {costing}; their mean, the batch's loss, is {mean}.", **told, pairs=all_pairs
    )
    diagonal = exact(float(meant.mean()))
    return joined([first, text, tr("On the diagonal alone, which was meant, the mean is {mean}.", mean=diagonal)])


def _targets(a: Autopsy, batch: int) -> str:
    told = {"number": batch + 1, "batches": a.batches}
    if not (targets := int(a.positive[a.patterns(batch)].sum())):
        return tr("Batch {number} of {batches} has no target.", **told)
    return trn(
        "Batch {number} of {batches} has {count} target.",
        "Batch {number} of {batches} has {count} targets.",
        targets,
        **told,
    )


def _costing(pairs: int) -> str:
    if not pairs:
        return tr("none costs anything")
    return trn("{count} costs something", "{count} cost something", pairs)


def on_batches(a: Autopsy) -> str:
    """How the batches' losses become what `evaluate` returns."""
    losses, n = a.batch_losses, a.batches
    number = fraction(a.evaluated) + exact(a.evaluated)
    result = tr("evaluate returns the mean over the batches: {loss}.", loss=number)
    if n == 1:
        return joined([tr("There is one batch, and it costs {loss}.", loss=exact(float(losses[0]))), result])
    return joined([_on_worst(losses), result])


def _on_worst(losses: Floats) -> str:
    """What the most costly of several batches costs, and the others."""
    worst = int(losses.argmax())
    rest, others = float(np.delete(losses, worst).max()), len(losses) - 1
    told = {"number": worst + 1, "loss": exact(float(losses[worst]))}
    if np.ptp(losses) == 0:
        return tr("Batch {number} costs {loss}, all cost the same.", **told)
    if not rest:
        if others == 1:
            return tr("Batch {number} costs {loss}, the other nothing.", **told)
        return tr("Batch {number} costs {loss}, the other {others} nothing.", **told, others=others)
    if others == 1:
        return tr("Batch {number} costs {loss}, the other at most {most}.", **told, most=exact(rest))
    return tr(
        "Batch {number} costs {loss}, the other {others} at most {most}.", **told, others=others, most=exact(rest)
    )


def on_bar(a: Autopsy) -> str:
    """What the old progress bar makes of the running means."""
    return tr(
        "The bar of Keras 3.3 is shown the running mean after every batch, and the last one again at the end. It takes "
        "them for batch losses and averages all {shown}: {bar}. Keras {version} prints the last running mean: {mean}.",
        shown=a.batches + 1,
        bar=printed(float(a.old_bar[-1])),
        version=version("keras"),
        mean=printed(a.evaluated),
    )


def verdict(a: Autopsy) -> list[tuple[str, str]]:
    """The three figures at the end: what each is, and its digits."""
    return [
        (tr("evaluate returns"), exact(a.evaluated)),
        (tr("Keras 3.3 prints"), printed(float(a.old_bar[-1]))),
        (tr("with shapes aligned"), exact(a.true_loss)),
    ]


def fraction(value: float) -> str:
    """ "31/8,192 = " where the number is that fraction of a power of two (up to 2**24) exactly; otherwise ""."""
    exactly = Fraction(value)
    if exactly.denominator == 1 or exactly.denominator > 2**24:
        return ""
    return f"{exactly.numerator:,}/{exactly.denominator:,} = "
