"""The landscape in words: each sentence quotes figures of the landscape that it is given."""

import numpy as np

from corner_lab.analysis.descent_path import Downhill
from corner_lab.analysis.landscape_plane import MATCHED, PERFECT, REJECTING, Path
from corner_lab.analysis.loss_landscape import Landscape, heights
from corner_lab.experiment.experiment import Experiment
from corner_lab.formatting import decimals, share, small
from corner_lab.network.patterns import COUNT
from corner_lab.training.outcome import target_name

RESTS = 1e-3  # of the loss: a slope below it is told as flat


def place(scale: float, bias: float) -> str:
    """A point of the plane in words."""
    return f"scale {decimals(scale, 2)}, bias {decimals(bias, 2)}"


def on_heights(e: Experiment) -> str:
    """What the heights are an average over."""
    if e.mislabels:
        return "Heights: the loss of an epoch, averaged exactly over all orders of its samples and of their labels."
    if e.broadcasts or e.balance == "hard_negatives":
        return "Heights: the loss of an epoch, averaged exactly over all orders of its samples."
    return "Heights: the loss of an epoch; the order of its samples makes no difference to it."


def on_solved(land: Landscape) -> str:
    """Where all 512 patterns are right."""
    if not land.outline.size:
        return f"Nowhere in this part of the plane are all {COUNT} patterns right."
    solved = float((land.right == COUNT).mean())
    part = share(solved) if solved else "less than 0.1%"
    return f"All {COUNT} patterns are right inside the outline, {part} of what is drawn."


def on_point(e: Experiment, scale: float, bias: float) -> str:
    """What holds at a point whose weights are on the bench. Raises RefusedByKeras."""
    there = heights(e, np.array([scale]), np.array([bias]))
    return (
        f"On the bench now: {place(scale, bias)}. {there.right[0]} of {COUNT} are right, the loss is "
        f"{small(float(there.loss[0]))}."
    )


def on_flat(land: Landscape) -> str:
    """How much of the plane is flat, and how much of that is where one wants to be."""
    flat = float(land.flat.mean())
    if flat == 0:
        return "Nothing drawn here is flat: the gradient is nowhere exactly 0."
    solved = float((land.flat & (land.right == COUNT)).mean())
    where = {0.0: "nowhere there are all 512 right", flat: "everywhere there all 512 are right"}.get(
        solved, f"{share(solved)} with all 512 right, {share(flat - solved)} not"
    )
    return f"{share(flat).capitalize()} of what is drawn is flat, its gradient exactly 0: {where}."


def on_marks(land: Landscape) -> str:
    """Whether the loss prefers perfect weights to rejecting everything."""
    perfect, reject = (float(land.at[name].loss[0]) for name in (PERFECT, REJECTING))
    costs = f"The point “perfect” costs {small(perfect)}, “rejects everything” {small(reject)}: "
    if perfect > reject:
        return costs + "this loss prefers giving up."
    return costs + ("to this loss both are the same." if perfect == reject else "this loss prefers perfect.")


def on_downhill(land: Landscape, walk: Downhill) -> str:
    """Where the loss leads from the matched filter."""
    start, end, name = land.at[MATCHED], walk.end, target_name(land.experiment.target)
    if walk.steps == 0:
        return f"At the matched filter there is no way down: its loss is {small(float(start.loss[0]))}."
    steps = "One step downhill from the matched filter leads"
    if walk.steps > 1:
        steps = f"{walk.steps} steps downhill from the matched filter lead"
    verdict = "all 512 are right" if end.right[0] == COUNT else f"{end.right[0]} of {COUNT} are right"
    return (
        f"{steps} to {place(walk.scale[-1], walk.bias[-1])}: {verdict}, {name}'s output goes from "
        f"{decimals(start.target_output[0])} to {decimals(end.target_output[0])}, and the loss from "
        f"{small(float(start.loss[0]))} to {small(float(end.loss[0]))}.{_slope(walk)}"
    ).replace("-", "−")


def _slope(walk: Downhill) -> str:
    """Whether the walk has come to rest."""
    if walk.slope <= RESTS * float(walk.end.loss[0]):
        return ""
    return f" It still slopes there, by {small(walk.slope)} for each 1 in the weights: the walk is given up, not over."


def on_path(way: Path) -> str:
    """From where to where a run went, and how much of it the plane cannot show."""
    return (
        f"The run goes from {place(way.scale[0], way.bias[0])} to {place(way.scale[-1], way.bias[-1])} in "
        f"{way.epochs[-1]:,} epochs. This is its shadow: {share(float(way.off[0]))} of the kernel's length lies off "
        f"the plane at the start, {share(float(way.off[-1]))} at the end, so its own loss, "
        f"{small(float(way.loss[-1]))} at the end, is not the height under it."
    )
