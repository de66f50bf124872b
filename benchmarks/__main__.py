"""`python -m benchmarks [NAME...]`: measure and print one table."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

from benchmarks import (
    clicks,
    navigation,
    picture_frames,
    pictures,
    playing,
    pressing,
    sharing,
    story,
    touching,
    training,
)
from benchmarks.report import Line, table
from benchmarks.visitors import bystander, opening, room

BENCHMARKS: dict[str, Callable[[], list[Line]]] = {
    "asked": training.asked,
    "batch-32": training.batch_32,
    "pictures": pictures.speed,
    "corners": pictures.quality,
    "frames": picture_frames.frames,
    "sharing": sharing.short_run,
    "navigation": navigation.to_bench,
    "clicks": clicks.pixel,
    "pressing": pressing.train,
    "story": story.steps,
    "playing": playing.at_100,
    "player": playing.of_a_file,
    "touching": touching.latencies,
}


SECONDS = 40  # s that a room is watched for
ROOMS, OPENINGS, STRUCTURES = "1,10,25", "1,10,30", 10


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speed, side by side in one run.")
    known = [*BENCHMARKS, "visitors", "opening", "bystander"]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(known)}")
    of_rooms = parser.add_argument_group("visitors, opening, bystander")
    of_rooms.add_argument("-n", metavar="N,N", type=_numbers, help=f"how many at once ({ROOMS}; opening: {OPENINGS})")
    of_rooms.add_argument("--seconds", type=float, default=SECONDS, help=f"they train and click for ({SECONDS})")
    of_rooms.add_argument("--same", action="store_true", help="all train the same, instead of each a new seed")
    of_rooms.add_argument("--structures", type=int, default=STRUCTURES, help=f"compiled meanwhile ({STRUCTURES})")
    chosen = parser.parse_args(arguments)
    benchmarks = BENCHMARKS | {
        "visitors": partial(room.trainings, chosen.n or _numbers(ROOMS), chosen.seconds, chosen.same),
        "opening": partial(opening.first_pictures, chosen.n or _numbers(OPENINGS)),
        "bystander": partial(bystander.clicks, chosen.structures),
    }
    names: list[str] = chosen.names or list(benchmarks)
    unknown = [name for name in names if name not in benchmarks]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(benchmarks)}")
    lines: list[Line] = []
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        start = time.perf_counter()
        try:
            lines += benchmarks[name]()
        except Exception as error:  # the others are still worth their figures
            lines.append(Line(f"{name}: {type(error).__name__}", str(error).strip().split("\n")[0][:100]))
        print(f"{name} took {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    print(table(lines))
    return 0


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


if __name__ == "__main__":
    sys.exit(main())
