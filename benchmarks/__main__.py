"""`python -m benchmarks [NAME...]`: measure and print one table."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence

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
    "touching": touching.latencies,
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speed, side by side in one run.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(BENCHMARKS)}")
    names: list[str] = parser.parse_args(arguments).names or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    lines: list[Line] = []
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        start = time.perf_counter()
        try:
            lines += BENCHMARKS[name]()
        except Exception as error:  # the others are still worth their figures
            lines.append(Line(f"{name}: {type(error).__name__}", str(error).strip().split("\n")[0][:100]))
        print(f"{name} took {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    print(table(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
