from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from primacy.inference.sparse import beta_interval


def one(share, variance, whole, **options):
    low, high = beta_interval(np.array([share]), np.array([variance]), whole, **options)
    return float(low[0]), float(high[0])


def test_nothing_found_is_the_rule_of_three():
    # With none of n, the share that would give none in 2.5 % of worlds: 1 - 0.025 ** (1 / n).
    assert one(0.0, 0.0, 100) == (0.0, pytest.approx(1 - 0.025 ** (1 / 100)))
    assert one(1.0, 0.0, 100) == (pytest.approx(0.025 ** (1 / 100)), 1.0)
    # Thresholds found anew may give a unit without any highly cited work a variance of its own: it says nothing here.
    assert one(0.0, 0.001, 100) == one(0.0, 0.0, 100)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_whole_works_give_the_exact_interval_of_a_proportion(pair):
    hits, works = pair
    p = hits / works
    wanted = stats.binomtest(hits, works).proportion_ci(0.95, method="exact")
    assert one(p, p * (1 - p) / works, works) == pytest.approx((wanted.low, wanted.high), abs=1e-9)


@given(st.just(0.0) | st.floats(1e-6, 1), st.floats(0, 0.1), st.floats(0.5, 1000))
def test_the_share_lies_in_its_interval(share, variance, whole):
    low, high = one(share, variance, whole)
    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1


def test_less_variance_or_less_confidence_is_a_narrower_interval():
    def width(*arguments, **options):
        low, high = one(*arguments, **options)
        return high - low

    assert width(0.2, 0.001, 40) < width(0.2, 0.004, 40)
    assert width(0.2, 0.004, 40, level=0.8) < width(0.2, 0.004, 40)
    assert width(0.0, 0.0, 400) < width(0.0, 0.0, 40)


def test_without_a_score_there_is_no_interval():
    assert np.isnan(one(float("nan"), 0.0, 0.0)).all()
