"""Authors who come along with their works: by hand, and against plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from primacy.inference.indirect import column_replicates, grouped_shares, interval_of_defined, shared_once


def test_an_author_who_counts_once_is_shared_among_the_works_by_hand():
    author, score = np.array([0, 0, 1, 2, 2]), np.array([1.0, 0.5, 0.25, 0.5, 0.5])
    assert shared_once(author, score).tolist() == [2 / 3, 1 / 3, 0.25, 0.25, 0.25]
    assert shared_once(np.zeros(0, np.int64), np.zeros(0)).tolist() == []


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0.01, 1)), min_size=1, max_size=20))
def test_the_parts_of_an_author_sum_to_the_largest_score(rows):
    author = np.array([a for a, _ in rows])
    score = np.array([s for _, s in rows])
    parts = shared_once(author, score)
    for a in set(author.tolist()):
        assert parts[author == a].sum() == pytest.approx(score[author == a].max())


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_columns_equal_plain_loops(seed):
    rng = np.random.default_rng(seed)
    works, authors, columns = 4, 5, 3
    work, author = rng.integers(0, works, 8), rng.integers(0, authors, 8)
    amount, part = rng.random(8), rng.random((authors, columns))
    counts = rng.integers(0, 3, (6, works))
    found = column_replicates(work, author, amount, counts, sparse.csr_matrix(part))
    for r in range(6):
        expected = sum(counts[r, w] * x * part[a] for w, a, x in zip(work, author, amount, strict=True))
        assert found[r] == pytest.approx(expected)


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_shares_of_a_group_sum_to_one_and_percentiles_leave_out_what_is_not_defined(seed):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 3, (9, 5)).astype(float)
    group = np.array([0, 0, 1, 1, 1])
    shares = grouped_shares(values, group)
    for g in (0, 1):
        whole = values[:, group == g].sum(axis=1)
        assert shares[whole > 0][:, group == g].sum(axis=1) == pytest.approx(1)
        assert np.isnan(shares[whole == 0][:, group == g]).all()
    low, high = interval_of_defined(shares)
    for column in range(5):
        known = shares[:, column][~np.isnan(shares[:, column])]
        if len(known):
            expected = np.quantile(known, [0.025, 0.975])
            assert [low[column], high[column]] == pytest.approx(expected.tolist())
        else:
            assert np.isnan([low[column], high[column]]).all()


def test_without_replicates_there_is_no_interval():
    low, high = interval_of_defined(np.zeros((0, 2)))
    assert np.isnan([*low, *high]).all()
