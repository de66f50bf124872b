"""Weights as JSON, as people read them, and back; what is wrong is said in a sentence."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corner_lab.network.parameters import ParameterLayout, Vector


def weights_to_json(shape: ParameterLayout, vector: Vector) -> dict[str, Any]:
    """kernel (3x3, or two of them), bias (one number or two), second_kernel and second_bias (lists, or null)."""
    arrays = shape.to_keras(vector)
    kernels = np.moveaxis(arrays[0][:, :, 0, :], -1, 0).astype(float).tolist()
    bias = arrays[1].astype(float).tolist()
    return {
        "kernel": kernels[0] if shape.kernels == 1 else kernels,
        "bias": bias[0] if shape.kernels == 1 else bias,
        "second_kernel": arrays[2].ravel().astype(float).tolist() if shape.seconds else None,
        "second_bias": arrays[3].astype(float).tolist() if shape.seconds else None,
    }


def weights_from_json(shape: ParameterLayout, data: object) -> Vector:
    """The inverse of `weights_to_json`. Raises ValueError with what is wrong and what is expected."""
    if not isinstance(data, Mapping):
        raise ValueError("weights are a JSON object with kernel, bias, second_kernel and second_bias")
    unknown = set(data) - {"kernel", "bias", "second_kernel", "second_bias"}
    if unknown:
        raise ValueError(f"weights have no field {sorted(map(str, unknown))[0]!r}")
    kernel_shape = (3, 3) if shape.kernels == 1 else (2, 3, 3)
    kernel = _numbers(data, "kernel", kernel_shape).reshape(shape.kernels, 3, 3)
    parts = [np.moveaxis(kernel, 0, -1).ravel(), _numbers(data, "bias", () if shape.kernels == 1 else (2,)).ravel()]
    for name in ("second_kernel", "second_bias"):
        if shape.seconds:
            parts.append(_numbers(data, name, (shape.seconds,)))
        elif data.get(name) is not None:
            raise ValueError(f"weights {name}: this network has no second convolution, so it must be null")
    return shape.checked(np.concatenate(parts))


def _leaves(value: object) -> Iterator[object]:
    """What a nested list holds, list by list."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _numbers(data: Mapping[str, object], name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    wanted = (
        f"weights {name}: expected finite numbers of shape {shape}"
        if shape
        else f"weights {name}: expected one finite number"
    )
    try:
        if not all(type(leaf) in (int, float) for leaf in _leaves(data[name])):  # nor "1", nor true
            raise TypeError
        values = np.array(data[name], dtype=np.float64)
    except KeyError:
        raise ValueError(f"{wanted}, but it is missing") from None
    except (TypeError, ValueError, OverflowError, RecursionError):
        raise ValueError(wanted) from None
    if values.shape == (1,) and shape == ():
        values = values.reshape(())
    if values.shape != shape:
        raise ValueError(f"{wanted}, not {values.shape}")
    if not np.all(np.abs(values) <= np.finfo(np.float32).max):  # also refuses NaN
        raise ValueError(wanted)
    return values
