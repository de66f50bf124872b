"""Work: what the workers of a pool take turns with, and how urgent it may be."""

import logging
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, Protocol

#: How urgent work is; what is more urgent comes first, equals take turns.
FIRST, GROWING, BACKGROUND, AHEAD = range(4)

log = logging.getLogger(__package__)


class Work(Protocol):
    """What workers take turns with: a run, the explanation of one, a measurement, each in short chunks.

    It may say how urgent it is now (`urgency`, one of the levels above; BACKGROUND if it does not), and what compiled
    code it needs (`structure`, a value to compare). It is told where a process ended under it and another one does the
    same again (`taken_over`).
    """

    def step(self) -> bool:
        """Do one chunk, at best within 50 ms. Returns whether there is more to do.

        Says itself what fails; what it raises all the same is logged, and ends it.
        """
        ...


class Call:
    """A function to call once, for a thread that waits for what it returns."""

    urgency = FIRST

    def __init__(self, call: Callable[[], Any]) -> None:
        self.call, self.result = call, Future[Any]()

    def step(self) -> bool:
        try:
            self.result.set_result(self.call())
        except BaseException as error:
            self.result.set_exception(error)
        return False


class Ahead:
    """Work that nobody waits for yet, one piece after the other, until there are newer wishes."""

    urgency = AHEAD

    def __init__(self, wishes: tuple[Work, ...]) -> None:
        self._wishes = list(wishes)

    @property
    def structure(self) -> Hashable:
        return getattr(self._wishes[0], "structure", None) if self._wishes else None

    def step(self) -> bool:
        if self._wishes:
            wish = self._wishes.pop(0)
            try:
                wish.step()
            except Exception:  # whoever needs it will see; the next is done all the same
                log.exception("%s ahead failed", wish)
        return bool(self._wishes)

    def forget(self) -> None:
        self._wishes.clear()
