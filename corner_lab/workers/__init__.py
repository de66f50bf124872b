"""Workers: who trains. Threads that take turns with work, each with a process of its own for Keras, or none."""

from corner_lab.workers.elsewhere import in_worker
from corner_lab.workers.pool import Pool
from corner_lab.workers.process import WorkerEnded, WorkerProcess
from corner_lab.workers.watched import Watched

__all__ = ["Pool", "Watched", "WorkerEnded", "WorkerProcess", "in_worker"]
