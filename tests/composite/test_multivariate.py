from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import assume, given
from scipy import stats

from primacy.composite import (
    correlation,
    correlation_matrix,
    cronbach_alpha,
    principal_components,
    redundant_pairs,
)
from primacy.errors import UsageError
from tests.oracles import composite as oracle

from .builders import listed, matrix


def test_correlation_by_hand():
    # Deviations -1, 0, 1 and -1, -1, 2: 3 / sqrt(2 · 6).
    x, y = np.array([1.0, 2.0, 3.0, np.nan]), np.array([1.0, 1.0, 4.0, 9.0])
    assert correlation(x, y) == pytest.approx(3 / np.sqrt(12))
    assert correlation(x, np.full(4, 2.0)) != correlation(x, np.full(4, 2.0))
    assert correlation(x, y**3, kind="spearman") == pytest.approx(correlation(x, y, kind="spearman"))


def test_an_unknown_kind_of_correlation_is_refused():
    with pytest.raises(UsageError, match="kind is 'kendall'; it takes pearson, spearman"):
        correlation(np.ones(3), np.ones(3), kind="kendall")


def test_a_constant_column_has_no_correlations():
    assert listed(correlation_matrix(matrix([[1, 5], [2, 5]]))) == [[1.0, None], [None, None]]


def test_cronbach_by_hand():
    # Variances 2/3 and 14/9, of the sum 38/9: 2 (1 - (20/9) / (38/9)) = 36/38.
    assert cronbach_alpha(matrix([[1, 2], [2, 3], [3, 5], [None, 1]])) == pytest.approx(36 / 38)
    assert np.isnan(cronbach_alpha(matrix([[1], [2]])))
    assert np.isnan(cronbach_alpha(matrix([[1, -1], [2, -2]])))
    assert np.isnan(cronbach_alpha(matrix([[1, None], [2, 2]])))


def test_two_correlated_columns_have_the_eigenvalues_one_plus_and_minus_r():
    x = matrix([[1, 1], [2, 1], [3, 4]])
    r = 3 / np.sqrt(12)
    found = principal_components(x)
    assert found.eigenvalues.tolist() == pytest.approx([1 + r, 1 - r])
    assert found.explained.sum() == pytest.approx(1.0)
    assert found.above_one == 1
    assert found.loadings[:, 0].tolist() == pytest.approx([np.sqrt(0.5)] * 2)


def test_components_rebuild_the_correlation_matrix():
    x = np.random.default_rng(3).random((12, 4))
    found = principal_components(x)
    rebuilt = found.loadings @ np.diag(found.eigenvalues) @ found.loadings.T
    assert rebuilt == pytest.approx(correlation_matrix(x))


def test_redundant_pairs_are_those_at_the_limit_or_above():
    x = matrix([[1, 1, -1], [2, 2, -2], [3, 3, -3.5]])
    pairs = redundant_pairs(x, limit=1.0)
    assert [(p.one, p.other, p.correlation) for p in pairs] == [(1, 0, 1.0)]


_pairs = st.lists(
    st.tuples(st.integers(-9, 9).map(float), st.integers(-9, 9).map(float)), min_size=3, max_size=15
)


@given(_pairs)
def test_correlations_agree_with_the_oracle_and_scipy(pairs):
    x, y = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
    assume(np.ptp(x) > 0 and np.ptp(y) > 0)
    assert correlation(x, y) == pytest.approx(oracle.correlation(x.tolist(), y.tolist()), abs=1e-9)
    assert correlation(x, y) == pytest.approx(float(stats.pearsonr(x, y).statistic), abs=1e-9)
    assert correlation(x, y, kind="spearman") == pytest.approx(
        float(stats.spearmanr(x, y).statistic), abs=1e-9
    )


@given(_pairs)
def test_cronbach_agrees_with_the_oracle(pairs):
    rows = [list(p) for p in pairs]
    assume(len({sum(r) for r in rows}) > 1)
    assert cronbach_alpha(np.array(rows)) == pytest.approx(oracle.cronbach(rows), abs=1e-9)
