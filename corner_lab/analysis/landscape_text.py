"""The landscape in words: each sentence quotes figures of the landscape that it is given."""

import numpy as np

from corner_lab.analysis.descent_path import Downhill
from corner_lab.analysis.landscape_plane import MATCHED, PERFECT, REJECTING, Path
from corner_lab.analysis.loss_landscape import Landscape, heights
from corner_lab.experiment.experiment import Experiment
from corner_lab.formatting import decimals, share, small
from corner_lab.language import joined, tr, trn
from corner_lab.network.patterns import COUNT
from corner_lab.training.outcome import target_name

RESTS = 1e-3  # of the loss: a slope below it is told as flat
LEAST = 1e-9  # of the plane, where no point of the grid lies inside the outline


def place(scale: float, bias: float) -> str:
    """A point of the plane in words."""
    return tr("scale {scale}, bias {bias}", scale=decimals(scale, 2), bias=decimals(bias, 2))


def on_no_plane(e: Experiment) -> str:
    """Why an experiment has no landscape; "" where it has one."""
    if len(e.target) != 1:
        return tr(
            "The landscape needs one target: its plane is spanned by that target's matched filter, and there are "
            "{count} targets. Choose one on Play.",
            count=len(e.target),
        )
    if e.hidden != "none":
        return tr(
            "The landscape needs a network that is one kernel: with relu between the convolutions scale and bias do "
            "not say what it does. Set nothing between them on Play."
        )
    return ""


def on_heights(e: Experiment) -> str:
    """What the heights are an average over."""
    if e.mislabels:
        return tr("Heights: the loss of an epoch, averaged exactly over all orders of its samples and of their labels.")
    if e.broadcasts or e.balance == "hard_negatives":
        return tr("Heights: the loss of an epoch, averaged exactly over all orders of its samples.")
    return tr("Heights: the loss of an epoch; the order of its samples makes no difference to it.")


def on_solved(land: Landscape) -> str:
    """Where all 512 patterns are right."""
    if not land.outline.size:
        return tr("Nowhere in this part of the plane are all {count} patterns right.", count=COUNT)
    part = share(float((land.right == COUNT).mean()) or LEAST)
    return tr("All {count} patterns are right inside the outline, {part} of what is drawn.", count=COUNT, part=part)


def on_point(e: Experiment, scale: float, bias: float) -> str:
    """What holds at a point whose weights are on the bench. Raises RefusedByKeras."""
    there = heights(e, np.array([scale]), np.array([bias]))
    return tr(
        "On the bench now: {place}. {right} of {count} are right, the loss is {loss}.",
        place=place(scale, bias),
        right=there.right[0],
        count=COUNT,
        loss=small(float(there.loss[0])),
    )


def on_flat(land: Landscape) -> str:
    """How much of the plane is flat, and how much of that is where one wants to be."""
    flat = float(land.flat.mean())
    if flat == 0:
        return tr("Nothing drawn here is flat: the gradient is nowhere exactly 0.")
    solved = float((land.flat & (land.right == COUNT)).mean())
    told = {"part": share(flat).capitalize()}
    if solved == 0:
        text = tr("{part} of what is drawn is flat, its gradient exactly 0: nowhere there are all 512 right.", **told)
    elif solved == flat:
        text = tr(
            "{part} of what is drawn is flat, its gradient exactly 0: everywhere there all 512 are right.", **told
        )
    else:
        text = tr(
            "{part} of what is drawn is flat, its gradient exactly 0: {solved} with all 512 right, {rest} not.",
            **told,
            solved=share(solved),
            rest=share(flat - solved),
        )
    return text


def on_marks(land: Landscape) -> str:
    """Whether the loss prefers perfect weights to rejecting everything."""
    perfect, reject = (float(land.at[name].loss[0]) for name in (PERFECT, REJECTING))
    told = {"perfect": small(perfect), "reject": small(reject)}
    if perfect > reject:
        return tr(
            "The point “perfect” costs {perfect}, “rejects everything” {reject}: this loss prefers giving up.", **told
        )
    if perfect == reject:
        return tr(
            "The point “perfect” costs {perfect}, “rejects everything” {reject}: to this loss both are the same.",
            **told,
        )
    return tr("The point “perfect” costs {perfect}, “rejects everything” {reject}: this loss prefers perfect.", **told)


def on_downhill(land: Landscape, walk: Downhill) -> str:
    """Where the loss leads from the matched filter."""
    start, end = land.at[MATCHED], walk.end
    if walk.steps == 0:
        return tr("At the matched filter there is no way down: its loss is {loss}.", loss=small(float(start.loss[0])))
    verdict = tr("{right} of {count} are right", right=end.right[0], count=COUNT)
    if end.right[0] == COUNT:
        verdict = tr("all 512 are right")
    told = trn(
        "One step downhill from the matched filter leads to {place}: {verdict}, {target}'s output goes from {first} to "
        "{last}, and the loss from {high} to {low}.",
        "{count} steps downhill from the matched filter lead to {place}: {verdict}, {target}'s output goes from "
        "{first} to {last}, and the loss from {high} to {low}.",
        walk.steps,
        place=place(walk.scale[-1], walk.bias[-1]),
        verdict=verdict,
        target=target_name(land.experiment.target),
        first=decimals(start.target_output[0]),
        last=decimals(end.target_output[0]),
        high=small(float(start.loss[0])),
        low=small(float(end.loss[0])),
    )
    return joined([told, _slope(walk)])


def _slope(walk: Downhill) -> str:
    """Whether the walk has come to rest."""
    if walk.slope <= RESTS * float(walk.end.loss[0]):
        return ""
    return tr(
        "It still slopes there, by {slope} for each 1 in the weights: the walk is given up, not over.",
        slope=small(walk.slope),
    )


def on_path(way: Path) -> str:
    """From where to where a run went, and how much of it the plane cannot show."""
    return tr(
        "The run goes from {start} to {end} in {epochs} epochs. This is its shadow: {first} of the kernel's length "
        "lies off the plane at the start, {last} at the end, so its own loss, {loss} at the end, is not the height "
        "under it.",
        start=place(way.scale[0], way.bias[0]),
        end=place(way.scale[-1], way.bias[-1]),
        epochs=f"{way.epochs[-1]:,}",
        first=share(float(way.off[0])),
        last=share(float(way.off[-1])),
        loss=small(float(way.loss[-1])),
    )
