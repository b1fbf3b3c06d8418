from __future__ import annotations

import numpy as np
import pytest

from primacy.composite import availability, screen
from primacy.errors import UsageError

from .builders import flat, listed, matrix

X = matrix([[1, None, 3], [0, None, None], [0, 2, 3]])


def test_what_is_there_is_counted_by_unit_and_indicator():
    found = availability(X)
    assert found.units.tolist() == pytest.approx([2 / 3, 1 / 3, 1.0])
    assert found.indicators.tolist() == pytest.approx([1.0, 1 / 3, 2 / 3])
    assert found.unit_zeros.tolist() == pytest.approx([0.0, 1.0, 1 / 3])


def test_a_unit_without_values_has_no_share_of_zeros():
    assert listed(availability(matrix([[None], [1]])).unit_zeros) == [None, 0.0]


def test_indicators_are_judged_first_then_units_over_those_that_stay():
    rows, columns = screen(X, units=0.6, indicators=0.5)
    assert columns.tolist() == [True, False, True]
    # B has one of the two that stay, 0.5; C has both; A has both, though only two of the three there were.
    assert rows.tolist() == [True, False, True]


def test_a_share_that_is_just_reached_is_enough():
    rows, _ = screen(matrix([[1, None], [1, 1]]), units=0.5)
    assert rows.tolist() == [True, True]


def test_nothing_is_screened_unless_asked():
    rows, columns = screen(matrix([[None, None], [1, 1]]))
    assert rows.all()
    assert columns.all()


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_is_between_0_and_1(share):
    with pytest.raises(UsageError, match=r"screen\.units is .* it takes a share from 0 to 1"):
        screen(X, units=share)


def test_a_screened_unit_keeps_its_row_without_a_score_and_sets_no_yardstick():
    rows = [[1.0, 1.0], [3.0, 3.0], [100.0, None]]
    result = flat(rows, normalise="minmax", screen_units=0.75).run()
    assert listed(result.score) == [0.0, 100.0, None]
    assert listed(result.rank) == [2.0, 1.0, None]
    assert result.units_kept.tolist() == [True, True, False]
    assert np.isclose(result.coverage[2], 0.5)


def test_a_screened_indicator_gives_its_weight_to_the_others():
    result = flat([[1, 5], [2, None], [3, None]], weights=[1, 3], screen_indicators=0.5, scale=1).run()
    assert result.definition.names == ("x1",)
    assert listed(result.score) == [1.0, 2.0, 3.0]
    assert listed(result.coverage) == [1.0, 1.0, 1.0]
