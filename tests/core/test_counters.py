"""Are runs counted once, by how they ended, is a failure told with its link, and can Prometheus read it?"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from corner_lab import counters
from corner_lab.counters import Gauge, Trainings
from corner_lab.experiment.experiment import Experiment
from corner_lab.training.run import Run

ONE = Experiment(labels="aligned", epochs=1)


@pytest.fixture
def since() -> Callable[[], dict[str, int]]:
    """What was counted since the test began, where that is anything."""
    before = counters.counts()
    return lambda: {name: n - before[name] for name, n in counters.counts().items() if n != before[name]}


def test_is_each_run_counted_once_by_how_it_ended(
    since: Callable[[], dict[str, int]], caplog: pytest.LogCaptureFixture
) -> None:
    trainings, queued, finished, stopped, failed = Trainings(), *(Run(ONE) for _ in range(4))
    for run in (queued, finished, stopped, failed):
        trainings.begun(run)
    assert since() == {"runs_started": 4} and trainings.in_phase("queued") == 4
    finished.train()
    stopped.stop()
    stopped.train()
    failed._begin = lambda: 1 // 0  # type: ignore[assignment, method-assign, return-value]
    failed.train()
    for _ in range(2):
        trainings.settle()
    ended = {"runs_finished": 1, "runs_stopped": 1, "runs_failed": 1}
    assert since() == {"runs_started": 4} | ended and trainings.in_phase("queued") == 1
    (record,) = caplog.records
    assert record.getMessage() == (
        "the run of ?labels=aligned&epochs=1 failed: ZeroDivisionError: integer division or modulo by zero"
    )
    finished.extend(1)  # asked for again, it counts again
    trainings.begun(finished)
    finished.train()
    trainings.settle()
    assert since() == {"runs_started": 5} | ended | {"runs_finished": 2}


def test_is_the_text_in_the_usual_format() -> None:
    told = counters.text([Gauge("bytes", "Memory.", 1536.0, 'part="a"'), Gauge("bytes", "Memory.", 0, 'part="b"')])
    lines = told.split("\n")
    assert lines.pop() == ""  # the last line ends too
    sample = re.compile(r'(corner_lab_[a-z_]+)(\{[a-z]+="[a-z]+"\})? -?[\d.e+]+')
    names = [match[1] for line in lines if (match := sample.fullmatch(line))]
    about = [line.split() for line in lines if line.startswith("# ")]
    assert len(names) + len(about) == len(lines) == 3 * len(counters.COUNTED) + 4
    assert [words[2] for words in about if words[1] == "TYPE"] == list(dict.fromkeys(names))
    assert lines[-2:] == ['corner_lab_bytes{part="a"} 1536', 'corner_lab_bytes{part="b"} 0']
    assert all((name.endswith("_total")) == (name != "corner_lab_bytes") for name in names)


def test_is_what_nobody_has_named_refused() -> None:
    with pytest.raises(KeyError, match="clicks"):
        counters.add("clicks")
