"""All tasks, in their order: from a bias to drag to what a run needs, and to several targets."""

from dataclasses import replace

from corner_lab.tasks.bench_tasks import BENCH_TASKS
from corner_lab.tasks.run_tasks import RUN_TASKS

_IN_ORDER = (
    "corner_right",
    "whole_numbers",
    "unlearn",
    "kill_the_gradient",
    "beat_rejecting",
    "one_change",
    "in_passing",
    "be_sure",
    "from_zeros",
    "plain_sgd",
    "few_updates",
    "two_free",
    "two_targets",
    "two_targets_apart",
    "four_corners",
)
_FOUND = {task.word: task for task in (*BENCH_TASKS, *RUN_TASKS)}

TASKS = tuple(replace(_FOUND[word], number=number) for number, word in enumerate(_IN_ORDER, 1))
BY_WORD = {task.word: task for task in TASKS}
