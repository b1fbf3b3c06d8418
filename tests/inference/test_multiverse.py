"""Universes of next to nothing: no works, no units, one unit; the rest is held to an oracle in the studies' tests."""

from __future__ import annotations

import numpy as np
import pytest

from primacy.inference.multiverse import multiverse
from primacy.inference.workshop import SHAPE, Material, Workshop


def material(works: int, units: int) -> Material:
    """Works of which each is the first unit's, where there is one."""
    rows = works if units else 0
    return Material(
        year=np.full(works, 2020),
        citations=np.arange(works),
        foreign=np.zeros((works, 2, 2), dtype=np.int64),
        in_query=np.ones((works, 2), dtype=bool),
        in_types=np.ones((works, 2), dtype=bool),
        work=np.arange(rows),
        unit=np.zeros(rows, dtype=np.int64),
        parts=np.ones((rows, 2, 3)),
        merged=np.arange(units),
    )


@pytest.mark.parametrize(("works", "units"), [(0, 0), (0, 2), (3, 0)])
def test_nobody_leads_where_there_is_nothing(works, units):
    found = multiverse(Workshop(material(works, units), 2020), 0)
    assert found.leader.shape == SHAPE
    assert (found.leader == -1).all()
    assert found.universes == 0


def test_one_unit_leads_with_all_there_is():
    found = multiverse(Workshop(material(40, 1), 2020), 0)
    led = found.leader == 0
    assert led.any()
    assert found.margin[led] == pytest.approx(1)
    assert found.robustness == 1
