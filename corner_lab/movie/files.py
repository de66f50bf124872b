"""Pictures as one file that moves: WebP, GIF or MP4.

A stage has few colours: WebP and GIF hold the same 255 for all pictures, and WebP holds these without loss, which is
smaller than its own lossy form, and keeps text sharp.
"""

import contextlib
import io
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from corner_lab.language import tr
from corner_lab.movie.camera import Picture
from corner_lab.movie.timing import UNIT

COLOURS = 255
UNCHANGED = COLOURS  # in a GIF, the index of what stays as it was
FREQUENT = 48  # colours that are kept to the letter: backgrounds, lines, text
SAMPLES = 6  # pictures from which the colours are chosen
H264 = [
    *("-c:v", "libx264", "-crf", "18", "-preset", "slow", "-tune", "animation"),  # 0 is lossless, 51 the worst
    *("-pix_fmt", "yuv420p", "-vf", "scale=out_color_matrix=bt709"),  # what players expect
    *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
    *("-movflags", "+faststart"),  # its index in front: it plays while it loads
]


def written(format: str, taken: Sequence[Picture], durations: Sequence[int]) -> bytes:
    """The file. `durations`: how long each picture stands, in ms. One that equals the one before prolongs it."""
    kept: list[Picture] = []
    times: list[int] = []
    for picture, ms in zip(taken, durations, strict=True):
        if kept and kept[-1].png == picture.png:
            times[-1] += ms
        else:
            kept.append(picture)
            times.append(ms)
    return WRITERS[format](kept, times)


def _webp(taken: Sequence[Picture], durations: Sequence[int]) -> bytes:
    first, *rest = (reduced.convert("RGB") for reduced in _reduced(taken))
    file = io.BytesIO()
    options = {"lossless": True, "quality": 50, "method": 4}
    first.save(file, "WEBP", save_all=True, append_images=rest, duration=list(durations), loop=0, **options)
    return file.getvalue()


def _gif(taken: Sequence[Picture], durations: Sequence[int]) -> bytes:
    """Of each picture but the first only what has changed: a seventh of the size."""
    frames = list(_reduced(taken))
    changes = [frames[0]]
    for before, after in pairwise(frames):
        same = np.asarray(before) == np.asarray(after)
        change = Image.fromarray(np.where(same, np.uint8(UNCHANGED), np.asarray(after)))
        change.putpalette(frames[0].getpalette() or [])
        changes.append(change)
    file = io.BytesIO()
    changes[0].save(
        file,
        "GIF",
        save_all=True,
        append_images=changes[1:],
        duration=list(durations),
        loop=0,
        disposal=1,  # what stays is seen through what comes
        transparency=UNCHANGED,
        optimize=False,
    )
    return file.getvalue()


def _mp4(taken: Sequence[Picture], durations: Sequence[int]) -> bytes:
    """H.264, each picture as often as it stands long. Raises OSError where the encoder fails."""
    from imageio_ffmpeg import get_ffmpeg_exe

    width, height = taken[0].image().size
    unit = UNIT["mp4"]
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", f"{1000 / unit:g}", "-i", "-"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "movie.mp4"
        command = [get_ffmpeg_exe(), "-loglevel", "error", *source, *H264, str(path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as encoder:
            assert encoder.stdin is not None and encoder.stderr is not None
            with contextlib.suppress(BrokenPipeError):  # it says why
                for picture, ms in zip(taken, durations, strict=True):
                    data = picture.image().tobytes()
                    for _ in range(ms // unit):
                        encoder.stdin.write(data)
                encoder.stdin.close()
            said = encoder.stderr.read().decode(errors="replace").strip()
        if encoder.returncode:
            why = said.splitlines()[-1] if said else tr("no word")
            raise OSError(tr("ffmpeg ended with code {code}: {why}", code=encoder.returncode, why=why))
        return path.read_bytes()


WRITERS: Mapping[str, Callable[[Sequence[Picture], Sequence[int]], bytes]] = {"webp": _webp, "gif": _gif, "mp4": _mp4}


def _reduced(taken: Sequence[Picture]) -> Iterator[Image.Image]:
    """The pictures in their common colours, as indices."""
    colours = _colours(taken)  # (255, 3)
    flat = [int(level) for level in colours.ravel()] + [0] * (768 - colours.size)
    for picture in taken:
        codes, places = np.unique(_codes(picture.image()), return_inverse=True)
        reduced = Image.fromarray(_nearest(codes, colours)[places.reshape(picture.image().size[::-1])])
        reduced.putpalette(flat)
        yield reduced


def _colours(taken: Sequence[Picture]) -> NDArray[np.int32]:
    """At most 255 colours (n, 3), 0 to 255: the most frequent of some pictures, and others that cover the rest."""
    places = sorted({round(i) for i in np.linspace(0, len(taken) - 1, SAMPLES)})
    sheet = np.concatenate([np.asarray(taken[i].image()) for i in places])
    codes, counts = np.unique(_codes(sheet), return_counts=True)
    frequent = codes[np.argsort(-counts, kind="stable")[:FREQUENT]]
    # Covering the colours, not the pixels: a mark of a few pixels keeps its own.
    others = Image.fromarray(sheet).quantize(COLOURS - len(frequent), method=Image.Quantize.MAXCOVERAGE)
    rest = np.array(others.getpalette() or [], dtype=np.int32).reshape(-1, 3)[: COLOURS - len(frequent)]
    return np.concatenate([_levels(frequent), rest])


def _nearest(codes: NDArray[np.int32], colours: NDArray[np.int32]) -> NDArray[np.uint8]:
    """The index of the nearest colour of each code, by the squared distance of their three levels."""
    found = [
        ((_levels(some)[:, None] - colours[None]) ** 2).sum(axis=2).argmin(axis=1)
        for some in np.array_split(codes, 1 + len(codes) // 4096)
    ]
    return np.concatenate(found).astype(np.uint8)


def _codes(image: Image.Image | NDArray[np.uint8]) -> NDArray[np.int32]:
    """A colour as one number, of each pixel."""
    levels = np.asarray(image).astype(np.int32)  # (height, width, 3)
    return (levels[..., 0] << 16) | (levels[..., 1] << 8) | levels[..., 2]


def _levels(codes: NDArray[np.int32]) -> NDArray[np.int32]:
    """The other way round: (n,) to (n, 3)."""
    return np.stack([codes >> 16, (codes >> 8) & 255, codes & 255], axis=-1)
