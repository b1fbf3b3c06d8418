from __future__ import annotations

from itertools import chain

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from primacy.composite import impute
from primacy.errors import InputError, UsageError
from tests.oracles import composite as oracle

from .builders import listed, matrix, values

ROWS = [[1.0, 10.0], [2.0, None], [None, 40.0], [9.0, 70.0]]


def test_drop_leaves_the_gaps():
    assert listed(impute(values(ROWS))) == ROWS


def test_mean_median_and_zero_by_hand():
    assert listed(impute(values(ROWS), method="mean"))[1:3] == [[2.0, 40.0], [4.0, 40.0]]
    assert listed(impute(values(ROWS), method="median"))[1:3] == [[2.0, 40.0], [2.0, 40.0]]
    assert listed(impute(values(ROWS), method="zero"))[1:3] == [[2.0, 0.0], [0.0, 40.0]]


def test_a_median_of_an_even_number_is_the_mean_of_the_middle_two():
    assert listed(impute(values([[1], [None], [4]]), method="median")) == [[1.0], [2.5], [4.0]]


def test_group_mean_and_median_take_the_units_of_the_same_group():
    v = values([[1], [3], [None], [100], [None], [None]], groups=("g", "g", "g", "h", "h", "alone"))
    assert listed(impute(v, method="group-mean")) == [[1.0], [3.0], [2.0], [100.0], [100.0], [None]]
    assert listed(impute(v, method="group-median")) == [[1.0], [3.0], [2.0], [100.0], [100.0], [None]]


def test_panel_takes_the_latest_earlier_value_of_the_same_unit():
    older = ((2021, matrix([[7, None], [8, 8]])), (2019, matrix([[6, 5], [6, 6]])))
    v = values([[None, None], [1, None]], earlier=tuple(reversed(older)))
    assert listed(impute(v, method="panel")) == [[7.0, 5.0], [1.0, 8.0]]


def test_knn_averages_the_nearest_units_that_have_the_value():
    # By the first column A and B are near each other, C and D are not: with one neighbour A takes B's 10.
    v = values([[0.0, None], [0.1, 10.0], [5.0, 20.0], [6.0, 60.0]])
    assert listed(impute(v, method="knn", neighbours=1))[0] == [0.0, 10.0]
    assert listed(impute(v, method="knn", neighbours=2))[0] == [0.0, 15.0]
    assert listed(impute(v, method="knn", neighbours=9))[0] == [0.0, 30.0]


def test_knn_breaks_equal_distances_by_name():
    v = values([[0, None], [1, 30], [-1, 50]], units=("A", "Z", "M"))
    assert listed(impute(v, method="knn", neighbours=1))[0] == [0.0, 50.0]


def test_knn_leaves_a_gap_when_nothing_can_be_compared():
    v = values([[None, 1.0], [2.0, None], [3.0, None]])
    assert listed(impute(v, method="knn"))[0] == [None, 1.0]


def test_a_bloc_gives_nothing_to_its_members_but_takes_from_them():
    v = values([[1, 1], [3, 3], [1000, 900], [None, None]], apart=frozenset({"C"}))
    assert listed(impute(v, method="mean"))[3] == [2.0, 2.0]
    v = values([[1, None], [3, 3], [1, 900]], apart=frozenset({"C"}))
    assert listed(impute(v, method="knn", neighbours=1))[0] == [1.0, 3.0]
    v = values([[1], [3], [None]], apart=frozenset({"C"}))
    assert listed(impute(v, method="mean"))[2] == [2.0]


def test_zero_is_refused_where_it_would_reward_the_gap():
    directions = np.array([1.0, -1.0])
    assert listed(impute(values([[None, 1], [2, 2]]), method="zero", directions=directions))[0] == [0.0, 1.0]
    with pytest.raises(InputError, match="less is better in 'price': zero would reward the gap"):
        impute(values(ROWS), method="zero", directions=directions, names=("papers", "price"))


@pytest.mark.parametrize(
    ("method", "error", "message"),
    [
        ("panel", InputError, "no earlier period"),
        ("group-mean", InputError, "the units have no groups"),
        ("guess", UsageError, "missing is 'guess'; it takes drop, zero, median, mean"),
    ],
)
def test_a_method_without_what_it_needs_is_refused(method, error, message):
    with pytest.raises(error, match=message):
        impute(values(ROWS), method=method)


def test_knn_needs_a_neighbour():
    with pytest.raises(InputError, match="neighbours is 0"):
        impute(values(ROWS), method="knn", neighbours=0)


_cell = st.one_of(st.none(), st.floats(-50, 50).map(lambda v: round(v, 3)))


@given(
    rows=st.integers(1, 3).flatmap(
        lambda k: st.lists(st.lists(_cell, min_size=k, max_size=k), min_size=2, max_size=8)
    ),
    method=st.sampled_from(["drop", "zero", "mean", "median", "group-mean", "group-median", "knn"]),
)
def test_every_method_agrees_with_the_oracle(rows, method):
    if any(all(row[k] is None for row in rows) for k in range(len(rows[0]))):
        return
    groups = tuple("gh"[k % 2] for k in range(len(rows)))
    ours = listed(impute(values(rows, groups=groups), method=method, neighbours=2))
    theirs = oracle.impute(rows, method, groups=list(groups), neighbours=2)
    for a, b in zip(chain(*ours), chain(*theirs), strict=True):
        assert (a is None) == (b is None)
        assert a is None or a == pytest.approx(b, abs=1e-9)
