"""Intervals of shares when it is not certain that each part exists."""

from __future__ import annotations

import numpy as np
import pytest

from primacy.inference.certainty import share_intervals


def test_certain_parts_leave_no_interval():
    low, high = share_intervals(np.array([3.0, 1.0]), np.array([0, 1]), np.ones(2))
    assert low == pytest.approx([0.75, 0.25])
    assert high == pytest.approx([0.75, 0.25])


def test_an_uncertain_part_widens_the_interval_as_by_hand():
    # With probability 1/2 the second part is missing, and the first has everything.
    low, high = share_intervals(np.array([3.0, 1.0]), np.array([0, 1]), np.array([1.0, 0.5]))
    assert (low[0], high[0]) == pytest.approx((0.75, 1.0))
    assert (low[1], high[1]) == pytest.approx((0.0, 0.25))


def test_the_same_seed_gives_the_same_interval():
    values, units = np.arange(1.0, 50.0), np.arange(49) % 5
    first = share_intervals(values, units, np.full(49, 0.7), seed=3)
    again = share_intervals(values, units, np.full(49, 0.7), seed=3)
    assert all((a == b).all() for a, b in zip(first, again, strict=True))


def test_nothing_gives_nothing():
    low, high = share_intervals(np.empty(0), np.empty(0, dtype=np.int64), np.empty(0))
    assert len(low) == len(high) == 0
