"""The end of an exported script: what it came to, and the assertions that Corner Lab came to the same."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.experiment import Experiment
from corner_lab.export.python_source import asserted, code, comment
from corner_lab.export.rounding import STEADY, WEIGHT_TOLERANCE, Sensitivity, sensitivity, sides, within_reach
from corner_lab.export.run_report import report, weight_names
from corner_lab.export.script_model import literal
from corner_lab.formatting import quoted
from corner_lab.language import tr
from corner_lab.network import numpy_model
from corner_lab.network.metrics import right
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import COUNT
from corner_lab.training.run import Run

OUTPUT_TOLERANCE = 1e-3  # of an output, as a share of the largest one where that is beyond 1
RIGHT, WRONG, OPEN = "+", "-", "?"


@dataclass(frozen=True, eq=False)
class Seen:
    """How a run ended: what its script has to come to as well."""

    status: str
    reason: str
    message: str
    epochs: int
    right: int
    corner_output: float
    worst_other_output: float
    tolerance: float  # of both outputs
    verdicts: str  # for each of the 512 patterns: RIGHT, WRONG, or OPEN where rounding may decide
    weights: Vector  # flat
    spread: float = 0.0  # how far rounding alone moves the end weights (see `Sensitivity`)
    found: tuple[str, ...] = ()  # what Corner Lab says about it

    @property
    def steady(self) -> bool:
        """Whether other roundings leave the weights as they are."""
        return self.spread <= STEADY

    @classmethod
    def of(cls, run: Run) -> "Seen":
        """How this run ended. Raises ValueError if it has not ended, or failed."""
        if not run.over or run.status == "failed" or run.history is None:
            raise ValueError(tr("a run that is {status} has no outcome to write a script from", status=run.status))
        document, e, weights = report(run), run.experiment, run.history.weights_at(-1)
        numbers = run.history.shape.linear(weights)
        largest = float(np.abs(numpy_model.outputs(numbers, e.head, e.hidden)).max())
        ended = run.status in ("finished", "stopped")  # of the others neither weights nor verdicts are asserted
        rounding = sensitivity(run) if ended else Sensitivity(0.0, np.ones(COUNT, dtype=np.bool_))
        return cls(
            status=run.status,
            reason=run.reason,
            message=run.message,
            epochs=run.history.last,
            right=document["tp"] + document["tn"],
            corner_output=document["corner_output"],
            worst_other_output=document["worst_other_output"],
            tolerance=float(f"{OUTPUT_TOLERANCE * max(1.0, largest):.1g}"),
            verdicts=_verdicts(numbers, e, rounding.settled),
            weights=weights,
            spread=rounding.spread,
        )


def _verdicts(numbers: Vector, e: Experiment, settled: NDArray[np.bool_]) -> str:
    """A letter for each pattern. A tie that no rounding breaks is wrong for certain; what is within reach is open."""
    correct = right(numpy_model.pre_activations(numbers, e.hidden), e.target, e.threshold)
    certain = settled & ((sides(numbers, e) == 0) | ~within_reach(numbers, e))
    letters = np.where(certain, np.where(correct, RIGHT, WRONG), OPEN)
    return "".join(letters.tolist())


# ---------------------------------------------------------------- what it came to


def pre_activations(e: Experiment) -> list[str]:
    """A function that gives z, summed in the order in which it is summed everywhere."""
    if e.kernels > 1 or e.hidden != "none":
        return _of_several_kernels(e)
    names, z = ("kernel, bias, w2, b2", "(z + bias) * w2 + b2") if e.second_conv else ("kernel, bias", "z + bias")
    lines = code(
        f'''
        def pre_activations():
            """z of each of the 512 patterns, in float64: from the same weights the same on any machine."""
            {names} = (array.ravel() for array in model.get_weights())
            z = np.zeros(512)
            for pixel, weight in zip(x.reshape(512, 9).astype("float64").T, kernel, strict=True):
                z += pixel * weight
            return {z}
        '''
    )
    if not e.two_outputs:
        return lines
    difference = (
        "w2, b2 = w2[1] - w2[0], b2[1] - b2[0]"
        if e.second_conv
        else "kernel, bias = kernel[1::2] - kernel[::2], bias[1] - bias[0]"
    )
    return [*lines[:3], f'    {difference}  # "corner" minus "other"', *lines[3:]]


def _of_several_kernels(e: Experiment) -> list[str]:
    lines = code(
        f'''
        def pre_activations():
            """z of each of the 512 patterns, in float64: from the same weights the same on any machine."""
            kernels, biases, w2, b2 = model.get_weights()
            z = np.zeros(512)
            for kernel, bias, weight in zip(kernels.reshape(9, -1).T, biases, w2.ravel(), strict=True):
                part = np.zeros(512)
                for pixel, value in zip(x.reshape(512, 9).astype("float64").T, kernel, strict=True):
                    part += pixel * value
                z += {"np.maximum(part + bias, 0)" if e.hidden == "relu" else "(part + bias)"} * weight
            return z + b2
        '''
    )
    difference = '    w2, b2 = w2[..., 1] - w2[..., 0], b2[1] - b2[0]  # "corner" minus "other"'
    return [*lines[:3], difference, *lines[3:]] if e.two_outputs else lines


def verdict(e: Experiment, seen: Seen | None) -> list[str]:
    """What the script prints at its end, and asserts if it is known what was seen."""
    status = seen.status if seen else ""
    if status == "refused_by_keras":
        return []
    loss = ['loss = history.history["loss"][-1]'] if e.epochs else []
    if status == "diverged":
        return loss + code(
            """
            print(f"Loss {loss}, weights {model.get_weights()}")
            finite = all(np.isfinite(array).all() for array in (loss, outputs(), *model.get_weights()))
            assert not finite, f"expected values that are not finite, found loss {loss} and all finite"
            """
        )
    lines = loss + code(
        f"""
        output, z = outputs(), pre_activations()
        right = np.where(positive, z > {e.threshold}, z < {e.threshold})  # strictly: a tie is wrong
        corner_output, worst_other_output = output[positive].min(), output[~positive].max()
        print("Solved:" if right.all() else "Not solved:", right.sum(), "of 512 patterns right, loss", loss)
        print("Lowest output of a target", corner_output, "and highest of the others", worst_other_output)
        """
    )
    if e.scenes:
        lines += code(
            f"""
            called = (z > {e.threshold})[patch]
            hits, false = (called & is_corner).sum(), (called & ~is_corner).sum()
            print("Corners of its scenes:", hits, "of", is_corner.sum(), "found,", false, "others called one")
            """
        )
    return lines + (_assertions(e, seen) if seen else [])


# ---------------------------------------------------------------- assertions


def _assertions(e: Experiment, seen: Seen) -> list[str]:
    lines = ["", "# As seen in Corner Lab."]
    if e.stop != "never" and not math.isinf(seen.spread):
        lines.append("epochs = len(history.epoch)")
        lines += asserted(f"epochs == {seen.epochs}", f"expected {seen.epochs} epochs, found {{epochs}}")
    lines += _patterns(seen)
    return lines + (_outputs(seen) + _weights(e, seen) if seen.steady else _why_not_the_weights(seen))


def _patterns(seen: Seen) -> list[str]:
    meaning = f'"{RIGHT}" is right, "{WRONG}" is not' + (
        f', "{OPEN}" is decided by rounding.' if OPEN in seen.verdicts else "."
    )
    return [
        *comment(f"Of each pattern, from 0 on: {meaning}"),
        "VERDICTS = (",
        *(f'    "{seen.verdicts[start : start + 64]}"' for start in range(0, COUNT, 64)),
        ")",
        f'found = np.where(right, "{RIGHT}", "{WRONG}").tolist()',
        f'others = {{i: found[i] for i in range(512) if VERDICTS[i] not in ("{OPEN}", found[i])}}',
        "expected = {i: VERDICTS[i] for i in others}",
        *asserted("not others", "expected of these patterns {expected}, found {others}"),
    ]


def _outputs(seen: Seen) -> list[str]:
    lines = []
    for name in ("corner_output", "worst_other_output"):
        wanted = getattr(seen, name)
        signed = f"({wanted!r})" if wanted < 0 else repr(wanted)
        message = f"expected {name} {wanted!r}, found {{{name}}}"
        lines += asserted(f"abs({name} - {signed}) <= {seen.tolerance!r}", message)
    return lines


def _weights(e: Experiment, seen: Seen) -> list[str]:
    names = weight_names(e.layout)
    return [
        "WEIGHTS = [",
        *(f"    {literal(value)},  # {name}" for value, name in zip(seen.weights, names, strict=True)),
        "]",
        "weights = np.concatenate([array.ravel() for array in model.get_weights()])",
        "difference = np.max(np.abs(weights - WEIGHTS) / np.maximum(1, np.abs(WEIGHTS)))",
        *asserted(f"difference <= {WEIGHT_TOLERANCE!r}", "expected the weights {WEIGHTS}, found {weights.tolist()}"),
    ]


def _why_not_the_weights(seen: Seen) -> list[str]:
    if math.isnan(seen.spread):
        return comment("Not the weights: the run is too long to measure how much of them is rounding.")
    where = "at another epoch" if math.isinf(seen.spread) else f"with weights up to {quoted(seen.spread)} away"
    return comment(
        "Not the weights, which are a matter of rounding here: with the samples of each batch in another order, "
        f"which changes roundings alone, Corner Lab's own run ended {where}."
    )
