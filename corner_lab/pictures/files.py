"""Pictures from files and to files, with Pillow. What is wrong with a file is said in one sentence."""

import io
import math
import os
import warnings
from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from corner_lab.language import tr
from corner_lab.pictures.corners import Corner
from corner_lab.pictures.patches import Picture, binary

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")  # what is opened at all
MAX_BYTES = 20_000_000
MAX_PIXELS = 16_000_000  # before anything is decoded: a small file may hold a huge picture
SMALLEST = 3  # pixels a side: less has no patch

Source: TypeAlias = str | os.PathLike[str] | bytes

# Too many pixels are refused here, in one sentence, at less than Pillow warns of.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


class PictureError(ValueError):
    """A file that is no picture to look for corners in: one sentence that says why."""


def read(source: Source, threshold: float = 0.5, invert: bool = False, largest: int | None = 256) -> Picture:
    """The picture in a file (a path, or its bytes) as (h, w) uint8 of 0 and 1.

    A pixel is 1 where its brightness (0 to 1, transparency on white) is above the threshold, or where it is not, with
    `invert`. A picture with more than `largest` pixels a side is scaled down to that (None: never) by averaging.
    Raises PictureError for what is no picture, animated, damaged, too large, or smaller than 3x3; ValueError for a
    threshold beyond 0 to 1 and a `largest` under 3.
    """
    if not 0 <= threshold <= 1:
        raise ValueError(tr("threshold {value}: allowed are numbers from 0 to 1", value=repr(threshold)))
    if largest is not None and largest < SMALLEST:
        raise ValueError(
            tr("largest {value}: allowed are whole numbers from {least} on", value=repr(largest), least=SMALLEST)
        )
    bright = _brightness(_content(source), largest) > threshold
    picture: Picture = (bright != invert).astype(np.uint8)
    return picture


def _content(source: Source) -> bytes:
    if isinstance(source, bytes):
        content = source
    else:
        try:
            with open(source, "rb") as file:
                content = file.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:
            raise PictureError((getattr(error, "strerror", None) or str(error)).lower()) from None
    if len(content) > MAX_BYTES:
        raise PictureError(tr("the file is too large: at most {most} MB are read", most=MAX_BYTES // 1_000_000))
    if not content:
        raise PictureError(tr("the file is empty"))
    return content


def _brightness(content: bytes, largest: int | None) -> NDArray[np.float64]:
    """How bright each pixel is, (h, w), 0 to 1, scaled down if it is too large."""
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
    except UnidentifiedImageError:
        raise PictureError(tr("this is no picture: PNG, JPEG, GIF, BMP and WebP files are read")) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        told = tr("the picture is too large: at most {most} pixels are read", most=f"{MAX_PIXELS:,}")
        raise PictureError(told) from None
    except Exception:  # a header that is damaged: Pillow's formats raise whatever they meet
        raise PictureError(tr("the picture is damaged and cannot be read")) from None
    with image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise PictureError(
                tr(
                    "the picture is too large, {height} × {width}: at most {most} pixels are read",
                    height=f"{height:,}",
                    width=f"{width:,}",
                    most=f"{MAX_PIXELS:,}",
                )
            )
        _check_size(width, height)
        try:
            # A telephone's JPEG may hold a second, smaller picture (MPO), which is no animation.
            if getattr(image, "is_animated", False) and image.format != "MPO":
                raise PictureError(tr("the picture is animated: save one of its frames and take that"))
            grey = _grey(ImageOps.exif_transpose(image))
        except PictureError:
            raise
        except Exception:
            raise PictureError(tr("the picture is damaged and cannot be read")) from None
    if largest is not None and max(grey.size) > largest:
        scale = largest / max(grey.size)
        width, height = (max(1, round(side * scale)) for side in grey.size)
        _check_size(width, height, largest)
        grey = grey.resize((width, height), Image.Resampling.BOX)
    return np.asarray(grey, dtype=np.float64) / 255


def _check_size(width: int, height: int, scaled: int | None = None) -> None:
    """Raises PictureError where too few are left, also where a picture was scaled to so many pixels a side."""
    if min(width, height) >= SMALLEST:
        return
    sides = {"height": height, "width": width}
    if scaled is None:
        raise PictureError(tr("the picture is too small, {height} × {width}: 3 × 3 pixels is the least", **sides))
    raise PictureError(
        tr(
            "the picture is too small, {height} × {width} once it is scaled to {side} pixels a side: 3 × 3 pixels is "
            "the least",
            **sides,
            side=scaled,
        )
    )


def _grey(image: Image.Image) -> Image.Image:
    """The picture in grey, 0 to 255, on white where it is transparent: mode "F", so that scaling rounds nothing."""
    if image.mode.startswith("I"):  # 16 bits a pixel
        return image.convert("I").convert("F").point(lambda value: value * (255 / 65535) + 0)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("L").convert("F")


def write_png(picture: ArrayLike) -> bytes:
    """A picture (h, w) of 0 and 1 as a PNG file, 0 black and 1 white: `read` gives the same picture again."""
    return _png(Image.fromarray(binary(picture) * np.uint8(255)).convert("1", dither=Image.Dither.NONE))


def write_overlay(picture: ArrayLike, corners: Iterable[Corner], fill: str, angle: str) -> bytes:
    """A picture with its corners marked, as a PNG file: each pixel several wide, and a corner's pixel in the colour
    `fill` ("#rrggbb") with an angle in another along the two sides that it turns, or a frame where it is named ""."""
    pixels = binary(picture)
    scale = max(3, min(8, math.ceil(1024 / max(pixels.shape))))
    grey = np.where(pixels, 200, 60).astype(np.uint8).repeat(scale, axis=0).repeat(scale, axis=1)
    drawn = np.array(Image.fromarray(grey).convert("RGB"))  # (h * scale, w * scale, 3)
    filling, ink = (tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5)) for colour in (fill, angle))
    thick = scale // 3
    for corner in corners:
        cell = drawn[corner.row * scale : (corner.row + 1) * scale, corner.column * scale : (corner.column + 1) * scale]
        cell[:] = filling
        if "bottom" not in corner.orientation:
            cell[:thick] = ink
        if "top" not in corner.orientation:
            cell[-thick:] = ink
        if "right" not in corner.orientation:
            cell[:, :thick] = ink
        if "left" not in corner.orientation:
            cell[:, -thick:] = ink
    return _png(Image.fromarray(drawn))


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
