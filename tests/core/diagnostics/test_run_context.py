"""Does a case keep to the row that it was made at?"""

from __future__ import annotations

import numpy as np

from corner_lab.diagnostics.run_context import Case
from tests.core.diagnostics.records import ALIGNED, recorded


def test_does_a_case_speak_of_the_row_it_was_made_at() -> None:
    run = recorded(ALIGNED, [np.zeros(12, np.float32)] * 3)
    case = Case.of(run)
    assert run.history is not None
    run.history.append(run.history.rows[:1] + 1)
    assert case.last == 2 and len(case.column("loss")) == 3
