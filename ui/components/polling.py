"""Asking for news: how a page follows what goes on in Python, while TensorFlow loads or something is trained.

The browser asks, and asks again only once it has its answer. Streamlit's `run_every` does not wait: on a busy server
its requests pile up until it loses part of the page. What asks is a component in a fragment, `show` for a page that has
nothing else that could, the stage itself on the playground.
"""

from __future__ import annotations

from dataclasses import dataclass

from ui.server import js_modules

FIRST = 30  # ms from the first picture to the first question, which says that it is on the screen
PACE = 500  # ms from an answer to the next question, while something goes on


@dataclass
class Questions:
    """How often one visitor's page has asked."""

    asked: int = 0

    def ask(self) -> None:
        """What a component calls when it asks. Whatever it sends along, it only has to be new each time."""
        self.asked += 1

    def pause(self, more: bool, pace: int = PACE) -> int | None:
        """After how many ms to ask next, while there is more to come; None for never."""
        return None if not more else pace if self.asked else FIRST


def show(questions: Questions, more: bool, *, key: str) -> None:
    """Ask for news from the fragment that this is drawn in, while there is more to come."""
    data = {"ask": questions.pause(more), "answer": questions.asked}  # another answer each time, or none would arrive
    _polling(key=key, data=data, on_ask_change=questions.ask)


_polling = js_modules.component("polling", js_modules.sources("polling.js"))
