from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from primacy.composite import compare, without
from primacy.errors import InputError

from .builders import flat, values


def test_two_indices_by_hand():
    one, other = flat([[4], [3], [2], [1]]).run(), flat([[4], [1], [3], [2]]).run()
    found = compare(one, other)
    # Ranks 1 2 3 4 and 1 4 2 3: shifts 0, 2, 1, 1.
    assert [(m.unit, m.change) for m in found.moves] == [("B", -2.0), ("C", 1.0), ("D", 1.0), ("A", 0.0)]
    assert (found.mean_shift, found.largest_shift) == (1.0, 2.0)
    assert found.spearman == pytest.approx(1 - 6 * 6 / (4 * 15))
    # Of six pairs two are turned: B-C and B-D.
    assert found.kendall == pytest.approx((4 - 2) / 6)


def test_units_of_one_index_alone_are_named_and_ranks_are_among_the_common_ones():
    one = flat([[4], [3], [2]])
    found = compare(one.run(), without(one, units=["A"]).run())
    assert found.only_one == ("A",)
    assert found.only_other == ()
    assert [(m.unit, m.rank_one, m.rank_other) for m in found.moves] == [("B", 1, 1), ("C", 2, 2)]
    with pytest.raises(InputError, match="rank no unit in common"):
        compare(without(one, units=["B", "C"]).run(), without(one, units=["A"]).run())


def test_a_comparison_of_ties_has_no_correlation():
    tied = flat([[1], [1]]).run()
    found = compare(tied, flat([[1], [2]]).run())
    assert np.isnan(found.kendall)
    assert np.isnan(found.spearman)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=9))
def test_kendall_agrees_with_scipy(pairs):
    one, other = (flat([[float(p[k])] for p in pairs]).run() for k in (0, 1))
    ours = compare(one, other).kendall
    if len({a for a, _ in pairs}) == 1 or len({b for _, b in pairs}) == 1:
        assert np.isnan(ours)
    else:
        assert ours == pytest.approx(float(stats.kendalltau(one.rank, other.rank).statistic), abs=1e-12)


def test_a_bloc_is_not_compared():
    bloc = flat([[1], [2]]).change(values=values([[1], [2]], apart=frozenset({"B"}))).run()
    assert compare(flat([[1], [2]]).run(), bloc).only_one == ("B",)
