from __future__ import annotations

import numpy as np
import pytest

from primacy.composite import Values, values_from_rows
from primacy.errors import InputError

from .builders import listed, values


def test_rows_become_a_matrix_with_gaps():
    built = values_from_rows({"A": {"x": 1.0, "y": None}, "B": {"y": 2.0}}, ["x", "y"])
    assert built.units == ("A", "B")
    assert listed(built.matrix) == [[1.0, None], [None, 2.0]]


def test_a_row_with_a_strange_indicator_is_refused():
    with pytest.raises(InputError, match="unit 'A' has a value of 'z', which is no indicator"):
        values_from_rows({"A": {"z": 1.0}}, ["x"])


def test_values_cannot_be_changed_under_an_index():
    mine = np.array([[1.0], [2.0]])
    built = Values(units=("A", "B"), matrix=mine, denominators=mine, earlier=((2020, mine),))
    mine[0, 0] = 9.0
    assert built.matrix[0, 0] == 1.0
    for matrix in (built.matrix, built.denominators, built.earlier[0][1]):
        with pytest.raises(ValueError, match="read-only"):
            matrix[0, 0] = 9.0


def test_selecting_keeps_everything_that_belongs_to_a_unit():
    whole = values(
        [[1, 2], [3, 4], [5, 6]],
        apart=frozenset({"C"}),
        groups=("g", "h", "g"),
        denominators=np.full((3, 2), 2.0),
        earlier=((2020, np.zeros((3, 2))),),
    )
    part = whole.select([2, 0], [1])
    assert part.units == ("C", "A")
    assert part.matrix.tolist() == [[6.0], [2.0]]
    assert part.apart == frozenset({"C"})
    assert part.groups == ("g", "g")
    assert part.denominators is not None
    assert part.denominators.shape == part.earlier[0][1].shape == (2, 1)
    assert part.ranked.tolist() == [False, True]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Values(units=(), matrix=np.zeros((0, 1))), "at least one unit"),
        (lambda: Values(units=("A", "A"), matrix=np.zeros((2, 1))), "unit 'A' is there twice"),
        (lambda: values([[1.0], [np.inf]]), "a value of 'B' is inf: its size may be 1e.100 at most"),
        (lambda: values([[1.0], [-2e100]]), "a value of 'B' is -2e.100: its size"),
        (lambda: values([[1.0]], apart=frozenset({"Z"})), "no unit 'Z' to set apart"),
        (lambda: values([[1.0]], apart=frozenset({"A"})), "every unit is set apart"),
        (lambda: values([[1.0]], groups=("g", "h")), "2 groups were given for 1 units"),
        (lambda: Values(units=("A",), matrix=np.zeros((2, 1))), r"a matrix of values is \(2, 1\)"),
        (lambda: values([[1.0]]).position("Z"), "there is no unit 'Z'"),
    ],
)
def test_malformed_values_are_refused_by_name(build, message):
    with pytest.raises(InputError, match=message):
        build()
