from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from primacy.composite import aggregate
from primacy.errors import InputError, UsageError
from tests.oracles import composite as oracle

from .builders import flat, listed, matrix

X = matrix([[1, 4], [2, None], [None, None]])
HALF = np.array([0.5, 0.5])


@pytest.mark.parametrize(
    ("method", "power", "first"),
    [
        ("arithmetic", 1, 2.5),
        ("geometric", 1, 2.0),
        ("harmonic", 1, 1.6),
        ("generalised", 2, np.sqrt(8.5)),
        ("generalised", 1, 2.5),
        ("generalised", 0, 2.0),
        ("generalised", -1, 1.6),
    ],
)
def test_means_by_hand(method, power, first):
    found = listed(aggregate(X, HALF, method=method, power=power))
    assert found[0] == pytest.approx(first)
    # The weight of what is missing goes to the others; a group without members is missing.
    assert found[1] == pytest.approx(2.0)
    assert found[2] is None


def test_weights_count_by_their_ratio():
    assert aggregate(matrix([[1, 4]]), np.array([3.0, 1.0])).tolist() == [1.75]
    assert aggregate(matrix([[1, 4]]), np.array([0.3, 0.1])).tolist() == pytest.approx([1.75])


def test_a_unit_with_only_members_of_no_weight_is_missing():
    assert listed(aggregate(matrix([[None, 4]]), np.array([1.0, 0.0]))) == [None]


def test_the_floor_lifts_what_is_below_it_and_only_where_it_is_needed():
    x = matrix([[0, 1], [0.005, 1]])
    assert aggregate(x, HALF, method="geometric", floor=0.01).tolist() == pytest.approx([0.1, 0.1])
    assert aggregate(x, HALF, method="harmonic", floor=0.01).tolist() == pytest.approx([2 / 101, 2 / 101])
    assert aggregate(x, HALF, method="arithmetic", floor=0.01).tolist() == [0.5, 0.5025]


@pytest.mark.parametrize("method", ["geometric", "harmonic"])
def test_zero_and_negative_values_are_refused_where_a_mean_does_not_take_them(method):
    with pytest.raises(
        InputError, match=f"a value is 0: the {method} mean needs values above 0; state a floor"
    ):
        aggregate(matrix([[0, 1]]), HALF, method=method)
    with pytest.raises(InputError, match=f"a value is -1: the {method} mean takes no negative values"):
        aggregate(matrix([[-1, 1]]), HALF, method=method, floor=0.01)


def test_a_generalised_mean_with_a_positive_power_takes_zero_but_no_negative_value():
    assert aggregate(matrix([[0, 2]]), HALF, method="generalised", power=2).tolist() == [np.sqrt(2)]
    with pytest.raises(InputError, match="the generalised mean takes no negative values"):
        aggregate(matrix([[-1, 1]]), HALF, method="generalised", power=2)
    with pytest.raises(InputError, match="the generalised mean needs values above 0"):
        aggregate(matrix([[0, 1]]), HALF, method="generalised", power=-2)


def test_the_arithmetic_mean_takes_negative_values():
    assert aggregate(matrix([[-1, 3]]), HALF).tolist() == [1.0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "median"}, "aggregate is 'median'; it takes arithmetic, geometric, harmonic"),
        ({"method": "geometric", "floor": 0.0}, "floor is 0.0; it takes a number above 0"),
        ({"method": "generalised", "power": np.inf}, "power is inf; it takes a finite number"),
    ],
)
def test_a_wrong_option_is_refused(options, message):
    with pytest.raises(UsageError, match=message):
        aggregate(X, HALF, **options)


def test_an_index_names_the_unit_and_the_indicator_that_a_mean_refuses():
    with pytest.raises(InputError, match="'x2' of 'B': a value is 0: the geometric mean needs"):
        flat([[1, 2], [1, 0]], aggregate="geometric").run()
    with pytest.raises(InputError, match="'x1' of 'A': a value is -3: the harmonic mean takes no negative"):
        flat([[-3, 2], [1, -2]], aggregate="harmonic", floor=0.1).run()


_cells = st.lists(st.one_of(st.none(), st.floats(0.01, 50)), min_size=1, max_size=5)
_methods = st.sampled_from(
    [("arithmetic", 1.0), ("geometric", 1.0), ("harmonic", 1.0)]
    + [("generalised", p) for p in (-2.0, 0.0, 0.5, 1.0, 3.0)]
)


@given(_cells, st.lists(st.integers(0, 9).map(float), min_size=5, max_size=5), _methods)
def test_every_mean_agrees_with_the_oracle(cells, weights, method):
    w = weights[: len(cells)]
    ours = listed(aggregate(matrix([cells]), np.array(w), method=method[0], power=method[1]))[0]
    theirs = oracle.aggregate(cells, w, method[0], power=method[1])
    assert (ours is None) == (theirs is None)
    assert ours is None or ours == pytest.approx(theirs, rel=1e-9)


@given(_cells, st.lists(st.integers(1, 9).map(float), min_size=5, max_size=5))
def test_means_keep_their_order_and_stay_within_the_values(cells, weights):
    there = [c for c in cells if c is not None]
    if not there:
        return
    x, w = matrix([cells]), np.array(weights[: len(cells)])
    h, g, a = (aggregate(x, w, method=m)[0] for m in ("harmonic", "geometric", "arithmetic"))
    slack = 1e-9 * max(there)
    assert min(there) - slack <= h <= g + slack <= a + 2 * slack <= max(there) + 3 * slack


@given(_cells, st.lists(st.integers(1, 9).map(float), min_size=5, max_size=5), _methods, st.floats(0.01, 99))
def test_means_scale_with_their_values_and_ignore_the_scale_of_weights(cells, weights, method, factor):
    x, w = matrix([cells]), np.array(weights[: len(cells)])
    plain = listed(aggregate(x, w, method=method[0], power=method[1]))[0]
    scaled = listed(aggregate(x * factor, w * factor, method=method[0], power=method[1]))[0]
    assert (plain is None) == (scaled is None)
    assert plain is None or scaled == pytest.approx(plain * factor, rel=1e-6)


def test_many_sets_of_weights_at_once_give_what_each_gives_alone():
    x = matrix([[1, 4, 2], [2, None, 7]])
    sets = np.random.default_rng(2).random((6, 3))
    for method in ("arithmetic", "geometric", "harmonic"):
        together = aggregate(x, sets, method=method)
        assert [row.tolist() for row in together] == [aggregate(x, w, method=method).tolist() for w in sets]
