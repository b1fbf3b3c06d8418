from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from primacy.inference.agreement import agreement, implied_factor
from primacy.inference.leave_out import leave_one_out


def test_one_factor_reproduces_the_published_changes_of_2020(shared):
    with (shared / "data" / "nature_index" / "published_sample.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["year"] == "2020" and r["share_prev"]]
    share, previous, change = (
        np.array([float(r[c]) for r in rows]) for c in ("share", "share_prev", "adj_share_change_pct")
    )
    factor, error = implied_factor(share, previous, change)
    assert len(rows) == 250
    assert factor == pytest.approx(0.9643, abs=5e-5)
    assert error < 0.1  # rounding of the Shares to two digits and of the changes to one
    assert np.abs(100 * (factor * share / previous - 1) - change).max() == pytest.approx(error)


def test_without_units_nothing_is_claimed():
    nothing = np.array([])
    assert implied_factor(nothing, nothing, nothing) == (None, None)
    found = agreement(nothing, nothing)
    assert (found.units, found.spearman, found.median_error, found.ratio) == (0, None, None, None)
    constant = agreement(np.array([1.0, 1.0]), np.array([1.0, 2.0]))
    assert (constant.spearman, constant.ratio) == (None, 2 / 3)


def test_order_and_amount_are_told_apart():
    ours, theirs = np.array([1.0, 2.0, 3.0, 40.0]), np.array([2.0, 4.0, 6.0, 80.0])
    found = agreement(ours, theirs)
    assert (found.spearman, found.kendall, found.median_error, found.ratio) == (1.0, 1.0, 0.5, 0.5)
    assert agreement(ours, theirs[::-1]).spearman == -1.0
    assert agreement(ours, np.array([0.0, 4.0, 6.0, 80.0])).median_error == 0.5


@given(st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=1, max_size=6))
def test_leaving_a_part_out_is_summing_the_others(parts):
    array = np.array(parts, dtype=float)
    totals, places = leave_one_out(array)
    for j in range(3):
        rest = [sum(row) - row[j] for row in parts]
        assert totals[:, j].tolist() == rest
        assert places[:, j].tolist() == [1 + sum(other > own for other in rest) for own in rest]
