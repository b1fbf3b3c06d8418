from __future__ import annotations

import numpy as np
import pytest

from primacy.composite import compound_growth, yearly_change
from primacy.errors import InputError

YEARS = np.array([2022.0, 2020.0, 2021.0])


def test_growth_runs_from_the_first_to_the_last_year_with_a_value():
    assert compound_growth(YEARS, np.array([121.0, 100.0, np.nan])) == pytest.approx(0.1)
    assert compound_growth(YEARS, np.array([0.0, 5.0, 1.0])) == -1.0
    assert compound_growth(YEARS, np.array([0.0, 0.0, 1.0])) == 0.0


def test_growth_from_nothing_is_unknown():
    assert np.isnan(compound_growth(YEARS, np.array([1.0, 0.0, 1.0])))
    assert np.isnan(compound_growth(YEARS, np.array([-1.0, 2.0, 1.0])))
    assert np.isnan(compound_growth(YEARS, np.array([np.nan, 2.0, np.nan])))


def test_the_yearly_change_is_the_slope_of_the_line_through_the_values():
    # 2020: 1, 2021: 2, 2022: 6. Slope (6 - 1) / 2.
    assert yearly_change(YEARS, np.array([6.0, 1.0, 2.0])) == pytest.approx(2.5)
    assert np.isnan(yearly_change(YEARS, np.array([6.0, np.nan, np.nan])))


def test_years_and_values_must_match():
    with pytest.raises(InputError, match="3 years were given for 2 values"):
        compound_growth(YEARS, np.array([1.0, 2.0]))
    with pytest.raises(InputError, match="a year is there twice"):
        yearly_change(np.array([2020.0, 2020.0]), np.array([1.0, 2.0]))
