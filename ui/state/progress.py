"""Progress: which task a visitor has taken and which are reached, here and in what the browser keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corner_lab.tasks import Task
from corner_lab.tasks.progress_file import links
from corner_lab.tasks.tasks import BY_WORD


@dataclass
class Progress:
    """Which task is taken, and by task the link that reached it. `heard`: whether the browser has said what it keeps;
    `forgotten`: how often all was to be forgotten."""

    taken: Task | None = None
    solved: dict[str, str] = field(default_factory=dict)
    heard: bool = False
    forgotten: int = 0

    def kept(self) -> dict[str, Any]:
        """What the browser is to keep."""
        taken = None if self.taken is None else self.taken.word
        return {"heard": self.heard, "forgotten": self.forgotten, "taken": taken, "solved": dict(self.solved)}

    def hear(self, kept: object) -> None:
        """Take in what the browser has kept of earlier visits. What is not sound changes nothing."""
        self.heard = True
        if not isinstance(kept, Mapping):
            return
        taken = kept.get("taken")
        if self.taken is None and isinstance(taken, str):
            self.taken = BY_WORD.get(taken)
        try:
            found = links(kept.get("solved"))
        except ValueError:
            return
        self.take_over(found)

    def take_over(self, solved: Mapping[str, str]) -> None:
        """Add what somebody has reached to what was reached here, which stays."""
        self.solved = {word: link for word, link in solved.items() if word in BY_WORD} | self.solved

    def forget(self) -> None:
        """Forget all that was reached and taken."""
        self.taken, self.heard, self.forgotten = None, True, self.forgotten + 1
        self.solved = {}
