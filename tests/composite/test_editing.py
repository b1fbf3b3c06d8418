from __future__ import annotations

import numpy as np
import pytest

from primacy.composite import Indicator, leave_one_out, with_indicator, with_units, without
from primacy.errors import InputError, UsageError

from .builders import flat, listed, matrix, values
from .test_index import INDEX as TWO_LEVELS

ROWS = [[3, 1], [2, 2], [1, 9]]
INDEX = flat(ROWS, weights=[0.6, 0.4], scale=1)


def test_without_an_indicator_the_others_keep_their_ratios():
    rest = without(flat([[1, 2, 3]], weights=[1, 2, 3]), nodes=["x2"])
    assert rest.definition.names == ("x1", "x3")
    assert rest.run().effective_weights.tolist() == [0.25, 0.75]


def test_without_a_group_all_its_indicators_go():
    rest = without(TWO_LEVELS, nodes=["AI"], units=["D"])
    assert rest.definition.names == ("Space / People",)
    assert rest.run().score.tolist() == [50.0, 100.0, 80.0]


@pytest.mark.parametrize(
    ("removed", "message"),
    [
        ({"nodes": ["x1", "x2"]}, "without 'x1', 'x2' no indicator remains"),
        ({"units": ["A", "B", "C"]}, "without 'A', 'B', 'C' no unit remains"),
        ({"nodes": ["x9"]}, "no indicator or group 'x9'"),
        ({"units": ["Z"]}, "there is no unit 'Z'"),
    ],
)
def test_what_cannot_be_removed_is_named(removed, message):
    with pytest.raises(InputError, match=message):
        without(INDEX, **removed)


def test_an_indicator_can_be_added_and_gaps_are_gaps():
    more = with_indicator(INDEX, Indicator(path=("x3",), weight=1), {"A": 5.0, "B": None})
    result = more.run()
    assert listed(result.values.matrix[:, 2]) == [5.0, None, None]
    assert result.score[0] == pytest.approx((0.6 * 3 + 0.4 * 1 + 5) / 2)
    assert result.coverage[1] == pytest.approx(0.5)
    with pytest.raises(InputError, match="there is no unit 'Z'"):
        with_indicator(INDEX, Indicator(path=("x3",)), {"Z": 1.0})
    with pytest.raises(InputError, match="indicator 'x1' is stated twice"):
        with_indicator(INDEX, Indicator(path=("x1",)), {"A": 1.0})


def test_an_added_indicator_is_not_divided_and_has_no_past():
    v = values(ROWS, denominators=np.full((3, 2), 2.0), earlier=((2020, matrix(ROWS)),))
    more = with_indicator(INDEX.change(values=v), Indicator(path=("x3",), weight=1), {"A": 5.0})
    assert listed(more.run().values.matrix)[0] == [1.5, 0.5, 5.0]
    assert listed(more.values.earlier[0][1])[0] == [3.0, 1.0, None]


def test_units_can_be_added_ranked_or_apart():
    bloc = {"EU": {"x1": 9.0}}
    ranked = with_units(INDEX, bloc).run()
    assert listed(ranked.rank) == [3, 4, 2, 1]
    apart = with_units(INDEX, bloc, apart=True).run()
    assert listed(apart.rank) == [2, 3, 1, None]
    assert apart.score[3] == 9.0
    with pytest.raises(InputError, match="unit 'A' is there twice"):
        with_units(INDEX, {"A": {"x1": 1.0}})
    with pytest.raises(InputError, match="'AI' is a group"):
        with_units(TWO_LEVELS, {"E": {"AI": 1.0}})
    grouped = INDEX.change(values=values(ROWS, groups=("g", "g", "h")))
    with pytest.raises(InputError, match="units cannot be added to values with denominators or groups"):
        with_units(grouped, bloc)


def test_leaving_out_each_indicator_by_hand():
    # Whole: A 2.2, B 2.0, C 4.2. Without x2: A 3, B 2, C 1. Without x1: A 1, B 2, C 9.
    found = {r.removed: r for r in leave_one_out(INDEX)}
    assert found["x2"].mean_shift == pytest.approx((1 + 1 + 2) / 3)
    assert (found["x2"].largest_shift, found["x2"].moved) == (2.0, "C")
    assert found["x1"].mean_shift == pytest.approx((1 + 1 + 0) / 3)
    assert [r.removed for r in leave_one_out(INDEX)] == ["x2", "x1"]


def test_leaving_out_a_group_and_not_the_only_one():
    assert {r.removed for r in leave_one_out(TWO_LEVELS, what="groups")} == {"AI", "Space"}
    assert leave_one_out(INDEX, what="groups") == ()
    assert leave_one_out(flat([[1], [2]])) == ()


def test_leaving_out_a_unit_moves_nothing_where_scores_are_absolute():
    assert all(r.mean_shift == 0 and r.moved == "" for r in leave_one_out(INDEX, what="units"))
    relative = flat([[0, 10], [4, 6], [7, 0], [100, 5]], normalise="minmax")
    assert max(r.mean_shift for r in leave_one_out(relative, what="units")) > 0


def test_leaving_out_something_else_is_refused():
    with pytest.raises(UsageError, match="what is 'years'; it takes indicators, groups, units"):
        leave_one_out(INDEX, what="years")
