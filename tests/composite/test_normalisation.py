from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import assume, given

from primacy.composite import Indicator, normalise
from primacy.errors import InputError, UsageError
from tests.oracles import composite as oracle

from .builders import listed, values

X = [[1.0], [2.0], [5.0], [None]]


def column(rows, method, **indicator):
    v = values(rows, apart=indicator.pop("apart", frozenset()))
    return listed(normalise(v, (Indicator(path=("x",), **indicator),), method=method)[:, 0])


@pytest.mark.parametrize(
    ("method", "up", "down"),
    [
        ("none", [1, 2, 5], [-1, -2, -5]),
        ("minmax", [0, 0.25, 1], [1, 0.75, 0]),
        ("rank", [1, 2, 3], [3, 2, 1]),
        ("percentile-rank", [0, 0.5, 1], [1, 0.5, 0]),
        ("fraction-of-max", [0.2, 0.4, 1], [1, 0.5, 0.2]),
    ],
)
def test_methods_by_hand(method, up, down):
    assert column(X, method) == pytest.approx([*up, None])
    assert column(X, method, direction=-1) == pytest.approx([*down, None])


def test_zscore_uses_the_population_deviation():
    # Mean 8/3, variance ((5/3)² + (2/3)² + (7/3)²) / 3 = 26/9.
    scores = column(X, "zscore")
    assert scores[:3] == pytest.approx([(v - 8 / 3) / np.sqrt(26 / 9) for v in (1, 2, 5)])
    assert scores[3] is None
    assert column(X, "zscore", direction=-1)[:3] == pytest.approx([-v for v in scores[:3]])


def test_tied_units_share_the_mean_rank():
    assert column([[3], [1], [3], [7]], "rank") == [2.5, 1, 2.5, 4]


def test_goalposts_are_absolute_and_cut_at_both_ends():
    rows = [[-1], [0], [5], [10], [11]]
    assert column(rows, "goalposts", goalposts=(0.0, 10.0)) == [0, 0, 0.5, 1, 1]
    assert column(rows, "goalposts", goalposts=(0.0, 10.0), direction=-1) == [1, 1, 0.5, 0, 0]
    assert column([[5]], "goalposts", goalposts=(0.0, 10.0)) == [0.5]


def test_distance_to_target_may_exceed_one():
    assert column([[0], [4], [10]], "distance-to-target", target=8.0) == [0, 0.5, 1.25]
    assert column([[10], [6], [0]], "distance-to-target", target=2.0, direction=-1) == [0, 0.5, 1.25]


@pytest.mark.parametrize(
    ("method", "middle"), [("minmax", 0.5), ("zscore", 0.0), ("rank", 2.0), ("percentile-rank", 0.5)]
)
def test_a_constant_indicator_puts_every_unit_in_the_middle(method, middle):
    assert column([[7], [7], [7], [None]], method) == [middle, middle, middle, None]


def test_numbers_at_the_ends_of_the_range_give_numbers():
    for method in ("minmax", "zscore", "rank", "fraction-of-max"):
        assert all(np.isfinite(column([[1e100], [-1e100], [5e99]], method)))
        assert all(np.isfinite(column([[1e-320], [2e-320], [0.0]], method)))


def test_a_bloc_is_measured_on_its_members_yardstick():
    rows = [[0], [5], [10], [20]]
    bloc = frozenset({"D"})
    assert column(rows, "minmax", apart=bloc) == [0, 0.5, 1, 2]
    assert column(rows, "fraction-of-max", apart=bloc) == [0, 0.5, 1, 2]
    assert column(rows, "rank", apart=bloc) == [1, 2, 3, 3.5]
    assert column([[0], [5], [10], [5]], "rank", apart=bloc) == [1, 2, 3, 2]
    assert column(rows, "zscore", apart=bloc)[3] == pytest.approx(15 / np.sqrt(50 / 3))


def test_a_bloc_below_its_members_stands_where_their_worst_does():
    rows = [[5], [10], [15], [1]]
    bloc = frozenset({"D"})
    assert column(rows, "minmax", apart=bloc)[3] == 0
    assert column(rows, "percentile-rank", apart=bloc) == [0, 0.5, 1, 0]
    assert column(rows, "distance-to-target", apart=bloc, target=15.0)[3] == 0
    assert column([[5], [10], [15], [20]], "percentile-rank", apart=bloc)[3] == 1


@pytest.mark.parametrize(
    ("rows", "method", "indicator", "message"),
    [
        ([[1]], "minmax", {}, "normalise is 'minmax', which compares units, and there is one unit"),
        ([[1], [2]], "rank", {"apart": frozenset({"B"})}, "there is one unit to rank"),
        ([[0], [-1]], "fraction-of-max", {}, "the greatest value of 'x' is 0: fraction-of-max needs"),
        ([[0], [1]], "fraction-of-max", {"direction": -1}, "less is better in 'x' and a value is 0"),
        ([[0], [1]], "goalposts", {}, "'x' has none: give"),
        ([[0], [1]], "distance-to-target", {}, "'x' has no target"),
        ([[1], [2]], "distance-to-target", {"target": 1.0}, "the target of 'x', 1, is not better"),
        ([[1], [2]], "distance-to-target", {"target": 2.0, "direction": -1}, "is not better"),
    ],
)
def test_what_cannot_be_normalised_is_refused_by_name(rows, method, indicator, message):
    with pytest.raises(InputError, match=message):
        column(rows, method, **indicator)


def test_an_unknown_method_names_the_option_and_its_values():
    with pytest.raises(UsageError, match="normalise is 'softmax'; it takes none, minmax, zscore, rank"):
        column(X, "softmax")


METHODS = ["none", "minmax", "zscore", "rank", "percentile-rank", "fraction-of-max", "goalposts"]
_number = st.floats(0.5, 100).map(lambda v: round(v, 2))
_cells = st.lists(st.one_of(st.none(), _number), min_size=2, max_size=12)


@given(_cells, st.sampled_from([*METHODS, "distance-to-target"]), st.sampled_from([1, -1]))
def test_every_method_agrees_with_the_oracle(cells, method, direction):
    assume(any(c is not None for c in cells))
    target = 200.0 if direction > 0 else 0.1
    more = {"goalposts": (10.0, 60.0), "target": target}
    ours = column([[c] for c in cells], method, direction=direction, **more)
    theirs = oracle.normalise(cells, method, direction, **more)
    for a, b in zip(ours, theirs, strict=True):
        assert (a is None) == (b is None)
        assert a is None or a == pytest.approx(b, abs=1e-9)


@given(_cells, st.sampled_from(METHODS), st.randoms())
def test_the_order_of_units_changes_nothing(cells, method, random):
    assume(any(c is not None for c in cells))
    order = list(range(len(cells)))
    random.shuffle(order)
    plain = column([[c] for c in cells], method, goalposts=(10.0, 60.0))
    shuffled = column([[cells[k]] for k in order], method, goalposts=(10.0, 60.0))
    assert shuffled == [plain[k] for k in order]


@given(_cells, st.sampled_from(["rank", "percentile-rank"]))
def test_ranks_ignore_monotone_transforms(cells, method):
    assume(any(c is not None for c in cells))
    cubed = [[None if c is None else c**3 + 7] for c in cells]
    assert column(cubed, method) == column([[c] for c in cells], method)


@given(_cells, st.floats(0.01, 1000), st.sampled_from(["minmax", "zscore", "fraction-of-max", "rank"]))
def test_relative_methods_ignore_the_unit_of_measurement(cells, factor, method):
    assume(any(c is not None for c in cells))
    there = [c for c in cells if c is not None]
    assume(len(set(there)) == len({c * factor for c in there}))
    plain = column([[c] for c in cells], method)
    scaled = column([[None if c is None else c * factor] for c in cells], method)
    for a, b in zip(plain, scaled, strict=True):
        assert (a is None) == (b is None)
        assert a is None or a == pytest.approx(b, abs=1e-6)
