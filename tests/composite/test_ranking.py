from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
from hypothesis import given

from primacy.composite import ranks
from primacy.composite.ranking import settled
from tests.oracles import composite as oracle

from .builders import listed


def test_equal_scores_share_the_better_rank():
    assert ranks(np.array([10.0, 30.0, 30.0, 5.0])).tolist() == [3, 1, 1, 4]


def test_what_has_no_score_or_is_set_apart_has_no_rank_and_takes_none():
    scores = np.array([10.0, np.nan, 30.0, 20.0])
    assert listed(ranks(scores)) == [3, None, 1, 2]
    assert listed(ranks(scores, np.array([True, True, False, True]))) == [2, None, None, 1]


def test_a_difference_of_rounding_does_not_rank():
    # Both are 0.6; the order of the sum makes them differ in the last bit.
    one, other = 0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1
    assert one != other
    assert ranks(np.array([one, other, 0.1])).tolist() == [1, 1, 3]


def test_numbers_that_differ_by_rounding_are_made_equal_and_others_are_not():
    x = np.array([1e13, 0.1 + 0.2, 2.0, 0.3, np.nan, 3.0])
    assert listed(settled(x)) == [1e13, 0.3, 2.0, 0.3, None, 3.0]
    # What is left of a sum that cancels is nothing.
    assert settled(np.array([1e-17, 0.0, 1.0])).tolist() == [0.0, 0.0, 1.0]
    assert settled(np.array([[1.0], [2.0]])).tolist() == [[1.0], [2.0]]


def test_rows_are_ranked_one_by_one():
    assert listed(ranks(np.array([[1.0, 2.0], [np.nan, 0.0], [0.0, 0.0]]))) == [[2, 1], [None, 1], [1, 1]]


@given(st.lists(st.one_of(st.none(), st.integers(-40, 40).map(float)), min_size=1, max_size=12))
def test_ranks_agree_with_the_oracle(scores):
    ours = listed(ranks(np.array([np.nan if s is None else s for s in scores])))
    assert ours == oracle.ranks(scores)
