from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from primacy.composite import correlation_ratio, linear_importance
from primacy.composite.importance import _BANDWIDTHS
from tests.oracles import composite as oracle


def test_the_linear_importance_is_the_squared_correlation():
    x, y = np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 4.0])
    assert linear_importance(x, y) == pytest.approx(9 / 12)


def test_a_curve_that_a_line_misses_is_found():
    x = np.linspace(-1, 1, 41)
    assert linear_importance(x, x**2) < 1e-12
    assert correlation_ratio(x, x**2) > 0.95


def test_a_straight_line_explains_everything():
    x = np.arange(10.0)
    assert correlation_ratio(x, 3 * x + 1) == pytest.approx(1.0)


def test_noise_explains_little():
    random = np.random.default_rng(5)
    x, y = random.random(200), random.random(200)
    assert correlation_ratio(x, y) < 0.1


def test_too_few_units_or_no_spread_give_no_ratio():
    assert np.isnan(correlation_ratio(np.arange(4.0), np.arange(4.0)))
    assert np.isnan(correlation_ratio(np.ones(9), np.arange(9.0)))
    x = np.array([1.0, 2, 3, 4, np.nan, np.nan])
    assert np.isnan(correlation_ratio(x, np.arange(6.0)))


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 40)), min_size=15, max_size=20))
def test_the_ratio_agrees_with_the_oracle(points):
    # Near-regular spacing: a window around a lone point would make either side's equations ill-conditioned.
    x = [k + a / 10 for k, (a, _) in enumerate(points)]
    y = [b / 4 + k / 5 for k, (_, b) in enumerate(points)]
    ours = correlation_ratio(np.array(x), np.array(y))
    assert ours == pytest.approx(oracle.correlation_ratio(x, y, _BANDWIDTHS), rel=1e-6, abs=1e-6)
