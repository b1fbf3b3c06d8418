from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles import research as oracle

from primacy.inference.bootstrap import (
    draw_counts,
    generator,
    percentile_interval,
    recomputed_scores,
    share_replicates,
)
from primacy.inference.pairwise import ahead

# Four works; the first three score 1, 1 and 0.5, the fourth nothing. Credit of unit 0 and unit 1.
CREDIT = [(1.0, 0.0), (0.5, 0.5), (0.0, 1.0)]
SCORE = np.array([1.0, 1.0, 0.5])


def naive(counts):
    """Shares of each replicate by walking through the papers drawn, one by one."""
    rows = []
    for draw in counts:
        papers = [i for i, times in enumerate(draw) for _ in range(times)]
        whole = sum(SCORE[i] for i in papers)
        rows.append([sum(CREDIT[i][u] * SCORE[i] for i in papers) / whole for u in (0, 1)] if whole else None)
    return [r for r in rows if r is not None]


def replicates(counts):
    work = np.array([0, 1, 1, 2])
    unit = np.array([0, 0, 1, 1])
    value = np.array([CREDIT[w][u] * SCORE[w] for w, u in zip(work, unit, strict=True)])
    return share_replicates(work, unit, value, SCORE, np.asarray(counts), 2)


def test_shares_of_replicates_by_hand():
    got = replicates([[1, 1, 2], [0, 0, 2], [0, 0, 0]])
    assert got.shares.tolist() == [[0.5, 0.5], [0.0, 1.0]]  # the empty replicate defines no share
    assert got.leader_probability().tolist() == [0.25, 0.75]
    assert ahead(got.shares)[0, 1] == 0.25


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=20))
def test_the_matrix_product_equals_a_loop_over_resampled_papers(counts):
    assert replicates(counts).shares == pytest.approx(np.array(naive(counts)).reshape(-1, 2), abs=1e-12)


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1), st.integers(0, 3)), min_size=1, max_size=20),
    st.sampled_from([1, 5, 10, 25]),
    st.sampled_from(["fractional", "include", "exclude"]),
)
def test_recomputed_thresholds_equal_the_oracle_on_the_papers_drawn(rows, percent, ties):
    citations, cell, times = (np.array(column) for column in zip(*rows, strict=True))
    got = recomputed_scores(citations, cell, times[None, :], percent, ties)[0]
    for k in (0, 1):
        drawn = [i for i in range(len(rows)) if cell[i] == k for _ in range(times[i])]
        if drawn:
            expected = oracle.scores([int(citations[i]) for i in drawn], percent / 100, ties)
            assert [got[i] for i in drawn] == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=20))
def test_pairwise_probabilities_equal_counting_over_resampled_papers(counts):
    rows = naive(counts)
    got = ahead(replicates(counts).shares)
    if not rows:
        assert np.isnan(got).all()
        return
    for one, other in ((0, 1), (1, 0)):
        wins = [0.5 if abs(r[one] - r[other]) < 1e-12 else float(r[one] > r[other]) for r in rows]
        assert got[one, other] == pytest.approx(sum(wins) / len(rows), abs=1e-9)
    assert got + got.T == pytest.approx(np.ones((2, 2)))


def test_pooling_adds_what_was_resampled_apart():
    a, b = replicates([[1, 0, 0]]), replicates([[0, 0, 2]])
    assert (a + b).shares.tolist() == [[0.5, 0.5]]


def test_draws_depend_on_the_seed_and_the_set_alone():
    one = draw_counts(50, 5, 100, generator(0, "lasers", "2019-2023"))
    assert (one == draw_counts(50, 5, 100, generator(0, "lasers", "2019-2023"))).all()
    assert (one != draw_counts(50, 5, 100, generator(1, "lasers", "2019-2023"))).any()
    assert (one != draw_counts(50, 5, 100, generator(0, "radar", "2019-2023"))).any()


def test_drawing_the_others_as_one_lump_keeps_the_distribution():
    counts = draw_counts(40, 4, 20_000, generator(3, "x"))
    assert counts.mean(axis=0) == pytest.approx(np.ones(4), abs=0.04)
    assert counts.var(axis=0) == pytest.approx(np.full(4, 39 / 40), abs=0.06)
    assert np.cov(counts.T)[0, 1] == pytest.approx(-1 / 40, abs=0.03)


def test_degenerate_draws():
    assert draw_counts(5, 0, 3, generator(0)).shape == (3, 0)
    assert (draw_counts(1, 1, 7, generator(0)) == 1).all()
    with pytest.raises(ValueError, match="3 scoring works of 2"):
        draw_counts(2, 3, 1, generator(0))


def test_percentiles_are_interpolated_and_empty_without_replicates():
    low, high = percentile_interval(np.arange(101.0)[:, None])
    assert (low[0], high[0]) == pytest.approx((2.5, 97.5))
    low, high = percentile_interval(np.empty((0, 2)))
    assert np.isnan(low).all()
    assert np.isnan(high).all()
