"""Weights as JSON, as people read them, and back; what is wrong is said in a sentence."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corner_lab.language import tr
from corner_lab.network.parameters import ParameterLayout, Vector

FIELDS = ("kernel", "bias", "second_kernel", "second_bias")


def weights_to_json(shape: ParameterLayout, vector: Vector) -> dict[str, Any]:
    """kernel (3x3, or a list of them), bias (one number or a list), second_kernel and second_bias (lists, or null).

    Of several kernels second_kernel has a weight for each, with two outputs a list of two for each.
    """
    arrays = shape.to_keras(vector)
    first, bias, *second = shapes(shape)
    kernels = np.moveaxis(arrays[0][:, :, 0, :], -1, 0)
    values = [kernels.reshape(first), arrays[1].reshape(bias)]
    values += [array.reshape(wanted) for array, wanted in zip(arrays[2:], second, strict=True)]
    lists = [value.astype(float).tolist() for value in values] + [None] * (4 - len(values))
    return dict(zip(FIELDS, lists, strict=True))


def shapes(shape: ParameterLayout) -> list[tuple[int, ...]]:
    """The shapes in which FIELDS are written; of a network without a 1x1 convolution only the first two."""
    several = (shape.filters,) if shape.filters > 1 else ()
    second = [] if not shape.seconds else [(*several, shape.seconds) if shape.seconds > 1 else several or (1,)]
    return [(*several, 3, 3), several, *second, *([(shape.seconds,)] if shape.seconds else [])]


def weights_from_json(shape: ParameterLayout, data: object) -> Vector:
    """The inverse of `weights_to_json`. Raises ValueError with what is wrong and what is expected."""
    if not isinstance(data, Mapping):
        raise ValueError(tr("weights are a JSON object with kernel, bias, second_kernel and second_bias"))
    unknown = set(data) - set(FIELDS)
    if unknown:
        raise ValueError(tr("weights have no field {name}", name=repr(min(map(str, unknown))[:40])))
    wanted = shapes(shape)
    kernel, *rest = (_numbers(data, name, size) for name, size in zip(FIELDS, wanted, strict=False))
    for name in FIELDS[len(wanted) :]:
        if data.get(name) is not None:
            raise ValueError(
                tr("weights {name}: this network has no second convolution, so it must be null", name=name)
            )
    cells = np.moveaxis(kernel.reshape(shape.filters, 3, 3), 0, -1)
    return shape.checked(np.concatenate([cells.ravel(), *(part.ravel() for part in rest)]))


def _leaves(value: object) -> Iterator[object]:
    """What a nested list holds, list by list."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _numbers(data: Mapping[str, object], name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    wanted = (
        tr("weights {name}: expected finite numbers of shape {shape}", name=name, shape=shape)
        if shape
        else tr("weights {name}: expected one finite number", name=name)
    )
    try:
        if not all(type(leaf) in (int, float) for leaf in _leaves(data[name])):  # nor "1", nor true
            raise TypeError
        values = np.array(data[name], dtype=np.float64)
    except KeyError:
        raise ValueError(tr("{wanted}, but it is missing", wanted=wanted)) from None
    except (TypeError, ValueError, OverflowError, RecursionError):
        raise ValueError(wanted) from None
    if values.shape == (1,) and shape == ():
        values = values.reshape(())
    if values.shape != shape:
        raise ValueError(tr("{wanted}, not {shape}", wanted=wanted, shape=values.shape))
    if not np.all(np.abs(values) <= np.finfo(np.float32).max):  # also refuses NaN
        raise ValueError(wanted)
    return values
