"""TensorFlow takes seconds to import: it loads in a thread, once per server, after the first page is on the screen."""

import gc
import threading
import time

import streamlit as st

from corner_lab.network.keras_model import load_keras
from corner_lab.training.worker_pool import Pool
from ui.server import streamlit_internals


class Loading:
    """The import of Keras and TensorFlow in the background."""

    def __init__(self) -> None:
        self.problem = ""
        self.seconds = 0.0
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._started = False

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
            load_keras()
        except Exception as error:  # shown on the page; the bench goes on working without
            self.problem = (
                f"TensorFlow did not load ({type(error).__name__}: {error}); the bench works, training does not."
            )
        streamlit_internals.keep_keras_session()
        # Hundreds of thousands of long-lived objects: keep the collector from walking them on every click.
        gc.collect()
        gc.freeze()
        self.seconds = time.perf_counter() - start
        self._done.set()


@st.cache_resource
def loading() -> Loading:
    return Loading()


@st.cache_resource
def pool() -> Pool:
    """The worker threads that all sessions share."""
    return Pool()
