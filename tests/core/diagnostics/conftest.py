"""The records are made once for all tests of the checks: each structure has to be compiled."""

from __future__ import annotations

import pytest

from tests.core.diagnostics.records import Record, all_records


@pytest.fixture(scope="session")
def records() -> list[Record]:
    return all_records()
