"""Ctrl+C during training: a clean end with what was trained, or an end at once."""

import signal

from corner_lab.training.run import Run


class Interrupts:
    """Ctrl+C while the block runs: ends it at once with KeyboardInterrupt, or after `let_stop` asks the run to stop."""

    def __init__(self) -> None:
        self.seen = 0
        self._run: Run | None = None

    def let_stop(self, run: Run) -> None:
        """From here on the first Ctrl+C lets the run end after its chunk; a second one still ends at once."""
        if self.seen:  # TensorFlow swallowed the exception
            raise KeyboardInterrupt
        self._run = run

    def __enter__(self) -> "Interrupts":
        self._before = signal.signal(signal.SIGINT, self._seen)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _seen(self, *_: object) -> None:
        self.seen += 1
        if self._run is None or self.seen > 1:
            raise KeyboardInterrupt
        self._run.stop()
