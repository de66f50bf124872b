"""What every test process needs before anything imports Keras or TensorFlow, and the rule that nothing is skipped."""

from __future__ import annotations

import gc
import os
import signal
import tempfile

import pytest
from hypothesis import settings

# The user's own Keras settings must not decide what is tested: neither the environment nor ~/.keras/keras.json.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["KERAS_HOME"] = tempfile.mkdtemp(prefix="corner-lab-keras-")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# XLA compiles hundreds of small loops here, each in half the time where it neither fuses through MLIR nor splits the
# code nor does all that LLVM can: they run no slower for it. It compiles as it does by itself in the process of
# exported scripts, in one of the command line, and in all of `make check-all`.
os.environ.setdefault(
    "XLA_FLAGS",
    "--xla_cpu_use_fusion_emitters=false --xla_cpu_parallel_codegen_split_count=1 "
    "--xla_backend_optimization_level=1 --xla_llvm_disable_expensive_passes=true",
)
# What a shell starts in the background ignores Ctrl+C, and so does all that is started from there.
signal.signal(signal.SIGINT, signal.default_int_handler)
gc.disable()  # while Keras and TensorFlow are imported, through which it would walk again and again

# No deadline: the first call into TensorFlow takes seconds. The same examples each time: a red run can be repeated.
settings.register_profile("corner_lab", deadline=None, derandomize=True)
settings.load_profile("corner_lab")


def pytest_collection_finish() -> None:
    """Keras and TensorFlow are imported, and stay: the garbage collector need not walk through them again and again."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if terminalreporter.stats.get("skipped"):
        terminalreporter.write_sep("=", "a skipped test counts as a failure here: make it run, or remove it", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == pytest.ExitCode.OK and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
