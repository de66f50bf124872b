"""Start the app: `python serve.py [options of streamlit run]`, on localhost unless they say otherwise.

Ctrl+C and SIGTERM end it without a word, with code 130 and 0, whatever it is doing: starting, loading TensorFlow,
training. Streamlit alone says "Aborted!", with code 1, or shows where an import was interrupted.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

APP = Path(__file__).resolve().with_name("app.py")


def leave(number: int, _: FrameType | None = None) -> None:
    """End the process now.

    While the server runs, uvicorn takes signals, closes what is open and only then hands them on to this: nothing is
    left to be done. And not by the interpreter's own end, which waits for what workers compile.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(130 if number == signal.SIGINT else 0)


if __name__ == "__main__":  # not in the processes that the server starts
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, leave)
    from streamlit.web.cli import main

    main(["run", str(APP), "--server.address", "localhost", *sys.argv[1:]], prog_name="streamlit")
