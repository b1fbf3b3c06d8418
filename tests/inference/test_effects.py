from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles import research as oracle

from primacy.inference.crossing import crossing
from primacy.inference.effects import effects
from primacy.inference.hindex import h_replicates
from primacy.inference.lead import LEVELS, lead_replicates
from primacy.inference.scores import TIES, score_matrix
from primacy.inference.verdict import verdict


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), min_size=1, max_size=40))
def test_score_matrix_equals_the_oracle_in_every_cell(works):
    citations = np.array([c for c, _ in works])
    cells = np.array([k for _, k in works])
    got = score_matrix(citations, cells, [1, 5, 10, 25])
    for i, top in enumerate([0.01, 0.05, 0.10, 0.25]):
        for j, ties in enumerate(TIES):
            for cell in set(cells.tolist()):
                mine = cells == cell
                expected = oracle.scores(citations[mine].tolist(), top, ties)
                assert got[mine, i, j] == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=25))
def test_h_index_of_replicates_equals_a_list_of_the_works_drawn(rows):
    unit = np.array([u for u, _, _ in rows])
    citations = np.array([c for _, c, _ in rows])
    counts = np.array([[n for _, _, n in rows], [1] * len(rows)])
    got = h_replicates(np.arange(len(rows)), unit, citations, counts, 3)
    for r in range(2):
        for u in range(3):
            drawn = [c for (v, c, _), n in zip(rows, counts[r], strict=True) if v == u for _ in range(n)]
            assert got[r, u] == oracle.h_index(drawn)


def test_monopoly_risk_needs_both_conditions():
    # One country against another; ten institutions, k of them in the first.
    def level(ratio, k):
        seat = np.array([0] * k + [1] * (10 - k))
        return LEVELS[lead_replicates(np.array([[ratio, 1.0]]), np.ones((1, 10)), seat).level[0]]

    assert [level(3, 8), level(2.99, 8), level(3, 7), level(2, 5), level(1.99, 5), level(2, 4)] == [
        "high",
        "medium",
        "medium",
        "medium",
        "low",
        "low",
    ]


def test_effects_of_an_additive_and_of_an_interacting_choice():
    additive = np.add.outer([0.0, 2.0], [0.0, 1.0])
    first, second = effects(additive)
    assert (first.first_order, first.total) == pytest.approx((0.8, 0.8))
    assert (second.first_order, second.total) == pytest.approx((0.2, 0.2))
    crossed = np.array([[1.0, 0.0], [0.0, 1.0]])  # only the combination matters
    for effect in effects(crossed):
        assert (effect.first_order, effect.total) == pytest.approx((0.0, 1.0))
    for nothing in (np.ones((2, 2)), np.full((2, 2), np.nan)):
        assert [e.total for e in effects(nothing)] == [0.0, 0.0]


YEARS = np.arange(2018, 2024)


def answer(over, under, over_replicates=None, under_replicates=None):
    empty = np.empty((0, len(YEARS)))
    return crossing(
        YEARS,
        np.array(over, dtype=float),
        np.array(under, dtype=float),
        empty if over_replicates is None else np.array(over_replicates, dtype=float),
        empty if under_replicates is None else np.array(under_replicates, dtype=float),
    )


def test_the_crossing_is_the_first_year_from_which_the_overtaker_stays_ahead():
    assert answer([1, 3, 1, 3, 3, 3], [2] * 6).year == 2021
    assert answer([1, 3, 1, 3, 3, 3], [2] * 6).status == "crossed"
    assert answer([3] * 6, [2] * 6).status == "always"
    late = answer([3, 3, 3, 3, 3, 1], [2] * 6)
    assert (late.status, late.year) == ("not yet", None)
    assert answer([2] * 6, [2] * 6).status == "not yet"  # level is not ahead
    assert answer([1, np.nan, 1, 3, np.nan, 3], [2] * 6).year == 2021
    assert answer([np.nan] * 6, [2] * 6).status == "not yet"


def test_the_interval_of_the_crossing_comes_from_the_replicates():
    sure = [[1, 1, 1, 3, 3, 3]] * 90 + [[1, 1, 3, 3, 3, 3]] * 10
    got = answer([1, 1, 1, 3, 3, 3], [2] * 6, sure, [[2] * 6] * 100)
    assert (got.status, got.year, got.low, got.high, got.probability) == ("crossed", 2021, 2020, 2021, 1.0)
    unsure = [[1, 1, 1, 3, 3, 3]] * 60 + [[1, 1, 1, 3, 3, 1]] * 40
    got = answer([1, 1, 1, 3, 3, 3], [2] * 6, unsure, [[2] * 6] * 100)
    assert (got.status, got.year, got.high, got.since, got.probability) == (
        "contested",
        2021,
        None,
        2023,
        0.6,
    )


@pytest.mark.parametrize(
    ("probability", "papers", "expected"),
    [
        (0.95, 100, "leads"),
        (0.9499, 100, "ahead, contestable"),
        (0.80, 100, "ahead, contestable"),
        (0.7999, 100, "contested"),
        (None, 100, "contested"),
        (1.0, 99, "too few papers"),
    ],
)
def test_verdicts_at_their_bounds(probability, papers, expected):
    assert verdict(probability, papers) == expected
