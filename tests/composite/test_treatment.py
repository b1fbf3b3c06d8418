from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import assume, given
from scipy import stats

from primacy.composite import kurtosis, skewness, treat
from primacy.composite.treatment import passes
from tests.oracles import composite as oracle

from .builders import flat, listed

ONE_OUTLIER = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 100])


def test_moments_by_hand():
    # Deviations of 1, 2, 3, 10 from 4: -3, -2, -1, 6. m2 = 12.5, m3 = 45, m4 = 348.5.
    x = np.array([1.0, 2.0, 3.0, 10.0, np.nan])
    assert skewness(x) == pytest.approx(np.sqrt(12) / 2 * 45 / 12.5**1.5)
    assert kurtosis(x) == pytest.approx(3 / 2 * (5 * (348.5 / 12.5**2 - 3) + 6))


def test_moments_are_undefined_without_enough_values_or_spread():
    assert np.isnan(skewness(np.array([1.0, 2.0])))
    assert np.isnan(kurtosis(np.array([1.0, 2.0, 3.0])))
    assert np.isnan(skewness(np.full(9, 3.3)))
    assert np.isnan(kurtosis(np.full(9, 3.3)))
    assert passes(np.full(9, 3.3))


def test_one_outlier_takes_the_value_of_its_neighbour():
    done = treat(ONE_OUTLIER)
    assert (done.action, done.changed) == ("winsorised", 1)
    assert done.values.tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 9]


def test_the_low_side_is_treated_when_the_skew_is_negative():
    done = treat(-ONE_OUTLIER)
    assert done.values.tolist() == [-1, -2, -3, -4, -5, -6, -7, -8, -9, -9]


def test_a_tame_column_and_its_gaps_are_left_alone():
    x = np.array([1.0, 2, 3, np.nan, 5])
    done = treat(x)
    assert done.action == "none"
    assert listed(done.values) == [1, 2, 3, None, 5]


def test_when_winsorising_is_not_enough_logarithms_of_the_original_are_taken():
    x = 2.0 ** np.arange(20)
    assert (treat(x).action, treat(x).changed) == ("winsorised", 2)
    done = treat(x, most=1)
    assert (done.action, done.changed, done.passed) == ("log", 0, True)
    low, high = x.min(), x.max()
    assert done.values.tolist() == pytest.approx(np.log(x - low + (high - low) / 100).tolist())
    mirrored = treat(-x, most=1)
    assert mirrored.values.tolist() == pytest.approx((-done.values).tolist())


def test_logarithms_that_help_without_being_enough_are_kept_and_say_so():
    x = 4.0 ** np.arange(16)
    done = treat(x, most=1)
    assert (done.action, done.passed) == ("log", False)
    assert 2 < skewness(done.values) < skewness(x)


def test_a_column_that_nothing_helps_stays_as_it_was_and_says_so():
    x = np.array([0.0] * 20 + [1.0])
    done = treat(x)
    assert (done.action, done.changed, done.passed) == ("failed", 0, False)
    assert done.values is x


def test_treatment_is_a_step_of_an_index():
    rows = [[float(v)] for v in ONE_OUTLIER]
    plain = flat(rows, normalise="minmax").run()
    treated = plain.index.change(treat="winsorise").run()
    assert plain.score[8] == pytest.approx(100 * 8 / 99)
    assert treated.score[8] == treated.score[9] == 100.0
    assert treated.prepared.treated[0].changed == 1


def test_a_bloc_follows_the_treatment_of_its_members():
    rows = [[float(v)] for v in ONE_OUTLIER] + [[50.0]]
    index = flat(rows, treat="winsorise", scale=1)
    values = index.values.select(range(11), [0])
    apart = type(values)(units=values.units, matrix=values.matrix, apart=frozenset({"K"}))
    result = index.change(values=apart).run()
    assert result.score[9] == 9.0
    assert result.score[10] == 9.0


_columns = st.lists(
    st.one_of(st.integers(0, 20).map(float), st.sampled_from([500.0, 900.0, -700.0])), min_size=5, max_size=25
)


@given(_columns)
def test_moments_agree_with_the_spreadsheet_formulae_and_scipy(column):
    assume(len(set(column)) > 1)
    x = np.array(column)
    assert skewness(x) == pytest.approx(oracle.skewness(column), abs=1e-9)
    assert kurtosis(x) == pytest.approx(oracle.kurtosis(column), abs=1e-9)
    assert skewness(x) == pytest.approx(float(stats.skew(x, bias=False)), abs=1e-9)
    assert kurtosis(x) == pytest.approx(float(stats.kurtosis(x, bias=False)), abs=1e-9)


@given(_columns)
def test_treatment_agrees_with_the_oracle_and_keeps_the_order(column):
    assume(len(set(column)) > 1)
    done = treat(np.array(column))
    assert done.values.tolist() == pytest.approx(oracle.treat(column), abs=1e-9)
    order = np.argsort(column, kind="stable")
    assert (np.diff(done.values[order]) >= -1e-12).all()
    assert done.changed <= 5
