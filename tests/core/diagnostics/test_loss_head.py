"""Does the loss meet a head that cannot give what it asks for?"""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
import pytest

from corner_lab.diagnostics import findings, of_code
from corner_lab.training.run import Run
from tests import oracle
from tests.core.diagnostics.records import ALIGNED, Record


def test_does_the_logarithm_meet_a_flat_head_where_it_is_said_to(records: list[Record]) -> None:
    for record in records:
        finding, name = record["loss_head"], record.name
        if name == "logarithm of a hard sigmoid":
            clipped = record.wrong & ((record.outputs == 0) | (record.outputs == 1))
            assert finding.evidence["clipped"] == clipped.sum()
            assert (finding.status == "issue") == clipped.any()
        else:
            assert (finding.status == "issue") == (name == "hinge on a share")


def test_no_share_costs_a_hinge_less_than_claimed() -> None:
    finding = of_code(findings(Run(replace(ALIGNED, loss="hinge", epochs=0)).train()), "loss_head")
    y = oracle.labels(ALIGNED)
    rng = np.random.default_rng(0)
    floor = finding.evidence["lowest_possible_loss"]
    assert float(keras.losses.Hinge()(y, y)) == pytest.approx(floor)
    for _ in range(50):
        share = rng.uniform(size=y.shape) ** rng.integers(1, 9)
        assert float(keras.losses.Hinge()(y, share.astype(np.float32))) >= floor
