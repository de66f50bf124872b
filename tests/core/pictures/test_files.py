"""Files: is a picture what its file shows, and is everything else one clear sentence?"""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from corner_lab.pictures import Corner, scene
from corner_lab.pictures import files as module
from corner_lab.pictures.files import PictureError, read, write_overlay, write_png
from tests.core.pictures.test_detection import pictures


def saved(image: Image.Image, how: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, how, **options)
    return file.getvalue()


def refused(content: bytes) -> str:
    with pytest.raises(PictureError) as error:
        read(content)
    said = str(error.value)
    assert said and "\n" not in said
    return said


@given(pictures)
def test_does_a_written_picture_read_as_it_was(picture: Any) -> None:
    content = write_png(picture)
    np.testing.assert_array_equal(read(content), picture)
    np.testing.assert_array_equal(read(content, invert=True), 1 - picture)


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "P", "LA", "I;16", "CMYK"])
def test_does_every_kind_of_pixel_read_the_same(mode: str, tmp_path: Path) -> None:
    picture = scene("filled", 1).picture
    if mode == "I;16":
        image = Image.fromarray(picture.astype(np.uint16) * 65535)
    else:
        image = Image.fromarray(picture * np.uint8(255)).convert("RGB").convert(mode)
    path = tmp_path / "picture"
    path.write_bytes(saved(image, "JPEG" if mode == "CMYK" else "PNG"))
    np.testing.assert_array_equal(read(path), picture)
    np.testing.assert_array_equal(read(str(path)), picture)


def test_is_a_pixel_set_where_it_is_brighter_than_the_threshold() -> None:
    ramp = np.tile(np.arange(256, dtype=np.uint8), (3, 1))
    for threshold in (0.0, 0.25, 0.5, 1.0):
        np.testing.assert_array_equal(read(saved(Image.fromarray(ramp)), threshold), ramp / 255 > threshold)
    for threshold in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="from 0 to 1"):
            read(saved(Image.fromarray(ramp)), threshold)


def test_is_transparency_taken_as_on_white() -> None:
    rgba = np.zeros((5, 5, 4), dtype=np.uint8)
    rgba[2, 2, 3] = 255  # one black pixel that is there
    expected = np.zeros((5, 5))
    expected[2, 2] = 1
    np.testing.assert_array_equal(read(saved(Image.fromarray(rgba)), invert=True), expected)


def test_is_a_photograph_turned_as_its_camera_was() -> None:
    picture = np.zeros((4, 6), dtype=np.uint8)
    picture[0] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    turned = read(saved(Image.fromarray(picture), "PNG", exif=exif))
    assert turned.shape == (6, 4) and turned[:, -1].all() and turned.sum() == 6


def test_is_a_large_picture_scaled_down_and_only_then_made_of_two_values() -> None:
    picture = np.zeros((512, 300), dtype=np.uint8)
    picture[100:200, 50:150] = 255
    found = read(saved(Image.fromarray(picture)))
    expected = np.zeros((256, 150))
    expected[50:100, 25:75] = 1
    np.testing.assert_array_equal(found, expected)
    assert read(saved(Image.fromarray(picture)), largest=None).shape == (512, 300)
    assert read(saved(Image.fromarray(picture)), largest=64).shape == (64, 38)
    checks = np.indices((600, 600)).sum(axis=0).astype(np.uint8) % 2 * 255
    assert not read(saved(Image.fromarray(checks)), threshold=0.6, largest=200).any(), "every third is grey on average"
    assert "scaled to 256" in refused(saved(Image.new("L", (1200, 8))))


def huge_png(width: int, height: int) -> bytes:
    """A PNG that says it is huge, and has a few bytes of pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")
    )


def test_is_what_is_too_large_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    for side in (4_001, 12_000, 2**31 - 1):
        assert "too large" in refused(huge_png(side, side))
    monkeypatch.setattr(module, "MAX_BYTES", 1_000_000)
    assert refused(bytes(1_000_001)) == "the file is too large: at most 1 MB are read"


def test_is_what_is_no_picture_said(tmp_path: Path) -> None:
    for content in (b"row,column\n1,2\n", b"\x00" * 100, b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>"):
        assert refused(content).startswith("this is no picture: PNG, JPEG")
    assert refused(b"") == "the file is empty"
    for path, said in ((tmp_path / "none.png", "no such file"), (tmp_path, "is a directory"), ("a\0b", "null")):
        with pytest.raises(PictureError, match=said):
            read(path)


def test_is_an_animated_picture_refused() -> None:
    frames = [Image.fromarray(scene("filled", seed).picture * np.uint8(255)) for seed in range(3)]
    for how in ("GIF", "PNG", "WEBP"):
        assert "animated" in refused(saved(frames[0], how, save_all=True, append_images=frames[1:]))
    assert read(saved(frames[0], "GIF")).shape == (32, 32), "one frame is a picture"
    with_preview = saved(frames[0], "MPO", save_all=True, append_images=frames[1:2])
    np.testing.assert_array_equal(read(with_preview), scene("filled", 0).picture)


def test_is_what_has_no_patch_refused() -> None:
    for size in ((2, 2), (2, 50), (50, 1)):
        assert "too small" in refused(saved(Image.new("L", size)))


@pytest.mark.parametrize("how", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_is_a_damaged_file_one_sentence_wherever_it_is_damaged(how: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    content = saved(Image.fromarray(noise), how)
    assert "damaged" in refused(content[: len(content) // 2])
    draw = np.random.default_rng(1)
    for _ in range(60):
        broken = bytearray(content[: draw.integers(1, len(content) + 1)])
        for place in draw.integers(0, len(broken), 8):
            broken[place] = draw.integers(0, 256)
        try:
            assert set(np.unique(read(bytes(broken)))) <= {0, 1}
        except PictureError as error:
            assert "\n" not in str(error)


@given(st.binary(max_size=200))
def test_can_bytes_crash_it(content: bytes) -> None:
    for start in (b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"BM"):
        try:
            read(start + content)
        except PictureError as error:
            assert "\n" not in str(error)


def test_does_the_overlay_mark_each_corner_on_its_pixel() -> None:
    picture = scene("filled", 1).picture
    colours = {"fill": "#45C9B0", "angle": "#0A7160"}
    marked = [Corner(3, 4, "top_left"), Corner(9, 20, "")]
    plain, drawn = (
        np.asarray(Image.open(io.BytesIO(write_overlay(picture, corners, **colours)))) for corners in ([], marked)
    )
    assert plain.shape == (256, 256, 3)
    changed = (plain != drawn).any(axis=2).reshape(32, 8, 32, 8).any(axis=(1, 3))
    assert np.argwhere(changed).tolist() == [[3, 4], [9, 20]]
    corner, frame = drawn[24:32, 32:40], drawn[72:80, 160:168]
    angle, fill = (10, 113, 96), (69, 201, 176)
    assert [tuple(cell) for cell in (corner[0, 7], corner[7, 0], corner[7, 7])] == [angle, angle, fill]
    assert [tuple(cell) for cell in (frame[0, 7], frame[7, 0], frame[7, 7])] == [angle, angle, angle]
