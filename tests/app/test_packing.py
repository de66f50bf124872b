"""The record as Python packs it for the stage. What JavaScript reads in it, tests/stage holds."""

from __future__ import annotations

import dataclasses
import json
import re
import struct
from typing import Any

import numpy as np
import pytest

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import linear_weights
from corner_lab.export.stage_record import COLUMNS, FORMAT, Header, packed, set_record
from ui.components import stage


def columns(rows: int) -> dict[str, np.ndarray]:
    return {name: np.arange(rows, dtype=np.float32) for name in COLUMNS}


def header_of(record: bytes) -> tuple[dict[str, Any], int]:
    """The header and the length of its text."""
    length = struct.unpack("<I", record[:4])[0]
    return json.loads(record[4 : 4 + length]), length


def test_are_the_floats_aligned_and_is_what_is_not_a_number_null() -> None:
    record = packed({"run": "é", "edges": {"w_max": float("nan"), "z_low": np.float32(-2)}}, columns(3))
    header, length = header_of(record)
    assert length % 4 == 0 and header["edges"] == {"w_max": None, "z_low": -2.0} and header["rows"] == 3
    floats = np.frombuffer(record[4 + length :], dtype="<f4").reshape(-1, 3)
    assert (floats == [0, 1, 2]).all()


def test_what_happens_to_a_record_python_should_not_send() -> None:
    with pytest.raises(ValueError, match="equally long"):
        packed({}, {**columns(3), "loss": np.zeros(2)})
    with pytest.raises(ValueError, match="lacks the columns bias"):
        packed({}, {name: values for name, values in columns(3).items() if name != "bias"})
    with pytest.raises(ValueError, match=r"lacks the columns k0\.0, .*, k1\.8, bias\.0, bias\.1, w2\.0, w2\.1$"):
        packed({"kernels": 2}, columns(3))
    with pytest.raises(ValueError, match="at least row 0"):
        packed({}, columns(0))


def test_do_python_and_javascript_name_the_same_fields_of_a_records_header() -> None:
    source = (stage.HERE / "core/record.js").read_text(encoding="utf-8")
    typedef = source.split("@typedef {object} RecordHeader")[1].split("*/")[0]
    named = re.findall(r"@property \{.*\} (\w+)", typedef)
    assert re.findall(r"^export const FORMAT = (\d+);$", source, re.MULTILINE) == [str(FORMAT)]
    packing = ["rows", "columns"]
    assert named == [*(field.name for field in dataclasses.fields(Header)), *packing]
    record = set_record(Experiment(), linear_weights("by_hand", 432), "")
    data = packed(vars(record.header), record.columns)
    sent = json.loads(data[4 : 4 + struct.unpack("<I", data[:4])[0]])
    assert list(sent) == named
