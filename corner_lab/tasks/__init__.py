"""Tasks: goals to reach on the bench or by training, each checked exactly, and files of what was reached."""

from corner_lab.tasks.task import Task
from corner_lab.tasks.tasks import TASKS
from corner_lab.tasks.work import Verdict, Work

__all__ = ["TASKS", "Task", "Verdict", "Work"]
