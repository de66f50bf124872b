"""From a run to the file: how many pictures, taken one by one, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corner_lab.movie.browser import browser, check_tools
from corner_lab.movie.camera import Picture, pictures
from corner_lab.movie.files import written
from corner_lab.movie.request import Movie
from corner_lab.movie.timing import durations
from corner_lab.player.played_run import Played
from corner_lab.player.stage_script import check_stage

Told = Callable[[int, int], None]  # how many pictures are taken, of how many


@dataclass(frozen=True)
class Made:
    """What was made: the epoch of each picture, how long each stands in ms, and how many bytes the file has."""

    epochs: list[int]
    durations: list[int]
    size: int


def check(movie: Movie, chosen: str | None = None) -> None:
    """Find out before a long run whether its moving picture can be made: raises MovieError or NoStage."""
    check_stage("movie")
    check_tools(movie.format)
    with browser(chosen):
        pass


def made(run: Played, movie: Movie, chosen: str | None = None, tell: Told = lambda done, total: None) -> Made:
    """Make the file. `chosen`: the browser, see `browser`. Nothing is written before all of it is there."""
    times = durations(movie.seconds, movie.format)
    taken: list[Picture] = []
    for picture in pictures(run, movie, len(times), chosen):
        taken.append(picture)
        tell(len(taken), len(times))
    data = written(movie.format, taken, times)
    Path(movie.output).write_bytes(data)
    return Made([picture.epoch for picture in taken], times, len(data))
