"""Story: the talk in eleven steps, its sentences and its runs."""

from corner_lab.story.steps import STEPS, Step

__all__ = ["STEPS", "Step"]
