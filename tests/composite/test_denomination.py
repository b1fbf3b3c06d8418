from __future__ import annotations

import numpy as np
import pytest

from primacy.composite import denominate
from primacy.errors import InputError

from .builders import listed, matrix, values


def test_each_value_is_divided_by_its_own_denominator():
    v = values([[6, 10], [8, None]], denominators=matrix([[2, 1], [4, 1]]))
    assert listed(denominate(v, ("x", "y")).matrix) == [[3.0, 10.0], [2.0, None]]


def test_without_a_denominator_the_value_is_missing_not_zero():
    v = values([[6], [8]], denominators=matrix([[2], [None]]))
    assert listed(denominate(v, ("x",)).matrix) == [[3.0], [None]]


def test_values_without_denominators_are_as_they_were():
    v = values([[6.0]])
    assert denominate(v, ("x",)) is v


@pytest.mark.parametrize("by", [0.0, -1.0])
def test_a_denominator_that_is_not_positive_is_refused(by):
    v = values([[6], [8]], denominators=np.array([[1.0], [by]]))
    with pytest.raises(InputError, match=f"the denominator of 'x' for 'B' is {by:g}: it must be above 0"):
        denominate(v, ("x",))
