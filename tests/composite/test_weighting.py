from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import assume, given

from primacy.composite import (
    budget_allocation,
    correlation,
    effective_weights,
    entropy_weights,
    group_weights,
    pca_weights,
)
from primacy.errors import InputError, UsageError
from tests.oracles import composite as oracle

from .builders import flat, matrix

X = np.random.default_rng(11).random((15, 3)) * [1.0, 2.0, 0.5]


def test_given_and_equal_weights():
    stated = np.array([3.0, 1.0, 0.0])
    assert group_weights(X, stated).tolist() == [0.75, 0.25, 0.0]
    # A member of weight 0 is out of the index, whatever the method.
    assert group_weights(X, stated, method="equal").tolist() == [0.5, 0.5, 0.0]
    assert group_weights(X, stated, method="pca")[2] == 0.0


def test_entropy_by_hand():
    # (1, 1): evenly spread, entropy 1, no information. (1, 3): shares 1/4 and 3/4.
    assert entropy_weights(matrix([[1, 1], [1, 3]])).tolist() == [0.0, 1.0]
    spread = 1 + (0.25 * np.log(0.25) + 0.75 * np.log(0.75)) / np.log(2)
    wide = 1 + (0.1 * np.log(0.1) + 0.9 * np.log(0.9)) / np.log(2)
    assert entropy_weights(matrix([[1, 1], [3, 9]])).tolist() == pytest.approx(
        [spread / (spread + wide), wide / (spread + wide)]
    )


def test_pca_by_hand():
    # Two columns always share the first component equally; a constant one has no part in it.
    assert pca_weights(matrix([[1, 1, 5], [2, 1, 5], [3, 4, 5]])).tolist() == pytest.approx([0.5, 0.5, 0.0])


def test_pca_agrees_with_power_iteration():
    assert pca_weights(X).tolist() == pytest.approx(oracle.pca_weights(X.T.tolist()), abs=1e-9)


def test_effective_weights_make_members_matter_as_stated():
    target = np.array([0.5, 0.3, 0.2])
    found = effective_weights(X, target)
    assert found.gap < 1e-5
    assert found.weights.sum() == pytest.approx(1.0)
    whole = X @ found.weights
    squares = np.array([correlation(column, whole) ** 2 for column in X.T])
    assert (squares / squares.sum()).tolist() == pytest.approx(target.tolist(), abs=1e-5)
    assert found.weights.tolist() != pytest.approx(target.tolist(), abs=0.02)


def test_effective_weights_report_a_gap_that_cannot_be_closed():
    up = np.arange(8.0)
    rows = np.column_stack([up, up + 0.1 * np.sin(up), -up])
    found = effective_weights(rows, np.array([0.1, 0.1, 0.8]))
    assert found.gap > 0.1
    assert found.gap == pytest.approx(float(np.abs(found.importance - found.target).max()))


def test_budget_allocation_by_hand():
    found = budget_allocation([{"a": 60, "b": 40}, {"a": 1, "b": 1}, {"c": 5}])
    assert found.members == ("a", "b", "c")
    assert found.weights.tolist() == pytest.approx([(0.6 + 0.5) / 3, (0.4 + 0.5) / 3, 1 / 3])
    assert found.deviation[2] == pytest.approx(np.std([0, 0, 1]))


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([], "the points of at least one expert"),
        ([{"a": 1}, {"a": -1}], "expert 2 gives 'a' points that are negative or not finite"),
        ([{"a": float("nan")}], "expert 1 gives 'a' points"),
        ([{"a": 0}], "expert 1 gives no points"),
    ],
)
def test_impossible_points_are_refused(points, message):
    with pytest.raises(InputError, match=message):
        budget_allocation(points)


def test_weights_that_cannot_be_found_are_refused_by_group():
    with pytest.raises(InputError, match="x of 'the index': weighting is 'entropy' but a value is -1"):
        flat([[1, -1], [2, 3]], weighting="entropy").run()
    with pytest.raises(InputError, match="no member of a group has any spread"):
        flat([[1, 1], [1, 1]], weighting="entropy").run()
    with pytest.raises(InputError, match="every member of a group is constant"):
        flat([[1, 1], [1, 1]], weighting="pca").run()
    with pytest.raises(UsageError, match="weighting is 'ahp'; it takes given, equal, pca"):
        group_weights(X, np.ones(3), method="ahp")


def test_a_weighting_per_level_works_on_the_values_of_that_level():
    index = flat([[1, 1], [2, 1], [3, 4]], weights=[9, 1], weighting="pca", scale=1)
    assert index.run().effective_weights.tolist() == pytest.approx([0.5, 0.5])
    assert index.change(weighting=("given",)).run().effective_weights.tolist() == pytest.approx([0.9, 0.1])


_columns = st.integers(2, 4).flatmap(
    lambda n: st.lists(
        st.lists(st.integers(0, 30).map(float), min_size=n, max_size=n), min_size=2, max_size=4
    )
)


@given(_columns)
def test_entropy_agrees_with_the_oracle(columns):
    assume(all(len(set(c)) > 1 for c in columns))
    ours = entropy_weights(np.array(columns).T)
    assert ours.tolist() == pytest.approx(oracle.entropy_weights(columns), abs=1e-9)


@given(_columns, st.sampled_from(["pca", "entropy", "equal", "given", "effective"]), st.randoms())
def test_the_order_of_units_and_scale_of_weights_change_nothing(columns, method, random):
    x = np.array(columns).T
    assume(all(len(set(c)) > 1 for c in columns))
    order = list(range(len(x)))
    random.shuffle(order)
    stated = np.arange(1.0, x.shape[1] + 1)
    plain = group_weights(x, stated, method=method)
    assert plain.sum() == pytest.approx(1.0)
    assert (plain >= 0).all()
    if method in ("given", "equal", "entropy"):
        assert group_weights(x[order], 7 * stated, method=method).tolist() == pytest.approx(plain.tolist())
