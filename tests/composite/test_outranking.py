from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from primacy.composite import copeland, dominance, outranking
from tests.oracles import composite as oracle

from .builders import listed, matrix


def test_outranking_by_hand():
    x = matrix([[3, 1, 5], [2, 1, 9]])
    o = outranking(x, np.array([0.5, 0.3, 0.2]))
    # A wins 0.5, ties 0.3, loses 0.2.
    assert o[0, 1] == pytest.approx(0.65)
    assert o[1, 0] == pytest.approx(0.35)
    assert o[0, 0] == 0.5


def test_a_pair_is_compared_on_what_both_have():
    x = matrix([[3, None], [2, 9], [None, 1]])
    o = outranking(x, np.array([0.2, 0.8]))
    assert o[0, 1] == 1.0
    assert o[1, 2] == 1.0
    assert o[0, 2] == 0.5


def test_copeland_counts_victories_less_defeats():
    x = matrix([[3, 3], [2, 2], [1, 1], [2, 2]])
    assert copeland(x, np.array([1.0, 1.0])).tolist() == [3, 0, -3, 0]


def test_weights_that_add_up_to_a_half_are_a_draw_whatever_the_rounding():
    # 0.1 + 0.2 + 0.2 against 0.5.
    x = matrix([[1, 1, 1, 0], [0, 0, 0, 1]])
    assert copeland(x, np.array([0.1, 0.2, 0.2, 0.5])).tolist() == [0, 0]


def test_a_unit_without_values_has_no_score_and_is_nobodys_opponent():
    x = matrix([[3], [None], [1]])
    assert listed(copeland(x, np.array([1.0]))) == [1, None, -1]


def test_a_bloc_meets_the_ranked_units_but_they_do_not_meet_it():
    x = matrix([[3], [1], [9]])
    assert copeland(x, np.array([1.0]), ranked=np.array([True, True, False])).tolist() == [1, -1, 2]


def test_dominance_is_a_share_of_pairs():
    assert dominance(matrix([[3, 1], [2, 1], [1, 2]])) == pytest.approx(1 / 3)
    assert dominance(matrix([[1, 1], [1, 1]])) == 0.0
    assert dominance(matrix([[1, None], [0, 0]])) == 0.0
    assert dominance(matrix([[1]])) == 0.0


_rows = st.integers(1, 3).flatmap(
    lambda k: st.lists(
        st.lists(st.one_of(st.none(), st.integers(0, 4).map(float)), min_size=k, max_size=k),
        min_size=2,
        max_size=6,
    )
)


@given(_rows, st.lists(st.integers(1, 9).map(float), min_size=3, max_size=3))
def test_copeland_agrees_with_the_oracle(rows, weights):
    w = weights[: len(rows[0])]
    assert listed(copeland(matrix(rows), np.array(w))) == oracle.copeland(rows, w)


@given(_rows, st.lists(st.integers(1, 9).map(float), min_size=3, max_size=3))
def test_many_sets_of_weights_at_once_give_what_each_gives_alone(rows, weights):
    x, w = matrix(rows), np.array(weights[: len(rows[0])])
    sets = np.stack([w, w[::-1], np.ones_like(w)])
    together = copeland(x, sets)
    stacked = copeland(np.stack([x, x, x]), sets)
    for k, one in enumerate(sets):
        assert listed(together[k]) == listed(stacked[k]) == listed(copeland(x, one))


@given(_rows, st.lists(st.integers(1, 9).map(float), min_size=3, max_size=3), st.floats(0.001, 1000))
def test_copeland_ignores_monotone_transforms_and_the_scale_of_weights(rows, weights, factor):
    x, w = matrix(rows), np.array(weights[: len(rows[0])])
    assert listed(copeland(x**3 - 5, w * factor)) == listed(copeland(x, w))


@given(_rows)
def test_without_gaps_victories_and_defeats_cancel(rows):
    x = np.nan_to_num(matrix(rows))
    o = outranking(x, np.ones(x.shape[1]))
    assert o + o.T == pytest.approx(np.ones_like(o))
    assert copeland(x, np.ones(x.shape[1])).sum() == 0
