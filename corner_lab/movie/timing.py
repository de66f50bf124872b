"""How long each picture stands, and how much time passes on the stage between two of them.

The stage plays a whole run in 5 seconds along its axis of epochs, log(1 + epoch / 5), on which the first epochs have
the most room. A moving picture is the same, stretched to its length; its last picture stands longer.
"""

import math

from corner_lab.language import tr

STAGE_SECONDS = 5.0  # that a whole run takes: "all in 5 s", the stage's own speed
HOLD = 1500  # ms that the last picture stands, of a short one a third
PICTURES_PER_SECOND = {"webp": 12.5, "gif": 12.5, "mp4": 25.0}
UNIT = {"webp": 1, "gif": 10, "mp4": 40}  # ms: what a file can say of how long a picture stands
LONGEST_SMOOTH = 30.0  # seconds: a longer one has no more pictures than this


def durations(seconds: float, format: str) -> list[int]:
    """How long each picture stands, in ms; all but the last as long as each other, but for the file's unit of time."""
    unit = UNIT[format]
    total = round(seconds * 1000 / unit) * unit
    plays = total - min(HOLD, total / 3)
    most = PICTURES_PER_SECOND[format] * min(plays / 1000, LONGEST_SMOOTH)
    count = max(1, round(most))
    starts = [round(plays * i / count / unit) * unit for i in range(count + 1)]  # ms at which each comes
    return [after - before for before, after in zip(starts, [*starts[1:], total], strict=True)]


def stage_time(epoch: int, last: int) -> float:
    """Milliseconds after which the stage, which plays from the start of a run that ends at `last`, is at `epoch`."""
    if not 0 <= epoch <= last:
        raise ValueError(tr("epoch {epoch} of a run of {last}", epoch=epoch, last=last))
    return 1000 * STAGE_SECONDS * math.log1p(epoch / 5) / math.log1p(max(1, last) / 5)
