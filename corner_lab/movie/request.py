"""What a moving picture is to be: read from text, checked, and refused in a sentence."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

from corner_lab.language import tr

FORMATS = ("webp", "gif", "mp4")  # by the end of the file's name
SHORTEST, LONGEST = 0.5, 60.0  # seconds
SMALLEST_SIZE, LARGEST_SIZE = (320, 180), (1920, 1200)  # width and height in pixels
PARTS = ("outcome", "bench", "atlas", "curves", "transport")


class MovieError(Exception):
    """A moving picture that cannot be made: names the option, or what is missing, and says what is allowed."""


@dataclass(frozen=True)
class Movie:
    """A moving picture that is asked for. Raises MovieError where it cannot be."""

    output: str
    seconds: float = 8.0
    size: tuple[int, int] = (1280, 720)  # width and height in pixels
    dark: bool = False
    parts: tuple[str, ...] = PARTS  # of the stage, at least one

    def __post_init__(self) -> None:
        _check_output(self.output)
        _check_seconds(self.seconds)
        _check_size(self.size, self.format)
        _check_parts(self.parts)

    @property
    def format(self) -> str:
        """One of FORMATS."""
        return Path(self.output).suffix[1:].lower()


def seconds_from(text: str) -> float:
    """`--seconds` as a number, not yet checked for its range."""
    try:
        return float(text)
    except ValueError:
        raise MovieError(tr("{option}: not a number", option=f"--seconds {text!r}")) from None


def size_from(text: str) -> tuple[int, int]:
    """`--size`, WIDTHxHEIGHT, as two numbers, not yet checked for their range."""
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text.strip().lower().replace("×", "x"), re.ASCII)
    if found is None:
        raise MovieError(tr("{option}: expected is WIDTHxHEIGHT in pixels, as 1280x720", option=f"--size {text!r}"))
    return int(found[1]), int(found[2])


def parts_from(text: str) -> tuple[str, ...]:
    """`--show`, words with commas between them, in the order in which the stage has them."""
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    _check_parts(words)
    return tuple(part for part in PARTS if part in words)


def _check_output(output: str) -> None:
    endings = ", ".join(f".{ending}" for ending in FORMATS)
    if Path(output).suffix[1:].lower() not in FORMATS:
        told = f"--output {output!r}"
        raise MovieError(
            tr("{option}: the end of its name says what it is to be: {endings}", option=told, endings=endings)
        )


def _check_seconds(seconds: float) -> None:
    if not (math.isfinite(seconds) and SHORTEST <= seconds <= LONGEST):
        told = {"option": f"--seconds {seconds:g}", "least": f"{SHORTEST:g}", "most": f"{LONGEST:g}"}
        raise MovieError(tr("{option}: allowed are {least} to {most}", **told))


def _check_size(size: tuple[int, int], format: str) -> None:
    said = f"--size {size[0]}x{size[1]}"
    if not all(low <= side <= high for low, side, high in zip(SMALLEST_SIZE, size, LARGEST_SIZE, strict=True)):
        low, high = ("{}x{}".format(*sides) for sides in (SMALLEST_SIZE, LARGEST_SIZE))
        raise MovieError(tr("{option}: allowed are {least} to {most}", option=said, least=low, most=high))
    if format == "mp4" and any(side % 2 for side in size):
        raise MovieError(tr("{option}: an MP4 needs an even width and an even height", option=said))


def _check_parts(parts: "list[str] | tuple[str, ...]") -> None:
    unknown = [part for part in parts if part not in PARTS]
    allowed = ", ".join(PARTS)
    if not parts:
        raise MovieError(tr("--show: nothing is named: allowed are {words}, with commas between them", words=allowed))
    if unknown:
        told = f"--show {unknown[0]!r}"
        raise MovieError(tr("{option}: allowed are {words}, with commas between them", option=told, words=allowed))
