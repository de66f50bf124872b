"""A picture as pattern indices: every 3x3 patch of a binary picture is one of the 512 patterns."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corner_lab.language import tr

Picture = NDArray[np.uint8]

#: The pixel of a patch that is a corner's own: its middle, so many rows and columns from the patch's first pixel.
MIDDLE = 1


def binary(picture: ArrayLike) -> Picture:
    """A picture (h, w) of 0 and 1 as uint8. Raises ValueError for another shape, other values, or under 3x3."""
    array = np.asarray(picture)
    if array.ndim != 2 or min(array.shape) < 3:
        raise ValueError(
            tr("a picture has rows and columns, 3 of each or more, not the shape {shape}", shape=array.shape)
        )
    if array.dtype != np.bool_ and not ((array == 0) | (array == 1)).all():
        raise ValueError(tr("a picture has pixels of 0 or 1"))
    return array.astype(np.uint8, copy=False)


def pattern_indices(picture: ArrayLike, padded: bool = False) -> NDArray[np.int32]:
    """The pattern index (see `corner_lab.network.patterns`) of each 3x3 patch of a picture (h, w) of 0 and 1.

    Shape (h - 2, w - 2), the patch whose middle is pixel (r + 1, c + 1) at (r, c): what Keras calls padding "valid".
    `padded`: shape (h, w), the patch around each pixel, zeros around the picture: padding "same".
    Raises ValueError as `binary` does.
    """
    pixels = binary(picture)
    if padded:
        pixels = np.pad(pixels, MIDDLE)
    in_row = pixels[:, :-2] | pixels[:, 1:-1] << 1 | pixels[:, 2:] << 2  # three pixels side by side, 0..7
    rows = in_row.astype(np.int32)
    return rows[:-2] | rows[1:-1] << 3 | rows[2:] << 6
