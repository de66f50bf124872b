"""What travels between Python and the stage in the browser: which record it has, what it last said, what is due."""

from dataclasses import dataclass, field
from typing import Any

STAGE = "stage"  # the key of the stage's component
STAGE_VIEW = "stage-view"  # and of the fragment in which it is drawn


@dataclass
class Playhead:
    """Where the stage's playhead came to rest, as last reported."""

    run: str = ""
    epoch: int = 0
    playing: bool = False


@dataclass
class StageChannel:
    """Where one visitor's page and its stage stand with each other.

    `rev` rises when Python sets pixels or weights that the stage is to adopt; what the stage says of an older one
    comes too late.
    """

    rev: int = 1
    heard: int = 0  # how often the bench used its direct line
    reports: dict[str, Any] = field(default_factory=dict)  # what the stage last said through Streamlit
    pressed: int = 0  # how many presses of the stage's buttons were answered
    tick: int = 0  # of the records, and
    asked: int = 0  # how often the stage asked for one, and
    answer: float = 0  # with which number the last time, in ms of the browser's clock
    awaited: str = ""  # the run that a press was last answered for
    waits: int = 0  # and how often in a row for a run that had nothing to show
    cached: tuple[Any, bytes] | None = None  # the last record and what it was made from
    painted: bool = False  # whether the stage has asked, so that its first picture is on the screen
    address: dict[str, str] | None = None  # the words that were last written there; None where the browser has others
    whole: bool = False  # whether the whole page is being drawn, not one of its fragments alone
    around: tuple[Any, ...] = ()  # what the page shows around the stage,
    task: dict[str, Any] | None = None  # above it, of the task that is taken, and
    below: tuple[Any, ...] = ()  # below it
    why: tuple[Any, ...] = ()  # among it, of the findings
    buttons: tuple[Any, ...] = ()  # and on the buttons beside it
