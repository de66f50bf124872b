"""TensorFlow takes seconds to import: once per server, in worker processes of its own, or where there are none in a
thread, after the first page is on the screen."""

import gc
import logging
import threading
import time

import streamlit as st

from corner_lab.language import Message, msg, tr
from corner_lab.network.keras_model import load_keras
from corner_lab.workers import elsewhere, recordings
from corner_lab.workers.pool import WORKERS, Pool
from corner_lab.workers.process import told
from ui.server import streamlit_internals
from ui.server.limits import limits

log = logging.getLogger(__package__)


class Loading:
    """The import of Keras and TensorFlow in the background."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._problem: Message | str = ""
        self.seconds = 0.0
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._started = False

    @property
    def problem(self) -> str:
        """Why nothing can be trained, and what to do; "" where it can. No worker process may come back later."""
        if not self._problem and (now := self._pool.problem):
            return tr("Training does not work now: {why} The bench works; press Train to try again.", why=now)
        return str(self._problem)

    @property
    def done(self) -> bool:
        return self._done.is_set()

    def start(self) -> None:
        """Start loading if nobody has."""
        with self._lock:
            if not self._started:
                self._started = True
                threading.Thread(target=self._load, name="load-tensorflow", daemon=True).start()

    def _load(self) -> None:
        start = time.perf_counter()
        try:
            if self._pool.processes:
                self._pool.everywhere(load_keras)[0].result()
            else:
                load_keras()
        except Exception as error:  # shown on the page; the bench goes on working without
            log.error("TensorFlow did not load: %s", told(error))
            if not self._pool.problem:
                self._problem = msg(
                    "TensorFlow did not load ({why}); the bench works, training does not. Who runs this server: "
                    "install what requirements.txt lists, and start the server again.",
                    why=told(error),
                )
        streamlit_internals.keep_keras_session()
        self.seconds = time.perf_counter() - start
        self._done.set()


def use_processes() -> None:
    """Train in processes of their own from now on, and start them. For a server, once, before it answers anybody."""
    global _processes
    _processes = limits().workers
    recordings.share(recordings.Recordings())
    # Python's collector need not walk through what is there now again and again. Nothing later is kept from it: what a
    # visitor has is in circles, and would never be freed.
    gc.collect()
    gc.freeze()
    with streamlit_internals.outside_of_scripts():
        loading().start()


def stop_workers() -> None:
    """End all worker processes, whatever they are doing: the server ends."""
    with streamlit_internals.outside_of_scripts():
        for worker in pool().workers:
            worker.close()


_processes = 0


@st.cache_resource
def loading() -> Loading:
    return Loading(pool())


@st.cache_resource
def pool() -> Pool:
    """The workers that all sessions share."""
    made = Pool(_processes or WORKERS, processes=_processes > 0, prepare=load_keras)
    if made.processes:
        elsewhere.use(made)
    return made
