from __future__ import annotations

import pytest

from primacy.composite import Definition, Index, Indicator, profile
from primacy.errors import InputError, UsageError

from .builders import flat, values


def test_strengths_and_weaknesses_by_hand():
    rows = [[9, 1, 5, None], [8, 2, 5, 1], [7, 3, 5, 2]]
    result = flat(rows, weights=[1, 1, 1, 1]).run()
    found = profile(result, "A")
    assert [s.indicator for s in found.strengths] == ["x1", "x3"]
    assert [s.indicator for s in found.weaknesses] == ["x2"]
    assert found.lacking == ("x4",)
    best = found.strengths[0]
    assert (best.value, best.rank, best.of, best.median, best.weight) == (9.0, 1.0, 3, 8.0, 0.25)
    assert (found.rank, found.coverage) == (1.0, 0.75)


def test_less_is_better_counts():
    definition = Definition(levels=("x",), indicators=(Indicator(path=("price",), direction=-1),))
    result = Index(definition=definition, values=values([[1], [9]])).run()
    assert profile(result, "A").strengths[0].value == 1.0
    assert profile(result, "B").weaknesses[0].value == 9.0


def test_a_filled_value_is_nobodys_strength():
    result = flat([[None, 1], [1, 1], [1, 3]], missing="mean").run()
    assert all(s.indicator != "x1" for s in profile(result, "A").strengths)


def test_a_bloc_is_placed_among_the_ranked_units():
    result = flat([[5], [1], [3]]).change(values=values([[5], [1], [3]], apart=frozenset({"A"}))).run()
    found = profile(result, "A")
    assert (found.strengths[0].rank, found.strengths[0].of) == (1.0, 2)


def test_heavier_indicators_come_first_among_equals_and_the_list_is_cut():
    result = flat([[9, 9, 9], [1, 1, 1]], weights=[1, 5, 3]).run()
    assert [s.indicator for s in profile(result, "A", most=2).strengths] == ["x2", "x3"]


def test_a_strange_unit_or_number_is_refused():
    result = flat([[1], [2]]).run()
    with pytest.raises(InputError, match="there is no unit 'Z'"):
        profile(result, "Z")
    with pytest.raises(UsageError, match="most is 0; it takes a whole number from 1"):
        profile(result, "A", most=0)
